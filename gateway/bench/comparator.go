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

	"github.com/valyala/fasthttp"
)

// comparators are what figures are held against, each a process of this program: a server that has the answer in memory,
// which is the least that anything behind net/http can cost, the standard library's reverse proxy, and calls that follow one
// another, which is the least that a client can wait.
var comparators = map[string]func(s *Scenario, stubs string) (http.Handler, error){
	"static": staticAnswer,
	"proxy":  reverseProxy,
	"calls":  callsInTurn,
}

func staticAnswer(s *Scenario, _ string) (http.Handler, error) {
	_, requests, err := s.exchanges()
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

// callsInTurn asks subgraphs for nothing, one after the other, before it answers from memory: how long a client waits for
// the subgraphs and the network alone, with timers and a scheduler that are never quite in time.
func callsInTurn(s *Scenario, stubs string) (http.Handler, error) {
	answer, err := staticAnswer(s, stubs)
	if err != nil {
		return nil, err
	}
	client := &fasthttp.HostClient{Addr: stubs, MaxConns: 4 * s.Connections}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, subgraph := range s.Calls {
			if err := callForNothing(client, "http://"+stubs+"/"+subgraph); err != nil {
				http.Error(w, err.Error(), http.StatusBadGateway)
				return
			}
		}
		answer.ServeHTTP(w, r)
	}), nil
}

func callForNothing(client *fasthttp.HostClient, url string) error {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	request.SetRequestURI(url)
	request.Header.SetMethod(http.MethodPost)
	request.Header.SetContentType("application/json")
	request.SetBodyString(`{"query":"{__typename}"}`)
	if err := client.Do(request, response); err != nil {
		return err
	}
	if response.StatusCode() != http.StatusOK {
		return fmt.Errorf("%s answers with status %d: %s", url, response.StatusCode(), response.Body())
	}
	return nil
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
