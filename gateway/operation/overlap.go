package operation

import (
	"encoding/binary"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// overlapRule is specification section 5.3.2: fields with one response name must be mergeable.
//
// The specification states it over all pairs of fields of every selection set, and an implementation that takes it at its
// word is quadratic in fields and exponential in nested fragments. This one merges first, as execution does, and compares
// each field with one representative of those it meets:
//
//   - Shape: all fields that meet under one response name must have results of one shape. "Same shape" is an equivalence,
//     so comparing each with the first is enough. Their selections are merged and checked in turn.
//   - Sameness: fields that meet and whose parent types can be the same object type must be the same field with the same
//     arguments. Fields of one object type, together with those of abstract types, form a group, in which again comparing
//     with the first is enough.
//
// A set of fields that was merged once is not merged again, which makes fragments that spread fragments linear. What
// cannot be shared that way is bounded by a budget: hostile documents are refused instead of being worked out.
func (d *document) overlapRule() {
	o := &overlaps{document: d, ids: map[*ast.Field]uint32{}, budget: overlapBudget}
	for _, pass := range []func([]*ast.Field, string){o.sameness, o.shape} {
		if len(d.errs) > 0 {
			break // different fields mostly have different shapes too
		}
		o.seen = map[string]struct{}{}
		for _, op := range d.operations {
			fields := o.merged([]ast.SelectionSet{op.operation.SelectionSet})
			if len(d.operations) == 1 || o.first(fields) {
				pass(fields, "")
			}
		}
	}
	if o.budget <= 0 {
		d.errs = append(d.errs, newError(CodeMaxComplexity,
			"The document repeats response names in so many combinations that it is too costly to decide whether they can be merged."))
	}
}

// overlapBudget is how many fields may be visited in all, counting each as often as it is merged with others: some 0.2 s.
const overlapBudget = 2_000_000

// maxPath is how much of a response path a conflict's message shows.
const maxPath = 200

type overlaps struct {
	*document
	ids    map[*ast.Field]uint32
	seen   map[string]struct{} // lists of fields that met before in this pass, by their ids
	budget int
}

// merged lists the fields of several selection sets, fragments resolved, each field once.
func (o *overlaps) merged(sets []ast.SelectionSet) []*ast.Field {
	c := mergedFields{overlaps: o, fragments: map[*ast.FragmentDefinition]struct{}{}}
	if len(sets) > 1 {
		c.fields = map[*ast.Field]struct{}{}
	}
	for _, set := range sets {
		c.collect(set)
	}
	return c.list
}

type mergedFields struct {
	*overlaps
	list      []*ast.Field
	fields    map[*ast.Field]struct{} // nil when no field can be met twice
	fragments map[*ast.FragmentDefinition]struct{}
}

func (c *mergedFields) collect(set ast.SelectionSet) {
	for _, sel := range set {
		c.budget--
		if c.budget <= 0 {
			return
		}
		switch sel := sel.(type) {
		case *ast.Field:
			if c.fields != nil {
				if _, ok := c.fields[sel]; ok {
					continue
				}
				c.fields[sel] = struct{}{}
			}
			c.list = append(c.list, sel)
		case *ast.InlineFragment:
			c.collect(sel.SelectionSet)
		case *ast.FragmentSpread:
			if _, ok := c.fragments[sel.Definition]; !ok && sel.Definition != nil {
				c.fragments[sel.Definition] = struct{}{}
				c.collect(sel.Definition.SelectionSet)
			}
		}
	}
}

// group is the fields that meet under one response name, in document order.
type group struct {
	name   string
	fields []*ast.Field
}

// byResponseName groups fields in order of their first appearance.
func byResponseName(fields []*ast.Field) []group {
	groups := make([]group, 0, len(fields))
	index := make(map[string]int, len(fields))
	for i, f := range fields {
		at, ok := index[f.Alias]
		if !ok {
			index[f.Alias] = len(groups)
			groups = append(groups, group{f.Alias, fields[i : i+1 : i+1]})
			continue
		}
		groups[at].fields = append(groups[at].fields, f)
	}
	return groups
}

// children merges the selections of fields that meet. The answer is nil when that was done before in this pass.
func (o *overlaps) children(fields []*ast.Field) []*ast.Field {
	sets := make([]ast.SelectionSet, 0, len(fields))
	for _, f := range fields {
		if len(f.SelectionSet) > 0 {
			sets = append(sets, f.SelectionSet)
		}
	}
	if len(sets) == 0 || o.budget <= 0 || !o.first(fields) {
		return nil
	}
	return o.merged(sets)
}

// first says whether this list of fields is seen for the first time in this pass.
func (o *overlaps) first(fields []*ast.Field) bool {
	key := make([]byte, 0, 4*len(fields))
	for _, f := range fields {
		id, ok := o.ids[f]
		if !ok {
			id = uint32(len(o.ids))
			o.ids[f] = id
		}
		key = binary.LittleEndian.AppendUint32(key, id)
	}
	if _, ok := o.seen[string(key)]; ok {
		return false
	}
	o.seen[string(key)] = struct{}{}
	return true
}

// shape is SameResponseShape.
func (o *overlaps) shape(fields []*ast.Field, path string) {
	for _, g := range byResponseName(fields) {
		first := g.fields[0]
		agree := true
		for _, f := range g.fields[1:] {
			o.budget--
			if !o.sameShape(first.Definition.Type, f.Definition.Type) {
				o.conflict(path, g.name, first, f, "they return conflicting types \""+
					first.Definition.Type.String()+"\" and \""+f.Definition.Type.String()+"\"")
				agree = false
			}
		}
		if agree {
			o.shape(o.children(g.fields), below(path, g.name))
		}
	}
}

// sameShape compares wrappers, and at the end leaf types by name; composites are all of one shape until their fields meet.
func (o *overlaps) sameShape(a, b *ast.Type) bool {
	for {
		if a.NonNull != b.NonNull || (a.Elem == nil) != (b.Elem == nil) {
			return false
		}
		if a.Elem == nil {
			break
		}
		a, b = a.Elem, b.Elem
	}
	if a.NamedType == b.NamedType {
		return true
	}
	defA, defB := o.schema.Types[a.NamedType], o.schema.Types[b.NamedType]
	return defA != nil && defB != nil && defA.IsCompositeType() && defB.IsCompositeType()
}

// sameness is the part of FieldsInSetCanMerge about fields and arguments.
func (o *overlaps) sameness(fields []*ast.Field, path string) {
	for _, g := range byResponseName(fields) {
		for _, fields := range o.byParent(g.fields) {
			first := fields[0]
			agree := true
			for _, f := range fields[1:] {
				o.budget--
				if reason := difference(first, f); reason != "" {
					o.conflict(path, g.name, first, f, reason)
					agree = false
				}
			}
			if agree {
				o.sameness(o.children(fields), below(path, g.name))
			}
		}
	}
}

// byParent splits fields that meet into groups that can meet in one object: for each object type the fields of all
// abstract types and its own; if there are only abstract ones, one group.
func (o *overlaps) byParent(fields []*ast.Field) [][]*ast.Field {
	if len(fields) == 1 {
		return [][]*ast.Field{fields}
	}
	var abstract []*ast.Field
	var concrete []group
	index := map[string]int{}
	for _, f := range fields {
		if f.ObjectDefinition.Kind != ast.Object {
			abstract = append(abstract, f)
			continue
		}
		name := f.ObjectDefinition.Name
		at, ok := index[name]
		if !ok {
			at = len(concrete)
			index[name] = at
			concrete = append(concrete, group{name: name})
		}
		concrete[at].fields = append(concrete[at].fields, f)
	}
	if len(concrete) <= 1 {
		return [][]*ast.Field{fields}
	}
	groups := make([][]*ast.Field, 0, len(concrete))
	for _, g := range concrete {
		o.budget -= len(abstract)
		if o.budget <= 0 {
			break
		}
		groups = append(groups, append(abstract[:len(abstract):len(abstract)], g.fields...))
	}
	return groups
}

// difference says why two fields are not the same, "" when they are.
func difference(a, b *ast.Field) string {
	if a.Name != b.Name {
		return `"` + clip(a.Name) + `" and "` + clip(b.Name) + `" are different fields`
	}
	if !sameArguments(a.Arguments, b.Arguments) {
		return "they have differing arguments"
	}
	return ""
}

func sameArguments(a, b ast.ArgumentList) bool {
	if len(a) != len(b) {
		return false
	}
	for i, arg := range a {
		other := b[i] // mostly in the same order
		if other.Name != arg.Name {
			if other = b.ForName(arg.Name); other == nil {
				return false
			}
		}
		if !sameValue(arg.Value, other.Value) {
			return false
		}
	}
	return true
}

// sameValue compares literals; the order of an object's fields does not matter.
func sameValue(a, b *ast.Value) bool {
	if a.Kind != b.Kind {
		text := func(k ast.ValueKind) bool { return k == ast.StringValue || k == ast.BlockValue }
		return text(a.Kind) && text(b.Kind) && a.Raw == b.Raw
	}
	if a.Raw != b.Raw || len(a.Children) != len(b.Children) {
		return false
	}
	var byName map[string]*ast.Value // when the order differs
	for i, child := range a.Children {
		other := b.Children[i].Value
		if a.Kind == ast.ObjectValue && b.Children[i].Name != child.Name {
			if byName == nil {
				byName = make(map[string]*ast.Value, len(b.Children))
				for _, c := range b.Children {
					byName[c.Name] = c.Value
				}
			}
			if other = byName[child.Name]; other == nil {
				return false
			}
		}
		if !sameValue(child.Value, other) {
			return false
		}
	}
	return true
}

func (o *overlaps) conflict(path, name string, a, b *ast.Field, reason string) {
	where := ""
	if path != "" {
		where = ` at "` + below(path, clip(name)) + `"`
	}
	o.reportAt([]*ast.Position{a.Position, b.Position}, "Fields \""+clip(name)+"\""+where+" conflict because "+reason+
		". Use different aliases on the fields to fetch both if this was intentional.")
}

// below extends a response path. It stops growing: a path is for a message only.
func below(path, name string) string {
	if path == "" {
		return clip(name)
	}
	if len(path) > maxPath {
		if strings.HasSuffix(path, "…") {
			return path
		}
		return path + "…"
	}
	return path + "." + clip(name)
}
