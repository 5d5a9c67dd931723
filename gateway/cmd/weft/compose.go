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
	"github.com/weft-gateway/weft/schema/diagnostic"
)

func composeCommand() *cobra.Command {
	var format, output, hints string
	cmd := &cobra.Command{
		Use:   "compose supergraph.yaml",
		Short: "Compose subgraph schemas into a supergraph",
		Long: `Composes the subgraphs that a file in the format of Rover's supergraph.yaml lists, and prints the supergraph's SDL.
Paths in the file are relative to it.

What does not compose is printed to standard error, with its place and its code, and the exit code is 1. So are
hints, of which --hints says the least level: warn, info, debug, or none.

--format json prints {"supergraphSdl": …, "errors": […], "hints": […]} instead, with all hints.`,
		Example: `  weft compose supergraph.yaml > supergraph.graphql
  weft compose --format json supergraph.yaml`,
		Args: exactly("supergraph.yaml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "sdl", "json"); err != nil {
				return err
			}
			if err := oneOf("hints", hints, "warn", "info", "debug", "none"); err != nil {
				return err
			}
			list, err := readList(cmd, args[0])
			if err != nil {
				return err
			}
			composed, err := list.Compose(cmd.Context())
			if err != nil {
				return err
			}
			printed := composed.SDL
			if format == "json" {
				if printed, err = compositionJSON(composed.Result); err != nil {
					return err
				}
			} else {
				p := report.Printer{W: cmd.ErrOrStderr(), Source: sourceOf(composed.Subgraphs)}
				p.Diagnostics(composed.Errors)
				if hints != "none" {
					p.Diagnostics(atLeast(composed.Hints, diagnostic.Severity(strings.ToUpper(hints))))
				}
			}
			if format == "json" || len(composed.Errors) == 0 {
				if err := write(cmd, output, printed); err != nil {
					return err
				}
			}
			if len(composed.Errors) > 0 {
				return errReported
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "sdl", "what is printed: sdl, json")
	cmd.Flags().StringVarP(&output, "output", "o", "", "`file` to write to, instead of standard output")
	cmd.Flags().StringVar(&hints, "hints", "warn", "least `level` of the hints that are printed: warn, info, debug, none")
	return cmd
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
