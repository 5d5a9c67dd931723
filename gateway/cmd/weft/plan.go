package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
)

// planFlags are the flags of weft plan.
type planFlags struct {
	supergraph, subgraphs string
	operations            string
	name                  string
	format, stage, why    string
	variables             string
	labels, noLabels      []string
	allLabels, check      bool
}

// The stages of planning that --stage prints, in the order in which they are made.
var planStages = []string{"operation", "paths", "fetches", "merged", "plan"}

func planCommand() *cobra.Command {
	var flags planFlags
	cmd := &cobra.Command{
		Use:   "plan {--supergraph FILE | --subgraphs FILE} {OPERATION_FILE | --operations DIR}",
		Short: "Show how an operation would be answered",
		Long: `Prints the plan of an operation: which subgraphs are asked for what, and in which order. Nothing is asked.

The graph is a supergraph's SDL (--supergraph), or what a list of subgraphs composes to (--subgraphs, the file that
weft compose takes). The operation is read from a file, or from standard input when the file is "-".

--format json prints the plan in the shape that Apollo's tools read; dot and mermaid draw it.

The plan stands for all values of the variables, and says on which of them it depends. --variables shows the plan of one
request. @override labels are not active unless --label or --all-labels says so.

--why FIELD says why a field comes from its subgraph, and what the plan would cost if another gave it. FIELD is
Type.field, or a response path such as products.name.

--stage prints what one step of planning makes: operation (normalised: no fragments, the fields of each object type),
paths (who resolves each field), fetches (before any are merged), merged (after), plan (compiled: what is sent, and how
the response is put together), or all of them.

--check also proves that the plan is sound: that every fetch is a valid operation of its subgraph which that subgraph can
answer, that it is sent all that its keys and @requires ask for and waits for it, and that the answers make up the
response that was asked for, whatever the variables and the types of objects are.

--operations plans every operation in the .graphql and .gql files of a folder and of those in it, but for hidden ones,
and prints one line each. What is wrong with one keeps no other from being planned. The exit code is 1 when one of them
cannot be planned or is no valid operation of the graph, or when a file is no valid document.`,
		Example: `  weft plan --supergraph supergraph.graphql query.graphql
  weft plan --subgraphs supergraph.yaml --format json --check query.graphql
  weft plan --supergraph supergraph.graphql --why products.name query.graphql
  weft plan --supergraph supergraph.graphql --operations operations/
  echo '{ orders { nodes { id } } }' | weft plan --supergraph supergraph.graphql -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if flags.operations != "" {
				return exactly()(cmd, args)
			}
			return exactly("OPERATION_FILE")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.valid(); err != nil {
				return err
			}
			graph, err := flags.graph(cmd)
			if err != nil {
				return err
			}
			if flags.operations != "" {
				return planFolder(cmd, graph, flags)
			}
			return planFile(cmd, graph, flags, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.supergraph, "supergraph", "", "`file` with supergraph SDL")
	f.StringVar(&flags.subgraphs, "subgraphs", "", "`file` that lists the subgraphs to compose, as weft compose takes it")
	f.StringVar(&flags.operations, "operations", "", "`folder` of operations to plan")
	f.StringVar(&flags.format, "format", "text", "what is printed: text, json, dot, mermaid; text or json with --operations")
	f.StringVar(&flags.name, "operation-name", "", "`name` of the operation, where the document has several")
	f.StringVar(&flags.variables, "variables", "", "JSON `object` of variables to show the plan for, or @file with one")
	f.StringVar(&flags.stage, "stage", "", "print a stage of planning: "+strings.Join(planStages, ", ")+", all")
	f.StringVar(&flags.why, "why", "", "say why a `field` comes from where it comes from")
	f.StringArrayVar(&flags.labels, "label", nil, "`label` of @override that is active; may be given several times")
	f.BoolVar(&flags.allLabels, "all-labels", false, "take all labels of @override for active")
	f.StringArrayVar(&flags.noLabels, "no-label", nil, "`label` of @override that is not active, with --all-labels")
	f.BoolVar(&flags.check, "check", false, "prove that the plan is sound, and say what was checked")
	return cmd
}

// valid refuses flags that do not go together.
func (f planFlags) valid() error {
	if (f.supergraph == "") == (f.subgraphs == "") {
		return usagef("give either --supergraph, the file with the supergraph's SDL, or --subgraphs, the file that lists subgraphs")
	}
	if err := oneOf("format", f.format, "text", "json", "dot", "mermaid"); err != nil {
		return err
	}
	if f.stage != "" {
		if err := oneOf("stage", f.stage, append(planStages, "all")...); err != nil {
			return err
		}
	}
	switch {
	case f.stage != "" && f.why != "":
		return usagef("--stage and --why print different things: give one of them")
	case (f.stage != "" || f.why != "") && f.format != "text":
		return usagef("--stage and --why print text: --format %s does not go with them", f.format)
	case (f.stage != "" || f.why != "") && f.check:
		return usagef("--check proves the plan that is printed: it does not go with --stage and --why")
	case (f.stage != "" || f.why != "") && f.variables != "":
		return usagef("--stage and --why are about the plan for all values of the variables: --variables does not go with them")
	case len(f.noLabels) > 0 && !f.allLabels:
		return usagef("--no-label goes with --all-labels: without it no label is active but those of --label")
	}
	if f.operations == "" {
		return nil
	}
	for _, one := range []struct {
		flag  string
		given bool
	}{{"stage", f.stage != ""}, {"why", f.why != ""}, {"variables", f.variables != ""}, {"operation-name", f.name != ""}} {
		if one.given {
			return usagef("--%s is for one operation: it does not go with --operations", one.flag)
		}
	}
	return oneOf("format", f.format, "text", "json")
}

// planFile plans one operation of a document.
func planFile(cmd *cobra.Command, graph *planGraph, flags planFlags, file string) error {
	text, source, err := readInput(cmd, file)
	if err != nil {
		return err
	}
	refuse := func(in report.Source, errs ...error) error {
		report.Printer{W: cmd.ErrOrStderr()}.Operation(in, operationErrors(errs))
		return errReported
	}
	in := report.Source{Name: source, Text: text}
	doc, errs := graph.read(text)
	if errs != nil {
		return refuse(in, errs)
	}
	selected, fail := selectOperation(doc, flags.name)
	if fail != nil {
		return refuse(in, fail)
	}
	op, err := graph.normalise(doc, selected)
	if err != nil {
		return refuse(in, err)
	}
	if flags.stage == "operation" {
		return write(cmd, "", op.Describe())
	}
	if flags.why != "" {
		return graph.why(cmd, op, flags.why)
	}
	if flags.stage != "" {
		return graph.stages(cmd, op, flags.stage)
	}
	made, err := graph.planner.Plan(op, graph.options)
	if err != nil {
		return refuse(in, at(selected, err))
	}
	values, errs := graph.conditions(selected, made, flags.variables)
	if errs != nil {
		return refuse(report.Source{Name: "--variables", Text: flags.variables}, errs)
	}
	if err := graph.print(cmd, made, values, flags.format); err != nil || !flags.check {
		return err
	}
	sound, err := graph.prove(made, op)
	if err != nil {
		return err
	}
	if flags.format == "text" {
		return write(cmd, "", "\n"+sound+"\n")
	}
	_, err = fmt.Fprintln(cmd.ErrOrStderr(), sound)
	return err
}
