package registry_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/sqlite"
)

// The composition of these tests: every subgraph's schema is a list of words, the supergraph has a field for
// each, and "bad" and "needs-x" are the ways not to compose. What the registry does with a composition does
// not depend on how the real one decides.
func compose(subgraphs []composition.Subgraph) composition.Result {
	var result composition.Result
	var lines, names []string
	for _, s := range subgraphs {
		names = append(names, s.Name)
	}
	for _, s := range subgraphs {
		for i, word := range strings.Fields(s.SDL) {
			at := []diagnostic.Location{{Subgraph: s.Name, Line: 1, Column: i + 1}}
			needed, needs := strings.CutPrefix(word, "needs-")
			switch {
			case word == "bad":
				result.Errors = append(result.Errors, diagnostic.Diagnostic{
					Code: "INVALID_GRAPHQL", Severity: diagnostic.Error, Message: "a bad word", Locations: at,
				})
			case needs && !slices.Contains(names, needed):
				result.Errors = append(result.Errors, diagnostic.Diagnostic{
					Code: "SATISFIABILITY_ERROR", Severity: diagnostic.Error, Message: "nobody has " + needed, Locations: at,
				})
			case word == "odd":
				result.Hints = append(result.Hints, diagnostic.Diagnostic{
					Code: "ODD", Severity: diagnostic.Warn, Message: "an odd word", Coordinate: "Query." + s.Name, Locations: at,
				})
			case !needs:
				lines = append(lines, word+": String # "+s.Name+" at "+s.URL)
			}
		}
	}
	if len(result.Errors) == 0 {
		result.SDL = "type Query {\n" + strings.Join(lines, "\n") + "\n}\n"
	}
	return result
}

func apiSchema(sdl string) (*ast.Schema, error) {
	return gqlparser.LoadSchema(&ast.Source{Input: sdl})
}

var (
	ctx   = context.Background()
	alice = registry.Actor{Subject: "alice", Issuer: "http://issuer"}
	bob   = registry.Actor{Subject: "bob", Issuer: "http://issuer"}
)

func memory(t *testing.T) *sqlite.Store { return openStore(t, sqlite.Memory) }

func openStore(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newRegistry(t *testing.T, o registry.Options) *registry.Registry {
	t.Helper()
	if o.Store == nil {
		o.Store = memory(t)
	}
	if o.Compose == nil {
		o.Compose = compose
	}
	if o.APISchema == nil {
		o.APISchema = apiSchema
	}
	r, err := registry.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func pub(name, sdl string) registry.Publication {
	return registry.Publication{Name: name, URL: "http://" + name, SDL: sdl}
}

// publish publishes and wants a status.
func publish(t *testing.T, r *registry.Registry, want registry.Status, ps ...registry.Publication) registry.Outcome {
	t.Helper()
	out, err := r.PublishAll(ctx, ps, alice)
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != want {
		t.Fatalf("publication is %s (%v), want %s", out.Status, out.Errors, want)
	}
	return out
}

// state is everything that can be read of a registry, to show that something changed nothing.
func state(t *testing.T, r *registry.Registry) string {
	t.Helper()
	var b strings.Builder
	versions, err := r.Versions(ctx, 0, registry.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range versions {
		v, err := r.Version(ctx, info.Number)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v\n", v)
		members, err := r.Members(ctx, info.Number)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "  %+v\n", members)
	}
	for _, name := range []string{"a", "b", "c"} {
		revisions, err := r.Revisions(ctx, name, 0, registry.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %+v\n", name, revisions)
	}
	return b.String()
}

func memberNames(v registry.VersionInfo) string {
	var names []string
	for _, m := range v.Members {
		names = append(names, fmt.Sprintf("%s:%d", m.Name, m.Number))
	}
	return strings.Join(names, " ")
}

func codes(ds []diagnostic.Diagnostic) string {
	var all []string
	for _, d := range ds {
		all = append(all, string(d.Code))
	}
	return strings.Join(all, " ")
}
