package plan_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/internal/simulate/generate"
)

// The search never ends with more than it starts with, nor with less than the bound; where all ways can be tried it ends
// with the cheapest.
func TestSearch(t *testing.T) {
	s := &searched{}
	for _, pattern := range []string{"testdata/*.txtar", "testdata/reference/[a-q]*.txtar", "testdata/reference/s[a-s]*.txtar"} {
		for _, f := range golden.Files(t, pattern) {
			r := newCorpusRig(t, f)
			for _, part := range f.Files {
				if part.Name == "operation.graphql" || len(part.Name) > 11 && part.Name[:11] == "operations/" {
					s.hold(t, r, f.Name()+" "+part.Name, string(part.Data))
				}
			}
		}
	}
	for seed := range uint64(400) {
		c := generate.Seeded(seed)
		g := generate.NewGraph(c, generate.Ordinary)
		r, err := newRig(g.Sources, g.Data)
		if errors.As(err, &errNotComposed{}) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		text, _ := generate.Operation(c, r.super.API, generate.Options{Fields: 15})
		s.hold(t, r, text, text)
	}
	t.Logf("%d operations have more than one way, and %d of them were tried in all %d ways; the first way was not the cheapest for %d of them; "+
		"for %d the bound says that there is nothing cheaper", s.open, s.enumerated, s.ways, s.improved, s.tight)
	if s.enumerated < 50 || s.improved == 0 {
		t.Error("most of the operations are no use")
	}
}

type searched struct{ open, enumerated, ways, improved, tight int }

// maxWays is up to how many ways all of them are tried.
const maxWays = 300

func (s *searched) hold(t *testing.T, r *rig, name, text string) {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	op, err := operation.Normalise(r.schema, doc, doc.Operations[0])
	if err != nil {
		return // not a valid operation
	}
	stages, err := r.planner.Stages(op, plan.Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	found := stages.Merged.Cost()
	search := choose.NewSearch(r.planner.Graph, op, choose.Options{})
	bound := search.Bound()
	first, junctions := costOf(t, search, op, nil)
	if first.Less(found) {
		t.Errorf("%s: the search ends with %+v, it started with %+v", name, found, first)
	}
	if found.Fetches < bound.Fetches || found.Depth < bound.Depth {
		t.Errorf("%s: a plan costs %+v, less than the bound %+v", name, found, bound)
	}
	if len(junctions) == 0 {
		return
	}
	s.open++
	if found.Fetches == bound.Fetches && found.Depth == bound.Depth {
		s.tight++
	}
	least, ways := s.all(t, search, op)
	if ways > maxWays {
		return
	}
	s.enumerated++
	s.ways += ways
	if least.Fetches < first.Fetches || least.Depth < first.Depth {
		s.improved++
	}
	if least.Fetches < bound.Fetches || least.Depth < bound.Depth {
		t.Errorf("%s: a plan costs %+v, less than the bound %+v", name, least, bound)
	}
	if found.Fetches != least.Fetches || found.Depth != least.Depth {
		t.Errorf("%s: the search ends with %+v, the cheapest of %d ways costs %+v", name, found, ways, least)
	}
}

// all tries all ways, and stops when there are more than maxWays.
func (s *searched) all(t *testing.T, search *choose.Search, op *operation.Operation) (least choose.Cost, ways int) {
	t.Helper()
	least = choose.Cost{Fetches: 1 << 30}
	var follow func(decisions choose.Decisions, from int)
	follow = func(decisions choose.Decisions, from int) {
		if ways++; ways > maxWays {
			return
		}
		cost, junctions := costOf(t, search, op, decisions)
		if cost.Less(least) {
			least = cost
		}
		for i := from; i < len(junctions); i++ {
			for way := 1; way < junctions[i].Ways; way++ {
				next := maps.Clone(decisions)
				if next == nil {
					next = choose.Decisions{}
				}
				next[junctions[i].At] = way
				follow(next, i+1)
			}
		}
	}
	follow(nil, 0)
	return least, ways
}

// costOf decides an operation in a way; a dead end costs more than anything else.
func costOf(t *testing.T, search *choose.Search, op *operation.Operation, decisions choose.Decisions) (choose.Cost, []choose.Junction) {
	t.Helper()
	tree, err := search.Tree(decisions)
	junctions := search.Junctions()
	if err != nil {
		return choose.Cost{Fetches: 1 << 20}, junctions
	}
	graph, err := fetchgraph.Build(tree, op)
	if err != nil {
		return choose.Cost{Fetches: 1 << 20}, junctions
	}
	return graph.Cost(), junctions
}
