package rules

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// inputCycles refuses input types that need a value of themselves: no such value can be written
// (specification, section 3.10, Circular References).
func inputCycles(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	const (
		open = 1 + iota
		done
	)
	state := map[string]int{}
	var path []string
	var visit func(t *subgraph.Type)
	visit = func(t *subgraph.Type) {
		state[t.Name] = open
		path = append(path, t.Name)
		for _, f := range t.Fields {
			if f.Type.Elem != nil || !f.Type.NonNull {
				continue
			}
			next := s.Type(f.Type.NamedType)
			if next == nil || next.Kind != ast.InputObject {
				continue
			}
			switch state[next.Name] {
			case open:
				r.add(diagnostic.InvalidGraphQL, t.Name+"."+f.Name, f.Position, "the input type %q needs a value of itself, by way of %s: make one of these fields nullable", next.Name, strings.Join(path, " → "))
			case 0:
				visit(next)
			}
		}
		path = path[:len(path)-1]
		state[t.Name] = done
	}
	for _, t := range s.Types {
		if t.Kind == ast.InputObject && state[t.Name] == 0 {
			visit(t)
		}
	}
	return r.found
}
