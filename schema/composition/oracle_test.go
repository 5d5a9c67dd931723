package composition

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/merge"
)

var (
	oracleRandom      = flag.Int("oracle.random", 20, "how many random compositions to hold against the oracle")
	oracleSeed        = flag.Uint64("oracle.seed", 1, "the seed of the first of them")
	oracleDifferences = flag.String("oracle.differences", "", "a folder for the random compositions that differ")
)

var oracleCases = flag.String("oracle.cases", "testdata/*.txtar", "the compositions to hold against the oracle")

// TestOracle holds compositions against those of the reference implementation (see oracle_process_test.go).
//
// What is compared: the codes of errors, the codes and coordinates of hints, and the supergraph and its API schema by
// their meaning; and the reference must read the supergraph.
func TestOracle(t *testing.T) {
	o := startOracle(t)
	if o == nil {
		return
	}
	files, err := filepath.Glob(*oracleCases)
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	agreed := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			subgraphs, _ := split(archive)
			if o.hold(t, subgraphs); !t.Failed() {
				agreed++
			}
		})
	}
	t.Logf("%d of %d written compositions agree with the reference", agreed, len(files))
}

func (o *oracle) hold(t *testing.T, subgraphs []Subgraph) {
	t.Helper()
	want := o.compose(t, subgraphs)
	got := Compose(subgraphs)
	refused, wanted := errorCodes(got.Errors), want.errorCodes()
	if slices.Contains(wanted, "") && len(refused) > 0 {
		wanted = refused // the reference broke down: any reason that we give is as good
	}
	compareLists(t, "errors", refused, wanted)
	if t.Failed() {
		for _, e := range got.Errors {
			t.Logf("ours: %s %s", e.Code, e.Message)
		}
		for _, e := range want.Errors {
			t.Logf("oracle: %s %.200s", e.Code, strings.ReplaceAll(e.Message, "\n", " "))
		}
	}
	if len(got.Errors) > 0 || len(want.Errors) > 0 {
		return
	}
	if failure := o.read(t, got.SDL).Failure; failure != "" {
		t.Errorf("the reference cannot read the supergraph: %.2000s", failure)
	}
	compareLists(t, "hints", hintCodes(got.Hints), want.hintCodes())
	compareLists(t, "supergraph", meaning(t, got.SDL), meaning(t, want.SDL))
	compareLists(t, "API schema", meaning(t, merge.PrintAPI(got.Supergraph.API)), meaning(t, want.API))
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

// TestRandomAgainstOracle holds random compositions against the oracle. Those that differ are written to the folder
// of -oracle.differences, ready to be looked at or kept as golden files.
func TestRandomAgainstOracle(t *testing.T) {
	o := startOracle(t)
	if o == nil {
		return
	}
	agreed := 0
	for i := range *oracleRandom {
		seed := *oracleSeed + uint64(i)
		t.Run(fmt.Sprintf("seed%d", seed), func(t *testing.T) {
			g := &generator{r: rand.New(rand.NewPCG(seed, 1)), noise: []float64{0.005, 0.02, 0.05}[i%3], modern: []float64{0.7, 0, 1, 0.4}[i%4]}
			subgraphs := g.subgraphs()
			o.hold(t, subgraphs)
			if !t.Failed() {
				agreed++
				return
			}
			if *oracleDifferences != "" {
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
	t.Logf("%d of %d random compositions agree with the reference", agreed, *oracleRandom)
}
