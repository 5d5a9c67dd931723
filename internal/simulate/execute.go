package simulate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Request is a GraphQL request.
type Request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName,omitempty"`
	Variables     map[string]any `json:"variables,omitempty"`
}

// server executes operations over a schema.
type server struct {
	schema *ast.Schema
	world  *World
	rules  *rules.Rules
	// subgraph is who answers; nil for the monolith.
	subgraph *Subgraph
	// implements are the interfaces of each object type anywhere in the graph.
	implements map[string][]string
	// contexts are the arguments that a monolith fills from the objects above, by type and field.
	contexts map[string][]fromContext
	// denied says which types and fields a monolith keeps from the caller; nil for none.
	denied func(coordinate string) bool
}

// node is an object on the way through an operation.
type node struct {
	object *Object
	// representation is what the object was entered with, nil elsewhere.
	representation map[string]any
	// provided are field sets of @provides that hold here.
	provided []ast.SelectionSet
	// above are the objects that led here.
	above *above
}

type execution struct {
	*server
	fragments ast.FragmentDefinitionList
	variables map[string]any
	errors    []Error
	mutations []string
	// failing is the call, when some of its fields are to fail.
	failing *Call
}

func refuse(err error) *Result { return &Result{Errors: []Error{{Message: err.Error()}}} }

// execute answers a request (GraphQL specification, section 6.1 ExecuteRequest). Some fields fail when failing is the call.
func (s *server) execute(req Request, failing *Call) *Result {
	doc, err := parser.ParseQuery(&ast.Source{Input: req.Query})
	if err != nil {
		return refuse(err)
	}
	if errs := validator.ValidateWithRules(s.schema, doc, s.rules); len(errs) > 0 {
		return refuse(errs)
	}
	op := doc.Operations.ForName(req.OperationName)
	if op == nil {
		return refuse(errors.New("there is no such operation"))
	}
	given := req.Variables
	if given == nil {
		given = map[string]any{}
	}
	variables, err := validator.VariableValues(s.schema, op, given)
	if err != nil {
		return refuse(gqlerror.WrapIfUnwrapped(err))
	}
	x := &execution{server: s, fragments: doc.Fragments, variables: variables, failing: failing}
	root, name := s.schema.Query, "Query"
	switch op.Operation {
	case ast.Mutation:
		root, name = s.schema.Mutation, "Mutation"
	case ast.Subscription:
		root, name = s.schema.Subscription, "Subscription"
	}
	data, ok := x.selectionSet([]ast.SelectionSet{op.SelectionSet}, root, node{object: s.world.root(name)}, nil)
	if !ok {
		data = nil
	}
	return &Result{Data: data, Errors: x.errors, Mutations: x.mutations}
}

func (x *execution) fail(path []any, format string, args ...any) {
	x.errors = append(x.errors, Error{Message: fmt.Sprintf(format, args...), Path: slices.Clone(path)})
}

// selectionSet is section 6.3 ExecuteSelectionSet. It says false when a null must go to the parent.
func (x *execution) selectionSet(sets []ast.SelectionSet, typ *ast.Definition, n node, path []any) (*Members, bool) {
	groups := map[string][]*ast.Field{}
	var order []string
	for _, set := range sets {
		x.collect(set, typ, &order, groups)
	}
	out := &Members{values: map[string]any{}}
	for _, name := range order {
		value, ok := x.field(groups[name], typ, n, append(path, name))
		if !ok {
			return nil, false
		}
		out.names = append(out.names, name)
		out.values[name] = value
	}
	return out, true
}

// collect is section 6.3.2 CollectFields.
func (x *execution) collect(set ast.SelectionSet, typ *ast.Definition, order *[]string, groups map[string][]*ast.Field) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if !x.included(sel.Directives) {
				continue
			}
			if groups[sel.Alias] == nil {
				*order = append(*order, sel.Alias)
			}
			groups[sel.Alias] = append(groups[sel.Alias], sel)
		case *ast.InlineFragment:
			if x.included(sel.Directives) && (sel.TypeCondition == "" || x.applies(typ, sel.TypeCondition)) {
				x.collect(sel.SelectionSet, typ, order, groups)
			}
		case *ast.FragmentSpread:
			f := x.fragments.ForName(sel.Name)
			if x.included(sel.Directives) && x.applies(typ, f.TypeCondition) {
				x.collect(f.SelectionSet, typ, order, groups)
			}
		}
	}
}

func (x *execution) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		on, _ := d.ArgumentMap(x.variables)["if"].(bool)
		if on != (d.Name == "include") {
			return false
		}
	}
	return true
}

