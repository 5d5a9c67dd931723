package e2e

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestReferenceSupergraph serves a supergraph that the reference composition made of the demo's subgraphs, and expects
// the answers of the demo, which composes them itself.
//
// testdata/reference.graphql is that of the three schemas as they are in subgraphs/, with the demo's usual addresses.
func TestReferenceSupergraph(t *testing.T) {
	d := newDemo(t)
	d.start(t)
	register := exec.Command(program(t, "weft"), "register", "reviews", "--registry", "http://localhost:"+strconv.Itoa(d.port[4010]),
		"--url", "http://localhost:"+strconv.Itoa(d.port[4004])+"/graphql", "--schema", "../subgraphs/reviews/schema.graphql")
	if out, err := register.CombinedOutput(); err != nil {
		t.Fatalf("register reviews: %v\n%s", err, out)
	}

	sdl, err := os.ReadFile("testdata/reference.graphql")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "supergraph.graphql")
	if err := os.WriteFile(file, []byte(d.here(string(sdl))), 0o600); err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(freePorts(t, 1)[0]))
	start(t, "http://"+address+"/health/ready", nil, program(t, "weft"), "serve", "--supergraph", file, "--listen", address)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, operation := range []string{
		`{ order(id: 1999) { status items { quantity product { name inStock } } fulfillable } }`,
		`{ orders(first: 20) { nodes { id status placedAt customer { name reviews(first: 2) { rating product { name } } }
			total { amount currency } items { quantity unitPrice { amount } product { sku name inStock averageRating } }
			fulfillable shippingEstimate { weight cost { amount } parcels days } } pageInfo { hasNextPage endCursor } } }`,
		`{ topProducts(first: 5) { sku name price { amount } averageRating reviews(first: 3) { rating body author { id name } } } }`,
		`{ product(sku: "TENT-2P") { ...P } again: product(sku: "NONE") { ...P } } fragment P on Product { name stock { quantity warehouse { city } } reviewCount }`,
		`query ($yes: Boolean = true) { warehouses { id name @skip(if: $yes) } me { name } __typename }`,
		`{ __schema { queryType { fields { name type { kind name ofType { name } } } } } __type(name: "Product") { fields { name } } }`,
		`mutation { adjustStock(input: {sku: "TENT-2P", warehouse: "ham", delta: 1}) { name } }`,
	} {
		want, err := query(ctx, d.gateway()+"/graphql", "", operation)
		if err != nil {
			t.Fatal(err)
		}
		got, err := query(ctx, "http://"+address+"/graphql", "", operation)
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s\nfrom the reference's supergraph: %s\nfrom the demo: %s", operation, got, want)
		}
	}
}
