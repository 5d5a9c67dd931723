package choose

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Context is a value that an argument of a field takes from an ancestor (@fromContext): the nearest one that sets the
// context.
type Context struct {
	Argument string
	Type     string
	// Need is the field of the ancestor's place that the value is read from; the set under it selects one leaf. It is nil where
	// nothing is selected on the ancestor's type: the value is null.
	Need *Need
}

// contexts finds where the arguments of a field at the place take their values, and makes sure that those are had.
func (d *decider) contexts(def *supergraph.Field) ([]*Context, error) {
	var out []*Context
	for _, arg := range def.Contextual {
		at := d.ancestor(arg.Context)
		if at == nil {
			return nil, fmt.Errorf("%s.%s at %s takes its argument %q from the context %q, which nothing above it sets",
				d.object, def.Name, pathOf(d.place.Fork), arg.Name, arg.Context)
		}
		sel := d.graph.ContextField(at.Types[0], arg)
		if sel == nil {
			out = append(out, &Context{Argument: arg.Name, Type: arg.Type})
			continue
		}
		f, err := d.given(at, sel)
		if err != nil {
			return nil, err
		}
		out = append(out, &Context{Argument: arg.Name, Type: arg.Type, Need: &Need{Field: f, Set: sel.SelectionSet}})
	}
	return out, nil
}

// ancestor is the place of the nearest objects above that set a context. The types of a place are alike in that.
func (d *decider) ancestor(context string) *Place {
	for f := d.place.Fork.Field; f != nil; f = f.Place.Fork.Field {
		if d.graph.SetsContext(f.Place.Types[0], context) {
			return f.Place
		}
	}
	return nil
}

// given makes sure that a field of a place further up is had there. That place was settled before, and its composite
// fields may have been followed: what comes to it now is followed here.
func (d *decider) given(at *Place, sel *ast.Field) (*Field, error) {
	key := value{at, sel}
	if f := d.values[key]; f != nil {
		return f, nil
	}
	d.hold(at, key)
	up := d.deciderOf(at)
	before := len(at.Fields)
	f, err := up.needed(sel)
	if err != nil {
		return nil, err
	}
	for _, added := range at.Fields[before:] {
		if added.Fork == nil && len(added.hidden) > 0 {
			if err := d.fork(added); err != nil {
				return nil, err
			}
		}
	}
	d.values[key] = f
	return f, nil
}

// value is what a context selects on the objects of a place.
type value struct {
	at  *Place
	sel *ast.Field
}

// SameValue reports whether two needs read one value.
func SameValue(a, b *Need) bool {
	return a.Field == b.Field && (len(a.Set) == 0 && len(b.Set) == 0 || len(a.Set) > 0 && len(b.Set) > 0 && &a.Set[0] == &b.Set[0])
}

// deciderOf settles more at a place.
func (c *chooser) deciderOf(place *Place) *decider {
	d := &decider{chooser: c, place: place, object: place.Types[0], constant: place.constant, active: map[*Field]bool{}}
	d.entries = c.graph.Entries(d.object)
	if d.constant {
		d.entries = c.graph.Entries(place.Fork.Type)
	}
	return d
}

// alikeToContexts reports whether object types are the same to all contexts.
func alikeToContexts(g *querygraph.Graph, types []string) bool {
	for _, t := range types[1:] {
		if g.ContextClass(t) != g.ContextClass(types[0]) {
			return false
		}
	}
	return true
}

// setsContexts reports whether some objects of a spec set a context, and something under it may take a value from them: which
// value that is depends on their type.
func (c *chooser) setsContexts(s *spec) bool {
	for _, sc := range s.cases {
		for _, t := range sc.types {
			if c.graph.ContextClass(t) != "" && slices.ContainsFunc(sc.fields, func(f *specField) bool { return f.op != nil && c.takesContexts(f.op.Set) }) {
				return true
			}
		}
	}
	return false
}

// takesContexts reports whether a selection set has a field that may take an argument from a context.
func (c *chooser) takesContexts(set *operation.SelectionSet) bool {
	return set != nil && slices.ContainsFunc(set.Cases, func(oc *operation.Case) bool {
		return slices.ContainsFunc(oc.Fields, func(f *operation.Field) bool {
			return c.graph.TakesContexts(f.Name) || c.takesContexts(f.Set)
		})
	})
}
