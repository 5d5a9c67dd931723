// Package merge makes one supergraph schema of the validated schemas of subgraphs.
//
// The subgraphs are read and never changed. A merger owns the definitions it builds; what it takes from a subgraph
// (types, values, directives) it copies by reference and does not write to. Everything happens in the order of the
// subgraphs' names, and of the source within each, so that the result does not depend on the order of the input.
package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/lookup"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// Merged is a supergraph schema in the terms of the join specification.
type Merged struct {
	// Document is the whole supergraph schema, definitions of linked specifications included.
	Document *ast.SchemaDocument
	// Hints are what is worth knowing about the merge.
	Hints []diagnostic.Diagnostic

	types map[string]*ast.Definition
	order []string
}

// Merge merges the subgraphs' schemas. It answers a supergraph only when there are no errors.
func Merge(subgraphs []*subgraph.Validated) (*Merged, []diagnostic.Diagnostic) {
	m := newMerger(subgraphs)
	m.checkFederation1Keys()
	if len(m.errors) > 0 {
		return nil, m.errors
	}
	m.features()
	m.composeDirectives()
	if len(m.errors) > 0 {
		return nil, m.errors
	}
	m.shallowTypes()
	m.mergeTypes()
	m.checkInterfaceObjects()
	m.inheritAuthorization()
	m.interfaceObjectFields()
	m.executableDirectives()
	m.mergeEnums()
	m.checkQueries()
	if len(m.errors) > 0 {
		return nil, m.errors
	}
	m.validate()
	if len(m.errors) > 0 {
		return nil, m.errors
	}
	return &Merged{Document: m.document(), Hints: m.hints, types: m.types, order: m.order}, nil
}

// member is one of the subgraphs that are merged.
type member struct {
	*subgraph.Schema
	facts *subgraph.Facts
	graph string // its value of the enum join__Graph
	place int    // among the members
	// joined are the directives whose applications are kept as @join__directive, by their names in the member.
	joined map[string]string
}

// merger merges the members, which are in the order of their names.
type merger struct {
	members []*member
	types   map[string]*ast.Definition
	order   []string // of types, by first appearance
	// defining holds what the members say of each type, objects those that know an interface as an object.
	defining, objects map[string]typeSources
	// implementing holds the object types that implement an interface, once what types extend is merged.
	implementing map[string][]*ast.Definition
	// fields finds the fields of the supergraph's types, made when they are asked for.
	fields map[*ast.Definition]*lookup.Table[*ast.FieldDefinition]
	broken map[string]bool // types that are of different kinds, and not merged
	// unmerged are the broken types, by first appearance.
	unmerged []string
	enums    map[string]*enumUse
	carried  []carried // the directives that are carried into the supergraph
	used     []usedFeature
	// composed are the specifications that are carried because of @composeDirective.
	composed []composedSpec
	// named are the names under which the supergraph links its specifications, by their identities.
	named map[string]string
	// keepsCacheTags is whether the supergraph keeps any @cacheTag, as @join__directive.
	keepsCacheTags bool
	directives     []*ast.DirectiveDefinition
	errors         []diagnostic.Diagnostic
	hints          []diagnostic.Diagnostic
}

func newMerger(subgraphs []*subgraph.Validated) *merger {
	m := &merger{
		types: map[string]*ast.Definition{}, broken: map[string]bool{}, enums: map[string]*enumUse{},
		implementing: map[string][]*ast.Definition{}, fields: map[*ast.Definition]*lookup.Table[*ast.FieldDefinition]{},
	}
	sorted := slices.Clone(subgraphs)
	slices.SortFunc(sorted, func(a, b *subgraph.Validated) int { return strings.Compare(a.Schema().Name, b.Schema().Name) })
	var names []string
	for _, v := range sorted {
		names = append(names, v.Schema().Name)
	}
	graphs := graphNames(names)
	for i, v := range sorted {
		s := &member{Schema: v.Schema(), facts: v.Facts(), graph: graphs[i], place: i}
		s.joined = joinedDirectives(s)
		m.members = append(m.members, s)
	}
	m.findSources()
	return m
}

// typeSource is what one member says of a type.
type typeSource struct {
	*subgraph.Type
	member *member
}

// typeSources holds what the members that have a type say of it, in their order.
type typeSources []typeSource

func (m *merger) sources(name string) typeSources { return m.defining[name] }

// has tells which fields or values each member has of a type, the first few of them, for messages such as
// `ASC in subgraph "a"; DESC in subgraph "b"`.
func (sources typeSources) has() string {
	const most = 5
	var parts []string
	for _, t := range sources {
		var names []string
		for _, f := range t.Fields {
			names = append(names, f.Name)
		}
		for _, v := range t.EnumValues {
			names = append(names, v.Name)
		}
		if len(names) > most {
			names = append(names[:most], "…")
		}
		parts = append(parts, fmt.Sprintf("%s in subgraph %q", strings.Join(names, ", "), t.member.Name))
	}
	return strings.Join(parts, "; ")
}

// findSources notes which members have which types.
func (m *merger) findSources() {
	m.defining, m.objects = map[string]typeSources{}, map[string]typeSources{}
	for _, s := range m.members {
		for _, t := range s.Types {
			if s.Owned(t.Name) {
				continue
			}
			source := typeSource{s.Type(t.Name), s}
			m.defining[t.Name] = append(m.defining[t.Name], source)
			if s.isInterfaceObject(source.Type) {
				m.objects[t.Name] = append(m.objects[t.Name], source)
			}
		}
	}
}

