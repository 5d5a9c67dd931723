package servicetest

import (
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Published checks what a service publishes as its schema: the file schema.graphql to the byte,
// which parses, describes everything, and uses no directive but those that it imports.
func (c *Client) Published(sdl string) {
	c.t.Helper()
	file, err := os.ReadFile("schema.graphql")
	if err != nil {
		c.t.Fatal(err)
	}
	if sdl != string(file) {
		c.t.Error("SDL() is not the file schema.graphql")
	}
	type data struct {
		Service struct{ SDL string } `json:"_service"`
	}
	if got := Get[data](c, Caller{}, "{ _service { sdl } }", nil); got.Service.SDL != sdl {
		c.t.Error("_service { sdl } is not the file schema.graphql")
	}
	document, err := parser.ParseSchema(&ast.Source{Name: "schema.graphql", Input: sdl})
	if err != nil {
		c.t.Fatal(err)
	}
	imported := imports(c.t, document)
	for _, def := range document.Definitions {
		if def.Description == "" && !root(def.Name) {
			c.t.Errorf("%s has no description", def.Name)
		}
		c.uses(imported, def.Name, def.Directives)
		for _, value := range def.EnumValues {
			if value.Description == "" {
				c.t.Errorf("%s.%s has no description", def.Name, value.Name)
			}
		}
		for _, field := range def.Fields {
			// An external field is described where it is defined.
			if field.Description == "" && field.Directives.ForName("external") == nil {
				c.t.Errorf("%s.%s has no description", def.Name, field.Name)
			}
			c.uses(imported, def.Name+"."+field.Name, field.Directives)
		}
	}
}

func root(name string) bool {
	return name == "Query" || name == "Mutation" || name == "Subscription"
}

// imports returns what the schema's @link imports.
func imports(t *testing.T, document *ast.SchemaDocument) string {
	t.Helper()
	for _, extension := range document.SchemaExtension {
		if link := extension.Directives.ForName("link"); link != nil {
			return link.Arguments.ForName("import").Value.String()
		}
	}
	t.Fatal("the schema has no @link")
	return ""
}

func (c *Client) uses(imported, where string, directives ast.DirectiveList) {
	c.t.Helper()
	for _, d := range directives {
		if !strings.Contains(imported, `"@`+d.Name+`"`) {
			c.t.Errorf("%s uses @%s, which the schema does not import", where, d.Name)
		}
	}
}
