package satisfiability

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// TestRandomAgainstReference compares verdicts with the reference composition. WEFT_ORACLE_ROUNDS says on how many sets of
// subgraphs (300), WEFT_ORACLE_SEED with which one to begin. A set on which the verdicts differ is shown as small as it can
// be made.
//
// Where they differ, the reference's own planner may prove us right: then its check overlooks something.
func TestRandomAgainstReference(t *testing.T) {
	reference := oracle.Start(t)
	if reference == nil {
		return
	}
	merged, satisfiable, wrong, proven := 0, 0, 0, 0
	first := number("WEFT_ORACLE_SEED", 0)
	for seed := first; seed < first+number("WEFT_ORACLE_ROUNDS", 300) && wrong < 5; seed++ {
		subgraphs := generate(seed)
		want, got, ok := verdicts(t, reference, subgraphs)
		if !ok {
			continue
		}
		merged++
		if len(got) == 0 {
			satisfiable++
		}
		if !agree(want, got) && overlooks(t, reference, subgraphs) {
			proven++
		} else if !agree(want, got) {
			wrong++
			small := shrink(subgraphs, func(subgraphs map[string]string) bool {
				want, got, ok := verdicts(t, reference, subgraphs)
				return ok && !agree(want, got) && !overlooks(t, reference, subgraphs)
			})
			want, got, _ = verdicts(t, reference, small)
			var b strings.Builder
			for _, name := range slices.Sorted(maps.Keys(small)) {
				b.WriteString("-- " + name + ".graphql --\n" + strings.TrimPrefix(small[name], federation2))
			}
			t.Errorf("seed %d: the reference says %v, we say %v\n%s", seed, want, got, b.String())
		}
	}
	t.Logf("%d merged, %d of them satisfiable; the planner of the reference proves its check wrong on %d", merged, satisfiable, proven)
}

// overlooks reports whether the planner of the reference proves us right, and its check wrong.
func overlooks(t *testing.T, reference *oracle.Oracle, subgraphs map[string]string) bool {
	t.Helper()
	answer := reference.Compose(t, services(subgraphs))
	var refused []string
	for _, d := range Check(read(t, reference.Merge(t, services(subgraphs)).Supergraph)) {
		if operation := witnessOf(d); d.Code == diagnostic.SatisfiabilityError && operation != "" {
			refused = append(refused, operation)
		}
	}
	return reference.Proves(t, services(subgraphs), refused, answer)
}

// verdicts returns what the reference and what we say; ok is false when the reference cannot say.
func verdicts(t *testing.T, reference *oracle.Oracle, subgraphs map[string]string) (want, got []string, ok bool) {
	t.Helper()
	merged := reference.Merge(t, services(subgraphs))
	if len(merged.Errors) > 0 {
		return nil, nil, false
	}
	sg, err := supergraph.Read(merged.Supergraph)
	if err != nil {
		t.Fatalf("%v\n%s", err, merged.Supergraph)
	}
	found := Check(sg)
	checkWitnesses(t, sg, found)
	answer := reference.Compose(t, services(subgraphs))
	return referenceVerdict(answer), verdict(found), !answer.BrokeDown()
}

// agree reports whether both say the same. The reference does not look further from where it found an error, so we may find
// more.
func agree(want, got []string) bool {
	refused := func(codes []string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return !strings.HasPrefix(c, "INCONSISTENT_") })
	}
	if refused(want) {
		return refused(got) && !slices.ContainsFunc(want, func(c string) bool { return !slices.Contains(got, c) })
	}
	return slices.Equal(want, got)
}

var directive = regexp.MustCompile(` @\w+(\([^)]*\))?`)

// shrink leaves out lines and directives of subgraphs, and whole subgraphs, as long as wrong holds.
func shrink(subgraphs map[string]string, wrong func(map[string]string) bool) map[string]string {
	try := func(name, sdl string) bool {
		smaller := maps.Clone(subgraphs)
		smaller[name] = sdl
		if sdl == "" {
			delete(smaller, name)
		}
		if !wrong(smaller) {
			return false
		}
		subgraphs = smaller
		return true
	}
	for again := true; again; {
		again = false
		for _, name := range slices.Sorted(maps.Keys(subgraphs)) {
			if try(name, "") {
				again = true
				continue
			}
			for i := 1; i < strings.Count(subgraphs[name], "\n"); {
				lines := strings.SplitAfter(subgraphs[name], "\n")
				end := i + 1
				if strings.HasSuffix(lines[i], "{\n") { // the whole type
					for end < len(lines)-1 && lines[end-1] != "}\n" {
						end++
					}
				}
				if try(name, strings.Join(slices.Concat(lines[:i], lines[end:]), "")) {
					again = true
					continue
				}
				for _, at := range slices.Backward(directive.FindAllStringIndex(lines[i], -1)) {
					lines := strings.SplitAfter(subgraphs[name], "\n")
					lines[i] = lines[i][:at[0]] + lines[i][at[1]:]
					again = try(name, strings.Join(lines, "")) || again
				}
				i++
			}
		}
	}
	return subgraphs
}

func number(name string, missing uint64) uint64 {
	n, err := strconv.ParseUint(os.Getenv(name), 10, 64)
	if err != nil {
		return missing
	}
	return n
}
