package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
	"github.com/weft-gateway/weft/gateway/config/subgraphlist"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/merge"
)

func composeCommand() *cobra.Command {
	var format, output, hints, file string
	var filter contract.Filter
	cmd := &cobra.Command{
		Use:   "compose supergraph.yaml",
		Short: "Compose subgraph schemas into a supergraph",
		Long: `Composes the subgraphs that a file in the format of Rover's supergraph.yaml lists, and prints the supergraph's SDL.
Paths in the file are relative to it.

--include-tag, --exclude-tag and --hide-unreachable-types make a contract: the same supergraph, of which clients see
only what its tags (@tag) leave. With --supergraph it is made of a supergraph that is composed already.

What does not compose is printed to standard error, with its place and its code, and the exit code is 1. So are
hints, of which --hints says the least level: warn, info, debug, or none.

--format api prints the API schema instead, which is what clients see. --format json prints
{"supergraphSdl": …, "errors": […], "hints": […]}, with all hints.`,
		Example: `  weft compose supergraph.yaml > supergraph.graphql
  weft compose --format json supergraph.yaml
  weft compose --include-tag public --hide-unreachable-types supergraph.yaml > public.graphql
  weft compose --exclude-tag internal --format api --supergraph supergraph.graphql`,
		Args: func(cmd *cobra.Command, args []string) error {
			if file != "" {
				return exactly()(cmd, args)
			}
			return exactly("supergraph.yaml")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "sdl", "api", "json"); err != nil {
				return err
			}
			if err := oneOf("hints", hints, "warn", "info", "debug", "none"); err != nil {
				return err
			}
			filtered := filter.Include != nil || filter.Exclude != nil || filter.HideUnreachable
			if err := filter.Check(); filtered && err != nil {
				return usagef("%w", err)
			}
			composed, source, err := compose(cmd, args, file)
			if err != nil {
				return err
			}
			if filtered && len(composed.Errors) == 0 {
				applyContract(&composed, filter)
			}
			return printComposition(cmd, composed.Result, source, format, output, hints)
		},
	}
	cmd.Flags().StringVar(&format, "format", "sdl", "what is printed: sdl, api, json")
	cmd.Flags().StringVarP(&output, "output", "o", "", "`file` to write to, instead of standard output")
	cmd.Flags().StringVar(&hints, "hints", "warn", "least `level` of the hints that are printed: warn, info, debug, none")
	cmd.Flags().StringVar(&file, "supergraph", "", "`file` with supergraph SDL to take, instead of composing")
	cmd.Flags().StringSliceVar(&filter.Include, "include-tag", nil, "`tag` of what clients see; may be given several times")
	cmd.Flags().StringSliceVar(&filter.Exclude, "exclude-tag", nil, "`tag` of what clients do not see; may be given several times")
	cmd.Flags().BoolVar(&filter.HideUnreachable, "hide-unreachable-types", false, "hide types that no operation can come to")
	return cmd
}

// compose composes a list of subgraphs, or reads the supergraph in a file, and tells how to find the text that a
// diagnostic points into.
func compose(cmd *cobra.Command, args []string, file string) (subgraphlist.Composition, func(diagnostic.Location) report.Source, error) {
	if file == "" {
		list, err := readList(cmd, args[0])
		if err != nil {
			return subgraphlist.Composition{}, nil, err
		}
		composed, err := list.Compose(cmd.Context())
		return composed, sourceOf(composed.Subgraphs), err
	}
	super, err := readSupergraph(cmd, file)
	if err != nil {
		return subgraphlist.Composition{}, nil, err
	}
	if file == "-" {
		file = "<stdin>"
	}
	return subgraphlist.Composition{Result: composition.Result{SDL: super.SDL, Supergraph: super}},
		func(diagnostic.Location) report.Source { return report.Source{Name: file, Text: super.SDL} }, nil
}

