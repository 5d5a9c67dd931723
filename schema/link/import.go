package link

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// readImports reads the argument "import" of a link. As everywhere in GraphQL, one item stands for a list of it.
func readImports(d *ast.Directive, u URL) ([]Import, []Problem) {
	argument := d.Arguments.ForName("import")
	if argument == nil || argument.Value == nil || argument.Value.Kind == ast.NullValue {
		return nil, nil
	}
	items := ast.ChildValueList{{Value: argument.Value}}
	if argument.Value.Kind == ast.ListValue {
		items = argument.Value.Children
	}
	var imports []Import
	var problems []Problem
	for _, item := range items {
		i, wrong := readImport(item.Value)
		if wrong == "" {
			imports = append(imports, i)
			continue
		}
		at := d.Position
		if item.Value.Position != nil {
			at = item.Value.Position
		}
		problems = append(problems, Problem{"INVALID_LINK_DIRECTIVE_USAGE", fmt.Sprintf("the import %s of %q %s", item.Value, u.Identity, wrong), at})
	}
	return imports, problems
}

// readImport reads one item of an import, and tells what is wrong with it.
func readImport(v *ast.Value) (i Import, wrong string) {
	const wanted = `must be a name, or {name: "…", as: "…"}`
	switch v.Kind {
	case ast.StringValue, ast.BlockValue:
		return Import{v.Raw, v.Raw}, ""
	case ast.ObjectValue:
	default:
		return i, wanted
	}
	for _, f := range v.Children {
		switch {
		case f.Name != "name" && f.Name != "as":
			return i, fmt.Sprintf("has the field %q, and %s", f.Name, wanted)
		case f.Value.Kind != ast.StringValue && f.Value.Kind != ast.BlockValue:
			return i, fmt.Sprintf("has the field %q with %s, and %s", f.Name, f.Value, wanted)
		case !namePattern.MatchString(strings.TrimPrefix(f.Value.Raw, "@")):
			return i, fmt.Sprintf("has the field %q with %s, which is no GraphQL name", f.Name, f.Value)
		case f.Name == "name":
			i.Name = f.Value.Raw
		default:
			i.As = f.Value.Raw
		}
	}
	if i.Name == "" {
		return i, "has no field \"name\", and " + wanted
	}
	if i.As == "" {
		i.As = i.Name
	}
	if strings.HasPrefix(i.Name, "@") != strings.HasPrefix(i.As, "@") {
		return i, "must name either a directive on both sides, with \"@\", or a type on both sides"
	}
	return i, ""
}
