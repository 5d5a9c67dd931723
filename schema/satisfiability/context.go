package satisfiability

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// contexts are what the arguments with @fromContext select: each a selection on the nearest ancestor that sets a context.
// A state carries the set of those that can be had from the ancestors of its operation.
type contexts struct {
	demands []demand
}

type demand struct {
	context   string
	text      string
	selection ast.SelectionSet
	types     []string // the types that set the context
}

func readContexts(r *reach) contexts {
	s := r.graph.Supergraph
	var c contexts
	for _, g := range s.Graphs {
		for _, name := range g.TypeNames {
			for _, f := range g.Types[name].Fields {
				for _, arg := range f.Contextual {
					if c.index(arg) >= 0 {
						continue
					}
					d := demand{context: arg.Context, text: arg.Selection, types: s.ContextTypes(arg.Context)}
					if selection, err := fieldset.Parse(arg.Selection); err == nil {
						d.selection = selection
					}
					c.demands = append(c.demands, d)
				}
			}
		}
	}
	return c
}

func (c contexts) index(arg supergraph.ContextualArgument) int {
	return slices.IndexFunc(c.demands, func(d demand) bool { return d.context == arg.Context && d.text == arg.Selection })
}

func (c contexts) none() set { return newSet(len(c.demands)) }

// at returns what can be had below an object, given what can be had at it.
func (c contexts) at(r *reach, o *object, at places, above set) set {
	below := slices.Clone(above)
	for i, d := range c.demands {
		if !slices.ContainsFunc(d.types, func(t string) bool { return r.is(o, t) }) {
			continue
		}
		below.remove(i)
		if d.selection != nil && r.selects(o, at, d.selection, "", 0) {
			below.add(i)
		}
	}
	return below
}

// available reports whether all that a field's arguments take from contexts can be had.
func (c contexts) available(have set, f *supergraph.Field) bool {
	for _, arg := range f.Contextual {
		if !have.has(c.index(arg)) {
			return false
		}
	}
	return true
}
