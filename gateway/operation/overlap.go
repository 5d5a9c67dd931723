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
	o.pass(o.sameness)
	// Different fields mostly have different shapes too; and where no two fields met under a name, there is no shape to
	// compare.
	if len(d.errs) == 0 && o.met {
		o.pass(o.shape)
	}
	if o.budget <= 0 {
		d.errs = append(d.errs, newError(CodeMaxComplexity,
			"The document repeats response names in so many combinations that it is too costly to decide whether they can be merged."))
	}
}

// overlapBudget is how many fields may be visited in all, counting each as often as it is merged with others: some 0.2 s.
const overlapBudget = 2_000_000

type overlaps struct {
	*document
	met     bool // some fields met under one response name
	budget  int
	ids     map[*ast.Field]uint32
	seen    map[string]struct{}     // lists of fields that met before in this pass, by their ids
	seenOne map[*ast.Field]struct{} // lists of one
	path    []string                // response names from the root
	// lists and groups are stacks: what a step of the recursion put on them is taken off when it is done.
	lists  []*ast.Field
	groups []group
}

// group is the fields that meet under one response name, in document order.
type group struct {
	name   string
	fields []*ast.Field
}

// pass applies one of the two rules to every operation.
func (o *overlaps) pass(rule func([]*ast.Field)) {
	o.seen, o.seenOne = map[string]struct{}{}, map[*ast.Field]struct{}{}
	for _, op := range o.operations {
		fields := o.merged(nil, op.operation.SelectionSet)
		if len(o.operations) == 1 || o.first(fields) {
			rule(fields)
		}
		o.lists = o.lists[:0]
	}
}

// merged puts the fields of several selection sets on the lists, fragments resolved, each field once: of the set, and of
// the selections of parents.
func (o *overlaps) merged(parents []*ast.Field, set ast.SelectionSet) []*ast.Field {
	start := len(o.lists)
	m := mergedFields{overlaps: o, several: len(parents) > 1}
	m.collect(set)
	for _, f := range parents {
		m.collect(f.SelectionSet)
	}
	return o.lists[start:len(o.lists):len(o.lists)]
}

type mergedFields struct {
	*overlaps
	several   bool                    // a field can be met twice
	fields    map[*ast.Field]struct{} // if so
	fragments map[*ast.FragmentDefinition]struct{}
}

func (m *mergedFields) collect(set ast.SelectionSet) {
	for _, sel := range set {
		m.budget--
		if m.budget <= 0 {
			return
		}
		switch sel := sel.(type) {
		case *ast.Field:
			if m.several {
				if _, ok := m.fields[sel]; ok {
					continue
				}
				if m.fields == nil {
					m.fields = map[*ast.Field]struct{}{}
				}
				m.fields[sel] = struct{}{}
			}
			m.lists = append(m.lists, sel)
		case *ast.InlineFragment:
			m.collect(sel.SelectionSet)
		case *ast.FragmentSpread:
			if _, ok := m.fragments[sel.Definition]; ok || sel.Definition == nil {
				continue
			}
			if m.fragments == nil {
				m.fragments = map[*ast.FragmentDefinition]struct{}{}
			}
			m.fragments[sel.Definition] = struct{}{}
			m.collect(sel.Definition.SelectionSet)
		}
	}
}

// fewNames is up to how many response names are compared one by one rather than looked up.
const fewNames = 12

// byResponseName puts groups of fields on the stack, in order of their first appearance, and returns where they start.
func (o *overlaps) byResponseName(fields []*ast.Field) int {
	start := len(o.groups)
	var index map[string]int
	if len(fields) > fewNames {
		index = make(map[string]int, len(fields))
	}
	for i, f := range fields {
		at := -1
		if index != nil {
			if known, ok := index[f.Alias]; ok {
				at = known
			} else {
				index[f.Alias] = len(o.groups)
			}
		} else {
			for j := start; j < len(o.groups); j++ {
				if o.groups[j].name == f.Alias {
					at = j
				}
			}
		}
		if at < 0 {
			o.groups = append(o.groups, group{f.Alias, fields[i : i+1 : i+1]})
			continue
		}
		o.met = true
		o.groups[at].fields = append(o.groups[at].fields, f)
	}
	return start
}

// below applies a rule to the merged selections of fields that meet, unless that was done before in this pass.
func (o *overlaps) below(name string, fields []*ast.Field, rule func([]*ast.Field)) {
	composite := false
	for _, f := range fields {
		composite = composite || len(f.SelectionSet) > 0
	}
	if !composite || o.budget <= 0 || !o.first(fields) {
		return
	}
	start := len(o.lists)
	o.path = append(o.path, name)
	rule(o.merged(fields, nil))
	o.path = o.path[:len(o.path)-1]
	o.lists = o.lists[:start]
}

// first says whether this list of fields is seen for the first time in this pass.
func (o *overlaps) first(fields []*ast.Field) bool {
	if len(fields) == 1 {
		if _, ok := o.seenOne[fields[0]]; ok {
			return false
		}
		o.seenOne[fields[0]] = struct{}{}
		return true
	}
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
func (o *overlaps) shape(fields []*ast.Field) {
	start := o.byResponseName(fields)
	for i, end := start, len(o.groups); i < end; i++ {
		g := o.groups[i]
		first := g.fields[0]
		agree := true
		for _, f := range g.fields[1:] {
			o.budget--
			if !o.sameShape(first.Definition.Type, f.Definition.Type) {
				o.conflict(g.name, first, f, "they return conflicting types \""+
					first.Definition.Type.String()+"\" and \""+f.Definition.Type.String()+"\"")
				agree = false
			}
		}
		if agree {
			o.below(g.name, g.fields, o.shape)
		}
	}
	o.groups = o.groups[:start]
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
func (o *overlaps) sameness(fields []*ast.Field) {
	start := o.byResponseName(fields)
	for i, end := start, len(o.groups); i < end; i++ {
		g := o.groups[i]
		if len(g.fields) == 1 {
			o.below(g.name, g.fields, o.sameness)
			continue
		}
		for _, fields := range o.byParent(g.fields) {
			first := fields[0]
			agree := true
			for _, f := range fields[1:] {
				o.budget--
				if reason := difference(first, f); reason != "" {
					o.conflict(g.name, first, f, reason)
					agree = false
				}
			}
			if agree {
				o.below(g.name, fields, o.sameness)
			}
		}
	}
	o.groups = o.groups[:start]
}

// byParent splits fields that meet into groups that can meet in one object: for each object type the fields of all
// abstract types and its own; if there are only abstract ones, one group.
func (o *overlaps) byParent(fields []*ast.Field) [][]*ast.Field {
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

func (o *overlaps) conflict(name string, a, b *ast.Field, reason string) {
	if o.full() {
		return
	}
	where := ""
	if len(o.path) > 0 {
		where = ` at "` + pathText(append(o.path[:len(o.path):len(o.path)], name)) + `"`
	}
	o.reportAt([]*ast.Position{a.Position, b.Position}, "Fields \""+clip(name)+"\""+where+" conflict because "+reason+
		". Use different aliases on the fields to fetch both if this was intentional.")
}

// maxPath is how much of a path a message shows.
const maxPath = 200

// pathText joins response names, a long path cut short.
func pathText(path []string) string {
	var b strings.Builder
	for i, name := range path {
		if i > 0 {
			b.WriteByte('.')
		}
		if b.Len() > maxPath {
			b.WriteString("…")
			break
		}
		b.WriteString(clip(name))
	}
	return b.String()
}
