package subgraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
)

// UpgradedFederation1 is the version of the federation specification of which a Federation 1 schema is taken to be: the
// directives up to it are the schema's without being linked.
var UpgradedFederation1 = link.Version{Major: 2, Minor: 4}

// Upgraded is a schema that means what it says in the terms of Federation 2, whichever version it was written for.
type Upgraded struct {
	schema  *Schema
	facts   *Facts
	changed bool // whether the schema was one of Federation 1, and the facts are of what it was
}

// Upgrade brings the schemas written for Federation 1 to Federation 2. What a Federation 1 schema may share depends
// on the other subgraphs, so all of them are upgraded together. Those that cannot be upgraded are left out of the
// answer.
func Upgrade(checked []*Checked) ([]*Upgraded, []diagnostic.Diagnostic) {
	u := &upgrader{declared: map[string][]declaration{}}
	for _, c := range checked {
		if !c.schema.IsFederation2() {
			for _, t := range c.schema.Types {
				u.declared[t.Name] = nil
			}
		}
	}
	for _, c := range checked {
		u.declare(c)
	}
	var upgraded []*Upgraded
	var errors []diagnostic.Diagnostic
	for _, c := range checked {
		if c.schema.IsFederation2() {
			upgraded = append(upgraded, &Upgraded{schema: c.schema, facts: c.facts})
			continue
		}
		found := u.upgrade(c.schema)
		if errors = append(errors, found...); len(found) == 0 {
			upgraded = append(upgraded, &Upgraded{c.schema, c.facts, true})
		}
	}
	return upgraded, errors
}

// upgrader knows what every subgraph declared, before any of them was changed, of the types that need upgrading somewhere.
type upgrader struct {
	declared map[string][]declaration // by type name
}

// declaration is what one subgraph says of one type.
type declaration struct {
	schema   *Schema
	base     bool            // not merely an extension
	resolves map[string]bool // the fields it resolves
	keys     []*ast.Directive
	tagged   map[string]ast.DirectiveList // the @tag applications of its fields
}

func (u *upgrader) declare(c *Checked) {
	s := c.schema
	for _, t := range s.Types {
		if _, needed := u.declared[t.Name]; !needed {
			continue
		}
		d := declaration{schema: s, base: t.Defined && !s.Has(t.Definition.Directives, link.Extends), resolves: map[string]bool{}, tagged: map[string]ast.DirectiveList{}}
		d.keys = s.All(t.Definition.Directives, link.Key)
		for _, f := range t.Fields {
			if !c.facts.FullyExternal(f) {
				d.resolves[f.Name] = true
				d.tagged[f.Name] = s.All(f.Directives, link.Tag)
			}
		}
		u.declared[t.Name] = append(u.declared[t.Name], d)
	}
}

// withoutBase refuses types that are only ever extended.
func (u *upgrader) withoutBase(s *Schema) []diagnostic.Diagnostic {
	var errors []diagnostic.Diagnostic
	for _, t := range s.Types {
		if t.Defined && !s.Has(t.Definition.Directives, link.Extends) || s.IsRoot(t.Name) {
			continue
		}
		if !slices.ContainsFunc(u.declared[t.Name], func(d declaration) bool { return d.base }) {
			errors = append(errors, s.Errorf(diagnostic.ExtensionWithNoBase, t.Name, t.Position,
				"the type %q is extended here, but no subgraph defines it: write \"type %s\" in the subgraph that it belongs to", t.Name, t.Name))
		}
	}
	return errors
}

// upgrade upgrades one schema. The first step that finds something wrong ends it.
func (u *upgrader) upgrade(s *Schema) []diagnostic.Diagnostic {
	if errors := adopt(s); len(errors) > 0 {
		return errors
	}
	errors := u.withoutBase(s)
	stringFields(s)
	inFaceKeys := dropFromInterfaces(s)
	dropProvidesOnLeaves(s)
	u.dropKeyExternals(s)
	dropResolved(s)
	if errors = append(errors, dropUnusedExternals(s)...); len(errors) > 0 {
		return errors
	}
	u.share(s, inFaceKeys)
	u.dropExternalTags(s)
	for _, t := range s.Types {
		t.Defined, t.Extended, t.extension = true, false, nil
	}
	return ownLongNames(s)
}

