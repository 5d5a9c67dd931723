package gateway

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/composition"
)

// TestVariants holds that an operation has a plan for each choice among the labels that it depends on and for no other, and
// that there are never more of them than may be kept.
func TestVariants(t *testing.T) {
	const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@override"]) `
	var own, taken, all strings.Builder
	const labels = 8
	for i := range labels {
		fmt.Fprintf(&own, "f%d: Int ", i)
		fmt.Fprintf(&taken, `f%d: Int @override(from: "from", label: "l%d") `, i, i)
		fmt.Fprintf(&all, "f%d ", i)
	}
	composed := composition.Compose([]composition.Subgraph{
		{Name: "from", URL: "http://from.invalid", SDL: link + `type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! ` + own.String() + `}`},
		{Name: "to", URL: "http://to.invalid", SDL: link + `type Thing @key(fields: "id") { id: ID! ` + taken.String() + `}`},
	})
	if len(composed.Errors) > 0 {
		t.Fatal(composed.Errors)
	}
	g, err := New(Options{OverrideLabels: func(label string, _ *auth.Identity, header http.Header) bool {
		return header.Get(label) != ""
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = g.Close() }()
	if err := g.Swap(composed.Supergraph); err != nil {
		t.Fatal(err)
	}
	s := g.Snapshot()
	get := func(text string) *prepared {
		t.Helper()
		p, err := s.operations.Get(t.Context(), operation.CacheKey{Text: text})
		if err != nil || p.refusal != nil {
			t.Fatal(err, p)
		}
		return p
	}
	// Bit i of active is label i.
	plan := func(p *prepared, active int) *execute.Program {
		t.Helper()
		header := http.Header{}
		for i := range labels {
			if active>>i&1 == 1 {
				header.Set(fmt.Sprintf("l%d", i), "yes")
			}
		}
		c := newCall()
		defer c.end()
		c.begin(s, &server.Request{Header: header})
		program, err := p.programFor(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := p.programFor(t.Context(), c); again != program {
			t.Error("one request has two plans")
		}
		return program
	}

	one := get("{thing{f0}}")
	inactive, active := plan(one, 0), plan(one, 1)
	if inactive == active || len(inactive.Plan().Fetches) != 1 || len(active.Plan().Fetches) != 2 {
		t.Error("the label does not choose among plans")
	}
	for other := range 1 << (labels - 1) {
		if plan(one, other<<1) != inactive || plan(one, other<<1|1) != active {
			t.Fatal("a label that does not concern the operation makes a plan")
		}
	}
	if n := len(*one.variants.Load()); n != 2 {
		t.Errorf("%d plans", n)
	}

	none := get("{thing{id}}")
	if plan(none, 0) != plan(none, 1<<labels-1) || len(*none.variants.Load()) != 1 {
		t.Error("labels make plans for an operation without moved fields")
	}

	every := get("{thing{" + all.String() + "}}")
	for choice := range 1 << labels {
		fetches := 2
		if choice == 0 {
			fetches = 1
		}
		program := plan(every, choice)
		if n := len(program.Plan().Fetches); n != fetches {
			t.Errorf("choice %b: %d fetches", choice, n)
		}
		if n := len(*every.variants.Load()); n > maxVariants {
			t.Fatalf("%d plans are kept", n)
		}
	}
}

func TestLabels(t *testing.T) {
	for name, want := range map[string]label{
		"percent(0)":     {name: "percent(0)", share: true},
		"percent(12.5)":  {name: "percent(12.5)", share: true, percent: 12.5},
		"percent(100)":   {name: "percent(100)", share: true, percent: 100},
		"percent(101)":   {name: "percent(101)"},
		"percent(-1)":    {name: "percent(-1)"},
		"percent(NaN)":   {name: "percent(NaN)"},
		"percent(x)":     {name: "percent(x)"},
		"percent(5":      {name: "percent(5"},
		"new-checkout.1": {name: "new-checkout.1"},
	} {
		if got := newLabel(name); got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
