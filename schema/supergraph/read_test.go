package supergraph

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/schema/fieldset"
)

// Each story of testdata is a supergraph, the model that is read from it and its API schema. The latter must be the one that
// the reference derives, where that can be asked.
func TestRead(t *testing.T) {
	reference := oracle.Start(t)
	golden.Each(t, "testdata/*.txtar", func(t *testing.T, f *golden.File) {
		sdl := f.Text("supergraph.graphql")
		s, err := Read(sdl)
		if err != nil {
			t.Fatal(err)
		}
		api := printAPI(s.API)
		f.Hold(t, golden.Answer{Name: "model.txt", Text: describe(s)}, golden.Answer{Name: "api.graphql", Text: api})
		if reference == nil {
			return
		}
		derived, err := reference.Read(t, sdl)
		if err != nil {
			t.Fatalf("the reference does not read the supergraph: %v", err)
		}
		if want := printAPI(oracle.Schema(t, derived)); want != api {
			t.Errorf("the reference derives the API schema\n%s\nwe derive\n%s", want, api)
		}
	})
}

// describe writes down a model.
func describe(s *Supergraph) string {
	var b strings.Builder
	for _, f := range s.Features {
		fmt.Fprintf(&b, "feature %s %s prefix %s", f.Name, f.Version, f.Prefix)
		for _, name := range sortedKeys(f.Imports) {
			fmt.Fprintf(&b, " import %s as %s", name, f.Imports[name])
		}
		b.WriteString("\n")
	}
	for _, g := range s.Graphs {
		fmt.Fprintf(&b, "\nsubgraph %d %s %q %s\n", g.ID, g.Enum, g.Name, g.URL)
		for _, name := range g.TypeNames {
			describeType(&b, g.Types[name])
		}
	}
	if s.HasAccess() {
		b.WriteString("\n")
		for _, coordinate := range sortedKeys(s.access) {
			a := s.Access(coordinate)
			fmt.Fprintf(&b, "access %s authenticated %v scopes %v policies %v\n", coordinate, a.Authenticated, a.Scopes, a.Policies)
		}
	}
	for _, name := range sortedKeys(s.contexts) {
		fmt.Fprintf(&b, "context %s set by %v\n", name, s.ContextTypes(name))
	}
	return b.String()
}

func describeType(b *strings.Builder, t *Type) {
	fmt.Fprintf(b, "  %s %s", t.Kind, t.Name)
	if t.InterfaceObject {
		b.WriteString(" interfaceObject")
	}
	if len(t.Interfaces) > 0 {
		fmt.Fprintf(b, " implements %v", t.Interfaces)
	}
	if len(t.PossibleTypes) > 0 && t.Kind != ast.Object {
		fmt.Fprintf(b, " possible %v", t.PossibleTypes)
	}
	if len(t.EnumValues) > 0 {
		fmt.Fprintf(b, " values %v", t.EnumValues)
	}
	b.WriteString("\n")
	for _, k := range t.Keys {
		fmt.Fprintf(b, "    key %s", fieldset.Print(k.Selection))
		if !k.Resolvable {
			b.WriteString(" (not resolvable)")
		}
		b.WriteString("\n")
	}
	for _, f := range t.Fields {
		fmt.Fprintf(b, "    %s", f.Name)
		for _, a := range f.Args {
			fmt.Fprintf(b, " (%s: %s)", a.Name, a.Type)
		}
		fmt.Fprintf(b, ": %s", f.Type)
		if f.External {
			b.WriteString(" external")
		}
		if f.Overridden {
			b.WriteString(" overridden")
		}
		if f.Requires != nil {
			fmt.Fprintf(b, " requires %s", fieldset.Print(f.Requires))
		}
		if f.Provides != nil {
			fmt.Fprintf(b, " provides %s", fieldset.Print(f.Provides))
		}
		if f.OverrideLabel != "" {
			fmt.Fprintf(b, " while %s is %v", f.OverrideLabel, f.OverrideActive)
		}
		for _, c := range f.Contextual {
			fmt.Fprintf(b, " (%s: %s from %s%s)", c.Name, c.Type, c.Context, c.Selection)
		}
		b.WriteString("\n")
	}
}

func printAPI(s *ast.Schema) string {
	var b bytes.Buffer
	formatter.NewFormatter(&b).FormatSchema(s)
	return b.String()
}
