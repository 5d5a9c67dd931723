package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/valyala/fasthttp"
)

// target is what is measured.
type target struct {
	endpoint string
	pid      int
	// debug is where weft tells of its runtime and gives profiles; empty where there is no such thing.
	debug string
	stop  func()
}

// runScenario starts what a scenario needs, loads the gateway and stops everything.
func runScenario(ctx context.Context, s *Scenario, set *settings, work string) (*Result, error) {
	g, requests, err := s.exchanges()
	if err != nil {
		return nil, err
	}
	stubs, stubsAt, err := startStubs(ctx, s, set.stubs)
	if err != nil {
		return nil, err
	}
	defer stubs.stop()
	at, err := startTarget(ctx, s, g, set, work, stubsAt)
	if err != nil {
		return nil, err
	}
	defer at.stop()

	l, err := newLoad(at.endpoint, requests)
	if err != nil {
		return nil, err
	}
	if err := l.firstAnswer(); err != nil {
		return nil, err
	}
	if _, err := l.run(ctx, s.Connections, set.warm, set.requests); err != nil {
		return nil, err
	}
	profiled := profile(ctx, at, s, set)
	before, err := reading(at, stubsAt)
	if err != nil {
		return nil, err
	}
	latencies, err := l.run(ctx, s.Connections, set.duration, set.requests)
	if err != nil {
		return nil, err
	}
	after, err := reading(at, stubsAt)
	if err != nil {
		return nil, err
	}
	if err := <-profiled; err != nil {
		return nil, err
	}
	if len(latencies) == 0 {
		return nil, errors.New("no request ended in time: raise -duration")
	}
	r := after.since(before, latencies)
	r.Scenario, r.Connections, r.Path, r.Answer, r.Reformatted = s.Name, s.Connections, s.Path, l.size, l.reformatted
	return r, nil
}

// startTarget starts what is measured, unless it runs already.
func startTarget(ctx context.Context, s *Scenario, g *graph, set *settings, work, stubs string) (*target, error) {
	switch {
	case s.Instead != "":
		return startComparator(ctx, s, stubs)
	case set.url != "":
		return &target{endpoint: set.url, pid: set.pid, stop: func() {}}, nil
	}
	composed, err := g.compose(stubs)
	if err != nil {
		return nil, err
	}
	file := s.graph + ".graphql"
	if err := os.WriteFile(filepath.Join(work, file), []byte(composed.SDL), 0o600); err != nil {
		return nil, err
	}
	return startGateway(ctx, set.gateway, work, file, s)
}

// counts is what had happened at one moment.
type counts struct {
	at      time.Time
	usage   usage
	runtime allocations
	calls   map[string]int64 // by subgraph
}

func reading(t *target, stubs string) (c counts, err error) {
	if c.calls, err = callsTo(stubs); err != nil {
		return c, err
	}
	if t.debug != "" {
		if c.runtime, err = allocationsOf(t.debug); err != nil {
			return c, err
		}
	}
	c.usage, err = usageOf(t.pid)
	c.at = time.Now()
	return c, err
}

// since makes the figures of what happened between two moments.
func (c counts) since(before counts, latencies []time.Duration) *Result {
	slices.Sort(latencies)
	n := float64(len(latencies))
	r := &Result{
		Requests:    len(latencies),
		PerSecond:   n / c.at.Sub(before.at).Seconds(),
		P50:         latencies[len(latencies)/2],
		P99:         latencies[len(latencies)*99/100],
		CPU:         time.Duration(float64(c.usage.cpu-before.usage.cpu) / n),
		Allocations: float64(c.runtime.Objects+c.runtime.Tiny-before.runtime.Objects-before.runtime.Tiny) / n,
		Allocated:   float64(c.runtime.Bytes-before.runtime.Bytes) / n,
		BySubgraph:  map[string]float64{},
		Resident:    c.usage.resident,
		Peak:        c.usage.peak,
	}
	for subgraph, calls := range c.calls {
		made := float64(calls-before.calls[subgraph]) / n
		r.BySubgraph[subgraph] = made
		r.Calls += made
	}
	return r
}

// allocations are what the runtime of a process has allocated so far.
type allocations struct {
	Objects uint64 `json:"/gc/heap/allocs:objects"`
	Tiny    uint64 `json:"/gc/heap/tiny/allocs:objects"`
	Bytes   uint64 `json:"/gc/heap/allocs:bytes"`
}

func allocationsOf(debug string) (a allocations, err error) {
	return a, getJSON(debug+"/debug/runtime", &a)
}

// callsTo asks the stubs how many calls they had, by subgraph.
func callsTo(stubs string) (calls map[string]int64, err error) {
	return calls, getJSON("http://"+stubs+"/requests", &calls)
}

func getJSON(address string, to any) error {
	status, body, err := fasthttp.GetTimeout(nil, address, requestTimeout)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d", status)
	}
	if err == nil {
		err = json.Unmarshal(body, to)
	}
	if err != nil {
		return fmt.Errorf("ask %s: %w", address, err)
	}
	return nil
}

// profile takes a CPU profile while the gateway is loaded, where that is asked for. What it returns tells when it is there.
func profile(ctx context.Context, t *target, s *Scenario, set *settings) <-chan error {
	done := make(chan error, 1)
	if set.profiles == "" || t.debug == "" {
		close(done)
		return done
	}
	go func() {
		defer close(done)
		seconds := max(1, int(set.duration.Seconds()))
		err := download(ctx, fmt.Sprintf("%s/debug/pprof/profile?seconds=%d", t.debug, seconds), filepath.Join(set.profiles, s.Name+".pprof"))
		if err != nil {
			done <- fmt.Errorf("take a profile: %w", err)
		}
	}()
	return done
}

func download(ctx context.Context, address, file string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}
