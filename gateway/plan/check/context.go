package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// copies checks the document that a fetch has when entities need other values from contexts each: it must be as valid as
// that of one copy.
func (k *check) copies(f *plan.Fetch) error {
	if f.Template == nil {
		return nil
	}
	one, two := make([]int, len(f.Groups)), make([]int, len(f.Groups))
	for g := range f.Groups {
		one[g], two[g] = 1, 1
		if len(f.Template.Types(g)) > 0 {
			two[g] = 2
		}
	}
	if f.Template.Document(one) != f.Operation {
		return fmt.Errorf("fetch %d is not what its template writes for one copy", f.ID)
	}
	text := f.Template.Document(two)
	doc, err := parser.ParseQuery(&ast.Source{Name: f.Name, Input: text})
	if err != nil {
		return fmt.Errorf("fetch %d of %s does not parse for two copies: %w\n%s", f.ID, f.Name, err, text)
	}
	if errs := validator.ValidateWithRules(k.checker.schemas[f.Subgraph], doc, k.checker.rules); len(errs) > 0 {
		return fmt.Errorf("fetch %d is not valid in subgraph %s for two copies: %w\n%s", f.ID, f.Name, errs, text)
	}
	return nil
}

// contextVariables are the names of the variables for values from contexts.
func contextVariables(f *plan.Fetch) []string {
	var out []string
	if f.Template == nil {
		return nil
	}
	for g := range f.Groups {
		for i := range f.Template.Types(g) {
			out = append(out, f.Template.ContextVariable(g, 0, i))
		}
	}
	return out
}

// under is what the object of a field in a document is under: how deep, counted from the objects that the document is for,
// the type on which those have the field that leads there, and the types in between that set contexts, each once.
type under struct {
	steps int // 2 stands for more
	on    string
	types []string
}

// contextual calls do for each argument that a document gives a value from a context, or should.
func (k *check) contextual(f *plan.Fetch, root ast.SelectionSet, do func(field *ast.Field, arg supergraph.ContextualArgument, at under) error) error {
	graph := k.checker.graph.Supergraph.Graphs[f.Subgraph]
	type visited struct {
		set   *ast.Selection // its first: fragments' are shared
		steps int
		on    string
		types string
	}
	seen := map[visited]bool{}
	var visit func(set ast.SelectionSet, at under) error
	visit = func(set ast.SelectionSet, at under) error {
		if len(set) == 0 {
			return nil
		}
		here := visited{&set[0], at.steps, at.on, strings.Join(at.types, " ")}
		if seen[here] {
			return nil
		}
		seen[here] = true
		for _, sel := range set {
			var inner ast.SelectionSet
			next := at
			switch sel := sel.(type) {
			case *ast.InlineFragment:
				inner = sel.SelectionSet
			case *ast.Field:
				inner = sel.SelectionSet
				if t := graph.Types[sel.ObjectDefinition.Name]; t != nil && t.Field(sel.Name) != nil && !t.Field(sel.Name).External {
					for _, arg := range t.Field(sel.Name).Contextual {
						if err := do(sel, arg, at); err != nil {
							return err
						}
					}
				}
				next = k.below(f, at, sel.ObjectDefinition.Name)
			}
			if err := visit(inner, next); err != nil {
				return err
			}
		}
		return nil
	}
	return visit(root, under{})
}

// below is what objects are under that a field of objects of a type leads to.
func (k *check) below(f *plan.Fetch, at under, typ string) under {
	next := under{min(at.steps+1, 2), at.on, at.types}
	if at.steps == 0 {
		next.on = typ
	} else if !slices.Contains(at.types, typ) && k.setsAny(f, typ) {
		next.types = append(slices.Clone(at.types), typ)
	}
	return next
}

// filled checks that the arguments which take values from contexts are given to every field that has any: a subgraph that is
// asked without them answers something else.
func (k *check) filled(f *plan.Fetch, root ast.SelectionSet) error {
	variables := contextVariables(f)
	return k.contextual(f, root, func(field *ast.Field, arg supergraph.ContextualArgument, _ under) error {
		a := field.Arguments.ForName(arg.Name)
		if a == nil || a.Value == nil || a.Value.Kind != ast.NullValue && (a.Value.Kind != ast.Variable || !slices.Contains(variables, a.Value.Raw)) {
			return fmt.Errorf("fetch %d asks %s for %s.%s without its argument %q from a context", f.ID, f.Name, field.ObjectDefinition.Name, field.Name, arg.Name)
		}
		return nil
	})
}

// sets reports whether objects of a type of a fetch's subgraph may set a context.
func (k *check) sets(f *plan.Fetch, typ, context string) bool {
	return slices.ContainsFunc(k.objects(f, typ), func(object string) bool { return k.checker.graph.SetsContext(object, context) })
}

