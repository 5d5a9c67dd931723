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

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/merge"
)

var (
	oracleRandom      = flag.Int("oracle.random", 20, "how many random compositions to hold against the oracle")
	oracleSeed        = flag.Uint64("oracle.seed", 1, "the seed of the first of them")
	oracleDifferences = flag.String("oracle.differences", "", "a folder for the random compositions that differ")
)

var oracleCases = flag.String("oracle.cases", "testdata/*.txtar", "the compositions to hold against the oracle")

// TestOracle holds compositions against those of the reference implementation (see package oracle).
//
// What is compared: the codes of errors, the codes and coordinates of hints, and the supergraph and its API schema by
// their meaning; and the reference must read the supergraph, and plan operations on it as on its own.
func TestOracle(t *testing.T) {
	o := oracle.Start(t)
	if o == nil {
		return
	}
	agreed, all := 0, 0
	golden.Each(t, *oracleCases, func(t *testing.T, f *golden.File) {
		all++
		if hold(t, o, subgraphsOf(f)); !t.Failed() {
			agreed++
		}
	})
	t.Logf("%d of %d written compositions agree with the reference", agreed, all)
}

// hold composes subgraphs and compares all with what the reference makes of them. It reports whether they compose.
func hold(t *testing.T, o *oracle.Oracle, subgraphs []Subgraph) bool {
	t.Helper()
	want := o.Compose(t, services(subgraphs))
	got := Compose(subgraphs)
	refused, wanted := errorCodes(got.Errors), want.ErrorCodes()
	switch {
	case want.BrokeDown():
		return false // any answer that we give is better
	case want.Unparsed:
		if len(refused) == 0 {
			t.Errorf("what the reference cannot parse composes: %s", want.Errors[0].Message)
		}
		return false
	case !slices.Equal(refused, wanted) && overlooked(t, o, subgraphs, got.Errors, want):
		return false
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
		return false
	}
	holdPlans(t, o, got, want.Supergraph)
	compareLists(t, "hints", hintCodes(got.Hints), want.HintCodes())
	compareLists(t, "supergraph", meaning(t, got.SDL), meaning(t, want.Supergraph))
	compareLists(t, "API schema", meaning(t, merge.PrintAPI(got.Supergraph.API)), meaning(t, want.API))
	return true
}

// meaning leaves out what docs/federation.md tells of: @oneOf, which the reference does not know and loses, and the null of
// a @key(resolvable: null), which it writes where its own definition of @join__type does not allow null.
func meaning(t *testing.T, sdl string) []string {
	t.Helper()
	sdl = strings.ReplaceAll(sdl, ", resolvable: null", "")
	return slices.DeleteFunc(oracle.Meaning(t, sdl), func(statement string) bool { return strings.Contains(statement, "@oneOf") })
}

// overlooked reports whether only the check of satisfiability differs, and the reference's own planner proves us right.
func overlooked(t *testing.T, o *oracle.Oracle, subgraphs []Subgraph, ours []diagnostic.Diagnostic, want oracle.Composition) bool {
	t.Helper()
	others := func(codes []string) []string {
		return slices.DeleteFunc(codes, func(c string) bool { return c == string(diagnostic.SatisfiabilityError) })
	}
	if !slices.Equal(others(errorCodes(ours)), others(want.ErrorCodes())) {
		return false
	}
	var refused []string
	for _, d := range ours {
		if d.Code == diagnostic.SatisfiabilityError {
			refused = append(refused, witnessOf(d))
		}
	}
	return o.Proves(t, services(subgraphs), refused, want)
}

// witnessOf is the operation that an error of satisfiability shows: its indented lines.
func witnessOf(d diagnostic.Diagnostic) string {
	var b strings.Builder
	for line := range strings.Lines(d.Message) {
		if text, ok := strings.CutPrefix(line, "  "); ok {
			b.WriteString(text)
		}
	}
	return b.String()
}

func services(subgraphs []Subgraph) []oracle.Subgraph {
	var out []oracle.Subgraph
	for _, s := range subgraphs {
		out = append(out, oracle.Subgraph{Name: s.Name, URL: s.URL, SDL: s.SDL})
	}
	return out
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
	holdMany(t, "random", func(seed uint64) []Subgraph {
		i := seed - *oracleSeed
		g := &generator{r: rand.New(rand.NewPCG(seed, 1)), noise: []float64{0.005, 0.02, 0.05}[i%3], modern: []float64{0.7, 0, 1, 0.4}[i%4]}
		return g.subgraphs()
	})
}

// TestMixturesAgainstOracle does the same with mixtures.
func TestMixturesAgainstOracle(t *testing.T) { holdMany(t, "mixture", newMixture) }

// TestMutationsAgainstOracle does the same with mutated golden files.
func TestMutationsAgainstOracle(t *testing.T) {
	m := newMutator(t)
	holdMany(t, "mutated", m.subgraphs)
}

func holdMany(t *testing.T, what string, generate func(seed uint64) []Subgraph) {
	t.Helper()
	o := oracle.Start(t)
	if o == nil {
		return
	}
	agreed, composed := 0, 0
	for i := range *oracleRandom {
		seed := *oracleSeed + uint64(i)
		t.Run(fmt.Sprintf("seed%d", seed), func(t *testing.T) {
			subgraphs := generate(seed)
			if hold(t, o, subgraphs) {
				composed++
			}
			if !t.Failed() {
				agreed++
				return
			}
			if *oracleDifferences != "" {
				keep(t, filepath.Join(*oracleDifferences, fmt.Sprintf("%s%d.txtar", what, seed)), subgraphs)
			}
		})
	}
	t.Logf("%d of %d %s compositions agree with the reference; %d of them compose", agreed, *oracleRandom, what, composed)
}

func keep(t *testing.T, path string, subgraphs []Subgraph) {
	t.Helper()
	archive := &txtar.Archive{}
	for _, s := range subgraphs {
		archive.Files = append(archive.Files, txtar.File{Name: s.File, Data: []byte(s.SDL)})
	}
	if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
		t.Error(err)
	}
}
