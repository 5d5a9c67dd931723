package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

func planCommand() *cobra.Command {
	var file, format, name string
	var check bool
	cmd := &cobra.Command{
		Use:   "plan --supergraph FILE OPERATION_FILE",
		Short: "Show how an operation would be answered",
		Long: `Prints the plan of an operation: which subgraphs are asked for what, and in which order. Nothing is asked.

The operation is read from a file, or from standard input when the file is "-". --format json prints
{"fetches": N, "depth": N, "plan": […]}. --check also proves that the plan is sound: that every fetch is a valid
operation of its subgraph, that it waits for what it reads, and that the whole answer is filled.`,
		Example: `  weft plan --supergraph supergraph.graphql query.graphql
  echo '{ orders { nodes { id } } }' | weft plan --supergraph supergraph.graphql -`,
		Args: exactly("OPERATION_FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if file == "" {
				return usagef("--supergraph is missing: the file with the supergraph's SDL")
			}
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			super, err := readSupergraph(cmd, file)
			if err != nil {
				return err
			}
			text, source, err := readInput(cmd, args[0])
			if err != nil {
				return err
			}
			made, errs := makePlan(super, text, name)
			if len(errs) > 0 {
				report.Printer{W: cmd.ErrOrStderr()}.Operation(report.Source{Name: source, Text: text}, errs)
				return errReported
			}
			if check {
				checker, err := plan.NewChecker(super)
				if err != nil {
					return err
				}
				if err := checker.Check(made); err != nil {
					return fmt.Errorf("the plan is not sound, which is a defect of weft: %w", err)
				}
			}
			return printPlan(cmd, made, format)
		},
	}
	cmd.Flags().StringVar(&file, "supergraph", "", "`file` with supergraph SDL")
	cmd.Flags().StringVar(&format, "format", "text", "what is printed: text, json")
	cmd.Flags().StringVar(&name, "operation-name", "", "`name` of the operation, where the document has several")
	cmd.Flags().BoolVar(&check, "check", false, "prove that the plan is sound")
	return cmd
}

func readSupergraph(cmd *cobra.Command, file string) (*supergraph.Supergraph, error) {
	text, name, err := readInput(cmd, file)
	if err != nil {
		return nil, err
	}
	s, err := supergraph.Read(text)
	if err != nil {
		return nil, fmt.Errorf("%s is no supergraph that can be read: %w", name, err)
	}
	return s, nil
}

// makePlan takes a document the way that the gateway takes one, for a caller who may see everything.
func makePlan(s *supergraph.Supergraph, text, name string) (*plan.Plan, gqlerror.List) {
	doc, errs := operation.Parse(text, operation.DefaultLimits())
	if len(errs) > 0 {
		return nil, errs
	}
	validator := operation.NewValidator(s.API, operation.ValidatorOptions{Suggestions: true, Introspection: true})
	if errs := validator.Validate(doc); len(errs) > 0 {
		return nil, errs
	}
	selected, fail := operation.Select(doc, name)
	if fail != nil {
		return nil, gqlerror.List{fail}
	}
	normal, err := operation.Normalise(operation.NewSchema(s), doc, selected)
	if err != nil {
		return nil, gqlerror.List{gqlerror.Wrap(err)}
	}
	made, err := plan.NewPlanner(querygraph.New(s)).Plan(normal, plan.Options{})
	if err != nil {
		return nil, gqlerror.List{gqlerror.Wrap(err)}
	}
	return made, nil
}

func printPlan(cmd *cobra.Command, p *plan.Plan, format string) error {
	e := p.Explain()
	if format == "json" {
		out, err := e.JSON()
		if err != nil {
			return err
		}
		return write(cmd, "", string(out))
	}
	return write(cmd, "", e.Text())
}
