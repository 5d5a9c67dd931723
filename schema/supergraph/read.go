package supergraph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/schema/blockstring"
	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/lookup"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// MaxTokens bounds the size of a supergraph document.
const MaxTokens = 20_000_000

// Read reads supergraph SDL of the join specification (v0.1 to v0.5).
func Read(sdl string) (*Supergraph, error) {
	doc, err := parse(sdl)
	if err != nil {
		return nil, fmt.Errorf("supergraph: %w", err)
	}
	s := &Supergraph{SDL: sdl, Features: readFeatures(doc), definitions: map[string]*ast.Definition{}}
	r := &reader{Supergraph: s, doc: doc, names: newNames(s.Features), byEnum: map[string]*Graph{}}
	if err := r.read(); err != nil {
		return nil, fmt.Errorf("supergraph: %w", err)
	}
	if s.API, err = apiSchema(doc, s.Features); err != nil {
		return nil, fmt.Errorf("supergraph: %w", err)
	}
	dropJoins(doc)
	return s, nil
}

// dropJoins takes the directives of the join specification out of the definitions that are kept: the Graphs say the same,
// and they would be a quarter of what a large supergraph holds in memory.
func dropJoins(doc *ast.SchemaDocument) {
	drop := func(list *ast.DirectiveList) {
		*list = slices.DeleteFunc(*list, func(d *ast.Directive) bool { return strings.HasPrefix(d.Name, "join__") })
		if len(*list) == 0 {
			*list = nil
		}
	}
	for _, def := range doc.Definitions {
		drop(&def.Directives)
		for _, f := range def.Fields {
			drop(&f.Directives)
		}
		for _, v := range def.EnumValues {
			drop(&v.Directives)
		}
	}
}

// parse parses SDL and folds type extensions into their types.
func parse(sdl string) (*ast.SchemaDocument, error) {
	doc, err := parser.ParseSchemaWithLimit(&ast.Source{Name: "supergraph", Input: blockstring.Prepare(sdl)}, MaxTokens)
	if err != nil {
		return nil, err
	}
	definitions := lookup.Of(doc.Definitions, func(d *ast.Definition) string { return d.Name })
	for _, ext := range doc.Extensions {
		def := definitions.Find(ext.Name)
		if def == nil {
			return nil, fmt.Errorf("extension of type %s, which is not defined", ext.Name)
		}
		def.Directives = append(def.Directives, ext.Directives...)
		def.Interfaces = append(def.Interfaces, ext.Interfaces...)
		def.Fields = append(def.Fields, ext.Fields...)
		def.Types = append(def.Types, ext.Types...)
		def.EnumValues = append(def.EnumValues, ext.EnumValues...)
	}
	doc.Extensions = nil
	return doc, nil
}

type reader struct {
	*Supergraph
	doc    *ast.SchemaDocument
	names  names
	byEnum map[string]*Graph
	// old: join v0.1, where elements without a @join directive have other defaults.
	old bool
}

func (r *reader) read() error {
	join := slices.IndexFunc(r.Features, func(f Feature) bool { return f.Name == "join" })
	if join < 0 {
		return fmt.Errorf("no @link or @core of the join specification: this is not a supergraph schema")
	}
	switch v := r.Features[join].Version; v {
	case "0.1":
		r.old = true
	case "0.2", "0.3", "0.4", "0.5":
	default:
		return fmt.Errorf("version %s of the join specification is not known; v0.1 to v0.5 are read", v)
	}
	if err := r.checkRoots(); err != nil {
		return err
	}
	if err := r.readGraphs(); err != nil {
		return err
	}
	for _, def := range r.doc.Definitions {
		if _, dup := r.definitions[def.Name]; dup {
			return fmt.Errorf("type %s is defined twice", def.Name)
		}
		r.definitions[def.Name] = def
	}
	for _, def := range r.doc.Definitions {
		if r.names.typ(def.Name) {
			continue
		}
		if err := r.readType(def); err != nil {
			return err
		}
	}
	for _, g := range r.Graphs {
		g.TypeNames = sortedKeys(g.Types)
		possibleTypes(g)
	}
	for _, def := range r.doc.Definitions {
		if def.Kind == ast.Union {
			r.readMembers(def)
		}
	}
	if r.old {
		r.completeOld()
	} else if err := r.checkTypes(); err != nil {
		return err
	}
	r.labelOverridden()
	r.readAccess()
	r.readContexts()
	r.readConnectors()
	return nil
}

// checkTypes holds that each subgraph has the types that its fields return.
func (r *reader) checkTypes() error {
	for _, g := range r.Graphs {
		for _, name := range g.TypeNames {
			for _, f := range g.Types[name].Fields {
				if typ := f.Type.Name(); r.composite(typ) && g.Types[typ] == nil {
					return fmt.Errorf("field %s.%s: in subgraph %s it returns %s, but type %s has no @join__type for that subgraph", name, f.Name, g.Name, typ, typ)
				}
			}
		}
	}
	return nil
}

func (r *reader) composite(typeName string) bool {
	def := r.definitions[typeName]
	return def != nil && def.IsCompositeType()
}

// checkRoots holds that the root types have their usual names, as composition gives them whatever subgraphs call theirs.
func (r *reader) checkRoots() error {
	for _, schema := range slices.Concat(r.doc.Schema, r.doc.SchemaExtension) {
		for _, o := range schema.OperationTypes {
			if want := typesystem.RootName(o.Operation); o.Type != want {
				return fmt.Errorf("the %s root type is called %s: in a supergraph it is called %s", o.Operation, o.Type, want)
			}
		}
	}
	return nil
}