// applies is section 6.3.2 DoesFragmentTypeApply.
func (s *server) applies(typ *ast.Definition, condition string) bool {
	return typ.Name == condition || slices.ContainsFunc(s.schema.PossibleTypes[condition], func(d *ast.Definition) bool { return d.Name == typ.Name })
}

// field is section 6.4 ExecuteField.
func (x *execution) field(fields []*ast.Field, typ *ast.Definition, n node, path []any) (any, bool) {
	first := fields[0]
	if first.Name == "__typename" {
		return typ.Name, true
	}
	def := typ.Fields.ForName(first.Name)
	if x.subgraph != nil && typ == x.schema.Query {
		switch first.Name {
		case "_entities":
			return x.entities(fields, def, path)
		case "_service":
			return x.complete(fields, def.Type, &Object{Fields: map[string]any{"sdl": x.subgraph.SDL}}, node{}, path)
		}
	}
	if x.subgraph != nil {
		if err := x.subgraph.mayAnswer(x.server, typ, first.Name, n); err != nil {
			x.fail(path, "%v", err)
			return nil, !def.Type.NonNull
		}
	}
	if coordinate := typ.Name + "." + first.Name; x.denied != nil && (x.denied(typ.Name) || x.denied(coordinate) || x.denied(def.Type.Name())) {
		x.fail(path, "%s is not for this caller", coordinate)
		return nil, !def.Type.NonNull
	}
	args := x.coerced(first, def)
	if first.Name == "__schema" || first.Name == "__type" {
		return x.complete(fields, def.Type, x.introspect(first.Name, args), node{}, path)
	}
	if typ == x.schema.Mutation {
		x.mutations = append(x.mutations, first.Name+"("+argumentsText(args)+")")
	}
	if missing := x.fill(args, typ, first.Name, n.above); missing != "" {
		x.fail(path, "%s.%s was asked for without its argument %s", typ.Name, first.Name, missing)
		return nil, !def.Type.NonNull
	}
	if !def.Type.NonNull && x.fails(path) {
		x.fail(path, "%s", Failing.message(*x.failing, path))
		return nil, true
	}
	value := withArguments(n.object.Fields[first.Name], def, args)
	child := node{above: &above{typ, n.object, n.above}}
	if x.subgraph != nil {
		child.provided = x.subgraph.provides(x.server, typ, first.Name, n)
	}
	return x.complete(fields, def.Type, value, child, path)
}

// complete is section 6.4.3 CompleteValue. n has what is known of the objects of the value.
func (x *execution) complete(fields []*ast.Field, t *ast.Type, value any, n node, path []any) (any, bool) {
	if message, ok := value.(failure); ok {
		x.fail(path, "%s", string(message))
		return nil, !t.NonNull
	}
	if value == nil {
		if t.NonNull {
			x.fail(path, "null for a value of type %s", t)
		}
		return nil, !t.NonNull
	}
	if t.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			x.fail(path, "no list")
			return nil, !t.NonNull
		}
		out := make([]any, len(list))
		for i, item := range list {
			if out[i], ok = x.complete(fields, t.Elem, item, n, append(path, i)); !ok {
				return nil, !t.NonNull
			}
		}
		return out, true
	}
	object, ok := value.(*Object)
	if !ok {
		return value, true
	}
	n.object = object
	typ, err := x.runtimeType(t.Name(), object)
	if err != nil {
		x.fail(path, "%v", err)
		return nil, !t.NonNull
	}
	var sets []ast.SelectionSet
	for _, f := range fields {
		sets = append(sets, f.SelectionSet)
	}
	members, ok := x.selectionSet(sets, typ, n, path)
	if !ok {
		return nil, !t.NonNull
	}
	return members, true
}

// runtimeType is the type of an object as the server's schema knows it.
func (s *server) runtimeType(static string, o *Object) (*ast.Definition, error) {
	def := s.schema.Types[static]
	if o.Type == "" {
		return def, nil
	}
	if own := s.schema.Types[o.Type]; own != nil && own.Kind == ast.Object {
		if own != def && !s.applies(own, static) {
			return nil, fmt.Errorf("a %s is no %s here", o.Type, static)
		}
		return own, nil
	}
	if s.subgraph != nil {
		for _, i := range s.implements[o.Type] {
			if s.subgraph.types[i].interfaceObject && (i == static || s.applies(s.schema.Types[i], static)) {
				return s.schema.Types[i], nil
			}
		}
	}
	if o.Type == "Query" || o.Type == "Mutation" {
		return def, nil // under whatever name the schema has for it
	}
	return nil, fmt.Errorf("nothing is known of a type %s here", o.Type)
}
