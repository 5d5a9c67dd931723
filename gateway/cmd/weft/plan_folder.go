package main

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/vektah/gqlparser/v2/gqlerror"

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
	// Errors say why it has no plan; none when it has one.
	Errors []string `json:"errors,omitempty"`
}

// folderTotals sums a folder up.
type folderTotals struct {
	Files      int      `json:"files"`
	Operations int      `json:"operations"`
	Failed     int      `json:"failed"` // operations without a plan
	Wrong      int      `json:"invalidFiles"`
	Fetches    int      `json:"fetches"`
	Depth      int      `json:"depth"` // of the deepest
	Subgraphs  []string `json:"subgraphs"`
	PlanningMS float64  `json:"planningMs"`
}

// invalidFile is a file that is no document, or has mistakes besides those of its operations.
type invalidFile struct {
	File   string   `json:"file"`
	Errors []string `json:"errors"`
}

type folderReport struct {
	Operations   []folderPlan  `json:"operations"`
	InvalidFiles []invalidFile `json:"invalidFiles"`
	Totals       folderTotals  `json:"totals"`
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
	out := folderReport{Operations: []folderPlan{}, InvalidFiles: []invalidFile{}, Totals: folderTotals{Files: len(files), Subgraphs: []string{}}}
	for _, file := range files {
		out.file(cmd, graph, file)
	}
	if err := out.print(cmd, flags.format); err != nil {
		return err
	}
	if out.Totals.Failed+out.Totals.Wrong > 0 {
		return errReported
	}
	return nil
}

// file plans the operations of one file. What is wrong is printed, and noted.
func (r *folderReport) file(cmd *cobra.Command, graph *planGraph, file string) {
	text, _, err := readInput(cmd, file)
	tell := func(err error) (messages []string) {
		errs := operationErrors([]error{err})
		report.Printer{W: cmd.ErrOrStderr()}.Operation(report.Source{Name: file, Text: text}, errs)
		for _, e := range errs {
			messages = append(messages, e.Message)
		}
		return messages
	}
	var parts []documentPart
	var rest gqlerror.List
	if err == nil {
		parts, rest, err = graph.readParts(text)
	}
	if len(rest) > 0 {
		err = rest
	}
	if err != nil {
		r.InvalidFiles = append(r.InvalidFiles, invalidFile{file, tell(err)})
		r.Totals.Wrong++
	}
	for _, part := range parts {
		one, err := graph.inShort(part)
		if err != nil {
			one.Errors = tell(err)
		}
		one.File = file
		r.add(one)
	}
}

// operationFiles are the files of a folder and the folders in it that hold operations, sorted. Hidden folders are for other
// programs: version control, or what a mounted volume is made of.
func operationFiles(folder string) ([]string, error) {
	info, err := os.Stat(folder)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		folder = filepath.Clean(folder) + string(filepath.Separator) // also when it is a link to a folder
	}
	var files []string
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != folder && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case !entry.IsDir() && slices.Contains([]string{".graphql", ".gql"}, filepath.Ext(path)):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// inShort plans an operation, checks the plan where that is asked for, and sums it up.
func (g *planGraph) inShort(part documentPart) (folderPlan, error) {
	selected := part.selected
	out := folderPlan{Operation: selected.Name, Subgraphs: []string{}}
	if selected.Position != nil {
		out.Line, out.Column = selected.Position.Line, selected.Position.Column
	}
	if len(part.errs) > 0 {
		return out, part.errs
	}
	began := time.Now()
	op, err := g.normalise(part.doc, selected)
	if err != nil {
		return out, err
	}
	made, err := g.planner.Plan(op, g.options)
	if err != nil {
		return out, at(selected, err)
	}
	took := time.Since(began)
	if g.checker != nil {
		if _, err := g.prove(made, op); err != nil {
			return out, at(selected, err)
		}
	}
	e := made.Explain()
	out.Fetches, out.Depth, out.Subgraphs = e.Fetches, e.Depth, subgraphsOf(made)
	out.PlanningMS = float64(took.Microseconds()) / 1000
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
	if len(one.Errors) > 0 {
		t.Failed++
	}
	t.Fetches += one.Fetches
	t.Depth = max(t.Depth, one.Depth)
	t.PlanningMS = math.Round((t.PlanningMS+one.PlanningMS)*1000) / 1000 // whole microseconds, as its parts
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
		if len(o.Errors) > 0 {
			fmt.Fprintf(w, "%s:%d:%d\t%s\tno plan\n", o.File, o.Line, o.Column, name)
			continue
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
		text += "; " + counted(t.Failed, "operation has no plan", "operations have no plan")
	}
	if t.Wrong > 0 {
		text += "; " + counted(t.Wrong, "file is not valid", "files are not valid")
	}
	return write(cmd, "", text+"\n")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
