package main

import (
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/weft-gateway/weft/gateway/bench/mock"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/supergraph"
)

//go:embed shop/*.graphql
var shopFiles embed.FS

// graph is a set of subgraphs to be stubbed.
type graph struct {
	name      string
	subgraphs []string
	// schema returns a subgraph's SDL.
	schema func(subgraph string) ([]byte, error)
	data   *mock.Data
}

var graphs = []*graph{
	{
		// An accounts, inventory, products and reviews graph as the field's public benchmarks have, with an answer of
		// their size to an operation of their shape.
		name:      "shop",
		subgraphs: []string{"accounts", "inventory", "products", "reviews"},
		schema:    func(name string) ([]byte, error) { return shopFiles.ReadFile("shop/" + name + ".graphql") },
		data: &mock.Data{
			Keys:       map[string]string{"Customer": "id", "Product": "code", "Review": "id"},
			Population: map[string]int{"Customer": 8, "Product": 12, "Review": 400},
			Lengths:    map[string]int{"Query.customers": 6, "Query.bestsellers": 5, "Customer.reviews": 3, "Product.reviews": 5},
			Words:      map[string]int{"Review.text": 8, "Customer.handle": 1},
		},
	},
	{
		// The schemas of the demo, read from the repository that the bench runs in.
		name:      "demo",
		subgraphs: []string{"inventory", "orders"},
		schema: func(name string) ([]byte, error) {
			text, err := os.ReadFile(filepath.Join("subgraphs", name, "schema.graphql"))
			if errors.Is(err, os.ErrNotExist) {
				return nil, fmt.Errorf("run the bench in the root of the repository: %w", err)
			}
			return text, err
		},
		data: &mock.Data{
			Keys:       map[string]string{"Order": "id", "Product": "sku", "Customer": "id", "Warehouse": "id"},
			Population: map[string]int{"Order": 1000, "Product": 200, "Customer": 80, "Warehouse": 4},
			Lengths:    map[string]int{"OrderConnection.nodes": 3, "Order.items": 2},
		},
	},
}

func findGraph(name string) (*graph, error) {
	for _, g := range graphs {
		if g.name == name {
			return g, nil
		}
	}
	return nil, fmt.Errorf("there is no graph %q", name)
}

// compose returns the supergraph of stubs that listen on the address.
func (g *graph) compose(stubs string) (*supergraph.Supergraph, error) {
	var inputs []composition.Subgraph
	for _, name := range g.subgraphs {
		sdl, err := g.schema(name)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, composition.Subgraph{Name: name, URL: "http://" + stubs + "/" + name, SDL: string(sdl)})
	}
	result := composition.Compose(inputs)
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("compose graph %s: %v", g.name, result.Errors[0])
	}
	return result.Supergraph, nil
}

// stubs returns a mock of each subgraph.
func (g *graph) stubs() (map[string]*mock.Server, error) {
	s, err := g.compose("stub.invalid")
	if err != nil {
		return nil, err
	}
	servers := map[string]*mock.Server{}
	for _, subgraph := range s.Graphs {
		schema, err := s.SubgraphSchema(subgraph.ID)
		if err != nil {
			return nil, fmt.Errorf("schema of subgraph %s: %w", subgraph.Name, err)
		}
		if !slices.Contains(g.subgraphs, subgraph.Name) {
			return nil, fmt.Errorf("the supergraph calls a subgraph %s that is none", subgraph.Name)
		}
		servers[subgraph.Name] = mock.New(schema, g.data)
	}
	return servers, nil
}

// whole returns a mock of the whole graph: what a gateway has to answer.
func (g *graph) whole() (*mock.Server, error) {
	s, err := g.compose("stub.invalid")
	if err != nil {
		return nil, err
	}
	return mock.New(s.API, g.data), nil
}

func printSupergraph(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench supergraph", flag.ContinueOnError)
	name := flags.String("graph", "shop", "`name` of the graph: shop or demo")
	stubs := flags.String("stubs", "127.0.0.1:4200", "`address` that the stubs will listen on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	g, err := findGraph(*name)
	if err != nil {
		return err
	}
	s, err := g.compose(*stubs)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, s.SDL)
	return err
}
