package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
)

// comparators are what figures are held against, each a process of this program: a server that has the answer in memory,
// which is the least that anything behind net/http can cost, and the standard library's reverse proxy.
var comparators = map[string]func(s *Scenario, stubs string) (http.Handler, error){
	"static": staticAnswer,
	"proxy":  reverseProxy,
}

func staticAnswer(s *Scenario, _ string) (http.Handler, error) {
	g, err := findGraph(s.graph)
	if err != nil {
		return nil, err
	}
	whole, err := g.whole()
	if err != nil {
		return nil, err
	}
	requests, err := newExchanges(s, whole)
	if err != nil {
		return nil, err
	}
	x, err := requests.number(0)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return // the client is gone
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(x.answer)))
		_, _ = w.Write(x.answer)
	}), nil
}

// reverseProxy passes everything to the subgraph that has the root field of small.
func reverseProxy(_ *Scenario, stubs string) (http.Handler, error) {
	subgraph := &url.URL{Scheme: "http", Host: stubs, Path: "/products"}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 1024
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL, r.Out.Host = subgraph, subgraph.Host
		},
	}, nil
}

func startComparator(ctx context.Context, s *Scenario, stubs string) (*target, error) {
	p, address, err := startSelf(ctx, "compared", "-scenario", s.Name, "-stubs", stubs)
	if err != nil {
		return nil, fmt.Errorf("start what is compared: %w", err)
	}
	return &target{endpoint: "http://" + address + "/graphql", pid: p.command.Process.Pid, stop: p.stop}, nil
}

// runComparator is the process of a comparator. It prints its address, and ends when its context does.
func runComparator(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench compared", flag.ContinueOnError)
	name := flags.String("scenario", "small-static", "`name` of the scenario")
	stubs := flags.String("stubs", "127.0.0.1:4200", "`address` of the stubs")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := chooseScenarios(*name)
	if err != nil {
		return err
	}
	make := comparators[chosen[0].Instead]
	if make == nil {
		return fmt.Errorf("scenario %s measures a gateway", *name)
	}
	handler, err := make(chosen[0], *stubs)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, listener.Addr())
	server := &http.Server{Handler: handler}
	go func() {
		<-ctx.Done()
		_ = server.Close() // the process ends anyway
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
