package choose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// Describe writes a decided operation as a person reads it: for each place which subgraphs are entered and with what, and
// for each field which subgraph resolves it.
func (t *Tree) Describe(op *operation.Operation) string {
	d := &describer{tree: t, operation: op}
	d.WriteString(t.Root.Type + "\n")
	d.fork(t.Root, "  ")
	return d.String()
}

type describer struct {
	strings.Builder
	tree      *Tree
	operation *operation.Operation
}

func (d *describer) fork(f *Fork, indent string) {
	if f.Before != nil {
		d.WriteString(indent + "before the type is known\n")
		d.entries(f.Entries, f.Places, indent+"  ")
		d.fields(f.Before, indent+"  ")
	}
	if f.Typename != nil {
		d.WriteString(indent + "the type is told by " + d.tree.SubgraphName(f.Typename) + "\n")
	}
	for _, p := range f.Places {
		inner := indent
		if len(f.Places) > 1 {
			d.WriteString(indent + "on " + strings.Join(p.Types, ", ") + "\n")
			inner += "  "
		}
		if p.Absent {
			d.WriteString(inner + "cannot be here: a subgraph that gives these objects does not know the type\n")
		}
		d.entries(p.Entries, []*Place{p}, inner)
		d.fields(p, inner)
	}
}

// entries says which subgraphs are asked about the objects of some places, and for what.
func (d *describer) entries(entries []*Presence, places []*Place, indent string) {
	for _, p := range entries {
		if !p.Used {
			continue
		}
		d.WriteString(indent + "→ " + d.tree.SubgraphName(p) + " is asked")
		if names := resolved(p, places); len(names) > 0 {
			d.WriteString(" for " + Listed(names))
		}
		if text := EntryText(p.Entry); text != "" {
			d.WriteString("," + text)
		}
		d.WriteByte('\n')
	}
}

// maxListed bounds how many names are listed for a person to read.
const maxListed = 8

// Listed lists names, and says how many there are beyond a few.
func Listed(names []string) string {
	if more := len(names) - maxListed; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxListed], ", "), more)
	}
	return strings.Join(names, ", ")
}

// resolved are the names of the fields that a presence resolves, each once; `__typename` where it tells the type.
func resolved(p *Presence, places []*Place) []string {
	var names []string
	for _, place := range places {
		if place.Fork.Typename == p && !slices.Contains(names, "__typename") {
			names = append(names, "__typename")
		}
		for _, f := range place.Fields {
			if slices.Contains(f.By, p) && !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

// EntryText says what an entry sends.
func EntryText(e *Entry) string {
	if e.Key == nil {
		return ""
	}
	text := fmt.Sprintf(" by the key %q", e.Key.Text)
	if e.Typename != "" {
		text += " of " + e.Typename
	}
	var required []string
	for _, n := range e.Needs {
		if !n.Key && !slices.Contains(required, n.Field.Name) {
			required = append(required, n.Field.Name)
		}
	}
	if len(required) > 0 {
		text += ", with " + strings.Join(required, ", ") + " (@requires)"
	}
	for _, c := range e.Contexts {
		if c.Need == nil {
			text += fmt.Sprintf(", with null for the argument %q (@fromContext)", c.Argument)
			continue
		}
		text += fmt.Sprintf(", with %s for the argument %q (@fromContext)", c.Need.Field.Place.Types[0]+"."+c.Need.Field.Name, c.Argument)
	}
	return text
}

func (d *describer) fields(p *Place, indent string) {
	for _, f := range p.Fields {
		alias := ""
		if f.Op != nil {
			alias = f.Op.Response
		}
		d.WriteString(indent + operation.FieldText(alias, f.Name, f.Arguments))
		var by []string
		for _, q := range f.By {
			by = append(by, d.tree.SubgraphName(q))
		}
		switch {
		case f.Denied:
			d.WriteString(" · denied")
		case len(by) > 0:
			d.WriteString(" · " + strings.Join(by, " and "))
		}
		if f.Hidden() {
			d.WriteString(" · not asked for by the client")
		}
		if text := response.ConditionText(d.operation.Conditions, f.Cond, d.operation.ConditionVariables); text != "" {
			d.WriteString(" · when " + text)
		}
		d.WriteByte('\n')
		if f.Fork != nil {
			d.fork(f.Fork, indent+"  ")
		}
	}
}

// SubgraphName is the name of the subgraph in whose answer a presence's objects are.
func (t *Tree) SubgraphName(p *Presence) string {
	if p.Node == querygraph.None {
		return "the gateway itself"
	}
	return t.Graph.Supergraph.Graphs[t.Graph.Nodes[p.Node].Subgraph].Name
}

// ResponsePath writes where in the response a fork is: response names, [] after lists.
func (f *Fork) ResponsePath() string {
	var parts []string
	for ; f != nil && f.Field != nil; f = f.Field.Place.Fork {
		name := f.Field.Name
		if f.Field.Op != nil {
			name = f.Field.Op.Response
		}
		if f.Field.Definition != nil {
			for t := f.Field.Definition.Type; t.Elem != nil; t = t.Elem {
				name += "[]"
			}
		}
		parts = append(parts, name)
	}
	slices.Reverse(parts)
	return strings.Join(parts, ".")
}
