package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/bench/mock"
)

// TestScenarios sends some requests of each scenario to a gateway within this process: the whole bench but for the
// processes. Times are looked at by nobody.
func TestScenarios(t *testing.T) {
	t.Chdir("../..") // where the bench runs
	for _, s := range scenarios {
		t.Run(s.Name, func(t *testing.T) {
			g, err := findGraph(s.graph)
			check(t, err)
			stubs, err := g.stubs()
			check(t, err)
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			check(t, err)
			server := mock.Handler(stubs)
			go func() { _ = server.Serve(listener) }() // ends with Shutdown
			defer func() { check(t, server.Shutdown()) }()
			front := httptest.NewServer(measured(t, s, g, listener.Addr().String()))
			defer front.Close()

			whole, err := g.whole()
			check(t, err)
			requests, err := newExchanges(s, whole)
			check(t, err)
			l, err := newLoad(front.URL+"/graphql", requests)
			check(t, err)
			check(t, l.firstAnswer())
			if l.reformatted {
				t.Error("the gateway's answers are equal JSON, but in other bytes")
			}
			times, err := l.run(t.Context(), 8, time.Minute, 40)
			check(t, err)
			if len(times) != 40 {
				t.Errorf("%d requests were made of 40", len(times))
			}
			calls, err := callsTo(listener.Addr().String())
			check(t, err)
			total := int64(0)
			for _, n := range calls {
				total += n
			}
			// How many there are depends on which requests met, where equal calls are one.
			if asked := s.Instead != "static"; asked != (total > 0) {
				t.Errorf("%d calls of subgraphs", total)
			}
		})
	}
}

// measured is what a scenario measures, within this process.
func measured(t *testing.T, s *Scenario, g *graph, stubs string) http.Handler {
	t.Helper()
	if s.Instead != "" {
		handler, err := comparators[s.Instead](s, stubs)
		check(t, err)
		return handler
	}
	composed, err := g.compose(stubs)
	check(t, err)
	weft, err := gateway.New(gateway.Options{
		DeduplicateOperations: s.Together,
		Subgraphs:             gateway.SubgraphOptions{Deduplicate: &s.Deduplicate, Batch: gateway.BatchOptions{Window: s.Window}},
	})
	check(t, err)
	t.Cleanup(func() { check(t, weft.Close()) })
	check(t, weft.Swap(composed))
	return weft
}

func TestHeavyAnswerHasTheSizeOfPublicBenchmarks(t *testing.T) {
	g, err := findGraph("shop")
	check(t, err)
	whole, err := g.whole()
	check(t, err)
	body, err := json.Marshal(operation{Query: heavyOperation})
	check(t, err)
	answer, err := whole.Answer(body)
	check(t, err)
	if n := len(answer); n < 85_000 || n > 90_000 {
		t.Errorf("the answer has %d bytes, which is not about 87 kB", n)
	}
	if !json.Valid(answer) {
		t.Error("the answer is no JSON")
	}
}

func TestWrongAnswersEndTheLoad(t *testing.T) {
	requests := &exchanges{scenario: scenarios[0], known: []exchange{{body: []byte(`{}`), answer: []byte(`{"data":1}`)}}}
	for _, c := range []struct{ name, answer, want string }{
		{"another value", `{"data":2}`, "a wrong answer, from byte 8 on"},
		{"a shorter one", `{"data"`, "a wrong answer, from byte 7 on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			front := httptest.NewServer(answering(c.answer))
			defer front.Close()
			l, err := newLoad(front.URL, requests)
			check(t, err)
			if err := l.firstAnswer(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("first answer: %v", err)
			}
			if _, err := l.run(t.Context(), 2, time.Minute, 10); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("run: %v", err)
			}
		})
	}
	t.Run("other bytes of the same value", func(t *testing.T) {
		front := httptest.NewServer(answering(`{ "data": 1 }`))
		defer front.Close()
		l, err := newLoad(front.URL, requests)
		check(t, err)
		check(t, l.firstAnswer())
		if !l.reformatted {
			t.Error("nothing says that the form differs")
		}
		if _, err := l.run(t.Context(), 2, time.Minute, 10); err != nil {
			t.Error(err)
		}
	})
}

