package querygraph

import (
	"testing"

	"github.com/weft-gateway/weft/schema/supergraph"
)

func TestReturn(t *testing.T) {
	s, err := supergraph.Read(`schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
		enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
		type Query @join__type(graph: A) { t: First }
		type First @join__type(graph: A, key: "n", resolvable: false) @join__type(graph: A, key: "id") { id: ID! n: Int }
		type External @join__type(graph: A, key: "id") @join__type(graph: A, key: "n o { id }", resolvable: false) {
			id: ID! @join__field(graph: A, external: true)
			n: Int
			o: First
		}
		type Nested @join__type(graph: A, key: "o { id }") { o: External }
		type Keyless @join__type(graph: A) { n: Int }
		interface I @join__type(graph: B, key: "id") @join__type(graph: A, key: "id", isInterfaceObject: true) { id: ID! }`)
	if err != nil {
		t.Fatal(err)
	}
	g := New(s)
	for _, c := range []struct{ typ, key, typename string }{
		{"First", "id", ""},
		{"External", "n o { id }", ""},
		{"Nested", "", ""},
		{"Keyless", "", ""},
		{"I", "id", "I"},
	} {
		at := g.Base(0, c.typ)
		e, ok := g.Return(at)
		if ok != (c.key != "") || ok && (e.Key.Text != c.key || e.Typename != c.typename || e.To != at) {
			t.Errorf("%s: %+v, %v", c.typ, e, ok)
		}
	}
}
