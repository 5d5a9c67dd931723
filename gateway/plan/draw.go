package plan

import (
	"fmt"
	"strconv"
	"strings"
)

// Dot is the plan as a graph in the language of Graphviz: a box for each fetch, an arrow from each to those that wait for
// it, but not to those that wait for another that does.
func (e Explanation) Dot() string {
	var b strings.Builder
	b.WriteString("digraph plan {\n  rankdir=LR\n  node [shape=box]\n")
	for _, n := range e.Plan {
		style := ""
		switch {
		case n.NotMade:
			style = " style=dotted"
		case n.Condition != "" || n.Unexpected:
			style = " style=dashed"
		}
		lines := n.label()
		for i, line := range lines {
			lines[i] = dotText.Replace(line)
		}
		fmt.Fprintf(&b, "  f%d [label=\"%s\"%s]\n", n.ID, strings.Join(lines, `\n`), style)
	}
	e.arrows(&b, "  f%d -> f%d\n")
	b.WriteString("}\n")
	return b.String()
}

// Mermaid is the plan as a flowchart in the language of Mermaid, which many pages that show Markdown draw.
func (e Explanation) Mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for _, n := range e.Plan {
		lines := n.label()
		for i, line := range lines {
			lines[i] = mermaidText.Replace(line)
		}
		fmt.Fprintf(&b, "  f%d[\"%s\"]\n", n.ID, strings.Join(lines, "<br/>"))
	}
	e.arrows(&b, "  f%d --> f%d\n")
	for _, n := range e.Plan {
		if n.NotMade || n.Condition != "" || n.Unexpected {
			fmt.Fprintf(&b, "  style f%d stroke-dasharray: 4\n", n.ID)
		}
	}
	return b.String()
}

var (
	dotText     = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ")
	mermaidText = strings.NewReplacer("#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ")
)

// label is what stands in the box of a fetch, line by line.
func (n Node) label() []string {
	lines := []string{"[" + strconv.Itoa(n.ID) + "] " + n.who()}
	if n.Kind != "entities" {
		lines = append(lines, n.Kind)
	}
	lines = append(lines, n.Places()...)
	switch {
	case n.NotMade:
		lines = append(lines, "not made")
	case n.Condition != "":
		lines = append(lines, "when "+n.Condition)
	}
	if n.Unexpected {
		lines = append(lines, "not expected")
	}
	return lines
}

func (e Explanation) arrows(b *strings.Builder, format string) {
	for i, directly := range e.directly() {
		for _, d := range directly {
			fmt.Fprintf(b, format, e.Plan[d].ID, e.Plan[i].ID)
		}
	}
}
