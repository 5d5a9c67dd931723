package choose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// spec is what is to be selected on the values of a type, before anything is decided: the client's selection and what
// keys and @requires add, split by object types for which every subgraph has the same to offer.
type spec struct {
	typ   string
	cases []*specCase
	whole *specCase // all cases as one, where that is possible; made at need
	told  bool      // keys or @requires want to know the type of the objects
	// parent and field are what leads here: an object type and its field; empty for the root.
	parent, field string
	split         map[string][]*specCase // see splitByPresence
}

type specCase struct {
	types  []string
	fields []*specField
	memo   map[string]choice
	// unexpected: see Place.Unexpected; found at need.
	unexpected, known bool
}

type specField struct {
	op     *operation.Field
	parent string // an object type that the field is selected on
	name   string
	args   ast.ArgumentList
	def    *ast.FieldDefinition
	cond   response.ConditionID
	denied bool
	hidden []ast.SelectionSet
	child  *spec // made at need
	meta   bool  // an introspection field
	veiled bool  // see Field.veiled
}

// composite reports whether the field has selections under it.
func (f *specField) composite() bool {
	return f.op != nil && f.op.Set != nil || f.op == nil && len(f.hidden) > 0
}

// newSpec builds the spec of a selection set: op (may be nil) and hidden field sets.
func (c *chooser) newSpec(typ string, op *operation.SelectionSet, hidden []ast.SelectionSet) *spec {
	s := &spec{typ: typ}
	types := c.graph.PossibleTypes(typ)
	if op != nil && len(types) == 0 { // introspection types are no types of the supergraph
		types = []string{typ}
	}
	s.told = slices.ContainsFunc(hidden, SelectsTypename)
	index := map[string]int{}
	for _, object := range types {
		var fields []*specField
		caseIndex := -1
		if op != nil {
			for i, oc := range op.Cases {
				if _, ok := slices.BinarySearch(oc.Types, object); ok {
					caseIndex = i
					for _, f := range oc.Fields {
						fields = append(fields, c.clientField(f, object))
					}
					break
				}
			}
		}
		for _, set := range hidden {
			fields = c.addHidden(fields, object, set)
		}
		for _, f := range fields {
			if f.parent == "" {
				f.parent = object
			}
		}
		key := ""
		if len(types) > 1 {
			key = strconv.Itoa(caseIndex) + c.membership(typ, object) + c.graph.ContextClass(object) + c.signature(object, fields)
		}
		i, ok := index[key]
		if !ok {
			i = len(s.cases)
			index[key] = i
			s.cases = append(s.cases, &specCase{fields: fields})
		}
		s.cases[i].types = append(s.cases[i].types, object)
	}
	return s
}

// clientKey is a field of the client's as it is selected on some object types: those from which it leads to the same ones.
type clientKey struct {
	op     *operation.Field
	barred string
}

// clientField is a client's field on an object type.
func (c *chooser) clientField(f *operation.Field, object string) *specField {
	key := clientKey{op: f}
	if f.Set != nil {
		key.barred = strings.Join(c.barred(owned{object, f.Name}), " ")
	}
	sf := c.clientFields[key]
	if sf == nil {
		sf = &specField{op: f, name: f.Name, args: f.Arguments, def: f.Definition, cond: f.Cond}
		sf.denied = f.Requirement != 0 && c.opts.Denied != nil && c.opts.Denied[f.Requirement]
		sf.meta = strings.HasPrefix(f.Name, "__") && f.Name != "__typename"
		sf.veiled = f.Set != nil && !sf.meta && c.hidesTypes(f.Definition.Type.Name())
		c.clientFields[key] = sf
	}
	return sf
}

// addHidden adds the fields of a field set that apply to an object type. Fields that the client selects anyway, and
// unconditionally, are shared.
func (c *chooser) addHidden(fields []*specField, object string, set ast.SelectionSet) []*specField {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || slices.Contains(c.graph.PossibleTypes(sel.TypeCondition), object) {
				fields = c.addHidden(fields, object, sel.SelectionSet)
			}
		case *ast.Field:
			if sel.Name == "__typename" {
				continue // representations carry it anyway
			}
			def := c.fieldDefinition(object, sel.Name)
			if def == nil {
				continue
			}
			i := slices.IndexFunc(fields, func(f *specField) bool { return shareable(f, sel) })
			if i < 0 {
				i = len(fields)
				fields = append(fields, &specField{name: sel.Name, args: sel.Arguments, def: def})
			}
			if len(sel.SelectionSet) > 0 {
				own := *fields[i]
				own.hidden = append(slices.Clone(own.hidden), sel.SelectionSet)
				own.child = nil
				fields[i] = &own
			}
		}
	}
	return fields
}

func shareable(f *specField, sel *ast.Field) bool {
	return f.name == sel.Name && f.cond == 0 && !f.denied && !f.veiled && (f.op == nil || len(f.op.Applied) == 0) && ArgumentsText(f.args) == ArgumentsText(sel.Arguments)
}

// membership says in which subgraphs an object type is among the possible types of an abstract type.
func (c *chooser) membership(typ, object string) string {
	b := make([]byte, len(c.graph.Supergraph.Graphs))
	for i, sub := range c.graph.Supergraph.Graphs {
		b[i] = '-'
		if t := sub.Types[typ]; t != nil && slices.Contains(t.PossibleTypes, object) {
			b[i] = '+'
		}
	}
	return string(b)
}

// fieldDefinition returns the supergraph's definition of a field, inaccessible ones too.
func (c *chooser) fieldDefinition(object, name string) *ast.FieldDefinition {
	if def := c.graph.Supergraph.Definition(object); def != nil {
		return def.Fields.ForName(name)
	}
	return nil
}

// childSpec returns the spec under a composite field.
func (c *chooser) childSpec(f *specField) *spec {
	if f.child == nil {
		var op *operation.SelectionSet
		if f.op != nil {
			op = f.op.Set
		}
		f.child = c.newSpec(f.def.Type.Name(), op, f.hidden)
		f.child.parent, f.child.field = f.parent, f.name
	}
	return f.child
}

// specOf returns the spec under a composite field as it is decided so far: keys and @requires may have added to what is
// selected under it.
func (c *chooser) specOf(f *Field) *spec {
	if f.source != nil && len(f.hidden) == len(f.source.hidden) {
		return c.childSpec(f.source)
	}
	key := grown{op: f.Op, parent: f.Place.Types[0], name: f.Name}
	var b strings.Builder
	for _, set := range f.hidden {
		b.WriteString(selectionText(set))
	}
	key.hidden = b.String()
	if s := c.grown[key]; s != nil {
		return s
	}
	var op *operation.SelectionSet
	if f.Op != nil {
		op = f.Op.Set
	}
	s := c.newSpec(f.Definition.Type.Name(), op, f.hidden)
	s.parent, s.field = key.parent, key.name
	c.grown[key] = s
	return s
}

// grown is a composite field with what is added under it.
type grown struct {
	op           *operation.Field
	parent, name string
	hidden       string
}

// down returns the presence nodes as seen by objects of one type.
func (c *chooser) down(nodes []querygraph.NodeID, object string) []querygraph.NodeID {
	out := make([]querygraph.NodeID, 0, len(nodes))
	for _, n := range nodes {
		if d := c.graph.Downcast(n, object); d != querygraph.None {
			out = append(out, d)
		}
	}
	return out
}
