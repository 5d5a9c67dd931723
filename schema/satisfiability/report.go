package satisfiability

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// report collects what the walk finds. A coordinate is reported once, where the walk first comes across it: with the
// shortest operation.
type report struct {
	walk       *walk
	failed     map[finding]bool
	mismatched map[string]bool
	errors     []diagnostic.Diagnostic
	hints      []diagnostic.Diagnostic
	more       int // errors beyond the limit
}

type finding struct {
	code       diagnostic.Code
	coordinate string
}

func (r *report) all() []diagnostic.Diagnostic {
	if r.more > 0 {
		r.errors = append(r.errors, diagnostic.Diagnostic{
			Code:     diagnostic.SatisfiabilityError,
			Severity: diagnostic.Error,
			Message:  fmt.Sprintf("%d more fields cannot be resolved; they are shown when those before them are mended", r.more),
		})
	}
	return append(r.errors, r.hints...)
}

// fail records an error about a coordinate unless there is one with the same code.
func (r *report) fail(code diagnostic.Code, coordinate string, d func() diagnostic.Diagnostic) {
	if r.failed[finding{code, coordinate}] {
		return
	}
	r.failed[finding{code, coordinate}] = true
	if len(r.errors) >= r.walk.limits.errors {
		r.more++
		return
	}
	r.errors = append(r.errors, d())
}

// unreachable reports a field that no subgraph that can be reached resolves.
func (r *report) unreachable(i int, f *ast.FieldDefinition, decided labels) {
	s := &r.walk.states[i]
	coordinate := s.object.name + "." + f.Name
	r.fail(diagnostic.SatisfiabilityError, coordinate, func() diagnostic.Diagnostic {
		e := explainer{walk: r.walk, reach: r.walk.reach, state: s, labels: decided}
		var b strings.Builder
		fmt.Fprintf(&b, "no subgraph that the operation can reach resolves %q:\n\n%s\n\n%s%s", coordinate,
			indent(r.walk.operation(i, f)), e.where(), strings.Join(e.field(f.Name), "\n"))
		return diagnostic.Diagnostic{
			Code: diagnostic.SatisfiabilityError, Severity: diagnostic.Error, Message: b.String(),
			Coordinate: coordinate, Locations: locations(e.having(f.Name)),
		}
	})
}

// rootless reports a root type that no subgraph has.
func (r *report) rootless(root string) {
	r.fail(diagnostic.SatisfiabilityError, root, func() diagnostic.Diagnostic {
		return diagnostic.Diagnostic{
			Code: diagnostic.SatisfiabilityError, Severity: diagnostic.Error, Coordinate: root,
			Message: fmt.Sprintf("no subgraph has the root type %q", root),
		}
	})
}

// unnamed reports objects of an interface of which no subgraph that can be reached knows the type.
func (r *report) unnamed(i int) {
	s := &r.walk.states[i]
	e := explainer{walk: r.walk, reach: r.walk.reach, state: s, labels: s.labels}
	in := e.subgraphsOf(s.arrived)
	abstract := s.object.name
	if len(s.arrived) > 0 {
		abstract = r.walk.reach.typeAt(s.object, s.arrived[0]).Name
	}
	r.fail(diagnostic.SatisfiabilityError, abstract, func() diagnostic.Diagnostic {
		return diagnostic.Diagnostic{
			Code:     diagnostic.SatisfiabilityError,
			Severity: diagnostic.Error,
			Message: fmt.Sprintf("no subgraph that the operation can reach knows the types of the objects of %q:\n\n%s\n\n%s%s", abstract,
				indent(r.walk.operation(i, nil)), e.where(), strings.Join(e.typename(abstract), "\n")),
			Coordinate: abstract,
			Locations:  locations(in),
		}
	})
}