func TestUsage(t *testing.T) {
	s, err := parseStat("42 (a ) b) S 7 42 42 0 -1 4194304 100 0 0 0 250 50 9 9 20 0 8 0 1 2 3")
	check(t, err)
	if s.parent != 7 || s.cpu != 3*time.Second {
		t.Errorf("parent %d, CPU time %s: not 7 and 3s", s.parent, s.cpu)
	}
	for _, line := range []string{"", "42", "42 (x) S 1", "42 (x) S a b c d e f g h i j k l m"} {
		if _, err := parseStat(line); err == nil {
			t.Errorf("%q is read as a stat line", line)
		}
	}
	u, err := usageOf(os.Getpid())
	check(t, err)
	if u.resident < 1<<20 || u.peak < u.resident {
		t.Errorf("resident %d and peak %d are no sizes of a process", u.resident, u.peak)
	}
}

func TestSettings(t *testing.T) {
	for _, c := range []struct{ url, pid, wrong string }{
		{"", "", ""},
		{"http://127.0.0.1:4000/graphql", "17", ""},
		{"http://localhost:4000/graphql", "17", ""},
		{"http://127.0.0.1:4000/graphql", "", "BENCH_PID"},
		{"", "17", "BENCH_URL"},
		{"http://example.com/graphql", "17", "loopback"},
		{"ftp://127.0.0.1/", "17", "BENCH_URL"},
	} {
		var s settings
		err := s.fromEnvironment(func(name string) string {
			return map[string]string{"BENCH_URL": c.url, "BENCH_PID": c.pid}[name]
		})
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("BENCH_URL=%q BENCH_PID=%q: %v", c.url, c.pid, err)
		}
	}
	for _, args := range [][]string{{"-scenario", "none"}, {"-requests", "0"}, {"more"}, {"supergraph", "-graph", "none"},
		{"stub", "-delay", "soon"}, {"stub", "-delay", "nobody=1s"}, {"compared", "-scenario", "small"}, {"compare", "one.json"},
	} {
		if err := run(context.Background(), args, new(bytes.Buffer), new(bytes.Buffer)); err == nil {
			t.Errorf("arguments %q are accepted", args)
		}
	}
}

func TestDelays(t *testing.T) {
	g, err := findGraph("shop")
	check(t, err)
	stubs, err := g.stubs()
	check(t, err)
	check(t, setDelays(stubs, "5ms,reviews=20ms"))
	for name, stub := range stubs {
		want := 5 * time.Millisecond
		if name == "reviews" {
			want = 20 * time.Millisecond
		}
		if stub.Delay != want {
			t.Errorf("%s takes %s, not %s", name, stub.Delay, want)
		}
	}
}

func TestCompare(t *testing.T) {
	folder := t.TempDir()
	before, after := filepath.Join(folder, "before.json"), filepath.Join(folder, "after.json")
	check(t, writeJSON(before, []Result{
		{Scenario: "small", CPU: 100 * time.Microsecond, Allocations: 40, PerSecond: 1000, P50: 4, P99: 10, Calls: 1, Peak: 100},
		{Scenario: "gone", CPU: 1},
	}))
	check(t, writeJSON(after, []Result{
		{Scenario: "new", CPU: 1},
		{Scenario: "small", CPU: 50 * time.Microsecond, Allocations: 30, PerSecond: 2500, P50: 2, P99: 5, Calls: 1, Peak: 100},
	}))
	var out bytes.Buffer
	check(t, compare([]string{before, after}, &out))
	lines := strings.Split(out.String(), "\n")
	if got, want := strings.Fields(lines[1]), strings.Fields("small 100 50 0.50 0.75 - 2.50 0.50 0.50 1.00 1.00"); !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if strings.Contains(out.String(), "gone") || strings.Contains(out.String(), "new") {
		t.Errorf("scenarios of one run alone are compared:\n%s", &out)
	}
	check(t, os.WriteFile(after, []byte("{}"), 0o600))
	if err := compare([]string{before, after}, &out); err == nil {
		t.Error("another file is taken for a run")
	}
}
