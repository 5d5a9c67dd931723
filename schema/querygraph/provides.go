package querygraph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// addProvides gives a node the copies that its fields with @provides lead to.
func (g *Graph) addProvides(id NodeID) {
	sub := g.Supergraph.Graphs[g.Nodes[id].Subgraph]
	for _, f := range g.Nodes[id].Type.Fields {
		if len(f.Provides) == 0 || sub.Types[f.Type.Name()] == nil {
			continue
		}
		p := &provision{fields: map[string]*provision{}, casts: map[string]*provision{}}
		p.add(f.Provides)
		g.lead(id, f.Name, f.Type.Name(), p)
	}
}

// lead makes a field of a node lead to a copy of a type with some fields provided.
func (g *Graph) lead(from NodeID, field, typeName string, p *provision) {
	to := g.copyNode(g.Nodes[from].Subgraph, typeName, p)
	if to == None {
		return
	}
	if g.Nodes[from].fields == nil {
		g.Nodes[from].fields = map[string]NodeID{}
	}
	g.Nodes[from].fields[field] = to
}

// copyNode adds a node for a type with some fields provided, and the nodes that lie under it.
func (g *Graph) copyNode(subgraph int, typeName string, p *provision) NodeID {
	base := g.Base(subgraph, typeName)
	if base == None || len(p.fields) == 0 && len(p.casts) == 0 {
		return base
	}
	// Types that provide fields of each other would be copied without end: equal copies are one.
	key := strconv.Itoa(int(base)) + ":" + p.text()
	if id, ok := g.copies[key]; ok {
		return id
	}
	id := NodeID(len(g.Nodes))
	g.copies[key] = id
	t := g.Nodes[base].Type
	g.Nodes = append(g.Nodes, Node{Subgraph: subgraph, Type: t, objects: g.Nodes[base].objects, provided: p})
	for _, f := range t.Fields {
		child := p.fields[f.Name]
		if len(f.Provides) > 0 {
			merged := &provision{fields: map[string]*provision{}, casts: map[string]*provision{}}
			merged.add(f.Provides)
			merged.merge(child)
			child = merged
		}
		if child != nil {
			g.lead(id, f.Name, f.Type.Name(), child)
		}
	}
	if t.Kind == ast.Object {
		return id
	}
	casts := map[string]NodeID{}
	for _, object := range t.PossibleTypes {
		if object == t.Name {
			continue
		}
		cast := &provision{fields: map[string]*provision{}, casts: map[string]*provision{}}
		cast.mergeFields(p)
		for _, cond := range sortedKeys(p.casts) {
			ct := g.Supergraph.Graphs[subgraph].Types[cond]
			if cond == object || ct != nil && slices.Contains(ct.PossibleTypes, object) {
				cast.merge(p.casts[cond])
			}
		}
		casts[object] = g.copyNode(subgraph, object, cast)
	}
	g.Nodes[id].casts = casts
	return id
}

// text is a canonical text of the provision.
func (p *provision) text() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

func (p *provision) write(b *strings.Builder) {
	for _, name := range sortedKeys(p.fields) {
		b.WriteString(name)
		b.WriteByte(' ')
		if child := p.fields[name]; child != nil {
			b.WriteByte('{')
			child.write(b)
			b.WriteByte('}')
		}
	}
	for _, name := range sortedKeys(p.casts) {
		b.WriteString("...")
		b.WriteString(name)
		b.WriteByte('{')
		p.casts[name].write(b)
		b.WriteByte('}')
	}
}

// add adds the fields of a field set.
func (p *provision) add(set ast.SelectionSet) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			child := p.fields[sel.Name]
			if child == nil && len(sel.SelectionSet) > 0 {
				child = &provision{fields: map[string]*provision{}, casts: map[string]*provision{}}
			}
			p.fields[sel.Name] = child
			if child != nil {
				child.add(sel.SelectionSet)
			}
		case *ast.InlineFragment:
			if sel.TypeCondition == "" {
				p.add(sel.SelectionSet)
				continue
			}
			child := p.casts[sel.TypeCondition]
			if child == nil {
				child = &provision{fields: map[string]*provision{}, casts: map[string]*provision{}}
				p.casts[sel.TypeCondition] = child
			}
			child.add(sel.SelectionSet)
		}
	}
}

func (p *provision) mergeFields(o *provision) {
	for _, name := range sortedKeys(o.fields) {
		child := o.fields[name]
		have := p.fields[name]
		switch {
		case child == nil && have == nil:
			p.fields[name] = nil
		case have == nil:
			p.fields[name] = child
		case child != nil:
			both := &provision{fields: map[string]*provision{}, casts: map[string]*provision{}}
			both.merge(have)
			both.merge(child)
			p.fields[name] = both
		}
	}
}

func (p *provision) merge(o *provision) {
	if o == nil {
		return
	}
	p.mergeFields(o)
	for _, name := range sortedKeys(o.casts) {
		if have := p.casts[name]; have != nil {
			both := &provision{fields: map[string]*provision{}, casts: map[string]*provision{}}
			both.merge(have)
			both.merge(o.casts[name])
			p.casts[name] = both
		} else {
			p.casts[name] = o.casts[name]
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
