package demograph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The arguments that operations use. The data holds an answer for each of them.
var (
	pageSizes = []int{1, 2, 3}
	statuses  = []string{"PLACED", "SHIPPED", "CANCELLED"}
	searches  = []string{"a", "chair", "nothing has this name"}
)

const (
	money      = "{amount currency}"
	pageInfo   = "{hasNextPage hasPreviousPage startCursor endCursor}"
	orderRefs  = "{edges{cursor node{id}} nodes{id} pageInfo" + pageInfo + "}"
	skuRefs    = "{edges{cursor node{sku}} nodes{sku} pageInfo" + pageInfo + "}"
	entityPage = 50
)

// crawler reads all that the demo services hold, through their own APIs, as the JSON of a simulate.World.
type crawler struct {
	t                          *testing.T
	orders, inventory, reviews string // URLs
	world                      map[string]map[string]any
}

func crawl(t *testing.T, orders, inventory, reviews string) []byte {
	c := &crawler{t: t, orders: orders, inventory: inventory, reviews: reviews, world: map[string]map[string]any{}}
	c.world["Query"] = map[string]any{"me": nil}
	c.readOrders()
	c.readProducts()
	c.readShipping()
	c.readCustomers()
	c.readReviews()
	text, err := json.Marshal(c.world)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// ask sends one operation to a service.
func (c *crawler) ask(url, query string, variables map[string]any) map[string]any {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	response, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	dec := json.NewDecoder(response.Body)
	dec.UseNumber()
	var out struct {
		Data   map[string]any
		Errors []any
	}
	if err := dec.Decode(&out); err != nil || len(out.Errors) > 0 {
		c.t.Fatalf("%s\n%v %v", query, err, out.Errors)
	}
	return out.Data
}

// entities asks for entities, a page at a time, and calls do with each.
func (c *crawler) entities(url, typ, selection string, representations []map[string]any, do func(map[string]any)) {
	c.t.Helper()
	for len(representations) > 0 {
		n := min(entityPage, len(representations))
		data := c.ask(url, fmt.Sprintf("query($r:[_Any!]!){_entities(representations:$r){...on %s{%s}}}", typ, selection),
			map[string]any{"r": representations[:n]})
		for _, e := range data["_entities"].([]any) {
			do(e.(map[string]any))
		}
		representations = representations[n:]
	}
}

// refer replaces objects that are but a reference ({"id": …}) by the name of the object in the world.
func refer(v any, typ, key string) any {
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			v[i] = refer(item, typ, key)
		}
	case map[string]any:
		if id, ok := v[key].(string); ok && len(v) == 1 {
			return fmt.Sprintf("@%s:%s", typ, id)
		}
		for name, value := range v {
			v[name] = refer(value, typ, key)
		}
	}
	return v
}

// byArguments moves the values of aliased fields ("f3: field(first: 3)") to one field with a value for each.
func byArguments(object map[string]any, field string, aliases map[string]string) {
	values := map[string]any{}
	for alias, arguments := range aliases {
		values[arguments] = object[alias]
		delete(object, alias)
	}
	object[field] = map[string]any{"$arguments": values}
}

// paged writes a field with each page size, the default one too, and the arguments that each alias stands for.
func paged(field, selection string, fallback int) (text string, aliases map[string]string) {
	aliases = map[string]string{"d": fmt.Sprintf("first=%d", fallback)}
	text = "d:" + field + selection
	for _, n := range pageSizes {
		alias := fmt.Sprintf("p%d", n)
		aliases[alias] = fmt.Sprintf("first=%d", n)
		text += fmt.Sprintf(" %s:%s(first:%d)%s", alias, field, n, selection)
	}
	return text, aliases
}

func (c *crawler) readOrders() {
	byID := map[string]any{"id=none": nil}
	after := ""
	for {
		data := c.ask(c.orders, `query($after:String){orders(first:100,after:$after){pageInfo{hasNextPage endCursor} nodes{
			id placedAt status total`+money+` customer{id} items{quantity unitPrice`+money+` product{sku}}}}}`, map[string]any{"after": after})
		page := data["orders"].(map[string]any)
		for _, n := range page["nodes"].([]any) {
			o := n.(map[string]any)
			id := o["id"].(string)
			o["customer"] = refer(o["customer"], "Customer", "id")
			o["items"] = refer(o["items"], "Product", "sku")
			c.world["Order:"+id] = o
			byID["id="+id] = "@Order:" + id
		}
		info := page["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			break
		}
		after = info["endCursor"].(string)
	}
	c.world["Query"]["order"] = map[string]any{"$arguments": byID}

	text, aliases := paged("orders", orderRefs, 20)
	for i, status := range statuses {
		alias := fmt.Sprintf("s%d", i)
		text += fmt.Sprintf(" %s:orders(first:2,status:%s)%s", alias, status, orderRefs)
		aliases[alias] = "first=2,status=" + status
	}
	query := c.ask(c.orders, "{"+text+"}", nil)
	byArguments(query, "orders", aliases)
	c.world["Query"]["orders"] = refer(query["orders"], "Order", "id")
}

