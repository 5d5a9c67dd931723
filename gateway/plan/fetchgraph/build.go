package fetchgraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Selection is what is asked about the objects of one presence.
type Selection struct {
	// Type is the static type in the subgraph; nil for introspection.
	Type      *supergraph.Type
	Fragments []*Fragment
	Typename  bool
	scope     *scope
	subgraph  int
	// Entity: the selection stands under `_entities`, whose type is no type of ours: every field needs a type condition.
	Entity bool
	// inside is what stands between its braces.
	inside written
}

// Fragment is the part of a selection under type conditions; without any it stands on the static type.
type Fragment struct {
	Types   []string
	Members []*Member
	index   map[string]*Member // by response name, once there are many
}

// many is how many members a fragment has when looking through them takes longer than an index.
const many = 8

// member is the member of a response name, nil if there is none.
func (f *Fragment) member(response string) *Member {
	if f.index != nil {
		return f.index[response]
	}
	for _, m := range f.Members {
		if m.Response == response {
			return m
		}
	}
	return nil
}

func (f *Fragment) append(m *Member) {
	f.Members = append(f.Members, m)
	switch {
	case f.index != nil:
		f.index[m.Response] = m
	case len(f.Members) > many:
		f.index = make(map[string]*Member, 2*many)
		for _, m := range f.Members {
			f.index[m.Response] = m
		}
	}
}

// Member is a field in a selection.
type Member struct {
	Response string
	Name     string
	Args     ast.ArgumentList
	Conds    []response.ConditionID
	Child    *Selection
	// contexts are what arguments take besides Args.
	contexts []*choose.Context
	// applied are the selections that stand for it when the client gives any of them directives.
	applied []operation.Applied
	// exact: it is asked only when its condition holds, and where it stands in the operation, for it does something (a
	// mutation).
	exact   bool
	written written
}

func (g *Graph) build() {
	scopes := map[forkSubgraph]*scope{}
	g.fork(g.Tree.Root, scopes)
	if g.mixed {
		g.guard()
	}
}

type forkSubgraph struct {
	fork     *choose.Fork
	subgraph int
}

func (g *Graph) fork(f *choose.Fork, scopes map[forkSubgraph]*scope) {
	if f.Before != nil {
		g.entries(f, nil, f.Entries, scopes)
		g.fields(f.Before, scopes)
	}
	if f.Typename != nil {
		g.selections[f.Typename.ID].Typename = true
	}
	for _, p := range f.Places {
		g.entries(f, p, p.Entries, scopes)
		g.fields(p, scopes)
	}
}

// entries lays out a fetch for each entry that is of any use.
func (g *Graph) entries(f *choose.Fork, place *choose.Place, entries []*choose.Presence, scopes map[forkSubgraph]*scope) {
	for _, p := range entries {
		if !p.Used {
			continue
		}
		sub := g.subgraph(p)
		key := forkSubgraph{f, sub}
		if scopes[key] == nil {
			scopes[key] = newScope()
		}
		sel := &Selection{scope: scopes[key], subgraph: sub, Entity: p.Entry.Key != nil}
		if p.Node != querygraph.None {
			sel.Type = g.query().Nodes[p.Node].Type
		}
		g.selections[p.ID] = sel
		fetch := &Fetch{
			Subgraph: sub,
			Root:     f.Field == nil,
			Turn:     p.Entry.Turn,
			Groups:   []*Group{{Targets: []*Target{{Fork: f, Place: place, Presences: []*choose.Presence{p}}}}},
		}
		if f.Field == nil && sub >= 0 && g.Operation.Kind == ast.Mutation {
			scopes[key] = nil // fetches of one subgraph are several
		}
		g.byPresence[p.ID] = fetch
		g.Fetches = append(g.Fetches, fetch)
	}
}

