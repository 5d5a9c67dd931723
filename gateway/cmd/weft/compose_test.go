package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	productsSDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
type Query { products: [Product!]! }
type Product @key(fields: "id") { id: ID! name: String }
`
	reviewsSDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
type Product @key(fields: "id") { id: ID! "How good it is." rating: Int }
`
	list = `federation_version: 2
subgraphs:
  reviews:
    routing_url: http://reviews/graphql
    schema: {file: reviews.graphql}
  products:
    routing_url: http://products/graphql
    schema: {file: products.graphql}
`
)

// shop is a folder with a list of subgraphs; its schemas are those given, or else ones that compose.
func shop(t *testing.T, products, reviews string) (folder string, in func(string) string) {
	t.Helper()
	folder = files(t, map[string]string{"supergraph.yaml": list, "products.graphql": products, "reviews.graphql": reviews})
	return folder, func(name string) string { return filepath.Join(folder, name) }
}

func TestCompose(t *testing.T) {
	_, in := shop(t, productsSDL, reviewsSDL)
	printed := weft(t, "compose", in("supergraph.yaml"))
	printed.expect(t, 0, `join__Graph`, "")

	weft(t, "compose", "-o", in("out.graphql"), in("supergraph.yaml")).expect(t, 0, "", "")
	if written, err := os.ReadFile(in("out.graphql")); err != nil || string(written) != printed.stdout {
		t.Errorf("-o writes something else: %v", err)
	}

	r := weft(t, "compose", "--format", "json", in("supergraph.yaml"))
	r.expect(t, 0, `"errors": []`, "")
	var got map[string]any
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || got["supergraphSdl"] != printed.stdout || len(got["errors"].([]any)) != 0 || got["hints"] == nil {
		t.Errorf("%s, %v", r.stdout, err)
	}

	stdin := "subgraphs: {products: {routing_url: 'http://products', schema: {file: '" + in("products.graphql") + "'}}}"
	weftWith(t, stdin, "compose", "-").expect(t, 0, "http://products", "")
}

func TestComposeHints(t *testing.T) {
	// The description of Product differs, which is worth a warning.
	_, in := shop(t, strings.Replace(productsSDL, "type Product", `"A thing." type Product`, 1),
		strings.Replace(reviewsSDL, "type Product", `"Something." type Product`, 1))
	weft(t, "compose", in("supergraph.yaml")).expect(t, 0, "join__Graph", "warning INCONSISTENT_DESCRIPTION")
	weft(t, "compose", "--hints", "none", in("supergraph.yaml")).expect(t, 0, "join__Graph", "")
	r := weft(t, "compose", "--format", "json", in("supergraph.yaml"))
	r.expect(t, 0, `"code": "INCONSISTENT_DESCRIPTION",`, "")
	r.expect(t, 0, `"level": "WARN",`, "")
	r.expect(t, 0, `"coordinate": "Product"`, "")
}

func TestComposeErrors(t *testing.T) {
	_, in := shop(t, productsSDL, strings.Replace(reviewsSDL, "rating: Int", "name: Int", 1))
	r := weft(t, "compose", in("supergraph.yaml"))
	r.expect(t, 1, "", " error FIELD_TYPE_MISMATCH: ")
	r.expect(t, 1, "", "products.graphql:3:")
	r.expect(t, 1, "", "  3 | type Product @key(fields: \"id\") { id: ID! name: String }\n")

	r = weft(t, "compose", "--format", "json", in("supergraph.yaml"))
	if r.code != 1 || r.stderr != "" {
		t.Errorf("%+v", r)
	}
	var got struct {
		SupergraphSDL *string `json:"supergraphSdl"`
		Errors        []struct {
			Code, Message string
			Locations     []struct {
				Subgraph     string
				Line, Column int
			}
		}
		Hints []any
	}
	decoder := json.NewDecoder(strings.NewReader(r.stdout))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err, r.stdout)
	}
	if got.SupergraphSDL != nil || got.Hints == nil || len(got.Errors) == 0 || got.Errors[0].Code == "" ||
		got.Errors[0].Message == "" || got.Errors[0].Locations[0].Subgraph != "products" || got.Errors[0].Locations[0].Line != 3 {
		t.Error(r.stdout)
	}

	_, in = shop(t, "type Query {", reviewsSDL)
	weft(t, "compose", in("supergraph.yaml")).expect(t, 1, "", "error INVALID_GRAPHQL: ")

	broken := files(t, map[string]string{"list.yaml": "subgraphs:\n  a: {schema: {file: missing.graphql}}\n"})
	weft(t, "compose", filepath.Join(broken, "list.yaml")).expect(t, 1, "", "list.yaml:2:16: error: subgraphs.a.schema.file: open ")
}

