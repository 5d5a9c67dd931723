package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weft-gateway/weft/gateway/bench/mock"
)

// Scenario is one way to load a gateway.
type Scenario struct {
	Name  string
	About string
	// Connections is how many requests are in flight at any time.
	Connections int
	// Delay is how long each subgraph takes to answer; Delays are those of subgraphs that take another time.
	Delay  time.Duration
	Delays map[string]time.Duration
	// Path is how long the subgraphs alone make a client wait: the calls that need each other, one after the other.
	Path time.Duration
	// Window is how long entity calls wait for those of other requests; 0: they do not.
	Window time.Duration
	// Processors is how many the gateway may use; 0: all.
	Processors int
	// Instead of the gateway something else is measured that tells what the figures mean: one of comparators.
	Instead string
	// Calls are the subgraphs that are asked one after the other where calls are measured instead.
	Calls []string
	// Deduplicate lets equal calls that are under way at the same time be one, as the gateway does by default. Without
	// it each request pays for itself.
	Deduplicate bool
	// Together lets equal queries of clients be executed once, which has to be asked for.
	Together bool

	graph string
	// requests makes the request number i, of as many as there are different ones: variants.
	variants int
	request  func(i int) operation
}

// operation is what a request asks.
type operation struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables,omitempty"`
}

//go:embed shop/heavy.graphql
var heavyOperation string

// The tour's query, over stubs instead of the demo's services.
const tourOperation = `query Tour {
  orders(first: 3) {
    nodes {
      id
      status
      customer { name }
      total { amount currency }
      fulfillable
      items { quantity product { sku name inStock } }
    }
  }
}`

const (
	smallOperation = `query Small { bestsellers { code title price } }`
	keyOperation   = `query ByKey($code: ID!) { product(code: $code) { title price available reviews { text author { handle fullName } } } }`
)

// In the one branch accounts (40 ms), reviews and products (10 each) follow one another, in the other products (10) and
// inventory (50): 60 ms. A gateway that waits for all calls of a step before it takes the next takes 100.
const unevenOperation = `query Uneven { customers { reviews { product { title } } } bestsellers { code available } }`

var unevenDelays = map[string]time.Duration{
	"accounts": 40 * time.Millisecond, "reviews": 10 * time.Millisecond,
	"products": 10 * time.Millisecond, "inventory": 50 * time.Millisecond,
}

// largeOperation asks the one subgraph for the same list many times.
func largeOperation() string {
	var b strings.Builder
	b.WriteString("query Large {")
	for i := range 200 {
		fmt.Fprintf(&b, " list%d: bestsellers { code title price weight }", i)
	}
	b.WriteString(" }")
	return b.String()
}

// byKey asks for another entity each time.
func byKey(i int) operation {
	return operation{Query: keyOperation, Variables: map[string]any{"code": strconv.Itoa(1 + i%12)}}
}

func always(query string) func(int) operation {
	return func(int) operation { return operation{Query: query} }
}

