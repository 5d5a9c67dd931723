// Package architecture holds the rules that ARCHITECTURE.md tells about imports: which wing may know which, and that
// within a wing imports go one way only.
package architecture

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/weft-gateway/weft/"

// A package may import those of its own line and of the lines above. A package that is not listed belongs to the
// nearest folder above it that is; one that belongs nowhere fails the test, so that each new one is placed on purpose.
var (
	schemaWing = [][]string{
		{"schema/blockstring", "schema/diagnostic", "schema/fieldset", "schema/lookup"},
		{"schema/link", "schema/typesystem"},
		{"schema/supergraph", "schema/subgraph"},
		{"schema/subgraph/rules", "schema/querygraph", "schema/merge", "schema/diff"},
		{"schema/satisfiability"},
		{"schema/composition", "schema/contract"},
		{"schema/registry"},
	}
	gatewayWing = [][]string{
		{"gateway/jsonstring"},
		{"gateway/response"},
		{"gateway/fetch", "gateway/operation"},
		{"gateway/introspection", "gateway/plan"},
		{"gateway/execute", "gateway/plan/check"},
		{"gateway/subscription", "gateway/impact", "gateway/usage", "gateway/telemetry"},
		{"gateway/auth", "gateway/server", "gateway/playground"},
		{"gateway", "gateway/registryapi"},
		{"gateway/config"},
		{"gateway/bench"},
		{"gateway/cmd"},
	}
	subgraphsWing = [][]string{{"subgraphs"}}
)

// program is the one package that may know everything.
const program = "gateway/cmd/weft"

// forTests are packages that tests alone import.
var forTests = []string{"internal/golden", "internal/oracle"}

type listed struct {
	ImportPath string
	Imports    []string
	// Those of its tests.
	TestImports, XTestImports []string
}

func TestImports(t *testing.T) {
	packages := list(t)
	places := place(t)
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, i := range p.Imports {
			if imported := strings.TrimPrefix(i, module); slices.Contains(forTests, imported) {
				t.Errorf("%s imports %s, which is for tests alone", name, imported)
			}
		}
		if strings.HasPrefix(name, "internal/") || strings.HasPrefix(name, "e2e") {
			continue
		}
		from, ok := find(places, name)
		if !ok {
			t.Errorf("%s has no place: add it to the wing that it belongs to", name)
			continue
		}
		for _, i := range p.Imports {
			imported, own := strings.CutPrefix(i, module)
			if !own {
				if from.wing == "schema" && i == "net/http" && !strings.HasPrefix(name, "schema/registry/") {
					t.Errorf("%s imports net/http: schemas at rest know nothing of the network", name)
				}
				continue
			}
			to, ok := find(places, imported)
			switch {
			case !ok:
				t.Errorf("%s imports %s, which has no place", name, imported)
			case name == program || strings.HasPrefix(name, program+"/"):
			case to.wing != from.wing && (from.wing != "gateway" || to.wing != "schema"):
				t.Errorf("%s imports %s: %s must not know %s", name, imported, from.wing, to.wing)
			case to.wing == from.wing && to.rank > from.rank:
				t.Errorf("%s imports %s, which is nearer the request's door", name, imported)
			case to.name == "gateway/config" && from.name != to.name:
				t.Errorf("%s imports %s: a package takes its own Options, and only %s fills them", name, imported, program)
			}
		}
		if from.wing == "schema" {
			for _, i := range slices.Concat(p.TestImports, p.XTestImports) {
				if strings.HasPrefix(i, module+"gateway/") || i == module+"gateway" {
					t.Errorf("tests of %s import %s: schema must not know gateway", name, i)
				}
			}
		}
	}
}

// where is the place of a package: the entry of the wing that it belongs to, and its line.
type where struct {
	name, wing string
	rank       int
}

func place(t *testing.T) map[string]where {
	t.Helper()
	places := map[string]where{}
	for _, w := range []struct {
		name  string
		lines [][]string
	}{{"schema", schemaWing}, {"gateway", gatewayWing}, {"subgraphs", subgraphsWing}} {
		for rank, line := range w.lines {
			for _, name := range line {
				if _, twice := places[name]; twice {
					t.Fatalf("%s has two places", name)
				}
				places[name] = where{name: name, wing: w.name, rank: rank}
			}
		}
	}
	return places
}

func find(places map[string]where, name string) (where, bool) {
	for {
		// What lies directly below gateway is a room of its own.
		if w, ok := places[name]; ok {
			return w, true
		}
		i := strings.LastIndexByte(name, '/')
		if i < 0 || name[:i] == "gateway" {
			return where{}, false
		}
		name = name[:i]
	}
}

func list(t *testing.T) []listed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-pgo=off", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	command.Dir = "../.."
	out, err := command.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			t.Fatalf("go list: %v\n%s", err, failed.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("read the output of go list: %v", err)
		}
		all = append(all, p)
	}
}
