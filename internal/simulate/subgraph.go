package simulate

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Subgraph is one subgraph of a graph: it answers what it owns.
type Subgraph struct {
	Name  string
	SDL   string
	graph *Graph
	types map[string]*facts
	// contexts are its arguments with @fromContext, by type and field.
	contexts map[string][]fromContext
	server   *server
}

// facts are what federation directives say about a type.
type facts struct {
	keys            []key
	interfaceObject bool
	fields          map[string]*fieldFacts
}

type key struct {
	selection  ast.SelectionSet
	resolvable bool
}

type fieldFacts struct {
	external   bool
	overridden bool // the field was taken over by another subgraph
	override   string
	label      string // of either: it holds while the label is active
	requires   ast.SelectionSet
	provides   ast.SelectionSet
}

func (s *Subgraph) fact(typ, field string) *fieldFacts {
	if t := s.types[typ]; t != nil && t.fields[field] != nil {
		return t.fields[field]
	}
	return &fieldFacts{}
}

// directiveName is a federation directive's name without the namespace that a schema may use it in.
func directiveName(d *ast.Directive) string { return strings.TrimPrefix(d.Name, "federation__") }

func argument(d *ast.Directive, name string) string {
	if a := d.Arguments.ForName(name); a != nil && a.Value != nil {
		return a.Value.Raw
	}
	return ""
}

func fieldSet(text string) (ast.SelectionSet, error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: "{" + text + "}"})
	if err != nil {
		return nil, fmt.Errorf("field set %q: %w", text, err)
	}
	return doc.Operations[0].SelectionSet, nil
}

// newSubgraph reads a subgraph's published schema.
func newSubgraph(name, sdl string) (*Subgraph, *ast.SchemaDocument, error) {
	s := &Subgraph{Name: name, SDL: sdl, types: map[string]*facts{}}
	doc, err := parser.ParseSchema(&ast.Source{Name: name, Input: sdl})
	if err != nil {
		return nil, nil, err
	}
	if s.contexts, err = readContexts(doc); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	doc.SchemaExtension = slices.DeleteFunc(doc.SchemaExtension, func(d *ast.SchemaDefinition) bool { return len(d.OperationTypes) == 0 })
	for _, e := range doc.Extensions {
		own := doc.Definitions.ForName(e.Name)
		if own == nil { // Federation 1: an extension of what another subgraph defines
			e.Directives = append(e.Directives, &ast.Directive{Name: "extends"})
			doc.Definitions = append(doc.Definitions, e)
			continue
		}
		own.Directives = append(own.Directives, e.Directives...)
		own.Fields = append(own.Fields, e.Fields...)
		own.Interfaces = append(own.Interfaces, e.Interfaces...)
		own.Types = append(own.Types, e.Types...)
		own.EnumValues = append(own.EnumValues, e.EnumValues...)
	}
	doc.Extensions = nil
	federation1 := !strings.Contains(sdl, "specs.apollo.dev/federation/v2")
	for _, def := range doc.Definitions {
		if err := s.read(def, federation1); err != nil {
			return nil, nil, fmt.Errorf("%s: %s: %w", name, def.Name, err)
		}
	}
	return s, doc, nil
}

// read takes the federation directives off a type.
func (s *Subgraph) read(def *ast.Definition, federation1 bool) error {
	t := &facts{fields: map[string]*fieldFacts{}}
	s.types[def.Name] = t
	external, keyText := false, ""
	for _, d := range def.Directives {
		switch directiveName(d) {
		case "key":
			set, err := fieldSet(argument(d, "fields"))
			if err != nil {
				return err
			}
			keyText += " " + argument(d, "fields")
			t.keys = append(t.keys, key{set, argument(d, "resolvable") != "false"})
		case "interfaceObject":
			t.interfaceObject = true
		case "external":
			external = true
		}
	}
	def.Directives = nil
	for _, f := range def.Fields {
		ff := &fieldFacts{external: external}
		t.fields[f.Name] = ff
		for _, d := range f.Directives {
			var err error
			switch directiveName(d) {
			case "external":
				// Federation 1: an external field of a key is one that every subgraph knows.
				ff.external = !federation1 || !slices.Contains(strings.Fields(keyText), f.Name)
			case "requires":
				ff.requires, err = fieldSet(argument(d, "fields"))
			case "provides":
				ff.provides, err = fieldSet(argument(d, "fields"))
			case "override":
				ff.override, ff.label = argument(d, "from"), argument(d, "label")
			}
			if err != nil {
				return err
			}
		}
		f.Directives = nil
		for _, a := range f.Arguments {
			a.Directives = nil
		}
	}
	for _, v := range def.EnumValues {
		v.Directives = nil
	}
	return nil
}

// executable are the locations at which operations apply directives.
var executable = []ast.DirectiveLocation{
	ast.LocationQuery, ast.LocationMutation, ast.LocationSubscription, ast.LocationField, ast.LocationFragmentDefinition,
	ast.LocationFragmentSpread, ast.LocationInlineFragment, ast.LocationVariableDefinition,
}

// prelude are the definitions that the GraphQL specification adds to a schema. They are not to be changed.
var prelude = sync.OnceValue(validator.PreludeDocument)