// adopt gives the schema the directives that it is taken to have imported. One that it defines itself becomes the
// specification's, with all that it means, and has to be defined as that says.
func adopt(s *Schema) []diagnostic.Diagnostic {
	e := &expander{schema: s}
	federation := &link.Link{URL: link.URL{Identity: link.FederationSpec, Name: "federation", Version: UpgradedFederation1}}
	for _, name := range link.FederationDirectives(UpgradedFederation1) {
		federation.Imports = append(federation.Imports, link.Import{Name: "@" + name, As: "@" + name})
	}
	for _, p := range s.Links.Beside(federation) {
		e.fail(diagnostic.Code(p.Code), "", p.At, "a schema that does not link the federation specification has its directives up to %s under their own names, and %s", UpgradedFederation1, p.Message)
	}
	if len(e.errors) > 0 {
		return e.errors
	}
	for _, name := range link.FederationDirectives(UpgradedFederation1) {
		definition := link.FederationDirective(name, UpgradedFederation1, name, federation.Type)
		if s.local[name] != "" || definition == nil {
			continue
		}
		s.local[name] = name
		s.owned["@"+name] = true
		if own := s.directives[name]; own != nil {
			e.checkDefinition(own, definition, e.fail)
			continue
		}
		s.directives[name] = definition
		s.Directives = append(s.Directives, definition)
	}
	return e.errors
}

// ownLongNames takes from the schema the types that have a long name of the federation specification, which mean nothing,
// and refuses what it uses under such a name.
func ownLongNames(s *Schema) []diagnostic.Diagnostic {
	e := &expander{schema: s}
	e.longDirectives()
	var referenced map[string]bool // made when it is first asked for
	for _, t := range s.Types {
		if !strings.HasPrefix(t.Name, "federation__") {
			continue
		}
		if s.owned[t.Name] = true; referenced == nil {
			referenced = s.referenced()
		}
		if referenced[t.Name] {
			e.fail(diagnostic.InvalidGraphQL, t.Name, t.Position, "the name of the type %q is kept for what belongs to the federation specification: name it otherwise", t.Name)
		}
	}
	return e.errors
}

// longDirectives refuses directives of the schema's own under the long names of those that it is taken to have imported.
func (e *expander) longDirectives() {
	s := e.schema
	var applied map[string]bool // made when it is first asked for
	for _, name := range link.FederationDirectives(UpgradedFederation1) {
		own := s.directives["federation__"+name]
		if own == nil {
			continue
		}
		if applied == nil {
			applied = s.AppliedNames()
		}
		if applied[own.Name] {
			e.fail(diagnostic.InvalidLinkDirectiveUsage, "@"+own.Name, own.Position, "\"@%s\" is the long name of the federation specification's \"@%s\", which schemas without a @link have under its short name only: apply \"@%s\", and remove the definition of \"@%s\"", own.Name, name, name, own.Name)
		}
	}
}

func remove(applied *ast.DirectiveList, local string) {
	*applied = slices.DeleteFunc(slices.Clone(*applied), func(d *ast.Directive) bool { return d.Name == local })
}