func TestContract(t *testing.T) {
	tagged := strings.Replace(strings.Replace(productsSDL, `"@key"`, `"@key", "@tag"`, 1), "name: String", `name: String cost: Int @tag(name: "internal")`, 1)
	_, in := shop(t, tagged, reviewsSDL)
	list := in("supergraph.yaml")
	weft(t, "compose", "--exclude-tag", "internal", list).expect(t, 0, `@tag(name: "internal") @inaccessible`, "")
	api := weft(t, "compose", "--exclude-tag", "internal", "--format", "api", list)
	api.expect(t, 0, "type Product {\n  id: ID!\n  name: String\n", "")
	if strings.Contains(api.stdout, "cost") || strings.Contains(api.stdout, "join__") {
		t.Errorf("the API schema of the contract:\n%s", api.stdout)
	}

	// A contract of a supergraph that is composed already is the same.
	weft(t, "compose", "-o", in("s.graphql"), list).expect(t, 0, "", "")
	weft(t, "compose", "--supergraph", in("s.graphql"), "--format", "api").expect(t, 0, "cost: Int", "")
	whole, err := os.ReadFile(in("s.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []result{
		weft(t, "compose", "--supergraph", in("s.graphql"), "--exclude-tag", "internal", "--format", "api"),
		weftWith(t, string(whole), "compose", "--supergraph", "-", "--exclude-tag", "internal", "--format", "api"),
	} {
		if r.stdout != api.stdout || r.code != 0 {
			t.Errorf("%+v", r)
		}
	}

	// What the gateway cannot be asked for it can still fetch: a plan over the contract needs the hidden key.
	weft(t, "compose", "-o", in("c.graphql"), "--include-tag", "public", "--supergraph", in("s.graphql")).
		expect(t, 1, "", "s.graphql:")
	if _, err := os.Stat(in("c.graphql")); err == nil {
		t.Error("a contract that has errors is written")
	}
	public := strings.NewReplacer("products: [Product!]!", `products: [Product!]! @tag(name: "public")`, `"@key"`, `"@key", "@tag"`).Replace(productsSDL)
	rated := strings.NewReplacer("rating: Int", `rating: Int @tag(name: "public")`, `"@key"`, `"@key", "@tag"`).Replace(reviewsSDL)
	_, in = shop(t, public, rated)
	weft(t, "compose", "-o", in("c.graphql"), "--include-tag", "public", "--hide-unreachable-types", in("supergraph.yaml")).expect(t, 0, "", "")
	weftWith(t, "{ products { rating } }", "plan", "--check", "--supergraph", in("c.graphql"), "-").expect(t, 0, "2 fetches, 2 steps\n", "")
	weftWith(t, "{ products { id } }", "plan", "--supergraph", in("c.graphql"), "-").expect(t, 1, "", "GRAPHQL_VALIDATION_FAILED")
}

func TestContractErrors(t *testing.T) {
	tagged := strings.Replace(strings.Replace(productsSDL, `"@key"`, `"@key", "@tag"`, 1), "type Product", `type Product @tag(name: "internal")`, 1)
	_, in := shop(t, tagged, reviewsSDL)
	r := weft(t, "compose", "--exclude-tag", "internal", in("supergraph.yaml"))
	r.expect(t, 1, "", "products.graphql:2:14: error REFERENCED_INACCESSIBLE: the contract hides the type \"Product\"")
	r.expect(t, 1, "", "  2 | type Query { products: [Product!]! }\n    |              ^\n")
	if r.stdout != "" {
		t.Errorf("a contract that has errors is printed:\n%s", r.stdout)
	}
	r = weft(t, "compose", "--exclude-tag", "internal", "--format", "json", in("supergraph.yaml"))
	r.expect(t, 1, `"supergraphSdl": null`, "")
	r.expect(t, 1, `"code": "REFERENCED_INACCESSIBLE"`, "")
	weft(t, "compose", "--exclude-tag", "internl", in("supergraph.yaml")).
		expect(t, 0, "join__Graph", "warning DIRECTIVE_COMPOSITION_WARN: the contract excludes the tag \"internl\", which nothing in the supergraph has; its tags are \"internal\"")

	weft(t, "compose", "--exclude-tag", "a", "--include-tag", "b,a", in("supergraph.yaml")).expect(t, 2, "", `the tag "a" is both included and excluded`)
	weft(t, "compose", "--exclude-tag", " ", in("supergraph.yaml")).expect(t, 2, "", "a tag of a contract has a name")
	weft(t, "compose", "--supergraph", in("s.graphql"), in("supergraph.yaml")).expect(t, 2, "", "one argument too many")
	weft(t, "compose", "--include-tag", "a").expect(t, 2, "", "supergraph.yaml is missing")
	weft(t, "compose", "--supergraph", in("products.graphql"), "--exclude-tag", "a").expect(t, 1, "", "products.graphql is no supergraph that can be read")
}
