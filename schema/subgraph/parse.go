package subgraph

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/schema/blockstring"
	"github.com/weft-gateway/weft/schema/diagnostic"
)

// Bounds of one subgraph's SDL.
const (
	MaxBytes  = 16 << 20
	MaxTokens = 2_000_000
)

// Source is what a subgraph gives to composition.
type Source struct {
	Name string
	URL  string
	SDL  string
	File string
}

// Parsed is a subgraph's schema as it was written: syntactically right, nothing more.
type Parsed struct {
	source   Source
	document *ast.SchemaDocument
}

// Parse reads the SDL of a subgraph.
func Parse(source Source) (*Parsed, []diagnostic.Diagnostic) {
	s := &Schema{Name: source.Name, File: source.File}
	if len(source.SDL) > MaxBytes {
		return nil, []diagnostic.Diagnostic{s.Errorf(diagnostic.InvalidGraphQL, "", nil, "the schema has %d bytes, more than the %d that are accepted", len(source.SDL), MaxBytes)}
	}
	doc, err := parser.ParseSchemaWithLimit(&ast.Source{Name: source.File, Input: blockstring.Prepare(source.SDL)}, MaxTokens)
	if err != nil {
		at := &ast.Position{}
		message := err.Error()
		var syntax *gqlerror.Error
		if errors.As(err, &syntax) {
			message = syntax.Message
			if len(syntax.Locations) > 0 {
				at.Line, at.Column = syntax.Locations[0].Line, syntax.Locations[0].Column
			}
		}
		return nil, []diagnostic.Diagnostic{s.Errorf(diagnostic.InvalidGraphQL, "", at, "the schema does not parse: %s", message)}
	}
	if doc == nil || empty(doc) { // specification, section 2.2: a document has at least one definition
		return nil, []diagnostic.Diagnostic{s.Errorf(diagnostic.InvalidGraphQL, "", &ast.Position{Line: 1, Column: 1}, "the schema is empty: it must define something, at least an entity or a field of Query")}
	}
	for _, d := range doc.Schema {
		if len(d.OperationTypes) == 0 { // section 3.3, which the parser does not hold
			return nil, []diagnostic.Diagnostic{s.Errorf(diagnostic.InvalidGraphQL, "", d.Position, "the schema definition names no root type: write \"extend schema\", or \"schema … { query: Query }\"")}
		}
	}
	return &Parsed{source: source, document: doc}, nil
}

func empty(doc *ast.SchemaDocument) bool {
	return len(doc.Schema)+len(doc.SchemaExtension)+len(doc.Directives)+len(doc.DirectiveExtensions)+len(doc.Definitions)+len(doc.Extensions) == 0
}

// CheckName tells why a name is no name for a subgraph; it answers nil when it is one.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("a subgraph needs a name")
	case name == "_":
		return errors.New(`"_" is not a name that a subgraph may have: give it another`)
	case len(name) > 256:
		return fmt.Errorf("the name %q… of a subgraph has more than 256 characters", name[:32])
	case strings.ContainsAny(name, "\x00\n\r"):
		return fmt.Errorf("the name %q of a subgraph must be one line of text", name)
	}
	return nil
}
