package fetchgraph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// Describe writes the fetches as a person reads them: what each is for, what it waits for, and what it asks. pretty lays a
// document out over lines.
func (g *Graph) Describe(pretty func(string) string) string {
	var b strings.Builder
	for i, f := range g.Fetches {
		if i > 0 {
			b.WriteByte('\n')
		}
		name := "the gateway itself"
		if f.Subgraph >= 0 {
			name = g.query().Supergraph.Graphs[f.Subgraph].Name
		}
		fmt.Fprintf(&b, "[%d] %s · step %d", f.ID, name, f.level+1)
		for k, d := range f.DependsOn {
			b.WriteString([]string{" · after ", " "}[min(k, 1)] + fmt.Sprintf("[%d]", d.ID))
		}
		b.WriteByte('\n')
		for _, group := range f.Groups {
			for _, t := range group.Targets {
				b.WriteString("    " + g.targetText(group, t, len(f.Groups) > 1) + "\n")
			}
		}
		for line := range strings.Lines(pretty(f.Document)) {
			b.WriteString("    " + line)
		}
	}
	return b.String()
}

func (g *Graph) targetText(group *Group, t *Target, several bool) string {
	text := "for the root"
	if t.Fork.Field != nil {
		text = "for " + t.Fork.ResponsePath()
		if t.Place != nil && len(t.Fork.Places) > 1 {
			text += " (" + strings.Join(t.Place.Types, ", ") + ")"
		}
	}
	var entries []string
	for _, p := range t.Presences {
		if entry := choose.EntryText(p.Entry); entry != "" && !slices.Contains(entries, entry) {
			entries = append(entries, entry)
		}
	}
	if len(entries) > 0 {
		text += "," + strings.Join(entries, " and")
	}
	if t.From != nil && t.From.Node != querygraph.None {
		text += ", beside what " + g.Tree.SubgraphName(t.From) + " gave"
	}
	if several {
		text += ", as " + group.Alias
	}
	return text
}
