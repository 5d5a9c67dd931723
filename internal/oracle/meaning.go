package oracle

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// Meaning lists what a supergraph or an API schema says, one statement a line, so that two supergraphs can be compared whatever
// order and spacing they are printed in. The definitions of the join and link specifications are left out.
func Meaning(t testing.TB, sdl string) []string {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Name: "supergraph", Input: sdl})
	if err != nil {
		t.Fatalf("the schema does not parse: %v", err)
	}
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	directives := func(at string, ds ast.DirectiveList) {
		for _, d := range ds {
			var arguments []string
			for _, a := range d.Arguments {
				arguments = append(arguments, a.Name+": "+a.Value.String())
			}
			slices.Sort(arguments)
			if text := strings.Join(arguments, ", "); !strings.Contains(text, "specs.apollo.dev/join/") {
				say("%s @%s(%s)", at, d.Name, text)
			}
		}
	}
	for _, s := range doc.Schema {
		directives("schema", s.Directives)
		for _, o := range s.OperationTypes {
			say("schema %s: %s", o.Operation, o.Type)
		}
	}
	argumentsOf := func(at string, as ast.ArgumentDefinitionList) {
		for _, a := range as {
			coordinate := at + "(" + a.Name + ":)"
			say("%s: %s = %s %q", coordinate, a.Type, a.DefaultValue, a.Description)
			directives(coordinate, a.Directives)
		}
	}
	for _, d := range doc.Directives {
		if strings.HasPrefix(d.Name, "join__") || d.Name == "link" {
			continue
		}
		locations := slices.Clone(d.Locations)
		slices.Sort(locations)
		say("@%s repeatable %t on %v %q", d.Name, d.IsRepeatable, locations, d.Description)
		argumentsOf("@"+d.Name, d.Arguments)
	}
	for _, d := range doc.Definitions {
		if strings.HasPrefix(d.Name, "join__") && d.Name != "join__Graph" || strings.HasPrefix(d.Name, "link__") {
			continue
		}
		say("%s %s %q", d.Kind, d.Name, d.Description)
		directives(d.Name, d.Directives)
		for _, i := range d.Interfaces {
			say("%s implements %s", d.Name, i)
		}
		for _, m := range d.Types {
			say("%s has %s", d.Name, m)
		}
		for _, v := range d.EnumValues {
			say("%s.%s %q", d.Name, v.Name, v.Description)
			directives(d.Name+"."+v.Name, v.Directives)
		}
		for _, f := range d.Fields {
			coordinate := d.Name + "." + f.Name
			say("%s: %s = %s %q", coordinate, f.Type, f.DefaultValue, f.Description)
			directives(coordinate, f.Directives)
			argumentsOf(coordinate, f.Arguments)
		}
	}
	return unique(said)
}

// Schema parses an API schema that the reference printed, and completes it with what every schema has.
func Schema(t testing.TB, sdl string) *ast.Schema {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Name: "api", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	prelude := validator.PreludeDocument()
	doc.Definitions = append(prelude.Definitions, doc.Definitions...)
	for _, d := range prelude.Directives {
		if doc.Directives.ForName(d.Name) == nil && d.Name != "defer" {
			doc.Directives = append(doc.Directives, d)
		}
	}
	schema, err := validator.ValidateSchemaDocument(doc)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
