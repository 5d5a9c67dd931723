package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// shadowedImports refuses what the schema defines and uses under the long name of something that it imports under another:
// it looks like the specification's and would mean nothing.
func shadowedImports(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	var used map[string]bool // made when it is first asked for
	for _, t := range s.Types {
		l, i, ok := s.Links.Shadows(t.Name)
		if ok && used == nil {
			used = usedTypes(s)
		}
		if ok && used[t.Name] {
			r.shadows(t.Name, t.Position, l, i, "use")
		}
	}
	var applied map[string]bool
	for _, d := range s.Directives {
		l, i, ok := s.Links.Shadows("@" + d.Name)
		if ok && applied == nil {
			applied = s.AppliedNames()
		}
		if ok && applied[d.Name] {
			r.shadows("@"+d.Name, d.Position, l, i, "apply")
		}
	}
	return r.found
}

func (r *report) shadows(name string, at *ast.Position, l *link.Link, i link.Import, use string) {
	r.add(diagnostic.InvalidLinkDirectiveUsage, name, at, "%q is what %q of %q is called where it is not imported, and it is imported here as %q: %s that, and remove the definition of %q",
		name, i.Name, l.Identity, i.As, use, name)
}

// usedTypes are the types that the schema refers to from anything but such types themselves: root types, entities, and what
// fields, arguments, unions and implementations name.
func usedTypes(s *subgraph.Schema) map[string]bool {
	used := map[string]bool{}
	for _, op := range typesystem.Operations {
		used[s.Roots[op]] = true
	}
	arguments := func(as ast.ArgumentDefinitionList) {
		for _, a := range as {
			used[subgraph.NamedType(a.Type)] = true
		}
	}
	for _, t := range s.Types {
		if t.Kind == ast.Object && s.Has(t.Definition.Directives, link.Key) {
			used[t.Name] = true
		}
		if _, _, itself := s.Links.Shadows(t.Name); itself {
			continue
		}
		for _, name := range t.Interfaces {
			used[name] = true
		}
		for _, name := range t.Definition.Types {
			used[name] = true
		}
		for _, f := range t.Fields {
			used[subgraph.NamedType(f.Type)] = true
			arguments(f.Arguments)
		}
	}
	for _, d := range s.Directives {
		if _, _, itself := s.Links.Shadows("@" + d.Name); !itself {
			arguments(d.Arguments)
		}
	}
	return used
}
