// Command bench measures a federation gateway from outside: a gateway in one process, subgraphs that answer from memory
// in another, the load in a third (this one). It reads the gateway's CPU time from the operating system, compares every
// answer byte for byte with that of one server that holds all the data, and prints one table.
//
//	go run ./gateway/bench                         build weft and run all scenarios
//	go run ./gateway/bench -scenario heavy         only that one
//	go run ./gateway/bench -json out.json          write the figures to a file, too
//	go run ./gateway/bench compare a.json b.json   what differs between two runs, as ratios
//
// To measure another gateway by the same means, start it on the supergraph that
//
//	go run ./gateway/bench supergraph -graph shop -stubs 127.0.0.1:4200
//
// prints, and point the bench at it:
//
//	BENCH_URL=http://127.0.0.1:4000/graphql BENCH_PID=1234 go run ./gateway/bench -stubs 127.0.0.1:4200 -scenario heavy
//
// Everything stays on the loopback interface, and a scenario ends after a number of requests or a time, whichever
// comes first.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, log io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "stub":
			return runStub(ctx, args[1:], out)
		case "compared":
			return runComparator(ctx, args[1:], out)
		case "compare":
			return compare(args[1:], out)
		case "supergraph":
			return printSupergraph(args[1:], out)
		}
	}
	return measure(ctx, args, out, log)
}

// settings are the flags of a measurement.
type settings struct {
	gateway  string
	stubs    string
	names    string
	json     string
	profiles string
	requests int
	warm     time.Duration
	duration time.Duration
	// Of another gateway, instead of a process of our own.
	url string
	pid int
}

func measure(ctx context.Context, args []string, out, log io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&s.gateway, "gateway", "", "weft `binary`; empty builds it")
	flags.StringVar(&s.stubs, "stubs", "127.0.0.1:0", "`address` of the stub subgraphs")
	flags.StringVar(&s.names, "scenario", "", "comma-separated `names` of the scenarios; empty runs all of them: "+strings.Join(scenarioNames(), ", "))
	flags.StringVar(&s.json, "json", "", "`file` to write the figures to")
	flags.StringVar(&s.profiles, "profiles", "", "`folder` to write a CPU profile of each scenario to")
	flags.IntVar(&s.requests, "requests", 200_000, "most requests of a scenario")
	flags.DurationVar(&s.warm, "warm", 2*time.Second, "how long to run before measuring")
	flags.DurationVar(&s.duration, "duration", 8*time.Second, "how long to measure each scenario")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if s.requests < 1 || s.duration <= 0 || s.warm < 0 {
		return errors.New("flags -requests and -duration must be positive, -warm not negative")
	}
	if err := s.fromEnvironment(os.Getenv); err != nil {
		return err
	}
	scenarios, err := chooseScenarios(s.names)
	if err != nil {
		return err
	}

	work, err := os.MkdirTemp("", "weft-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if s.url == "" && s.gateway == "" {
		fmt.Fprintln(log, "building the gateway")
		if s.gateway, err = buildGateway(ctx, work); err != nil {
			return err
		}
	}

	var results []Result
	for _, scenario := range scenarios {
		fmt.Fprintf(log, "%s: %s\n", scenario.Name, scenario.About)
		r, err := runScenario(ctx, scenario, &s, work)
		if err != nil {
			return fmt.Errorf("scenario %s: %w", scenario.Name, err)
		}
		results = append(results, *r)
	}
	printTable(out, results)
	if s.json != "" {
		return writeJSON(s.json, results)
	}
	return nil
}