// stringFields turns the fields arguments that Federation 1 tolerated, a bare name or a list, into strings.
func stringFields(s *Schema) {
	fix := func(ds ast.DirectiveList) {
		for _, name := range []string{link.Key, link.Requires, link.Provides} {
			for _, d := range s.All(ds, name) {
				a := d.Arguments.ForName("fields")
				if a == nil || a.Value == nil {
					continue
				}
				switch v := a.Value; v.Kind {
				case ast.EnumValue:
					a.Value = &ast.Value{Kind: ast.StringValue, Raw: v.Raw, Position: v.Position}
				case ast.ListValue:
					var parts []string
					for _, c := range v.Children {
						if k := c.Value.Kind; k == ast.StringValue || k == ast.BlockValue || k == ast.EnumValue {
							parts = append(parts, c.Value.Raw)
						}
					}
					if len(parts) < len(v.Children) {
						continue // for the rules to refuse
					}
					a.Value = &ast.Value{Kind: ast.StringValue, Raw: strings.Join(parts, " "), Position: v.Position}
				}
			}
		}
	}
	for _, t := range s.Types {
		fix(t.Definition.Directives)
		for _, f := range t.Fields {
			fix(f.Directives)
		}
	}
}

// dropFromInterfaces removes directives where Federation 1 ignored them: on interfaces, and @external on types. It answers
// the fields that keys of interfaces select, in the interfaces and in their implementations.
func dropFromInterfaces(s *Schema) (inFaceKeys map[*ast.FieldDefinition]bool) {
	inFaceKeys = map[*ast.FieldDefinition]bool{}
	for _, t := range s.Types {
		remove(&t.Definition.Directives, s.local[link.External])
		if t.Kind != ast.Interface {
			continue
		}
		if s.Has(t.Definition.Directives, link.Key) {
			s.faceKeys[t.Name] = true
		}
		for _, key := range s.All(t.Definition.Directives, link.Key) {
			_ = s.Select(t, key, func(_ *Type, f *ast.FieldDefinition) { inFaceKeys[f] = true }) // as far as it is right
		}
		remove(&t.Definition.Directives, s.local[link.Key])
		for _, f := range t.Fields {
			for _, name := range []string{link.External, link.Requires, link.Provides} {
				remove(&f.Directives, s.local[name])
			}
		}
	}
	return inFaceKeys
}

func dropProvidesOnLeaves(s *Schema) {
	for _, t := range s.Types {
		for _, f := range t.Fields {
			if returned := s.types[NamedType(f.Type)]; returned == nil || !returned.IsCompositeType() {
				remove(&f.Directives, s.local[link.Provides])
			}
		}
	}
}

// dropKeyExternals removes @external from the key fields of type extensions: Federation 1 asked for it there,
// though the subgraph does resolve them. An extension without a key of its own has those of the other subgraphs.
func (u *upgrader) dropKeyExternals(s *Schema) {
	facts := s.Facts()
	for _, t := range s.Types {
		for _, f := range t.Fields {
			if facts.fakeExternal[f] {
				remove(&f.Directives, s.local[link.External])
			}
		}
		extension := !t.Defined || s.Has(t.Definition.Directives, link.Extends)
		if t.Kind != ast.Object || !extension || s.Has(t.Definition.Directives, link.Key) {
			continue
		}
		for _, d := range u.declared[t.Name] {
			for _, key := range d.keys {
				set, err := fieldset.Parse(FieldsArgument(key))
				if err != nil {
					continue
				}
				for _, selection := range set {
					if sel, ok := selection.(*ast.Field); ok {
						if f := t.Field(sel.Name); f != nil {
							remove(&f.Directives, s.local[link.External])
						}
					}
				}
			}
		}
	}
}

// dropUnusedExternals removes the @external fields that nothing uses, and the types that have nothing else.
func dropUnusedExternals(s *Schema) []diagnostic.Diagnostic {
	var errors []diagnostic.Diagnostic
	unused := unusedExternals(s)
	referenced := s.referenced() // before anything goes: also by fields that go
	for _, t := range slices.Clone(s.Types) {
		if t.Kind != ast.Object || len(t.Fields) == 0 {
			continue
		}
		t.Fields = slices.DeleteFunc(slices.Clone(t.Fields), func(f *ast.FieldDefinition) bool { return unused[f] })
		if len(t.Fields) > 0 {
			continue
		}
		if referenced[t.Name] {
			errors = append(errors, s.Errorf(diagnostic.TypeWithOnlyUnusedExternal, t.Name, t.Position,
				"the type %q has nothing but @external fields that nothing uses, while other types refer to it: give it a @key with resolvable: false or remove it", t.Name))
			continue
		}
		s.Remove(t.Name)
	}
	return errors
}