func (c *crawler) readProducts() {
	bySKU := map[string]any{"sku=none": nil}
	after := ""
	for {
		data := c.ask(c.inventory, `query($after:String){products(first:100,after:$after){pageInfo{hasNextPage endCursor} nodes{
			sku name price`+money+` weight inStock stock{quantity warehouse{id name city country}}}}}`, map[string]any{"after": after})
		page := data["products"].(map[string]any)
		for _, n := range page["nodes"].([]any) {
			p := n.(map[string]any)
			sku := p["sku"].(string)
			c.world["Product:"+sku] = p
			bySKU["sku="+sku] = "@Product:" + sku
		}
		info := page["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			break
		}
		after = info["endCursor"].(string)
	}
	query := c.world["Query"]
	query["product"] = map[string]any{"$arguments": bySKU}
	query["warehouses"] = c.ask(c.inventory, "{warehouses{id name city country}}", nil)["warehouses"]

	text, aliases := paged("products", skuRefs, 20)
	for i, search := range searches {
		alias := fmt.Sprintf("s%d", i)
		text += fmt.Sprintf(" %s:products(first:3,search:%q)%s", alias, search, skuRefs)
		aliases[alias] = "first=3,search=" + search
	}
	products := c.ask(c.inventory, "{"+text+"}", nil)
	byArguments(products, "products", aliases)
	query["products"] = refer(products["products"], "Product", "sku")
}

// readShipping reads what the inventory computes of orders, given their lines.
func (c *crawler) readShipping() {
	var representations []map[string]any
	for _, name := range c.named("Order") {
		o := c.world[name]
		var items []any
		for _, i := range o["items"].([]any) {
			item := i.(map[string]any)
			items = append(items, map[string]any{
				"quantity": item["quantity"],
				"product":  map[string]any{"sku": strings.TrimPrefix(item["product"].(string), "@Product:")},
			})
		}
		representations = append(representations, map[string]any{"__typename": "Order", "id": o["id"], "items": items})
	}
	c.entities(c.inventory, "Order", "id fulfillable shippingEstimate{weight cost"+money+" parcels days}", representations, c.addTo("Order", "id"))
}

func (c *crawler) readCustomers() {
	seen := map[string]bool{}
	var representations []map[string]any
	for _, name := range c.named("Order") {
		id := strings.TrimPrefix(c.world[name]["customer"].(string), "@Customer:")
		if !seen[id] {
			seen[id] = true
			c.world["Customer:"+id] = map[string]any{}
			representations = append(representations, map[string]any{"__typename": "Customer", "id": id})
		}
	}
	text, aliases := paged("orders", orderRefs, 20)
	c.entities(c.orders, "Customer", "id name "+text, representations, func(e map[string]any) {
		byArguments(e, "orders", aliases)
		e["orders"] = refer(e["orders"], "Order", "id")
		c.addTo("Customer", "id")(e)
	})
}

func (c *crawler) readReviews() {
	text, aliases := paged("topProducts", "{sku}", 5)
	top := c.ask(c.reviews, "{"+text+"}", nil)
	byArguments(top, "topProducts", aliases)
	c.world["Query"]["topProducts"] = refer(top["topProducts"], "Product", "sku")

	selection := "{id rating body createdAt product{sku} author{id}}"
	add := func(typ, key string) func(map[string]any) {
		return func(e map[string]any) {
			for alias := range aliases {
				list := e[alias].([]any)
				for i, r := range list {
					review := r.(map[string]any)
					id := review["id"].(string)
					review["product"], review["author"] = refer(review["product"], "Product", "sku"), refer(review["author"], "Customer", "id")
					c.world["Review:"+id] = review
					list[i] = "@Review:" + id
				}
			}
			byArguments(e, "reviews", aliases)
			c.addTo(typ, key)(e)
		}
	}
	text, aliases = paged("reviews", selection, 10)
	var products, customers []map[string]any
	for _, name := range c.named("Product") {
		products = append(products, map[string]any{"__typename": "Product", "sku": c.world[name]["sku"]})
	}
	for _, name := range c.named("Customer") {
		customers = append(customers, map[string]any{"__typename": "Customer", "id": c.world[name]["id"]})
	}
	c.entities(c.reviews, "Product", "sku reviewCount averageRating "+text, products, add("Product", "sku"))
	c.entities(c.reviews, "Customer", "id "+text, customers, add("Customer", "id"))
	for _, name := range c.named("Review") { // a reviewer may never have ordered
		author := strings.TrimPrefix(c.world[name]["author"].(string), "@")
		if c.world[author] == nil {
			c.t.Fatalf("%s is by %s, who has no order", name, author)
		}
	}
}

// addTo returns a function that adds an entity's fields to its object.
func (c *crawler) addTo(typ, key string) func(map[string]any) {
	return func(e map[string]any) {
		o := c.world[typ+":"+e[key].(string)]
		for name, v := range e {
			o[name] = v
		}
	}
}

// named returns the names of all objects of a type.
func (c *crawler) named(typ string) []string {
	var out []string
	for name := range c.world {
		if strings.HasPrefix(name, typ+":") {
			out = append(out, name)
		}
	}
	return out
}
