package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// compare prints what differs between two runs, from the files that -json wrote: the later figure as a multiple of the
// earlier one. Ratios of runs on one machine mean something; figures of different machines do not.
func compare(args []string, out io.Writer) error {
	if len(args) != 2 {
		return errors.New("usage: bench compare BEFORE.json AFTER.json")
	}
	before, err := readJSON(args[0])
	if err != nil {
		return err
	}
	after, err := readJSON(args[1])
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "scenario\tCPU µs before\tafter\tratio\tallocations\tallocated\trequests/s\tp50\tp99\tcalls\tpeak\t")
	common := 0
	for i := range after {
		b := &after[i]
		a := find(before, b.Scenario)
		if a == nil {
			continue
		}
		common++
		fmt.Fprintf(table, "%s\t%.0f\t%.0f\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", b.Scenario, microseconds(a.CPU), microseconds(b.CPU),
			ratio(a.CPU, b.CPU), ratio(a.Allocations, b.Allocations), ratio(a.Allocated, b.Allocated), ratio(a.PerSecond, b.PerSecond),
			ratio(a.P50, b.P50), ratio(a.P99, b.P99), ratio(a.Calls, b.Calls), ratio(a.Peak, b.Peak))
	}
	if common == 0 {
		return fmt.Errorf("%s and %s have no scenario in common", args[0], args[1])
	}
	_ = table.Flush() // as with any print
	fmt.Fprintln(out, "\nAll columns but the first two are the later run divided by the earlier one. Below 1 is better, but for requests/s.")
	return nil
}

// ratio is b as a multiple of a, where both are known.
func ratio[N ~int64 | ~float64](a, b N) string {
	if a == 0 || b == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(b)/float64(a))
}

func readJSON(file string) (results []Result, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &results); err != nil {
		return nil, fmt.Errorf("%s is not what -json writes: %w", file, err)
	}
	return results, nil
}
