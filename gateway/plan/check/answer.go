package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// way is the check for one way in which the conditions hold.
type way struct {
	*check
	values              []bool
	planned, asked      []bool          // whether the plan's conditions and the operation's hold
	done                map[string]bool // objects of the shape, with what their slots ask, that were checked
	fieldsHeld, carried int
	above               []ancestor // the objects on the way to what is being checked, from the root on
}

// answers checks that the answers make up the response that the operation asks for, for values of the condition variables:
// it follows the operation and the shape of the response together, for every type that an object can have, and looks in
// the documents for what the shape reads.
func (k *check) answers(values []bool) (*way, error) {
	w := &way{
		check:   k,
		values:  values,
		planned: response.Hold(k.plan.Conditions, values),
		asked:   response.Hold(k.op.Conditions, values),
		done:    map[string]bool{},
	}
	root := make([]slotAnswer, len(k.plan.Roots))
	for i, fetch := range k.plan.Roots {
		d := k.docs[fetch]
		root[i] = slotAnswer{doc: d, made: w.holds(d.fetch.Cond), node: d.at, sets: []ast.SelectionSet{d.root}}
		if d.fetch.Kind == plan.Introspection {
			root[i].typ = k.op.Root.Cases[0].Types[0]
		}
	}
	if err := w.object(k.plan.Root, k.op.Root, root, place{}); err != nil {
		return w, err
	}
	return w, w.serial(root)
}

// place is where in the response an object is, and the field that leads there.
type place struct {
	path, parent, field string
}

func (p place) under(parent, field, response string) place {
	return place{path: strings.TrimPrefix(p.path+"."+response, "."), parent: parent, field: field}
}

func (w *way) holds(id response.ConditionID) bool { return w.planned[id] }

func (w *way) wanted(id response.ConditionID) bool { return w.asked[id] }

// object checks what the client selects on the objects of some slots.
func (w *way) object(o *response.Object, set *operation.SelectionSet, slots []slotAnswer, at place) error {
	key := fmt.Sprintf("%p", o)
	for _, s := range slots {
		key += fmt.Sprintf("|%d %d %v %s", s.doc.fetch.ID, s.node, s.made, s.doc.id(s.sets)) // inherited ones are no entities
	}
	if w.done[key] {
		return nil
	}
	w.done[key] = true
	byCase := make([][]string, len(o.Cases))
	clients := map[string]*operation.Case{}
	for _, c := range set.Cases {
		for _, t := range c.Types {
			i, err := w.caseOf(o, slots, t, at)
			if err != nil {
				return err
			}
			if i >= 0 {
				byCase[i] = append(byCase[i], t)
				clients[t] = c
			}
		}
	}
	slots, err := w.early(o, slots, slices.Concat(byCase...), at)
	if err != nil {
		return err
	}
	for i, types := range byCase {
		if len(types) == 0 {
			continue
		}
		all, err := w.enter(o, i, slots, types, at)
		if err != nil {
			return err
		}
		children := map[string]bool{}
		for _, t := range types {
			w.above = append(w.above, ancestor{row{all, o.Cases[i].Fields, at}, o, i, t})
			err := w.fields(&o.Cases[i], clients[t], all, t, at, children)
			if w.above = w.above[:len(w.above)-1]; err != nil {
				return err
			}
		}
	}
	return nil
}

// caseOf finds the case of the shape for objects of a type; -1 when no object here can be of it.
func (w *way) caseOf(o *response.Object, slots []slotAnswer, object string, at place) (int, error) {
	for _, s := range slots {
		if _, name := w.runtime(s, object); s.made && name == "" {
			return -1, nil
		}
	}
	for i, c := range o.Cases {
		if c.Types == nil || slices.Contains(c.Types, object) {
			return i, nil
		}
	}
	if w.cannotBe(object, at) {
		return -1, nil
	}
	return -1, fmt.Errorf("%s: objects of type %s are not answered", at.path, object)
}

// cannotBe reports whether a subgraph that resolves the field that leads to a place does not know a type there: all that
// resolve a field answer the same.
func (w *way) cannotBe(object string, at place) bool {
	graph := w.checker.graph
	for _, sub := range graph.Supergraph.Graphs {
		if node := graph.Base(sub.ID, at.parent); node != querygraph.None {
			_, to, ok := graph.Field(node, at.field)
			if ok && to != querygraph.None && graph.Downcast(to, object) == querygraph.None {
				return true
			}
		}
	}
	return false
}