// unusedExternals are the @external fields of object types that nothing uses, or nothing but @requires and @provides of
// such fields.
func unusedExternals(s *Schema) fieldFacts {
	facts, unused := s.Facts(), fieldFacts{}
	type owned struct {
		typ   *Type
		field *ast.FieldDefinition
	}
	var found []owned
	look := func(t *Type, f *ast.FieldDefinition) {
		if t.Kind == ast.Object && !unused[f] && facts.External(f) && !facts.Used(f) {
			unused[f] = true
			found = append(found, owned{t, f})
		}
	}
	for _, t := range s.Types {
		for _, f := range t.Fields {
			look(t, f)
		}
	}
	for i := 0; i < len(found); i++ {
		facts.sets(found[i].typ, found[i].field, func(t *Type, f *ast.FieldDefinition, _ bool) {
			facts.used[f]--
			look(t, f)
		})
	}
	return unused
}

// referenced are the types that fields and unions of the schema name.
func (s *Schema) referenced() map[string]bool {
	names := map[string]bool{}
	for _, t := range s.Types {
		for _, f := range t.Fields {
			names[NamedType(f.Type)] = true
		}
		for _, member := range t.Definition.Types {
			names[member] = true
		}
	}
	return names
}

// share marks @shareable what Federation 1 allowed several subgraphs to resolve: everything in a value type, and
// in an entity or a root type the fields that another subgraph resolves too.
//
// Fields in the keys of interfaces are let be: that they are in a key makes them shareable for the reference at this point,
// although such keys mean nothing.
func (u *upgrader) share(s *Schema, inFaceKeys map[*ast.FieldDefinition]bool) {
	facts := s.Facts()
	shareable := func() *ast.Directive {
		return &ast.Directive{Name: s.local[link.Shareable]}
	}
	for _, t := range s.Types {
		if t.Kind != ast.Object {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(u.declared[t.Name]), func(d declaration) bool { return d.schema == s })
		if !s.IsRoot(t.Name) && !s.Has(t.Definition.Directives, link.Key) {
			if len(others) > 0 {
				t.Definition.Directives = append(t.Definition.Directives, shareable())
			}
			continue
		}
		for _, f := range t.Fields {
			if !facts.Shareable(f) && !inFaceKeys[f] && slices.ContainsFunc(others, func(d declaration) bool { return d.resolves[f.Name] }) {
				f.Directives = append(f.Directives, shareable())
			}
		}
	}
}

// dropExternalTags removes a @tag from @external fields where another subgraph that resolves the field has the same.
func (u *upgrader) dropExternalTags(s *Schema) {
	facts := s.Facts()
	for _, t := range s.Types {
		for _, f := range t.Fields {
			if !facts.External(f) {
				continue
			}
			for _, tag := range s.All(f.Directives, link.Tag) {
				if u.taggedElsewhere(s, t.Name, f.Name, tag) {
					f.Directives = slices.DeleteFunc(slices.Clone(f.Directives), func(d *ast.Directive) bool { return d == tag })
				}
			}
		}
	}
}

func (u *upgrader) taggedElsewhere(s *Schema, typeName, field string, tag *ast.Directive) bool {
	name := func(d *ast.Directive) string {
		if a := d.Arguments.ForName("name"); a != nil && a.Value != nil {
			return a.Value.Raw
		}
		return ""
	}
	return slices.ContainsFunc(u.declared[typeName], func(d declaration) bool {
		return d.schema != s && slices.ContainsFunc(d.tagged[field], func(o *ast.Directive) bool { return name(o) == name(tag) })
	})
}