func (r *reader) readGraphs() error {
	enum := r.doc.Definitions.ForName("join__Graph")
	if enum == nil {
		return fmt.Errorf("no enum join__Graph: this is not a supergraph schema")
	}
	for _, v := range enum.EnumValues {
		g := &Graph{ID: len(r.Graphs), Enum: v.Name, Name: v.Name, Types: map[string]*Type{}}
		if d := v.Directives.ForName("join__graph"); d != nil {
			g.Name, g.URL = stringArg(d, "name"), stringArg(d, "url")
		}
		r.Graphs = append(r.Graphs, g)
		r.byEnum[v.Name] = g
	}
	return nil
}

// graph returns the subgraph that a join directive names; nil when it names none.
func (r *reader) graph(d *ast.Directive) (*Graph, error) {
	enum := stringArg(d, "graph")
	if enum == "" {
		return nil, nil
	}
	g := r.byEnum[enum]
	if g == nil {
		return nil, fmt.Errorf("@%s names the subgraph %s, which is not in join__Graph", d.Name, enum)
	}
	return g, nil
}

func (r *reader) readType(def *ast.Definition) error {
	fail := func(err error) error { return fmt.Errorf("type %s: %w", def.Name, err) }
	var in []*Graph // subgraphs with the type, in order of appearance
	add := func(g *Graph) *Type {
		t := g.Types[def.Name]
		if t == nil {
			t = &Type{Name: def.Name, Kind: def.Kind, fields: map[string]*Field{}}
			g.Types[def.Name] = t
			in = append(in, g)
		}
		return t
	}
	for _, d := range def.Directives {
		if d.Name != "join__type" {
			continue
		}
		g, err := r.graph(d)
		if err != nil {
			return fail(err)
		}
		if g == nil {
			continue
		}
		t := add(g)
		if boolArg(d, "isInterfaceObject", false) {
			t.InterfaceObject, t.Kind = true, ast.Object
		}
		if text := stringArg(d, "key"); text != "" {
			set, err := fieldset.Parse(text)
			if err != nil {
				return fail(err)
			}
			t.Keys = append(t.Keys, &Key{Text: text, Selection: set, Resolvable: boolArg(d, "resolvable", true)})
		}
	}
	if len(in) == 0 && r.old { // a value type or a root type: every subgraph may have it
		for _, g := range r.Graphs {
			add(g)
		}
	}
	slices.SortFunc(in, func(a, b *Graph) int { return cmp.Compare(a.ID, b.ID) })

	r.readImplements(def, in)
	for _, f := range def.Fields {
		if err := r.readField(def, f, in); err != nil {
			return fmt.Errorf("field %s.%s: %w", def.Name, f.Name, err)
		}
	}
	for _, v := range def.EnumValues {
		for _, g := range r.listed(v.Directives, "join__enumValue", in) {
			t := g.Types[def.Name]
			t.EnumValues = append(t.EnumValues, v.Name)
		}
	}
	return nil
}

// listed returns the subgraphs that a repeatable directive names; all of in when there is none of it.
func (r *reader) listed(directives ast.DirectiveList, name string, in []*Graph) []*Graph {
	var out []*Graph
	any := false
	for _, d := range directives {
		if d.Name != name {
			continue
		}
		any = true
		if g := r.byEnum[stringArg(d, "graph")]; g != nil && slices.Contains(in, g) && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	if !any {
		return in
	}
	return out
}

// readImplements gives the type's interfaces to the subgraphs that have them: to all when nothing is said of that.
func (r *reader) readImplements(def *ast.Definition, in []*Graph) {
	if len(def.Interfaces) == 0 {
		return
	}
	byFace := map[string]ast.DirectiveList{}
	for _, d := range def.Directives {
		if d.Name == "join__implements" {
			face := stringArg(d, "interface")
			byFace[face] = append(byFace[face], d)
		}
	}
	for _, name := range def.Interfaces {
		graphs := in
		if len(byFace) > 0 {
			graphs = nil
			if directives := byFace[name]; directives != nil {
				graphs = r.listed(directives, "join__implements", in)
			}
		}
		for _, g := range graphs {
			t := g.Types[def.Name]
			t.Interfaces = append(t.Interfaces, name)
		}
	}
}

// possibleTypes fills in the possible types of the object types and interfaces of a subgraph, in the order of their names.
func possibleTypes(g *Graph) {
	for _, name := range g.TypeNames {
		t := g.Types[name]
		if t.Kind != ast.Object {
			continue
		}
		t.PossibleTypes = []string{name}
		for i, face := range t.Interfaces {
			if f := g.Types[face]; f != nil && f.Kind == ast.Interface && !slices.Contains(t.Interfaces[:i], face) {
				f.PossibleTypes = append(f.PossibleTypes, name)
			}
		}
	}
}

// readMembers fills in the members that a union has in each subgraph. Older supergraphs do not tell them apart by subgraph.
func (r *reader) readMembers(union *ast.Definition) {
	here := map[string]map[string]bool{} // by graph
	for _, d := range union.Directives {
		if d.Name != "join__unionMember" {
			continue
		}
		graph := stringArg(d, "graph")
		if here[graph] == nil {
			here[graph] = map[string]bool{}
		}
		here[graph][stringArg(d, "member")] = true
	}
	for _, g := range r.Graphs {
		t := g.Types[union.Name]
		if t == nil || t.Kind != ast.Union {
			continue
		}
		t.PossibleTypes = nil
		for _, name := range union.Types {
			if (here[g.Enum][name] || len(here) == 0) && g.Types[name] != nil {
				t.PossibleTypes = append(t.PossibleTypes, name)
			}
		}
		slices.Sort(t.PossibleTypes)
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