// early adds the slots that are filled before the type of an object is known.
func (w *way) early(o *response.Object, slots []slotAnswer, types []string, at place) ([]slotAnswer, error) {
	out := slices.Clone(slots)
	for _, l := range o.Links {
		s, err := w.link(l, row{slots, o.Before, at}, -1, types)
		if err != nil {
			return nil, err
		}
		if err := w.sent(l, s, row{slots, o.Before, at}, -1, types); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// enter checks that the type of objects is told where it must be, and adds the slots of a case.
func (w *way) enter(o *response.Object, kase int, slots []slotAnswer, types []string, at place) ([]slotAnswer, error) {
	if o.TypeName.Slot >= 0 {
		s := slots[o.TypeName.Slot]
		for _, t := range types {
			_, name := w.runtime(s, t)
			if name == t && s.made {
				a := w.ask(s, name, w.plan.Names.Text(o.TypeName.Name))
				if a != nil && a.field.Name == "__typename" {
					continue
				}
			}
			if w.needsType(o, kase) {
				return nil, fmt.Errorf("%s: fetch %d does not tell that an object is a %s", at.path, s.doc.fetch.ID, t)
			}
		}
	} else if o.Cases[kase].Types != nil {
		return nil, fmt.Errorf("%s: nothing tells the type of objects", at.path)
	}
	out := slices.Clone(slots)
	for _, l := range o.Cases[kase].Links {
		s, err := w.link(l, row{out, o.Cases[kase].Fields, at}, kase, types)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	own := row{out, o.Cases[kase].Fields, at}
	w.above = append(w.above, ancestor{own, o, kase, types[0]}) // what is asked may take values of the objects themselves
	defer func() { w.above = w.above[:len(w.above)-1] }()
	for i, l := range o.Cases[kase].Links {
		if err := w.sent(l, out[len(slots)+i], own, kase, types); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// needsType reports whether anything that is wanted of an object depends on its type being told.
func (w *way) needsType(o *response.Object, kase int) bool {
	if len(o.Cases) == 0 || o.Cases[kase].Types != nil {
		return true
	}
	return slices.ContainsFunc(o.Cases[kase].Fields, func(f response.Field) bool {
		return f.Kind == response.TypeName && f.Constant == "" && w.holds(f.Cond)
	})
}

// fields checks the fields of a case for objects of one type. children are those of other types that were followed.
func (w *way) fields(c *response.Case, client *operation.Case, slots []slotAnswer, object string, at place, children map[string]bool) error {
	want := visible(len(client.Fields), client.Order, w.wanted, func(i int) (response.ConditionID, bool) { return client.Fields[i].Cond, false })
	have := visible(len(c.Fields), c.Order, w.holds, func(i int) (response.ConditionID, bool) { return c.Fields[i].Cond, c.Fields[i].Hidden })
	for n := range max(len(want), len(have)) {
		if n >= len(have) || n >= len(want) || c.Fields[have[n]].Name != client.Fields[want[n]].Response {
			return fmt.Errorf("%s: on %s the response has the fields %s, the operation asks for %s", at.path, object,
				names(have, func(i int) string { return c.Fields[i].Name }), names(want, func(i int) string { return client.Fields[i].Response }))
		}
		if err := w.field(&c.Fields[have[n]], client.Fields[want[n]], slots, object, at, children); err != nil {
			return err
		}
		w.fieldsHeld++
	}
	return nil
}

// visible are the fields that are written, in the order of the response.
func visible(n int, order []response.Turn, holds func(response.ConditionID) bool, of func(int) (response.ConditionID, bool)) []int {
	var out []int
	add := func(i int) {
		if cond, hidden := of(i); !hidden && holds(cond) {
			out = append(out, i)
		}
	}
	if order == nil {
		for i := range n {
			add(i)
		}
		return out
	}
	for _, t := range order {
		if holds(t.Cond) && (t.Unless == 0 || !holds(t.Unless)) {
			add(t.Field)
		}
	}
	return out
}

func names(list []int, name func(int) string) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = name(n)
	}
	return "{" + strings.Join(out, " ") + "}"
}

// field checks one field that the client sees.
func (w *way) field(f *response.Field, client *operation.Field, slots []slotAnswer, object string, at place, children map[string]bool) error {
	here := at.under(object, client.Name, client.Response)
	if member(f.Key) != f.Name {
		return fmt.Errorf("%s: it is written as %s", here.path, f.Key)
	}
	if client.Name == "__typename" {
		return w.typename(f, object, here)
	}
	denied := client.Requirement != 0 && client.Requirement < len(w.opts.Denied) && w.opts.Denied[client.Requirement]
	if denied != (f.Kind == response.Denied) {
		return fmt.Errorf("%s: whether it is denied is %v, and should be %v", here.path, f.Kind == response.Denied, denied)
	}
	if !sameType(f.Type, client.Definition.Type) || !denied && (f.Kind == response.Composite) != (client.Set != nil) {
		return fmt.Errorf("%s: it is written as if its type were not %s", here.path, client.Definition.Type)
	}
	if denied {
		if len(f.Sources) > 0 || f.Object != nil {
			return fmt.Errorf("%s: it is denied, and read all the same", here.path)
		}
		return nil
	}
	if err := w.scalar(f, client, here); err != nil {
		return err
	}
	next, err := w.read(f, fieldSpec{client.Name, client.Arguments}, slots, object, here)
	if err == nil {
		err = w.directed(f, client, slots, object, here)
	}
	if err != nil || client.Set == nil {
		return err
	}
	key := fmt.Sprintf("%p", f)
	for _, s := range next {
		key += fmt.Sprintf("|%d %s", s.node, s.doc.id(s.sets))
	}
	if children[key] {
		return nil
	}
	children[key] = true
	return w.object(f.Object, client.Set, next, here)
}

// fieldSpec is a field as it is wanted.
type fieldSpec struct {
	name string
	args ast.ArgumentList
}

// read checks that each source of a field is asked for it, in a subgraph that can answer, and returns what is asked of the
// objects that the field leads to.
func (w *way) read(f *response.Field, want fieldSpec, slots []slotAnswer, object string, at place) ([]slotAnswer, error) {
	var next []slotAnswer
	for _, src := range f.Sources {
		if src.Slot >= len(slots) {
			return nil, fmt.Errorf("%s: it is read from slot %d of %d", at.path, src.Slot, len(slots))
		}
		s := slots[src.Slot]
		d := s.doc
		if !s.made {
			return nil, fmt.Errorf("%s: fetch %d is not made, and the field is asked for", at.path, d.fetch.ID)
		}
		node, typ := w.runtime(s, object)
		if typ == "" {
			return nil, fmt.Errorf("%s: fetch %d cannot have objects of type %s there", at.path, d.fetch.ID, object)
		}
		a := w.ask(s, typ, w.plan.Names.Text(src.Name))
		if a == nil {
			return nil, fmt.Errorf("%s: fetch %d does not ask for %s on %s\n%s", at.path, d.fetch.ID, w.plan.Names.Text(src.Name), object, d.fetch.Operation)
		}
		to, field, err := w.resolves(d, node, want.name, at)
		if err != nil {
			return nil, err
		}
		filled := func(arg string) bool {
			return field != nil && slices.ContainsFunc(field.Contextual, func(c supergraph.ContextualArgument) bool { return c.Name == arg })
		}
		if a.field.Name != want.name || argumentsText(a.field.Arguments, filled) != argumentsText(want.args, filled) {
			return nil, fmt.Errorf("%s: fetch %d asks for %s(%s) as %s, and %s(%s) is wanted", at.path, d.fetch.ID, a.field.Name,
				argumentsText(a.field.Arguments, nil), a.field.Alias, want.name, argumentsText(want.args, nil))
		}
		child := slotAnswer{doc: d, made: true, node: to, sets: a.sets}
		if node == querygraph.None {
			child.typ = metaType(d.schema, typ, want.name)
		}
		next = append(next, child)
	}
	return next, nil
}

// resolves checks that a subgraph resolves a field at a node: that it is its own there, for the labels that are active.
func (w *way) resolves(d *document, node querygraph.NodeID, name string, at place) (querygraph.NodeID, *supergraph.Field, error) {
	if node == querygraph.None {
		return querygraph.None, nil, nil
	}
	field, to, ok := w.checker.graph.Field(node, name)
	switch {
	case !ok:
		return to, nil, fmt.Errorf("%s: subgraph %s is asked for %s, which it does not resolve there", at.path, d.fetch.Name, name)
	case field.OverrideLabel != "" && field.OverrideActive != w.opts.Labels[field.OverrideLabel]:
		return to, nil, fmt.Errorf("%s: subgraph %s is asked for %s, which the label %q gives to another", at.path, d.fetch.Name, name, field.OverrideLabel)
	}
	return to, field, nil
}

// metaType is the type that a field of introspection leads to.
func metaType(schema *ast.Schema, typ, field string) string {
	switch field {
	case "__schema":
		return "__Schema"
	case "__type":
		return "__Type"
	}
	if def := schema.Types[typ]; def != nil {
		if f := def.Fields.ForName(field); f != nil {
			return f.Type.Name()
		}
	}
	return ""
}
