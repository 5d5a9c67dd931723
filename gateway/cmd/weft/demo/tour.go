package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/weft-gateway/weft/gateway/auth/devissuer"
	"github.com/weft-gateway/weft/gateway/playground"
	"github.com/weft-gateway/weft/subgraphs/reviews"
)

// The queries of the tour.
const (
	ordersQuery = `query LatestOrders {
  orders(first: 5) {
    nodes {
      id
      status
      total { amount currency }
      items { quantity product { name inStock } }
      fulfillable
    }
  }
}`
	productQuery = `query Product($sku: ID!) {
  product(sku: $sku) {
    name
    price { amount currency }
    stock { quantity warehouse { name } }
  }
}`
	meQuery = `query Me {
  me {
    name
    orders(first: 3) { nodes { id placedAt shippingEstimate { days cost { amount } } } }
  }
}`
	stockMutation = `mutation RestockTent {
  adjustStock(input: {sku: "TENT-2P", warehouse: "ham", delta: 5}) {
    name
    stock { quantity warehouse { city } }
  }
}`
	statusSubscription = `subscription OrderStatus($id: ID!) {
  orderStatusChanged(id: $id) { id status fulfillable }
}`
	reviewsQuery = `query BestProducts {
  topProducts(first: 3) {
    name
    averageRating
    reviews(first: 2) { rating body author { name } }
  }
}`
)

// playground is what the page is told.
func (d *Demo) playground() playground.Config {
	return playground.Config{
		Title:    "Weft demo shop",
		Issuer:   d.addresses.Issuer,
		ClientID: devissuer.PlaygroundClient,
		Scopes:   []string{"openid", "profile", "inventory:write"},
		Examples: []playground.Example{
			{Name: "Orders", Description: "Joins orders and inventory: what was ordered, and whether it can be delivered.", Query: ordersQuery},
			{Name: "Product", Description: "One product and where it lies.", Query: productQuery, Variables: `{"sku": "TENT-2P"}`},
			{Name: "My orders", Description: "Log in first, as alice or bob.", Query: meQuery},
			{Name: "Restock", Description: "Refused for alice, a customer; done for bob, a clerk.", Query: stockMutation},
			{Name: "Order status", Description: "Tells each change of an order's status, with what inventory knows of it.", Query: statusSubscription, Variables: `{"id": "2000"}`},
			{Name: "Reviews", Description: "Works once the reviews service is registered.", Query: reviewsQuery},
		},
		RegistryHint: d.registerCommand(),
	}
}

// writeReviewsSchema puts the schema of the reviews service into the data folder, so that it can be registered from any
// folder.
func (d *Demo) writeReviewsSchema() error {
	return os.WriteFile(d.path(reviewsSchema), []byte(reviews.SDL()), 0o600)
}

const reviewsSchema = "reviews.graphql"

// registerCommand registers the reviews service.
func (d *Demo) registerCommand() string {
	command := fmt.Sprintf("%s register reviews --url %s/graphql --schema %s", d.options.Command, d.addresses.Reviews, quoted(d.path(reviewsSchema)))
	return command + d.unusual("registry", d.addresses.Registry, DefaultPorts().Registry)
}

// unusual is the flag that a command needs where a port is not the one it expects.
func (d *Demo) unusual(flag, address string, port int) string {
	if strings.HasSuffix(address, fmt.Sprint(":", port)) {
		return ""
	}
	return " --" + flag + " " + address
}

// quoted makes a path one word of a shell.
func quoted(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool {
		return !strings.ContainsRune("/._-+:,@%", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

// Banner tells where everything is and what to try, ready to be pasted.
func (d *Demo) Banner() string {
	data := d.options.Data
	if abs, err := filepath.Abs(data); err == nil {
		data = abs
	}
	a, issuerFlag := d.addresses, d.unusual("issuer", d.addresses.Issuer, DefaultPorts().Issuer)
	return fmt.Sprintf(`Weft demo shop

  Playground  %[1]s/
  GraphQL     %[1]s/graphql
  Registry    %[2]s/graphql
  Issuer      %[3]s
  Subgraphs   orders %[4]s/graphql, inventory %[5]s/graphql
              reviews %[6]s/graphql (running, not in the graph yet)
  Data        %[7]s

  Users       alice, a customer; bob, a clerk who may change the stock. There are no passwords.

Try, in another terminal:

  # A query over two services
  curl -s %[1]s/graphql -H 'Content-Type: application/json' \
    -d '{"query":"{ orders(first: 2) { nodes { id items { quantity product { name inStock } } fulfillable } } }"}'

  # The same endpoint as alice
  curl -s %[1]s/graphql -H 'Content-Type: application/json' \
    -H "Authorization: Bearer $(%[8]s token --user alice%[9]s)" \
    -d '{"query":"{ me { name orders(first: 2) { nodes { id status } } } }"}'

  # Register a third service while the gateway runs
  %[10]s

Ctrl-C stops everything.
`, a.Gateway, a.Registry, a.Issuer, a.Orders, a.Inventory, a.Reviews, data, d.options.Command, issuerFlag, d.registerCommand())
}