// serve makes the executable schema: what the subgraph defines, and what the Federation specification adds.
func (s *Subgraph) serve(doc *ast.SchemaDocument, world *World, implements map[string][]string) error {
	var entities []string
	for _, def := range doc.Definitions {
		if t := s.types[def.Name]; def.Kind == ast.Object && slices.ContainsFunc(t.keys, func(k key) bool { return k.resolvable }) {
			entities = append(entities, def.Name)
		}
	}
	query := doc.Definitions.ForName(queryName(doc))
	if query == nil {
		query = &ast.Definition{Kind: ast.Object, Name: "Query"}
		doc.Definitions = append(doc.Definitions, query)
		s.types["Query"] = &facts{}
	}
	more, err := parser.ParseSchema(&ast.Source{Input: federation(entities)})
	if err != nil {
		return err
	}
	query.Fields = append(query.Fields, more.Extensions[0].Fields...)
	all := *prelude()
	all.Definitions = slices.Concat(all.Definitions, doc.Definitions, more.Definitions)
	all.Directives = slices.Clip(all.Directives)
	all.Schema = append(doc.Schema, doc.SchemaExtension...)
	for _, d := range doc.Directives {
		if slices.ContainsFunc(d.Locations, func(l ast.DirectiveLocation) bool { return slices.Contains(executable, l) }) {
			all.Directives = append(all.Directives, d)
		}
	}
	for _, d := range all.Schema {
		d.Directives = nil
	}
	schema, err := validator.ValidateSchemaDocument(&all)
	if err != nil {
		return fmt.Errorf("subgraph %s: %w", s.Name, err)
	}
	s.server = &server{schema: schema, world: world, rules: rules.NewDefaultRules(), subgraph: s, implements: implements}
	return nil
}

func queryName(doc *ast.SchemaDocument) string {
	for _, s := range slices.Concat(doc.Schema, doc.SchemaExtension) {
		if o := s.OperationTypes.ForType("Query"); o != nil && o.Operation == ast.Query {
			return o.Type
		}
		for _, o := range s.OperationTypes {
			if o.Operation == ast.Query {
				return o.Type
			}
		}
	}
	return "Query"
}

func federation(entities []string) string {
	text := "type _Service { sdl: String }\nextend type Query { _service: _Service! }\n"
	if len(entities) > 0 {
		text = "type _Service { sdl: String }\nscalar _Any\nunion _Entity = " + strings.Join(entities, " | ") +
			"\nextend type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }\n"
	}
	return text
}

// mayAnswer says why the subgraph cannot answer a field of an object.
func (s *Subgraph) mayAnswer(x *server, typ *ast.Definition, field string, n node) error {
	f := s.fact(typ.Name, field)
	if s.selects(x, n.provided, typ, field) != nil {
		return nil
	}
	if _, known := n.representation[field]; known && s.inKey(typ.Name, field) {
		return nil
	}
	switch {
	case f.external:
		return fmt.Errorf("subgraph %s does not own %s.%s", s.Name, typ.Name, field)
	case f.override != "" && !s.holds(f):
		return fmt.Errorf("%s.%s has not moved to subgraph %s while the label %s is not active", typ.Name, field, s.Name, f.label)
	case f.overridden && s.holds(f):
		return fmt.Errorf("%s.%s has moved away from subgraph %s", typ.Name, field, s.Name)
	case len(f.requires) > 0:
		if n.representation == nil {
			return fmt.Errorf("%s.%s needs inputs, and the object was not entered with any", typ.Name, field)
		}
		if missing := x.differs(f.requires, n.object, n.representation); missing != "" {
			return fmt.Errorf("the inputs of %s.%s: %s", typ.Name, field, missing)
		}
	}
	return nil
}

// holds says whether an @override counts for now.
func (s *Subgraph) holds(f *fieldFacts) bool { return f.label == "" || s.graph.Labels[f.label] }

func (s *Subgraph) inKey(typ, field string) bool {
	return slices.ContainsFunc(s.types[typ].keys, func(k key) bool {
		return slices.ContainsFunc(k.selection, func(sel ast.Selection) bool {
			f, ok := sel.(*ast.Field)
			return ok && f.Name == field
		})
	})
}

// provides are the field sets that hold for the objects that a field leads to.
func (s *Subgraph) provides(x *server, typ *ast.Definition, field string, n node) []ast.SelectionSet {
	var out []ast.SelectionSet
	if own := s.fact(typ.Name, field).provides; own != nil {
		out = append(out, own)
	}
	for _, f := range s.selects(x, n.provided, typ, field) {
		if len(f.SelectionSet) > 0 {
			out = append(out, f.SelectionSet)
		}
	}
	return out
}

// selects returns where field sets select a field of an object type.
func (s *Subgraph) selects(x *server, sets []ast.SelectionSet, typ *ast.Definition, field string) []*ast.Field {
	var found []*ast.Field
	for _, set := range sets {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if sel.Name == field {
					found = append(found, sel)
				}
			case *ast.InlineFragment:
				if sel.TypeCondition == "" || x.applies(typ, sel.TypeCondition) {
					found = append(found, s.selects(x, []ast.SelectionSet{sel.SelectionSet}, typ, field)...)
				}
			}
		}
	}
	return found
}