// runtimeTypes compares the object types that the subgraphs of a shared field return. It answers false when they have none
// in common that the API schema offers, so that nothing can be said about what comes below the field.
func (r *report) runtimeTypes(i int, f *ast.FieldDefinition, targets []querygraph.NodeID) bool {
	s := &r.walk.states[i]
	if len(targets) < 2 || !r.shared(s.object.name, f.Name) {
		return true
	}
	graph := r.walk.reach.graph
	type returned struct {
		subgraph string
		types    []string
	}
	var all []returned
	offered := r.walk.objectTypes(r.walk.api.Types[f.Type.Name()])
	abstract, anyType, differ := 0, false, false
	common, hidden := offered, []string(nil)
	for _, id := range targets {
		n := &graph.Nodes[id]
		name := graph.Supergraph.Graphs[n.Subgraph].Name
		if slices.ContainsFunc(all, func(o returned) bool { return o.subgraph == name }) {
			continue
		}
		types := []string{n.Type.Name}
		if n.Type.Kind != ast.Object {
			abstract++
			types = nil
			for _, t := range n.Type.PossibleTypes {
				if own := graph.Supergraph.Graphs[n.Subgraph].Types[t]; own != nil && len(own.Fields) == 0 {
					continue // others have taken over all its fields: the subgraph is done with it
				}
				types = append(types, graph.PossibleTypes(t)...) // an @interfaceObject stands for every type of the interface
			}
			slices.Sort(types)
			types = slices.Compact(types)
			if len(types) == 0 && len(n.Type.PossibleTypes) > 0 {
				continue // it is done with all of them, and so with the field
			}
		}
		if len(types) == 1 && !slices.Contains(offered, types[0]) {
			continue // an @interfaceObject, which can be any type, or a type that no client sees
		}
		anyType = anyType || len(types) > 0
		differ = differ || len(all) > 0 && !slices.Equal(types, all[0].types)
		if len(all) == 0 {
			hidden = types
		}
		common, hidden = inBoth(common, types), inBoth(hidden, types)
		all = append(all, returned{name, types})
	}
	if abstract < 2 || !anyType {
		return true
	}
	coordinate := s.object.name + "." + f.Name
	if len(common) > 0 && !differ {
		return true
	}
	var lines, in []string
	for _, o := range all {
		in = append(in, o.subgraph)
		lines = append(lines, fmt.Sprintf("- in subgraph %q: %s", o.subgraph, list(o.types)))
	}
	d := diagnostic.Diagnostic{Coordinate: coordinate, Locations: locations(in)}
	head := fmt.Sprintf("a shared field must have the same value in each of its subgraphs, but %q, of type %q, can be\n\n%s\n\n", coordinate, f.Type, strings.Join(lines, "\n"))
	if len(common) == 0 {
		r.fail(diagnostic.ShareableHasMismatchedRuntimeTypes, coordinate, func() diagnostic.Diagnostic {
			d.Code, d.Severity = diagnostic.ShareableHasMismatchedRuntimeTypes, diagnostic.Error
			shared := "and they have no type in common"
			if len(hidden) > 0 {
				shared = "and no client can see what they have in common"
			}
			d.Message = head + shared + ", as in\n\n" + indent(r.walk.operation(i, f))
			return d
		})
		return false
	}
	if !r.mismatched[coordinate] {
		r.mismatched[coordinate] = true
		d.Code, d.Severity = diagnostic.InconsistentRuntimeTypesForShareableReturn, diagnostic.Warn
		d.Message = head + "so make sure that all of them only ever return " + list(common)
		r.hints = append(r.hints, d)
	}
	return true
}

// inBoth returns what two sorted lists have in common.
func inBoth(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(name string) bool {
		_, found := slices.BinarySearch(b, name)
		return !found
	})
}

// shared reports whether several subgraphs resolve a field.
func (r *report) shared(typeName, field string) bool {
	n := 0
	for _, g := range r.walk.reach.graph.Supergraph.Graphs {
		if t := g.Types[typeName]; t != nil {
			if f := t.Field(field); f != nil && !f.External && !f.Overridden {
				n++
			}
		}
	}
	return n > 1
}

func locations(subgraphs []string) []diagnostic.Location {
	var out []diagnostic.Location
	for _, name := range subgraphs {
		out = append(out, diagnostic.Location{Subgraph: name})
	}
	return out
}

// list writes names as a list: "A", "B" and "C".
func list(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	switch n := len(quoted); n {
	case 0:
		return "nothing"
	case 1:
		return quoted[0]
	default:
		return strings.Join(quoted[:n-1], ", ") + " and " + quoted[n-1]
	}
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
