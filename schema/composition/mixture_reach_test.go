package composition

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/schema/link"
)

// Random graphs of all kinds are worth what they reach: most codes of composition, all directives of the federation
// specification, and both verdicts often. With -v the test prints how often each is reached.
func TestRandomGraphsReach(t *testing.T) {
	const seeds = 2000
	m := newMutator(t)
	codes, directives, composed, all := map[string]int{}, map[string]int{}, 0, 0
	for seed := range uint64(seeds) {
		for _, subgraphs := range [][]Subgraph{
			newMixture(seed),
			(&generator{r: rand.New(rand.NewPCG(seed, 1)), noise: 0.02, modern: 0.7}).subgraphs(),
			m.subgraphs(seed),
		} {
			all++
			r := Compose(subgraphs)
			if len(r.Errors) == 0 {
				composed++
			}
			for _, code := range unique(append(errorCodes(r.Errors), errorCodes(r.Hints)...)) {
				codes[code]++
			}
			for _, s := range subgraphs {
				for _, d := range unique(applied.FindAllString(quoted.ReplaceAllString(s.SDL, ""), -1)) {
					directives[d]++
				}
			}
		}
	}
	t.Logf("%d of %d compose\n%s\n%s", composed, all, histogram(codes), histogram(directives))
	if share := float64(composed) / float64(all); share < 0.2 || share > 0.8 {
		t.Errorf("%.2f of the graphs compose: neither verdict should be rare", share)
	}
	if len(codes) < 100 {
		t.Errorf("only %d codes are reached", len(codes))
	}
	for _, d := range link.FederationDirectives(link.LatestFederation) {
		if directives["@"+d] == 0 {
			t.Errorf("@%s is never applied", d)
		}
	}
}

var (
	applied = regexp.MustCompile(`@\w+`)
	quoted  = regexp.MustCompile(`"[^"\n]*"`)
)

func histogram(counts map[string]int) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "%6d %s\n", counts[name], name)
	}
	return b.String()
}
