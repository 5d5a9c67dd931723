package plan_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/internal/simulate"
)

// TestAgainstReference holds what plans cost against what the reference planner's cost: for the stories, and for the graphs
// under testdata/reference. Each of those is a txtar file: what the graph is about, subgraphs, operations; reasons.txt says
// why a plan of ours may cost more ("operation: reason"); counts.txt has a line for each operation, with the number of
// fetches and how many of them run one after another, of the reference's plan and of ours. Counts of the reference are
// asked for where it is there, and taken from the file otherwise; "-update" writes them, and ours.
func TestAgainstReference(t *testing.T) {
	k := &corpus{oracle: oracle.Start(t)}
	stories := golden.Read(t, "testdata/reference/stories.txtar")
	known, reasons := parseCounts(stories.Text("counts.txt")), parseReasons(stories.Text("reasons.txt"))
	var table strings.Builder
	for _, f := range golden.Files(t, "testdata/*.txtar") {
		if _, asked := known[f.Name()]; !asked && k.oracle == nil {
			continue // until the reference is asked about it
		}
		table.WriteString(k.row(t, newCorpusRig(t, f), f.Name(), f.Text("operation.graphql"), known, reasons))
	}
	k.stale(t, "stories", reasons)
	stories.Hold(t, golden.Answer{Name: "counts.txt", Text: table.String()})
	for _, f := range golden.Files(t, "testdata/reference/*.txtar") {
		if f.Name() == "stories" {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) { k.graph(t, f) })
	}
	t.Logf("%d graphs, %v; %d reasons", k.graphs, k.total, k.reasons)
}

// corpus compares plans.
type corpus struct {
	oracle          *oracle.Oracle // nil: the counts are those in the files
	total           comparison
	graphs, reasons int
	last            *rig
}

// graph compares the plans for the operations on one graph.
func (k *corpus) graph(t *testing.T, f *golden.File) {
	r := newCorpusRig(t, f)
	known, reasons := parseCounts(f.Text("counts.txt")), parseReasons(f.Text("reasons.txt"))
	var table strings.Builder
	for _, part := range f.Files {
		if name, ok := strings.CutPrefix(part.Name, "operations/"); ok {
			table.WriteString(k.row(t, r, strings.TrimSuffix(name, ".graphql"), string(part.Data), known, reasons))
		}
	}
	k.stale(t, f.Name(), reasons)
	f.Hold(t, golden.Answer{Name: "counts.txt", Text: table.String()})
}

func newCorpusRig(t *testing.T, f *golden.File) *rig {
	t.Helper()
	var sources []simulate.Source
	for _, part := range f.Files {
		if name, ok := strings.CutPrefix(part.Name, "subgraphs/"); ok {
			sources = append(sources, simulate.Source{Name: strings.TrimSuffix(name, ".graphql"), SDL: string(part.Data)})
		}
	}
	r, err := newRig(sources, []byte("{}"))
	if err != nil {
		t.Fatalf("%s: %v", f.Name(), err)
	}
	return r
}

// counted is what the reference's plan costs, and what is wrong with it.
type counted struct {
	counts
	fault string
}

// row compares the plans for an operation, and writes the line of counts.txt. A reason that is needed is taken out of those
// given.
func (k *corpus) row(t *testing.T, r *rig, name, text string, known map[string]counted, reasons map[string]string) string {
	t.Helper()
	p, err := r.prepare(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	theirs := known[name]
	if k.oracle != nil {
		theirs = counted{}
		if plans, err := k.oracle.Plan(t, r.sdl, []string{text}); err == nil {
			theirs = counted{counts{plans[0].Fetches, plans[0].Depth}, fault(r.super, plans[0])}
		}
		if have, ok := known[name]; ok && have != theirs && !golden.Updating() {
			t.Errorf("%s: the reference's plan is %s, not %s", name, theirs, have)
		}
	}
	ours := countsOf(p.plan)
	if k.total.operations == 0 || k.last != r {
		k.graphs, k.last = k.graphs+1, r
	}
	k.total.add(ours, theirs.counts, theirs.fault)
	if theirs.fetches > 0 && theirs.fault == "" && ours.worse(theirs.counts) {
		if reasons[name] == "" {
			t.Errorf("%s: ours is %s, the reference's %s\n%s", name, ours, theirs.counts, p.plan.Explain().Text())
		} else {
			k.reasons++
		}
		delete(reasons, name)
	}
	return fmt.Sprintf("%s | %s | ours %s\n", name, theirs, ours)
}

func (c counted) String() string {
	if c.fault == "" {
		return "reference " + c.counts.String()
	}
	return "reference " + c.counts.String() + ", which " + c.fault
}

// stale reports reasons for what needs none.
func (k *corpus) stale(t *testing.T, file string, reasons map[string]string) {
	t.Helper()
	for name := range reasons {
		t.Errorf("%s: %s needs no reason: the plan is as good as the reference's", file, name)
	}
}

// parseReasons reads reasons.txt.
func parseReasons(text string) map[string]string {
	reasons := map[string]string{}
	for line := range strings.Lines(text) {
		if name, reason, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			reasons[name] = reason
		}
	}
	return reasons
}

// parseCounts reads what counts.txt says of the reference.
func parseCounts(text string) map[string]counted {
	out := map[string]counted{}
	for line := range strings.Lines(text) {
		name, rest, ok := strings.Cut(line, " | reference ")
		rest, _, _ = strings.Cut(rest, " | ours")
		if !ok {
			continue
		}
		size, fault, _ := strings.Cut(rest, ", which ")
		var c counted
		if fetches, depth, ok := strings.Cut(size, " in "); ok {
			c.fetches, _ = strconv.Atoi(fetches)
			c.depth, _ = strconv.Atoi(depth)
		}
		c.fault = fault
		out[name] = c
	}
	return out
}
