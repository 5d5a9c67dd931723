package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/diff"
	"github.com/weft-gateway/weft/schema/registry"
)

// verdict is what an outcome is told as.
type verdict struct {
	subgraph string
	done     string // "registered"
	refused  string // "reviews is refused"
	dryRun   bool
	source   func(diagnostic.Location) report.Source
}

// printOutcome prints what became of a change, and returns errReported when it was refused.
func printOutcome(cmd *cobra.Command, format string, o registry.Outcome, v verdict) error {
	if format == "json" {
		text, err := outcomeJSON(o)
		if err != nil {
			return err
		}
		if err := write(cmd, "", text); err != nil {
			return err
		}
		if o.Status == registry.Refused {
			return errReported
		}
		return nil
	}
	p := report.Printer{W: cmd.ErrOrStderr(), Source: v.source}
	if o.Status == registry.Refused {
		p.Diagnostics(ownFirst(o.Errors, v.subgraph))
		fmt.Fprintf(cmd.ErrOrStderr(), "weft: %s, and the graph stays as it is\n", v.refused)
		return errReported
	}
	p.Diagnostics(ownFirst(atLeast(o.Hints, diagnostic.Warn), v.subgraph))
	return write(cmd, "", outcomeText(o, v))
}

// ownFirst lets each diagnostic begin with where it points into one subgraph: that of the person who reads it, who can
// change the others only by asking for it.
func ownFirst(ds []diagnostic.Diagnostic, subgraph string) []diagnostic.Diagnostic {
	ds = slices.Clone(ds)
	for i := range ds {
		ds[i].Locations = slices.Clone(ds[i].Locations)
		slices.SortStableFunc(ds[i].Locations, func(a, b diagnostic.Location) int {
			switch own := a.Subgraph == subgraph; {
			case own == (b.Subgraph == subgraph):
				return 0
			case own:
				return -1
			}
			return 1
		})
	}
	return ds
}

// maxListed bounds how many harmless changes are listed.
const maxListed = 12

func outcomeText(o registry.Outcome, v verdict) string {
	var b strings.Builder
	switch {
	case o.Status == registry.Unchanged:
		fmt.Fprintf(&b, "%s is so already: nothing changes", v.subgraph)
	default:
		fmt.Fprintf(&b, "%s is %s", v.subgraph, v.done)
	}
	if o.Version.Number > 0 && !v.dryRun {
		names := make([]string, len(o.Version.Members))
		for i, m := range o.Version.Members {
			names[i] = m.Name
		}
		fmt.Fprintf(&b, "; the graph is version %d of %s", o.Version.Number, strings.Join(names, ", "))
	}
	b.WriteByte('\n')
	if len(o.Changes) == 0 {
		return b.String()
	}
	b.WriteString("\nFor clients:\n")
	safe := 0
	for _, c := range o.Changes {
		if c.Level == diff.Safe {
			if safe++; safe > maxListed {
				continue
			}
		}
		fmt.Fprintf(&b, "  %-9s  %s\n", strings.ToLower(string(c.Level)), c.Message)
	}
	if safe > maxListed {
		fmt.Fprintf(&b, "  … and %d more safe changes (--format json lists all)\n", safe-maxListed)
	}
	return b.String()
}

func outcomeJSON(o registry.Outcome) (string, error) {
	type location struct {
		Subgraph string `json:"subgraph"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
	}
	type finding struct {
		Code       diagnostic.Code     `json:"code"`
		Severity   diagnostic.Severity `json:"severity"`
		Message    string              `json:"message"`
		Coordinate string              `json:"coordinate"`
		Locations  []location          `json:"locations"`
	}
	type change struct {
		Kind       diff.Kind  `json:"kind"`
		Level      diff.Level `json:"level"`
		Coordinate string     `json:"coordinate"`
		Message    string     `json:"message"`
	}
	out := struct {
		Status  registry.Status `json:"status"`
		Version int             `json:"version"`
		Errors  []finding       `json:"errors"`
		Hints   []finding       `json:"hints"`
		Changes []change        `json:"changes"`
	}{o.Status, o.Version.Number, []finding{}, []finding{}, []change{}}
	for _, list := range []struct {
		from []diagnostic.Diagnostic
		to   *[]finding
	}{{o.Errors, &out.Errors}, {o.Hints, &out.Hints}} {
		for _, d := range list.from {
			f := finding{d.Code, d.Severity, d.Message, d.Coordinate, []location{}}
			for _, l := range d.Locations {
				f.Locations = append(f.Locations, location{l.Subgraph, l.Line, l.Column})
			}
			*list.to = append(*list.to, f)
		}
	}
	for _, c := range o.Changes {
		out.Changes = append(out.Changes, change(c))
	}
	return indented(out)
}