// setsAny reports whether objects of a type of a fetch's subgraph may set any.
func (k *check) setsAny(f *plan.Fetch, typ string) bool {
	return slices.ContainsFunc(k.objects(f, typ), func(object string) bool { return k.checker.graph.ContextClass(object) != "" })
}

// objects are the object types of the supergraph that objects of a type of a fetch's subgraph may be of.
func (k *check) objects(f *plan.Fetch, typ string) []string {
	t := k.checker.graph.Supergraph.Graphs[f.Subgraph].Types[typ]
	if t == nil || t.Kind == ast.Object { // an @interfaceObject has the name of an interface
		return k.checker.graph.PossibleTypes(typ)
	}
	return t.PossibleTypes
}

// frame is an object on the way to what is being checked: of one of its cases, with the type that the plan names for it.
type frame struct {
	object *response.Object
	kase   int
	typ    string
	slots  []int
}

// frameOf is the frame that a field leads on from.
func frameOf(o *response.Object, kase int, f *response.Field, slots []int) frame {
	typ, _, _ := strings.Cut(f.Coordinate, ".")
	return frame{object: o, kase: kase, typ: typ, slots: slots}
}

// values checks that the entities of a link are asked for with the values of the nearest objects that set the contexts, of
// those above and own, which is what is linked, and that the fetch waits for those.
func (k *shapeCheck) values(l response.Link, own frame, path string) error {
	f := k.plan.Fetches[l.Fetch]
	if l.Contexts != f.Groups[l.Group].Targets[l.Target].Contexts {
		return fmt.Errorf("%s: the link to fetch %d reads other values than the fetch sends", path, f.ID)
	}
	if f.Kind != plan.Entities {
		return nil
	}
	var values []response.ContextValue
	if l.Contexts != nil {
		values = l.Contexts.Values
	}
	if len(values) > 0 && (f.Template == nil || len(f.Template.Types(l.Group)) != len(values)) {
		return fmt.Errorf("%s: fetch %d has no variables for %d values", path, f.ID, len(values))
	}
	asked, ok := k.docs[f.ID].root[l.Group].(*ast.Field)
	if !ok {
		return fmt.Errorf("%s: fetch %d has no field for group %d", path, f.ID, l.Group)
	}
	return k.contextual(f, asked.SelectionSet, func(field *ast.Field, arg supergraph.ContextualArgument, at under) error {
		above, on := k.above, field.ObjectDefinition.Name
		if at.steps > 0 {
			above, on = append(slices.Clone(above), own), at.on
		}
		if !k.among(f, own, on) {
			return nil // it is asked of other objects of the group
		}
		for _, typ := range at.types {
			if k.sets(f, typ, arg.Context) {
				return fmt.Errorf("%s.%s: fetch %d gives %q a value from above a %s, which sets the context %q", path, field.Name, f.ID, arg.Name, typ, arg.Context)
			}
		}
		given := field.Arguments.ForName(arg.Name).Value
		if given.Kind == ast.NullValue {
			return k.value(f, arg, above, nil, path+"."+field.Name)
		}
		name := given.Raw
		for i := range values {
			if f.Template.ContextVariable(l.Group, 0, i) == name {
				return k.value(f, arg, above, &values[i], path+"."+field.Name)
			}
		}
		return fmt.Errorf("%s.%s: fetch %d gives the argument %q the variable $%s, which has no value", path, field.Name, f.ID, arg.Name, name)
	})
}

// among reports whether objects of a frame's case may be of a type of a fetch's subgraph.
func (k *check) among(f *plan.Fetch, at frame, typ string) bool {
	types := at.object.Cases[at.kase].Types
	return len(types) == 0 || slices.ContainsFunc(k.objects(f, typ), func(object string) bool { return slices.Contains(types, object) })
}

// value checks where one argument's value is read; v is nil for null, which is given where nothing is selected.
func (k *shapeCheck) value(f *plan.Fetch, arg supergraph.ContextualArgument, above []frame, v *response.ContextValue, path string) error {
	graph := k.checker.graph
	for _, at := range slices.Backward(above) {
		if !graph.SetsContext(at.typ, arg.Context) {
			continue
		}
		sel := graph.ContextField(at.typ, arg)
		if v == nil && sel == nil {
			return nil
		}
		if v == nil || sel == nil {
			return fmt.Errorf("%s: fetch %d gives %q null where something is selected on %s, or the other way round", path, f.ID, arg.Name, at.typ)
		}
		if v.Object != at.object || v.Case != at.kase || at.object.Scope <= 0 || at.object.Scope > k.plan.Scopes {
			return fmt.Errorf("%s: fetch %d takes %q from elsewhere than the %s above, which sets the context %q", path, f.ID, arg.Name, at.typ, arg.Context)
		}
		return k.pick(f, at, sel, &v.Pick, path)
	}
	return fmt.Errorf("%s: nothing above sets the context %q of %q", path, arg.Context, arg.Name)
}