func (g *Graph) fields(place *choose.Place, scopes map[forkSubgraph]*scope) {
	for _, f := range place.Fields {
		if f.Denied {
			continue
		}
		for i, p := range f.By {
			m := g.add(g.selections[p.ID], place.Types, f, p)
			g.mixed = g.mixed || f.Fork != nil && len(m.Conds) > 0 && m.Conds[0] != f.Cond
			m.Conds = append(m.Conds, f.Cond)
			g.members[member{f, p}] = m
			if f.Fork == nil {
				continue
			}
			inherited := f.Fork.Inherited[i]
			if m.Child == nil {
				m.Child = &Selection{scope: g.selections[p.ID].scope.child(m.Response), subgraph: g.selections[p.ID].subgraph}
				if inherited.Node != querygraph.None {
					m.Child.Type = g.query().Nodes[inherited.Node].Type
				}
			}
			g.selections[inherited.ID] = m.Child
		}
		if f.Fork != nil {
			g.fork(f.Fork, scopes)
		}
	}
}

// add puts a field into a selection, for objects of some types.
func (g *Graph) add(sel *Selection, types []string, f *choose.Field, p *choose.Presence) *Member {
	conditions := g.typeConditions(sel, types, f, p)
	i := slices.IndexFunc(sel.Fragments, func(fr *Fragment) bool { return slices.Equal(fr.Types, conditions) })
	if i < 0 {
		i = len(sel.Fragments)
		sel.Fragments = append(sel.Fragments, &Fragment{Types: conditions})
	}
	name := f.Name
	if f.Op != nil {
		name = f.Op.Response
	}
	typ := ""
	if p.Node == querygraph.None {
		typ = f.Definition.Type.String()
	} else if down := g.query().Downcast(p.Node, types[0]); down != querygraph.None {
		if def := g.query().Nodes[down].Type.Field(f.Name); def != nil {
			typ = def.Type.String()
		}
	}
	applied := appliedTo(f.Op, g.subgraph(p))
	meaning := choose.ArgumentsText(f.Arguments) + g.contextsText(f.Contexts(p))
	if len(applied) > 0 {
		meaning += f.Op.AppliedText()
	}
	response := sel.scope.name(name, f.Name, meaning, typ)
	exact := f.Place.Fork.Field == nil && g.Operation.Kind == ast.Mutation
	if m := sel.Fragments[i].member(response); m != nil && !exact {
		return m // asked already, for other object types or by the client too: the scope knows that it means the same
	}
	g.fieldCount++
	m := &Member{Response: response, Name: f.Name, Args: f.Arguments, contexts: f.Contexts(p), applied: applied, exact: exact}
	sel.Fragments[i].append(m)
	return m
}

// typeConditions are the types of the subgraph on which a field must be asked; none when the static type has the field for
// just the objects meant.
func (g *Graph) typeConditions(sel *Selection, types []string, f *choose.Field, p *choose.Presence) []string {
	t := sel.Type
	if t == nil || t.Kind == ast.Object {
		return nil
	}
	var known []string
	for _, object := range types {
		if down := g.query().Downcast(p.Node, object); down != querygraph.None {
			if name := g.query().Nodes[down].Type.Name; !slices.Contains(known, name) {
				known = append(known, name)
			}
		}
	}
	if t.Kind == ast.Interface && len(known) == len(t.PossibleTypes) && g.sameOn(t, known, g.subgraph(p), f.Name) {
		return nil
	}
	return known
}

// sameOn reports whether an interface of a subgraph has a field that means the same as on the object types.
func (g *Graph) sameOn(t *supergraph.Type, known []string, subgraph int, name string) bool {
	own := t.Field(name)
	if own == nil || own.External {
		return false
	}
	sub := g.query().Supergraph.Graphs[subgraph]
	for _, object := range known {
		if sub.Types[object] == nil {
			return false
		}
		o := sub.Types[object].Field(name)
		if o == nil || o.Type.String() != own.Type.String() || o.External {
			return false
		}
	}
	return true
}
