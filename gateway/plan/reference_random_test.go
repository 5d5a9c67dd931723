package plan_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/internal/simulate/generate"
)

var (
	referenceRandom  = flag.Int("reference.random", 30, "how many random graphs to plan on with the reference planner too")
	referenceSeed    = flag.Uint64("reference.seed", 1, "the seed of the first of them")
	referenceKeep    = flag.String("reference.keep", "", "a folder to keep the graphs and the operations in, for testdata/reference")
	referenceFields  = flag.Int("reference.fields", 0, "about how many fields an operation selects; 0: as many as elsewhere")
	referenceTangled = flag.Bool("reference.tangled", false, "whether the graphs give planners much to choose from")
	referenceWorse   = flag.String("reference.worse", "", "a folder for the operations whose plans are worse than the reference's")
)

// profile is what graphs are like.
func profile(tangled bool) generate.Profile {
	if tangled {
		return generate.Tangled
	}
	return generate.Ordinary
}

// TestRandomAgainstReference plans random operations on random graphs with the reference planner too, where it is there.
func TestRandomAgainstReference(t *testing.T) {
	o := oracle.Start(t)
	if o == nil {
		return
	}
	var total comparison
	for i := range *referenceRandom {
		seed := *referenceSeed + uint64(i)
		c := generate.Seeded(seed)
		g := generate.NewGraph(c, profile(*referenceTangled))
		r, err := newRig(g.Sources, g.Data)
		if errors.As(err, &errNotComposed{}) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		kept := &txtar.Archive{Comment: fmt.Appendf(nil, "Random: seed %d.\n", seed)}
		for _, s := range g.Sources {
			kept.Files = append(kept.Files, txtar.File{Name: "subgraphs/" + s.Name + ".graphql", Data: []byte(s.SDL)})
		}
		for n := range operationsPerGraph {
			text, variables := generate.Operation(c, r.super.API, generate.Options{Fields: *referenceFields})
			p, err := r.prepare(text)
			if errors.As(err, &gqlerror.List{}) {
				continue
			}
			if err != nil {
				t.Errorf("seed %d-%d: %v", seed, n, err)
				continue
			}
			plans, err := o.Plan(t, r.sdl, []string{text})
			if err != nil || plans[0].Failure != "" {
				total.add(countsOf(p.plan), counts{}, "")
				continue
			}
			kept.Files = append(kept.Files, txtar.File{Name: fmt.Sprintf("operations/%d.graphql", n), Data: []byte(text)})
			ours, theirs, why := countsOf(p.plan), counts{plans[0].Fetches, plans[0].Depth}, fault(r.super, plans[0])
			total.add(ours, theirs, why)
			if why == "" && ours.worse(theirs) {
				t.Logf("seed %d-%d: ours %s, the reference's %s", seed, n, ours, theirs)
				if *referenceWorse != "" {
					body := fmt.Sprintf("%s\n%s", (&trial{sources: g.Sources, data: g.Data, text: text, variables: variables}).story(), planText(p.plan, plans[0]))
					if err := os.WriteFile(filepath.Join(*referenceWorse, fmt.Sprintf("%d-%d.txt", seed, n)), []byte(body), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if *referenceKeep != "" {
			if err := os.WriteFile(filepath.Join(*referenceKeep, fmt.Sprintf("random_%d.txtar", seed)), txtar.Format(kept), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Log(total)
}