// pick checks that what is read of an object is the leaf that a context's selection selects, and that the fetch waits for it.
func (k *shapeCheck) pick(f *plan.Fetch, at frame, sel *ast.Field, p *response.Pick, path string) error {
	fields := at.object.Cases[at.kase].Fields
	if p.Field < 0 || p.Field >= len(fields) {
		return fmt.Errorf("%s: fetch %d takes field %d of %d", path, f.ID, p.Field, len(fields))
	}
	field := &fields[p.Field]
	if _, name, _ := strings.Cut(field.Coordinate, "."); name != sel.Name {
		return fmt.Errorf("%s: fetch %d takes the value of %s, and %s is selected", path, f.ID, field.Coordinate, sel.Name)
	}
	child := make([]int, len(field.Sources))
	for i, s := range field.Sources {
		if s.Slot >= len(at.slots) {
			return fmt.Errorf("%s: fetch %d takes %s from slot %d of %d", path, f.ID, field.Coordinate, s.Slot, len(at.slots))
		}
		child[i] = at.slots[s.Slot]
	}
	if field.Cond != 0 || len(child) == 0 || slices.ContainsFunc(child, func(fetch int) bool { return !k.after(f, fetch) }) {
		return fmt.Errorf("%s: fetch %d takes %s from above and does not wait for it", path, f.ID, field.Coordinate)
	}
	if (field.Kind == response.Composite) != (len(sel.SelectionSet) > 0) {
		return fmt.Errorf("%s: fetch %d takes %s with the wrong fields under it", path, f.ID, field.Coordinate)
	}
	if field.Kind != response.Composite {
		return nil
	}
	return k.picks(f, field.Object, child, sel, p, path)
}

// picks checks what is read of the objects under a field.
func (k *shapeCheck) picks(f *plan.Fetch, o *response.Object, slots []int, sel *ast.Field, p *response.Pick, path string) error {
	if len(p.Cases) != len(o.Cases) {
		return fmt.Errorf("%s: fetch %d takes %d cases of %d of %s", path, f.ID, len(p.Cases), len(o.Cases), sel.Name)
	}
	for _, l := range o.Links {
		slots = append(slices.Clone(slots), l.Fetch)
	}
	for i, next := range p.Cases {
		if next == nil {
			continue
		}
		all := slots
		for _, l := range o.Cases[i].Links {
			all = append(slices.Clone(all), l.Fetch)
		}
		if next.Field < 0 || next.Field >= len(o.Cases[i].Fields) {
			return fmt.Errorf("%s: fetch %d takes field %d of %d", path, f.ID, next.Field, len(o.Cases[i].Fields))
		}
		at := frameOf(o, i, &o.Cases[i].Fields[next.Field], all)
		leaf := k.checker.graph.Selected(at.typ, sel.SelectionSet)
		if leaf == nil {
			return fmt.Errorf("%s: fetch %d takes something of %s, of which nothing is selected", path, f.ID, at.typ)
		}
		if err := k.pick(f, at, leaf, next, path); err != nil {
			return err
		}
	}
	return nil
}

// ancestor is an object of one type on the way to what is being checked, with what is known of its slots.
type ancestor struct {
	row
	object *response.Object
	kase   int
	typ    string
}

// taken checks that what a link's entities take from the objects above is asked for there. That it is what the contexts
// select was checked with the shape.
func (w *way) taken(l response.Link) error {
	if l.Contexts == nil {
		return nil
	}
	for _, v := range l.Contexts.Values {
		i := slices.IndexFunc(w.above, func(a ancestor) bool { return a.object == v.Object && a.kase == v.Case })
		if i < 0 {
			continue // an object above is one that a representation is being made of: the shape has been checked for it
		}
		if err := w.picked(w.above[i], &v.Pick); err != nil {
			return err
		}
	}
	return nil
}

// picked checks that the leaf which a pick leads to is asked for.
func (w *way) picked(a ancestor, p *response.Pick) error {
	f := &a.fields[p.Field]
	_, name, _ := strings.Cut(f.Coordinate, ".")
	here := a.at.under(a.typ, name, f.Name)
	next, err := w.read(f, fieldSpec{name: name}, a.slots, a.typ, here)
	if err != nil || f.Object == nil {
		return err
	}
	def := w.checker.graph.Supergraph.Definition(a.typ).Fields.ForName(name)
	for _, t := range w.readTypes(f, def.Type.Name()) {
		i, err := w.caseOf(f.Object, next, t, here)
		if err != nil {
			return err
		}
		if i < 0 || p.Cases[i] == nil {
			continue
		}
		all, err := w.inside(f.Object, i, next, t, here)
		if err != nil {
			return err
		}
		if err := w.picked(ancestor{row{all, f.Object.Cases[i].Fields, here}, f.Object, i, t}, p.Cases[i]); err != nil {
			return err
		}
	}
	return nil
}
