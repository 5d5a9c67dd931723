package report

import (
	"errors"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/config/strict"
	"github.com/weft-gateway/weft/schema/diagnostic"
)

func TestDiagnostics(t *testing.T) {
	var out strings.Builder
	p := Printer{W: &out, Source: func(l diagnostic.Location) Source {
		if l.Subgraph == "orders" {
			return Source{"orders.graphql", "type Query {\n\ttotal: Int\n}\n"}
		}
		return Source{}
	}}
	p.Diagnostics([]diagnostic.Diagnostic{
		{
			Code: "FIELD_TYPE_MISMATCH", Severity: diagnostic.Error, Message: "it differs\nhere and there", Coordinate: "Query.total",
			Locations: []diagnostic.Location{{Subgraph: "orders", Line: 2, Column: 2}, {Subgraph: "stock", Line: 7, Column: 3}},
		},
		{Code: "UNUSED_ENUM_TYPE", Severity: diagnostic.Warn, Message: "enum E is not used", Coordinate: "E"},
		{Code: "X", Severity: diagnostic.Info, Message: "beyond", Locations: []diagnostic.Location{{Subgraph: "orders", Line: 99, Column: 1}}},
	})
	want := `orders.graphql:2:2: error FIELD_TYPE_MISMATCH: Query.total: it differs
  here and there
  2 | 	total: Int
    | 	^
  also stock:7:3
warning UNUSED_ENUM_TYPE: enum E is not used
orders.graphql:99:1: info X: beyond
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestOperation(t *testing.T) {
	var out strings.Builder
	long := strings.Repeat("a ", 200) + "\x1b[31m" + strings.Repeat("b ", 200)
	Printer{W: &out}.Operation(Source{"q.graphql", "{ a }\n" + long}, gqlerror.List{
		{Message: "no field a", Locations: []gqlerror.Location{{Line: 1, Column: 3}}, Extensions: map[string]any{"code": "C"}},
		{Message: "long", Locations: []gqlerror.Location{{Line: 2, Column: 401}}},
		{Message: "nowhere"},
	})
	got := out.String()
	for _, want := range []string{"q.graphql:1:3: error C: no field a\n  1 | { a }\n    |   ^\n", "q.graphql:2:401: error: long\n", "q.graphql: error: nowhere\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwithout\n%s", got, want)
		}
	}
	for _, line := range strings.Split(got, "\n") {
		if len(line) > 200 || strings.Contains(line, "\x1b") {
			t.Errorf("line %q", line)
		}
	}
}

func TestFile(t *testing.T) {
	var out strings.Builder
	p := Printer{W: &out}
	if p.File(nil, errors.New("other")) {
		t.Error("any error is one of a file")
	}
	if !p.File([]byte("a: b\n"), strict.Errors{{File: "x.yaml", Line: 1, Column: 4, Path: "a", Message: "bad"}}) {
		t.Error("not reported")
	}
	if out.String() != "x.yaml:1:4: error: a: bad\n  1 | a: b\n    |    ^\n" {
		t.Errorf("got\n%s", out.String())
	}
}
