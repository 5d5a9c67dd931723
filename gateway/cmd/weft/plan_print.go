package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/queryplan"
	"github.com/weft-gateway/weft/gateway/plan/why"
)

// print prints a plan, for known values of its conditions or (nil) for all.
func (g *planGraph) print(cmd *cobra.Command, p *plan.Plan, values []bool, format string) error {
	e := p.ExplainWith(values)
	switch format {
	case "json":
		out, err := indented(queryplan.With(p, values))
		if err != nil {
			return err
		}
		return write(cmd, "", out)
	case "dot":
		return write(cmd, "", e.Dot())
	case "mermaid":
		return write(cmd, "", e.Mermaid())
	}
	text := e.Summary() + "\n"
	if len(p.Labels) > 0 {
		text += "@override labels: " + g.labelText(p) + "\n"
	}
	if len(e.Plan) > 1 {
		text += "\n" + e.Outline()
	}
	return write(cmd, "", text+e.Calls())
}

// labelText says how the labels are that a plan depends on.
func (g *planGraph) labelText(p *plan.Plan) string {
	out := make([]string, len(p.Labels))
	for i, name := range p.Labels {
		out[i] = name + " is not active"
		if g.options.Labels[name] {
			out[i] = name + " is active"
		}
	}
	return strings.Join(out, ", ")
}

// why prints why a field comes from where it does.
func (g *planGraph) why(cmd *cobra.Command, op *operation.Operation, field string) error {
	text, err := why.Explain(g.planner, op, g.options, field)
	if err != nil {
		return err
	}
	return write(cmd, "", text)
}

// stages prints what one stage of planning makes, or every stage.
func (g *planGraph) stages(cmd *cobra.Command, op *operation.Operation, stage string) error {
	s, err := g.planner.Stages(op, g.options)
	if err != nil {
		return err
	}
	made := map[string]func() string{
		"operation": op.Describe,
		"paths":     func() string { return s.Tree.Describe(op) },
		"fetches":   func() string { return s.Separate.Describe(plan.Pretty) },
		"merged":    func() string { return s.Merged.Describe(plan.Pretty) },
		"plan":      s.Plan.Describe,
	}
	if stage != "all" {
		return write(cmd, "", made[stage]())
	}
	var b strings.Builder
	for i, name := range planStages {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("— " + name + "\n\n" + made[name]())
	}
	return write(cmd, "", b.String())
}
