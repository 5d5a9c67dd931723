package composition

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

var (
	oracleRandom      = flag.Int("oracle.random", 20, "how many random compositions to hold against the oracle")
	oracleSeed        = flag.Uint64("oracle.seed", 1, "the seed of the first of them")
	oracleDifferences = flag.String("oracle.differences", "", "a folder for the random compositions that differ")
)

var oracleCases = flag.String("oracle.cases", "testdata/*.txtar", "the compositions to hold against the oracle")

// TestOracle holds compositions against those of a reference implementation. It runs when WEFT_ORACLE_DIR names a
// folder with a program compose.mjs that reads a supergraph.yaml and prints
// {supergraphSdl, errors: [{code, message}], hints: [{code, message, coordinate}]}.
//
// What is compared: the codes of errors, the codes and coordinates of hints, and the supergraph by its meaning.
func TestOracle(t *testing.T) {
	dir := os.Getenv("WEFT_ORACLE_DIR")
	if dir == "" {
		return
	}
	files, err := filepath.Glob(*oracleCases)
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			subgraphs, _ := split(archive)
			holdAgainstOracle(t, dir, subgraphs)
		})
	}
}

func holdAgainstOracle(t *testing.T, dir string, subgraphs []Subgraph) {
	t.Helper()
	want := askOracle(t, dir, subgraphs)
	got := Compose(subgraphs)
	compareLists(t, "errors", errorCodes(got.Errors), want.errorCodes())
	if len(got.Errors) > 0 || len(want.Errors) > 0 {
		for _, e := range got.Errors {
			t.Logf("ours: %s %s", e.Code, e.Message)
		}
		for _, e := range want.Errors {
			t.Logf("oracle: %s %.200s", e.Code, strings.ReplaceAll(e.Message, "\n", " "))
		}
		return
	}
	checkReadable(t, dir, got.SDL)
	compareLists(t, "hints", hintCodes(got.Hints), want.hintCodes())
	compareLists(t, "supergraph", meaning(t, got.SDL), meaning(t, want.SDL))
}

// oracleAnswer is what the oracle prints.
type oracleAnswer struct {
	SDL    string `json:"supergraphSdl"`
	Errors []struct{ Code, Message string }
	Hints  []struct{ Code, Message, Coordinate string }
}

func (a oracleAnswer) errorCodes() []string {
	var codes []string
	for _, e := range a.Errors {
		codes = append(codes, e.Code)
	}
	return unique(codes)
}

func (a oracleAnswer) hintCodes() []string {
	var codes []string
	for _, h := range a.Hints {
		codes = append(codes, h.Code+" "+h.Coordinate)
	}
	return unique(codes)
}

func errorCodes(ds []diagnostic.Diagnostic) []string {
	var codes []string
	for _, d := range ds {
		codes = append(codes, string(d.Code))
	}
	return unique(codes)
}

func hintCodes(ds []diagnostic.Diagnostic) []string {
	var codes []string
	for _, d := range ds {
		codes = append(codes, string(d.Code)+" "+d.Coordinate)
	}
	return unique(codes)
}

func unique(codes []string) []string {
	slices.Sort(codes)
	return slices.Compact(codes)
}

func askOracle(t *testing.T, dir string, subgraphs []Subgraph) oracleAnswer {
	t.Helper()
	type schema struct {
		SDL string `yaml:"sdl"`
	}
	type entry struct {
		URL    string `yaml:"routing_url"`
		Schema schema `yaml:"schema"`
	}
	config := map[string]map[string]entry{"subgraphs": {}}
	for _, s := range subgraphs {
		config["subgraphs"][s.Name] = entry{s.URL, schema{s.SDL}}
	}
	text, err := yaml.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "supergraph.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("node", filepath.Join(dir, "compose.mjs"), "--json", file)
	out, err := command.Output()
	var answer oracleAnswer
	if jsonErr := json.Unmarshal(out, &answer); jsonErr != nil {
		t.Fatalf("the oracle did not answer: %v, %v", err, jsonErr)
	}
	return answer
}

// checkReadable has the oracle's planner read a supergraph.
func checkReadable(t *testing.T, dir, sdl string) {
	t.Helper()
	file, operation := filepath.Join(t.TempDir(), "supergraph.graphql"), filepath.Join(t.TempDir(), "operation.graphql")
	for name, text := range map[string]string{file: sdl, operation: "{ __typename }"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("node", filepath.Join(dir, "plan.mjs"), file, operation).CombinedOutput(); err != nil {
		t.Errorf("the oracle cannot read the supergraph: %v\n%.2000s", err, out)
	}
}

func compareLists(t *testing.T, what string, got, want []string) {
	t.Helper()
	for _, s := range want {
		if !slices.Contains(got, s) {
			t.Errorf("%s: missing %s", what, s)
		}
	}
	for _, s := range got {
		if !slices.Contains(want, s) {
			t.Errorf("%s: not expected: %s", what, s)
		}
	}
}

// meaning lists what a supergraph says, one statement a line, so that two supergraphs can be compared whatever
// order and spacing they are printed in. The definitions of the join and link specifications are left out.
func meaning(t *testing.T, sdl string) []string {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Name: "supergraph", Input: sdl})
	if err != nil {
		t.Fatalf("the supergraph does not parse: %v", err)
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

// TestRandomAgainstOracle holds random compositions against the oracle. Those that differ are written to the folder
// of -oracle.differences, ready to be looked at or kept as golden files.
func TestRandomAgainstOracle(t *testing.T) {
	dir := os.Getenv("WEFT_ORACLE_DIR")
	if dir == "" {
		return
	}
	for i := range *oracleRandom {
		seed := *oracleSeed + uint64(i)
		t.Run(fmt.Sprintf("seed%d", seed), func(t *testing.T) {
			g := &generator{r: rand.New(rand.NewPCG(seed, 1)), noise: []float64{0.005, 0.02, 0.05}[i%3], modern: []float64{0.7, 0, 1, 0.4}[i%4]}
			subgraphs := g.subgraphs()
			holdAgainstOracle(t, dir, subgraphs)
			if t.Failed() && *oracleDifferences != "" {
				archive := &txtar.Archive{}
				for _, s := range subgraphs {
					archive.Files = append(archive.Files, txtar.File{Name: s.File, Data: []byte(s.SDL)})
				}
				if err := os.WriteFile(filepath.Join(*oracleDifferences, fmt.Sprintf("seed%d.txtar", seed)), txtar.Format(archive), 0o600); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
