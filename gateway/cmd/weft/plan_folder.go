package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
	"github.com/weft-gateway/weft/gateway/plan"
)

// folderPlan is the plan of one operation of a folder in short, as --format json prints it.
type folderPlan struct {
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Column     int      `json:"column"`
	Operation  string   `json:"operation"` // its name
	Fetches    int      `json:"fetches"`
	Depth      int      `json:"depth"`
	Subgraphs  []string `json:"subgraphs"`
	PlanningMS float64  `json:"planningMs"`
}

// folderTotals sums a folder up.
type folderTotals struct {
	Files      int      `json:"files"`
	Operations int      `json:"operations"` // that have a plan
	Failed     int      `json:"failed"`     // operations without one, and files that are no valid documents
	Fetches    int      `json:"fetches"`
	Depth      int      `json:"depth"` // of the deepest
	Subgraphs  []string `json:"subgraphs"`
	PlanningMS float64  `json:"planningMs"`
}

type folderReport struct {
	Operations []folderPlan `json:"operations"`
	Totals     folderTotals `json:"totals"`
}

// planFolder plans all operations of a folder. What cannot be planned is reported, and the others are planned still.
func planFolder(cmd *cobra.Command, graph *planGraph, flags planFlags) error {
	files, err := operationFiles(flags.operations)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s has no files that end with .graphql or .gql", flags.operations)
	}
	out := folderReport{Operations: []folderPlan{}, Totals: folderTotals{Files: len(files), Subgraphs: []string{}}}
	for _, file := range files {
		text, _, err := readInput(cmd, file)
		if err != nil {
			return err
		}
		refuse := func(err error) {
			report.Printer{W: cmd.ErrOrStderr()}.Operation(report.Source{Name: file, Text: text}, operationErrors([]error{err}))
			out.Totals.Failed++
		}
		doc, err := graph.read(text)
		if err != nil {
			refuse(err)
			continue
		}
		for _, selected := range doc.Operations {
			one, err := graph.inShort(doc, selected)
			if err != nil {
				refuse(err)
				continue
			}
			one.File = file
			out.add(one)
		}
	}
	if err := out.print(cmd, flags.format); err != nil {
		return err
	}
	if out.Totals.Failed > 0 {
		return errReported
	}
	return nil
}

// operationFiles are the files of a folder and the folders in it that hold operations, sorted.
func operationFiles(folder string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && slices.Contains([]string{".graphql", ".gql"}, filepath.Ext(path)) {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

// inShort plans an operation, checks the plan where that is asked for, and sums it up.
func (g *planGraph) inShort(doc *ast.QueryDocument, selected *ast.OperationDefinition) (folderPlan, error) {
	began := time.Now()
	op, err := g.normalise(doc, selected)
	if err != nil {
		return folderPlan{}, err
	}
	made, err := g.planner.Plan(op, g.options)
	if err != nil {
		return folderPlan{}, at(selected, err)
	}
	took := time.Since(began)
	if g.checker != nil {
		if _, err := g.prove(made, op); err != nil {
			return folderPlan{}, at(selected, err)
		}
	}
	e := made.Explain()
	out := folderPlan{
		Operation:  selected.Name,
		Fetches:    e.Fetches,
		Depth:      e.Depth,
		Subgraphs:  subgraphsOf(made),
		PlanningMS: float64(took.Microseconds()) / 1000,
	}
	if selected.Position != nil {
		out.Line, out.Column = selected.Position.Line, selected.Position.Column
	}
	return out, nil
}

// subgraphsOf are the names of the subgraphs that a plan asks, sorted.
func subgraphsOf(p *plan.Plan) []string {
	names := []string{}
	for _, f := range p.Fetches {
		if f.Subgraph >= 0 {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (r *folderReport) add(one folderPlan) {
	r.Operations = append(r.Operations, one)
	t := &r.Totals
	t.Operations++
	t.Fetches += one.Fetches
	t.Depth = max(t.Depth, one.Depth)
	t.PlanningMS += one.PlanningMS
	t.Subgraphs = append(t.Subgraphs, one.Subgraphs...)
	slices.Sort(t.Subgraphs)
	t.Subgraphs = slices.Compact(t.Subgraphs)
}

func (r *folderReport) print(cmd *cobra.Command, format string) error {
	if format == "json" {
		text, err := indented(r)
		if err != nil {
			return err
		}
		return write(cmd, "", text)
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, o := range r.Operations {
		name := o.Operation
		if name == "" {
			name = "(no name)"
		}
		fmt.Fprintf(w, "%s:%d:%d\t%s\t%s\t%s\t%s\t%.1f ms\n", o.File, o.Line, o.Column, name,
			counted(o.Fetches, "fetch", "fetches"), counted(o.Depth, "step", "steps"), strings.Join(o.Subgraphs, ", "), o.PlanningMS)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	t := r.Totals
	text := fmt.Sprintf("%s in %s: %s, at most %s, %s, planned in %.1f ms", counted(t.Operations, "operation", "operations"),
		counted(t.Files, "file", "files"), counted(t.Fetches, "fetch", "fetches"), counted(t.Depth, "step", "steps"),
		counted(len(t.Subgraphs), "subgraph", "subgraphs"), t.PlanningMS)
	if t.Failed > 0 {
		text += fmt.Sprintf("; %d failed", t.Failed)
	}
	return write(cmd, "", text+"\n")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