var scenarios = []*Scenario{
	{
		Name: "small", About: "one small operation of a single subgraph",
		Connections: 50, graph: "shop", variants: 1, request: always(smallOperation),
	},
	{
		Name: "large", About: "one operation of a single subgraph, an answer of some 65 kB",
		Connections: 50, graph: "shop", variants: 1, request: always(largeOperation()),
	},
	{
		Name: "tour", About: "the tour's query: orders with what inventory knows of them",
		Connections: 50, graph: "demo", variants: 1, request: always(tourOperation),
	},
	{
		Name: "heavy", About: "four subgraphs, entities within entities, an answer of some 87 kB",
		Connections: 50, graph: "shop", variants: 1, request: always(heavyOperation),
	},
	{
		Name: "shared", About: "the same; equal calls that are under way at the same time are one, which is the default",
		Connections: 50, Deduplicate: true, graph: "shop", variants: 1, request: always(heavyOperation),
	},
	{
		Name: "together", About: "the same; equal queries that are under way at the same time are executed once, which can be configured",
		Connections: 50, Deduplicate: true, Together: true, graph: "shop", variants: 1, request: always(heavyOperation),
	},
	{
		Name: "variables", About: "one operation of three subgraphs, the entity's key another in each of twelve requests",
		Connections: 50, graph: "shop", variants: 12, request: byKey,
	},
	{
		Name: "documents", About: "the same operation, each request a document that was never seen",
		Connections: 50, graph: "shop", variants: 1 << 30,
		request: func(i int) operation {
			return operation{
				Query:     strings.Replace(keyOperation, "product(", "p"+strconv.Itoa(i)+": product(", 1),
				Variables: map[string]any{"code": strconv.Itoa(1 + i%12)},
			}
		},
	},
	{
		Name: "far", About: "one operation of three subgraphs with 200 connections and subgraphs that take 20 ms",
		Connections: 200, Delay: 20 * time.Millisecond, Path: 60 * time.Millisecond, graph: "shop", variants: 12, request: byKey,
	},
	{
		Name: "window", About: "the same; entity calls wait 2 ms for those of other requests",
		Connections: 200, Delay: 20 * time.Millisecond, Path: 60 * time.Millisecond, Window: 2 * time.Millisecond,
		graph: "shop", variants: 12, request: byKey,
	},
	{
		Name: "uneven", About: "two branches: one is slow at first, the other at the end",
		Connections: 50, graph: "shop", variants: 1, request: always(unevenOperation),
		Delays: unevenDelays, Path: 60 * time.Millisecond,
	},
	{
		Name: "heavy-1", About: "heavy, with one processor for the gateway",
		Connections: 50, Processors: 1, graph: "shop", variants: 1, request: always(heavyOperation),
	},
	{
		Name: "small-static", About: "for comparison: net/http with the answer of small in memory",
		Connections: 50, Instead: "static", graph: "shop", variants: 1, request: always(smallOperation),
	},
	{
		Name: "small-proxy", About: "for comparison: httputil.ReverseProxy in front of the one subgraph that small asks",
		Connections: 50, Instead: "proxy", graph: "shop", variants: 1, request: always(smallOperation),
	},
	{
		Name: "heavy-static", About: "for comparison: net/http with the answer of heavy in memory",
		Connections: 50, Instead: "static", graph: "shop", variants: 1, request: always(heavyOperation),
	},
	{
		Name: "far-calls", About: "for comparison: net/http with far's answer in memory, after calls of its three subgraphs that say nothing",
		Connections: 200, Delay: 20 * time.Millisecond, Path: 60 * time.Millisecond, Instead: "calls",
		Calls: []string{"products", "reviews", "accounts"}, graph: "shop", variants: 1, request: byKey,
	},
	{
		Name: "uneven-calls", About: "for comparison: the same for the longer branch of uneven",
		Connections: 50, Delays: unevenDelays, Path: 60 * time.Millisecond, Instead: "calls",
		Calls: []string{"accounts", "reviews", "products"}, graph: "shop", variants: 1, request: always(unevenOperation),
	},
}

func scenarioNames() []string {
	var names []string
	for _, s := range scenarios {
		names = append(names, s.Name)
	}
	return names
}

func chooseScenarios(names string) ([]*Scenario, error) {
	if names == "" {
		return scenarios, nil
	}
	var chosen []*Scenario
next:
	for name := range strings.SplitSeq(names, ",") {
		for _, s := range scenarios {
			if s.Name == strings.TrimSpace(name) {
				chosen = append(chosen, s)
				continue next
			}
		}
		return nil, fmt.Errorf("there is no scenario %q: choose from %s", name, strings.Join(scenarioNames(), ", "))
	}
	return chosen, nil
}

// exchange is a request's body, and the answer that it has to get.
type exchange struct {
	body, answer []byte
}

// exchanges gives the requests of a scenario with their answers. It remembers them where they repeat.
type exchanges struct {
	scenario *Scenario
	whole    *mock.Server
	known    []exchange
}

// maxKnown is how many different requests a scenario may have for all of them to be made before it starts.
const maxKnown = 1 << 12

// exchanges are the scenario's graph, and its requests with the answers of one server that holds all the data.
func (s *Scenario) exchanges() (*graph, *exchanges, error) {
	g, err := findGraph(s.graph)
	if err != nil {
		return nil, nil, err
	}
	whole, err := g.whole()
	if err != nil {
		return nil, nil, err
	}
	e, err := newExchanges(s, whole)
	return g, e, err
}

func newExchanges(s *Scenario, whole *mock.Server) (*exchanges, error) {
	e := &exchanges{scenario: s, whole: whole}
	if s.variants > maxKnown {
		return e, nil
	}
	for i := range s.variants {
		x, err := e.make(i)
		if err != nil {
			return nil, err
		}
		e.known = append(e.known, x)
	}
	return e, nil
}

// number returns the request number i. It may be called by several goroutines.
func (e *exchanges) number(i int) (exchange, error) {
	if len(e.known) > 0 {
		return e.known[i%len(e.known)], nil
	}
	return e.make(i)
}

func (e *exchanges) make(i int) (exchange, error) {
	body, err := json.Marshal(e.scenario.request(i))
	if err != nil {
		return exchange{}, err
	}
	answer, err := e.whole.Answer(body)
	if err != nil {
		return exchange{}, fmt.Errorf("find the expected answer: %w", err)
	}
	return exchange{body: body, answer: answer}, nil
}
