package diagnostic

import (
	"slices"
	"testing"
)

func TestRegistry(t *testing.T) {
	if len(ErrorCodes()) != 91 || len(HintCodes()) != 30 {
		t.Errorf("%d error codes and %d hint codes, want 91 and 30", len(ErrorCodes()), len(HintCodes()))
	}
	for c, meaning := range errors {
		if meaning == "" || !IsError(c) || Meaning(c, Error) != meaning {
			t.Errorf("%s has no meaning", c)
		}
	}
	for c, h := range hints {
		if h.meaning == "" || !slices.Contains([]Severity{Warn, Info, Debug}, Level(c)) || Meaning(c, Level(c)) != h.meaning {
			t.Errorf("hint %s: %+v", c, h)
		}
	}
	if IsError("NOPE") || Level("NOPE") != "" || Meaning("NOPE", Error) != "" {
		t.Error("unknown codes have no meaning")
	}
}

func TestSort(t *testing.T) {
	ds := []Diagnostic{
		{Code: "B", Message: "1"},
		{Code: "A", Coordinate: "T.b", Message: "2"},
		{Code: "A", Coordinate: "T.a", Locations: []Location{{Subgraph: "s", Line: 9}}, Message: "3"},
		{Code: "A", Coordinate: "T.a", Locations: []Location{{Subgraph: "s", Line: 2}}, Message: "4"},
		{Code: "A", Coordinate: "T.a", Locations: []Location{{Subgraph: "r", Line: 3}}, Message: "5"},
	}
	Sort(ds)
	got := ""
	for _, d := range ds {
		got += d.Message
	}
	if got != "54321" {
		t.Errorf("order: %s", got)
	}
}

func TestLocation(t *testing.T) {
	for want, l := range map[string]Location{
		"orders":           {Subgraph: "orders"},
		"o.graphql":        {Subgraph: "orders", File: "o.graphql"},
		"orders:3:7":       {Subgraph: "orders", Line: 3, Column: 7},
		"o.graphql:12:1":   {Subgraph: "orders", File: "o.graphql", Line: 12, Column: 1},
		"d/orders.gql:1:1": {File: "d/orders.gql", Line: 1, Column: 1},
	} {
		if l.String() != want {
			t.Errorf("%+v prints as %q, want %q", l, l, want)
		}
	}
}