// applyContract puts the contract in the place of the supergraph.
func applyContract(c *subgraphlist.Composition, filter contract.Filter) {
	made, found := contract.Apply(c.Supergraph, filter)
	if len(c.Subgraphs) > 0 {
		found = contract.Locate(found, c.Subgraphs)
	}
	for _, d := range found {
		if d.Severity == diagnostic.Error {
			c.Errors = append(c.Errors, d)
		} else {
			c.Hints = append(c.Hints, d)
		}
	}
	diagnostic.Sort(c.Hints)
	if c.Supergraph, c.SDL = made, ""; made != nil {
		c.SDL = made.SDL
	}
}

func printComposition(cmd *cobra.Command, r composition.Result, source func(diagnostic.Location) report.Source, format, output, hints string) error {
	printed := r.SDL
	switch {
	case format == "json":
		var err error
		if printed, err = compositionJSON(r); err != nil {
			return err
		}
	case format == "api" && r.Supergraph != nil:
		printed = merge.PrintAPI(r.Supergraph.API)
	}
	if format != "json" {
		p := report.Printer{W: cmd.ErrOrStderr(), Source: source}
		p.Diagnostics(r.Errors)
		if hints != "none" {
			p.Diagnostics(atLeast(r.Hints, diagnostic.Severity(strings.ToUpper(hints))))
		}
	}
	if format == "json" || len(r.Errors) == 0 {
		if err := write(cmd, output, printed); err != nil {
			return err
		}
	}
	if len(r.Errors) > 0 {
		return errReported
	}
	return nil
}

// readList reads a list of subgraphs, from standard input for "-".
func readList(cmd *cobra.Command, file string) (*subgraphlist.List, error) {
	if file != "-" {
		return subgraphlist.Read(file)
	}
	text, name, err := readInput(cmd, file)
	if err != nil {
		return nil, err
	}
	return subgraphlist.Parse(name, []byte(text), os.LookupEnv)
}

func write(cmd *cobra.Command, file, text string) error {
	if file == "" {
		_, err := io.WriteString(cmd.OutOrStdout(), text)
		return err
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil { // the umask decides, as for a redirection
		return fmt.Errorf("output: %w", err)
	}
	return nil
}

// sourceOf finds the schema that a diagnostic points into.
func sourceOf(subgraphs []composition.Subgraph) func(diagnostic.Location) report.Source {
	return func(l diagnostic.Location) report.Source {
		for _, s := range subgraphs {
			if s.Name != l.Subgraph {
				continue
			}
			if s.File != "" {
				return report.Source{Name: s.File, Text: s.SDL}
			}
			return report.Source{Name: s.Name, Text: s.SDL}
		}
		return report.Source{}
	}
}

// compositionJSON is the form that tools read. It is promised to them: nothing is renamed or left out.
func compositionJSON(r composition.Result) (string, error) {
	type location struct {
		Subgraph string `json:"subgraph"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
	}
	type fault struct {
		Code      diagnostic.Code `json:"code"`
		Message   string          `json:"message"`
		Locations []location      `json:"locations"`
	}
	type hint struct {
		Code       diagnostic.Code     `json:"code"`
		Level      diagnostic.Severity `json:"level"`
		Message    string              `json:"message"`
		Coordinate string              `json:"coordinate"`
	}
	out := struct {
		SupergraphSDL *string `json:"supergraphSdl"`
		Errors        []fault `json:"errors"`
		Hints         []hint  `json:"hints"`
	}{Errors: []fault{}, Hints: []hint{}}
	if len(r.Errors) == 0 {
		out.SupergraphSDL = &r.SDL
	}
	for _, d := range r.Errors {
		f := fault{d.Code, d.Message, []location{}}
		for _, l := range d.Locations {
			f.Locations = append(f.Locations, location{l.Subgraph, l.Line, l.Column})
		}
		out.Errors = append(out.Errors, f)
	}
	for _, d := range r.Hints {
		out.Hints = append(out.Hints, hint{d.Code, d.Severity, d.Message, d.Coordinate})
	}
	return indented(out)
}

func indented(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.String(), err
}
