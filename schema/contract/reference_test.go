package contract_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// TestReference has a reference implementation read contracts, and compares the API schema that it derives. It runs when
// WEFT_ORACLE_DIR names a folder with the reference's packages.
func TestReference(t *testing.T) {
	if os.Getenv("WEFT_ORACLE_DIR") == "" {
		return
	}
	var made []*supergraph.Supergraph
	for _, file := range goldens(t) {
		if filepath.Base(file) == "names_taken.txtar" {
			continue // the reference reads no supergraph with an @inaccessible of its own, be it a contract or not
		}
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source, _, f := story(t, archive)
		if c, _ := contract.Apply(source, f); c != nil {
			made = append(made, c)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		f := someFilter(t)
		if f.Check() != nil {
			return
		}
		if c, _ := contract.Apply(tagged(t, f), f); c != nil {
			made = append(made, c)
		}
	})
	for i, answer := range askReference(t, made) {
		if answer.Error != "" {
			t.Errorf("the reference refuses the contract: %s\n%s", answer.Error, made[i].SDL)
			continue
		}
		if got, want := elements(made[i].API), elements(parseAPI(t, answer.API)); !slices.Equal(got, want) {
			t.Errorf("the reference derives %q\nnot %q", want, got)
		}
	}
	t.Logf("%d contracts read", len(made))
}

type referenceAnswer struct{ API, Error string }

func askReference(t *testing.T, made []*supergraph.Supergraph) []referenceAnswer {
	t.Helper()
	var in bytes.Buffer
	for _, c := range made {
		if err := json.NewEncoder(&in).Encode(c.SDL); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("node", "testdata/reference.mjs")
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := make([]referenceAnswer, len(made))
	d := json.NewDecoder(bytes.NewReader(out))
	for i := range answers {
		if err := d.Decode(&answers[i]); err != nil {
			t.Fatal(err)
		}
	}
	return answers
}

func parseAPI(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Name: "api", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	prelude := validator.PreludeDocument()
	doc.Definitions = append(prelude.Definitions, doc.Definitions...)
	for _, d := range prelude.Directives {
		if doc.Directives.ForName(d.Name) == nil {
			doc.Directives = append(doc.Directives, d)
		}
	}
	schema, err := validator.ValidateSchemaDocument(doc)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