// shallowTypes makes an empty definition for each type of the supergraph.
func (m *merger) shallowTypes() {
	for _, s := range m.members {
		for _, t := range s.Types {
			if m.types[t.Name] != nil || s.Owned(t.Name) {
				continue
			}
			d := &ast.Definition{Name: t.Name, Kind: m.kind(t.Name)}
			m.types[t.Name] = d
			m.order = append(m.order, t.Name)
		}
	}
}

// isInterfaceObject reports whether a member knows an interface as an object type.
func (s *member) isInterfaceObject(t *subgraph.Type) bool {
	return t.Kind == ast.Object && s.Has(t.Definition.Directives, link.InterfaceObject)
}

// kind is the kind that a type has in all members.
func (m *merger) kind(name string) ast.DefinitionKind {
	var kinds []ast.DefinitionKind
	var said variants
	var at []diagnostic.Location
	objects := 0
	sources := m.sources(name)
	for _, t := range sources {
		k := t.Kind
		label := kindName(k)
		if t.member.isInterfaceObject(t.Type) {
			k, label = ast.Interface, "interface object (an object type with @interfaceObject)"
			objects++
		}
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
		said.add(label, t.member)
		at = append(at, t.member.At(t.Position))
	}
	if len(kinds) > 1 {
		m.broken[name] = true
		m.fail(diagnostic.TypeKindMismatch, name, at, "the type %q is of different kinds: %s; name one of them otherwise, or make them one kind", name, said.String())
	} else if objects > 0 && objects == len(sources) {
		m.fail(diagnostic.InterfaceObjectUsageError, name, at, "the type %q is an @interfaceObject in every subgraph that has it: one of them must define the interface", name)
	}
	return kinds[0]
}

func kindName(k ast.DefinitionKind) string {
	return strings.ReplaceAll(strings.ToLower(string(k)), "_", " ")
}

// mergeTypes fills the definitions. What types extend comes first, as fields are compared by it.
func (m *merger) mergeTypes() {
	m.order = slices.DeleteFunc(m.order, func(name string) bool {
		if m.broken[name] {
			m.unmerged = append(m.unmerged, name)
		}
		return m.broken[name]
	})
	for _, name := range m.order {
		d := m.types[name]
		sources := m.sources(name)
		m.checkDefined(name, sources)
		m.joinTypes(d, sources)
		switch d.Kind {
		case ast.Object, ast.Interface:
			m.mergeImplements(d, sources)
		case ast.Union:
			m.mergeUnion(d, sources)
		}
	}
	for _, name := range m.order {
		d := m.types[name]
		sources := m.sources(name)
		elements := sources.elements()
		m.mergeDescription(&d.Description, name, elements)
		switch d.Kind {
		case ast.Object:
			m.mergeObject(d, sources)
		case ast.Interface:
			m.mergeInterface(d, sources)
		case ast.InputObject:
			m.mergeInput(d, sources)
		}
		m.joinDirectives(&d.Directives, elements)
		if d.Kind != ast.Enum {
			m.mergeDirectives(&d.Directives, name, elements)
		}
	}
}

// checkDefined refuses a type that members only extend.
func (m *merger) checkDefined(name string, sources typeSources) {
	if isRootName(name) || slices.ContainsFunc(sources, func(t typeSource) bool { return t.Defined }) {
		return
	}
	for _, t := range sources {
		s := t.member
		m.fail(diagnostic.ExtensionWithNoBase, name, []diagnostic.Location{s.At(t.Position)},
			"[%s] the type %q is extended here, but no subgraph defines it: leave out \"extend\" where it belongs", s.Name, name)
	}
}

// joinTypes says which members have a type, and by which keys.
func (m *merger) joinTypes(d *ast.Definition, sources typeSources) {
	for _, t := range sources {
		s := t.member
		isObject := s.isInterfaceObject(t.Type)
		keys := s.All(t.Definition.Directives, link.Key)
		if len(keys) == 0 {
			d.Directives = append(d.Directives, join("type", s, flag("isInterfaceObject", isObject)))
		}
		for _, key := range keys {
			d.Directives = append(d.Directives, join("type", s,
				text("key", subgraph.FieldsArgument(key)),
				flag("extension", t.FromExtension(key) || s.Has(t.Definition.Directives, link.Extends)),
				resolvable(key),
				flag("isInterfaceObject", isObject)))
		}
	}
}

// resolvable is the argument of a key as it was given. Null, which @key allows and @join__type does not, says no more than
// leaving it out.
func resolvable(key *ast.Directive) *ast.Argument {
	if a := key.Arguments.ForName("resolvable"); a != nil && a.Value != nil && a.Value.Kind == ast.BooleanValue {
		return argument("resolvable", ast.BooleanValue, a.Value.Raw)
	}
	return nil
}

func (m *merger) checkQueries() {
	if q := m.types["Query"]; q == nil || len(q.Fields) == 0 {
		m.fail(diagnostic.NoQueries, "", nil, "no subgraph has a query: give at least one of them a type Query with a field")
	}
}

func (m *merger) fail(code diagnostic.Code, coordinate string, at []diagnostic.Location, format string, args ...any) {
	m.errors = append(m.errors, diagnostic.Diagnostic{
		Code: code, Severity: diagnostic.Error, Message: fmt.Sprintf(format, args...), Coordinate: coordinate, Locations: at,
	})
}

func (m *merger) hint(code diagnostic.Code, coordinate string, at []diagnostic.Location, format string, args ...any) {
	m.hints = append(m.hints, diagnostic.Diagnostic{
		Code: code, Severity: diagnostic.Level(code), Message: fmt.Sprintf(format, args...), Coordinate: coordinate, Locations: at,
	})
}
