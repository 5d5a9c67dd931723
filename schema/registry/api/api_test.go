package api

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/diff"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/api/generated"
	"github.com/weft-gateway/weft/schema/registry/sqlite"
)

var update = flag.Bool("update", false, "write what the tests answer into testdata")

// compose gives the supergraph a field for every word of the subgraphs' schemas; "bad" does not compose, and
// "odd" gives a hint.
func compose(subgraphs []composition.Subgraph) composition.Result {
	var result composition.Result
	var fields []string
	for _, s := range subgraphs {
		for i, word := range strings.Fields(s.SDL) {
			d := diagnostic.Diagnostic{
				Code: "A_CODE", Severity: diagnostic.Error, Message: "a " + word + " word", Coordinate: "Query." + word,
				Locations: []diagnostic.Location{{Subgraph: s.Name, Line: 1, Column: i + 1}, {Subgraph: s.Name}},
			}
			switch word {
			case "bad":
				result.Errors = append(result.Errors, d)
			case "odd":
				d.Severity, d.Coordinate = diagnostic.Warn, ""
				result.Hints = append(result.Hints, d)
			default:
				fields = append(fields, word+": Int")
			}
		}
	}
	if len(result.Errors) == 0 {
		result.SDL = "type Query { " + strings.Join(fields, " ") + " }"
	}
	return result
}

func newExecutor(t *testing.T) *executor.Executor {
	t.Helper()
	store, err := sqlite.Open(context.Background(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	minutes := 0
	r, err := registry.New(registry.Options{
		Store: store, Compose: compose,
		APISchema: func(sdl string) (*ast.Schema, error) { return gqlparser.LoadSchema(&ast.Source{Input: sdl}) },
		Now: func() time.Time {
			minutes++
			return time.Date(2026, 3, 14, 15, minutes, 0, 0, time.UTC)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	e := executor.New(New(r))
	e.Use(extension.FixedComplexityLimit(MaxComplexity))
	return e
}

func execute(ctx context.Context, t *testing.T, e *executor.Executor, query string) string {
	t.Helper()
	ctx = graphql.StartOperationTrace(ctx)
	op, errs := e.CreateOperationContext(ctx, &graphql.RawParams{Query: query})
	if len(errs) > 0 {
		return "request error: " + errs.Error()
	}
	responses, ctx := e.DispatchOperation(ctx, op)
	text, err := json.MarshalIndent(responses(ctx), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// Each file is a story: operations in order, each followed by its answer. An operation whose name ends with
// "anonymous.graphql" is made by nobody, the others by bob.
func TestStories(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no test data (%v)", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			story, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			e := newExecutor(t)
			told := &txtar.Archive{Comment: story.Comment}
			for i, file := range story.Files {
				name, isOperation := strings.CutSuffix(file.Name, ".graphql")
				if !isOperation {
					continue
				}
				ctx := context.Background()
				if !strings.HasSuffix(name, "anonymous") {
					ctx = WithActor(ctx, registry.Actor{Subject: "bob", Issuer: "http://issuer"})
				}
				got := execute(ctx, t, e, string(file.Data))
				told.Files = append(told.Files, file, txtar.File{Name: name + ".json", Data: []byte(got)})
				if *update {
					continue
				}
				if i+1 == len(story.Files) || story.Files[i+1].Name != name+".json" {
					t.Errorf("%s has no answer in the file", file.Name)
				} else if want := string(story.Files[i+1].Data); got != want {
					t.Errorf("%s:\n%s\nwant\n%s", file.Name, got, want)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(told), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// The words of the API are those of the registry: they are converted by their spelling.
func TestEnums(t *testing.T) {
	for _, status := range []registry.Status{registry.Accepted, registry.Unchanged, registry.Refused} {
		if !generated.PublicationStatus(status).IsValid() {
			t.Errorf("PublicationStatus has no %s", status)
		}
	}
	for _, kind := range []registry.CauseKind{registry.Published, registry.Removed, registry.RolledBack} {
		if !generated.VersionCauseKind(kind).IsValid() {
			t.Errorf("VersionCauseKind has no %s", kind)
		}
	}
	for _, severity := range []diagnostic.Severity{diagnostic.Error, diagnostic.Warn, diagnostic.Info, diagnostic.Debug} {
		if !generated.Severity(severity).IsValid() {
			t.Errorf("Severity has no %s", severity)
		}
	}
	for _, level := range []diff.Level{diff.Breaking, diff.Dangerous, diff.Safe} {
		if !generated.ChangeLevel(level).IsValid() {
			t.Errorf("ChangeLevel has no %s", level)
		}
	}
}

// Every mutation says who may make it, and everything in the schema says what it is.
func TestSchema(t *testing.T) {
	schema := New(nil).Schema()
	for _, field := range schema.Mutation.Fields {
		if field.Directives.ForName("requiresScopes") == nil {
			t.Errorf("mutation %s does not say who may make it", field.Name)
		}
	}
	for name, def := range schema.Types {
		if def.BuiltIn {
			continue
		}
		if def.Description == "" {
			t.Errorf("%s has no description", name)
		}
	}
}
