package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"text/tabwriter"
	"time"
)

// Result is what a scenario gave. Times are in nanoseconds in JSON, memory is in bytes.
type Result struct {
	Scenario    string  `json:"scenario"`
	Connections int     `json:"connections"`
	Requests    int     `json:"requests"`
	PerSecond   float64 `json:"requestsPerSecond"`
	// P50 and P99 are latencies as the load generator sees them.
	P50 time.Duration `json:"p50"`
	P99 time.Duration `json:"p99"`
	// CPU is the CPU time that the gateway's processes spent on a request, in user and kernel mode.
	CPU time.Duration `json:"cpuPerRequest"`
	// Allocations is how many objects the gateway allocated for a request, Allocated their bytes; 0 where it does not tell.
	Allocations float64 `json:"allocationsPerRequest,omitempty"`
	Allocated   float64 `json:"allocatedBytesPerRequest,omitempty"`
	// Path is how long the subgraphs alone make a client wait.
	Path time.Duration `json:"path,omitempty"`
	// Calls is how many calls to subgraphs a request made, BySubgraph how many to each.
	Calls      float64            `json:"callsPerRequest"`
	BySubgraph map[string]float64 `json:"callsPerRequestBySubgraph,omitempty"`
	// Answer is the size of the first request's answer.
	Answer   int   `json:"answerBytes"`
	Resident int64 `json:"residentBytes"`
	Peak     int64 `json:"peakResidentBytes"`
	// Reformatted says that the gateway wrote the expected JSON in another form.
	Reformatted bool `json:"reformatted,omitempty"`
}

func printTable(out io.Writer, results []Result) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "scenario\tconnections\trequests/s\tpath ms\tp50 ms\tp99 ms\tCPU µs/request\tallocations\tallocated kB\tcalls/request\tanswer kB\tRSS MiB\tpeak MiB\t")
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%d\t%.0f\t%s\t%.2f\t%.2f\t%.0f\t%s\t%s\t%.1f\t%.1f\t%.0f\t%.0f\t\n",
			r.Scenario, r.Connections, r.PerSecond, known("%.0f", milliseconds(r.Path)), milliseconds(r.P50), milliseconds(r.P99),
			microseconds(r.CPU), known("%.0f", r.Allocations), known("%.1f", r.Allocated/1000),
			r.Calls, float64(r.Answer)/1000, mebibytes(r.Resident), mebibytes(r.Peak))
	}
	_ = table.Flush() // as with any print
	fmt.Fprintf(out, "\nAll answers were compared byte for byte. %d CPUs, shared by the load, the gateway and the subgraphs; %s %s/%s.\n",
		runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if one, all := find(results, "heavy-1"), find(results, "heavy"); one != nil && all != nil && all.CPU > 0 {
		// The load and the subgraphs need processors, too, so the throughput itself does not tell.
		fmt.Fprintf(out, "%d processors do %.2f times what one does: heavy takes %.0f µs of CPU time on one, %.0f on all.\n",
			runtime.NumCPU(), float64(runtime.NumCPU())*float64(one.CPU)/float64(all.CPU), microseconds(one.CPU), microseconds(all.CPU))
	}
}

// known formats a figure; one that is 0 is not known.
func known(format string, figure float64) string {
	if figure == 0 {
		return "-"
	}
	return fmt.Sprintf(format, figure)
}

func find(results []Result, scenario string) *Result {
	for i := range results {
		if results[i].Scenario == scenario {
			return &results[i]
		}
	}
	return nil
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

func writeJSON(file string, results []Result) error {
	text, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
