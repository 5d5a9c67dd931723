package simulate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Source is a subgraph's name and published schema.
type Source struct {
	Name, SDL string
}

// Graph is the subgraphs over one World. It is safe for concurrent use.
type Graph struct {
	Subgraphs []*Subgraph
	world     *World
	// Down are the names of subgraphs that do not answer.
	Down []string
	// Fault, when there is one, says how a call fails. Like Labels it is not to be changed while requests are answered.
	Fault func(Call) Fault
	// Labels are the active labels of progressive @override. It is not to be changed while requests are answered.
	Labels map[string]bool

	mu        sync.Mutex
	calls     []Call
	mutations []string
}

// Call is a request that a subgraph got.
type Call struct {
	Subgraph string
	Request
}

// New makes the subgraphs.
func New(world *World, sources []Source) (*Graph, error) {
	g := &Graph{world: world}
	docs := make([]*ast.SchemaDocument, len(sources))
	implements := map[string][]string{}
	for i, src := range sources {
		s, doc, err := newSubgraph(src.Name, src.SDL)
		if err != nil {
			return nil, err
		}
		s.graph = g
		g.Subgraphs, docs[i] = append(g.Subgraphs, s), doc
		for _, def := range doc.Definitions {
			for _, name := range def.Interfaces {
				if !slices.Contains(implements[def.Name], name) {
					implements[def.Name] = append(implements[def.Name], name)
				}
			}
		}
	}
	g.override()
	for i, s := range g.Subgraphs {
		if err := s.serve(docs[i], world, implements); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// override marks the fields that have moved to another subgraph. Those of a type that is entered by them stay: they are
// known from the representation.
func (g *Graph) override() {
	for _, s := range g.Subgraphs {
		for typ, t := range s.types {
			for field, f := range t.fields {
				if f.override == "" {
					continue
				}
				if from := g.Subgraph(f.override); from != nil {
					own := from.fact(typ, field)
					own.overridden, own.label = true, f.label
				}
			}
		}
	}
}

// Subgraph returns a subgraph by its name, nil when there is none.
func (g *Graph) Subgraph(name string) *Subgraph {
	i := slices.IndexFunc(g.Subgraphs, func(s *Subgraph) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return g.Subgraphs[i]
}

// Answer answers a request to a subgraph, as JSON, and records it. It is nil when the subgraph is down.
func (g *Graph) Answer(subgraph string, body []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var req Request
	if err := dec.Decode(&req); err != nil {
		return refuse(err).JSON()
	}
	call, fault := Call{subgraph, req}, None
	g.mu.Lock()
	g.calls = append(g.calls, call)
	g.mu.Unlock()
	s := g.Subgraph(subgraph)
	if s == nil || slices.Contains(g.Down, subgraph) {
		return nil
	}
	if g.Fault != nil {
		fault = g.Fault(call)
	}
	var failing *Call
	if fault == Failing {
		failing = &call
	}
	result := s.server.execute(req, failing)
	if len(result.Mutations) > 0 {
		g.mu.Lock()
		g.mutations = append(g.mutations, result.Mutations...)
		g.mu.Unlock()
	}
	return fault.spoil(result, call)
}

// TakeMutations returns the mutations executed so far, in order, and forgets them.
func (g *Graph) TakeMutations() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	mutations := g.mutations
	g.mutations = nil
	return mutations
}

// ServeHTTP serves each subgraph under a path that ends with its name.
func (g *Graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, 16<<20)); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer := g.Answer(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], body.Bytes())
	if answer == nil {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer)
}

// TakeCalls returns the requests so far and forgets them, in an order that does not depend on when they came.
func (g *Graph) TakeCalls() []Call {
	g.mu.Lock()
	defer g.mu.Unlock()
	calls := g.calls
	g.calls = nil
	slices.SortStableFunc(calls, func(a, b Call) int { return strings.Compare(a.text(), b.text()) })
	return calls
}

func (c Call) text() string { return fmt.Sprint(c.Subgraph, c.Query, c.Variables) }

// Monolith is one server that holds all the data. It is safe for concurrent use.
type Monolith struct{ server *server }

// NewMonolith makes a monolith with a schema.
func NewMonolith(world *World, schema *ast.Schema) *Monolith {
	all := rules.NewDefaultRules()
	// gqlparser takes __typename for a nullable String, and refuses to merge it with fields of type String!.
	all.RemoveRule("OverlappingFieldsCanBeMerged")
	return &Monolith{&server{schema: schema, world: world, rules: all}}
}

// TakeContexts lets the monolith fill arguments from the objects above as the subgraphs of a graph want them.
func (m *Monolith) TakeContexts(g *Graph) {
	m.server.contexts = map[string][]fromContext{}
	for _, s := range g.Subgraphs {
		for at, arguments := range s.contexts {
			m.server.contexts[at] = append(m.server.contexts[at], arguments...)
		}
	}
}

// Deny has the monolith refuse fields: those at a coordinate that is denied ("Type.field"), those of a type that is, and
// those whose values are of one.
func (m *Monolith) Deny(denied func(coordinate string) bool) { m.server.denied = denied }

// Execute answers a request.
func (m *Monolith) Execute(req Request) *Result { return m.server.execute(req, nil) }
