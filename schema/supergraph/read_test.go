package supergraph

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/schema/fieldset"
)

var update = flag.Bool("update", false, "write what is read into the txtar files")

// Each story of testdata is a supergraph, the model that is read from it and its API schema. With WEFT_ORACLE_DIR set the
// API schema must be the one that the reference derives.
func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories in testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if archive.Files[0].Name != "supergraph.graphql" {
				t.Fatal("the first file is not supergraph.graphql")
			}
			sdl := string(archive.Files[0].Data)
			s, err := Read(sdl)
			if err != nil {
				t.Fatal(err)
			}
			got := []txtar.File{
				{Name: "model.txt", Data: []byte(describe(s))},
				{Name: "api.graphql", Data: []byte(printAPI(s.API))},
			}
			if *update {
				archive.Files = append(archive.Files[:1], got...)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else {
				for i, f := range got {
					if i+1 >= len(archive.Files) || !bytes.Equal(archive.Files[i+1].Data, f.Data) {
						t.Errorf("%s is now\n%s", f.Name, f.Data)
					}
				}
			}
			if os.Getenv("WEFT_ORACLE_DIR") != "" {
				if want := referenceAPI(t, sdl); want != printAPI(s.API) {
					t.Errorf("the reference derives the API schema\n%s\nwe derive\n%s", want, printAPI(s.API))
				}
			}
		})
	}
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

// referenceAPI returns the API schema that the reference derives, printed as ours is.
func referenceAPI(t *testing.T, sdl string) string {
	t.Helper()
	line, err := json.Marshal(sdl)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "testdata/oracle.mjs")
	cmd.Stdin = bytes.NewReader(append(line, '\n'))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ API, Error string }
	if err := json.Unmarshal(out, &answer); err != nil || answer.Error != "" {
		t.Fatal(err, answer.Error)
	}
	doc, err := parser.ParseSchema(&ast.Source{Name: "api", Input: answer.API})
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
	return printAPI(schema)
}
