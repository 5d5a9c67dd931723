package check

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// fetches checks each fetch by itself: its place among the others, its document and its variables.
func (k *check) fetches() error {
	for i, f := range k.plan.Fetches {
		if f.ID != i {
			return fmt.Errorf("fetch %d is at index %d", f.ID, i)
		}
		for _, d := range f.DependsOn {
			if d < 0 || d >= i || !slices.Contains(k.plan.Fetches[d].Dependents, i) {
				return fmt.Errorf("fetch %d depends on fetch %d out of order", i, d)
			}
		}
		for _, d := range f.Dependents {
			if d <= i || d >= len(k.plan.Fetches) || !slices.Contains(k.plan.Fetches[d].DependsOn, i) {
				return fmt.Errorf("fetch %d is waited for by fetch %d, which does not know", i, d)
			}
		}
		if int(f.Cond) >= len(k.plan.Conditions) {
			return fmt.Errorf("fetch %d is made under condition %d of %d", i, f.Cond, len(k.plan.Conditions))
		}
		doc, err := k.document(f)
		if err != nil {
			return err
		}
		k.docs = append(k.docs, doc)
		if f.Subgraph >= 0 {
			k.proof.Fetches++
		}
	}
	k.waits = closure(k.plan.Fetches)
	return nil
}

// closure finds for each fetch all that it waits for. Each comes after those it depends on.
func closure(fetches []*plan.Fetch) [][]bool {
	waits := make([][]bool, len(fetches))
	for i, f := range fetches {
		waits[i] = make([]bool, len(fetches))
		for _, d := range f.DependsOn {
			waits[i][d] = true
			for j, on := range waits[d] {
				waits[i][j] = waits[i][j] || on
			}
		}
	}
	return waits
}

// document is what a fetch asks.
type document struct {
	fetch  *plan.Fetch
	schema *ast.Schema
	root   ast.SelectionSet
	at     querygraph.NodeID // where the root stands; None for introspection
	ids    map[*ast.Selection]int
	texts  map[string]int
}

func (k *check) document(f *plan.Fetch) (*document, error) {
	doc, err := parser.ParseQuery(&ast.Source{Name: f.Name, Input: f.Operation})
	if err != nil {
		return nil, fmt.Errorf("fetch %d of %s does not parse: %w\n%s", f.ID, f.Name, err, f.Operation)
	}
	if len(doc.Operations) != 1 {
		return nil, fmt.Errorf("fetch %d of %s has %d operations", f.ID, f.Name, len(doc.Operations))
	}
	asked := doc.Operations[0]
	d := &document{fetch: f, root: asked.SelectionSet, at: querygraph.None, ids: map[*ast.Selection]int{}, texts: map[string]int{}}
	kind := ast.Query
	switch f.Kind {
	case plan.Mutation:
		kind = ast.Mutation
	case plan.Subscription:
		kind = ast.Subscription
	}
	root := typesystem.RootName(kind)
	if asked.Name != f.OperationName {
		return nil, fmt.Errorf("fetch %d of %s is sent as the operation %q, and its document has %q", f.ID, f.Name, f.OperationName, asked.Name)
	}
	if asked.Operation != kind {
		return nil, fmt.Errorf("fetch %d of %s is sent as a %s", f.ID, f.Name, asked.Operation)
	}
	if (f.Kind == plan.Introspection) != (f.Subgraph < 0) || f.Subgraph >= len(k.checker.schemas) {
		return nil, fmt.Errorf("fetch %d of kind %s goes to subgraph %d", f.ID, f.Kind, f.Subgraph)
	}
	if f.Kind == plan.Introspection {
		d.schema = k.checker.graph.Supergraph.API
		if err := expand(doc, f); err != nil {
			return nil, err
		}
		return d, k.variables(f, asked)
	}
	d.schema, d.at = k.checker.schemas[f.Subgraph], k.checker.graph.Base(f.Subgraph, root)
	if errs := validator.ValidateWithRules(d.schema, doc, k.checker.rules); len(errs) > 0 {
		return nil, fmt.Errorf("fetch %d is not valid in subgraph %s: %w\n%s", f.ID, f.Name, errs, f.Operation)
	}
	if err := expand(doc, f); err != nil {
		return nil, err
	}
	if err := k.filled(f, d.root); err != nil {
		return nil, err
	}
	if err := k.copies(f); err != nil {
		return nil, err
	}
	return d, k.variables(f, asked)
}

// variables checks that the variables that travel along are those of the document, and that those of representations are
// no variables of the client.
func (k *check) variables(f *plan.Fetch, asked *ast.OperationDefinition) error {
	given := slices.Clone(f.Variables)
	for _, name := range f.Variables {
		if k.op.Definition.VariableDefinitions.ForName(name) == nil {
			return fmt.Errorf("fetch %d sends the variable $%s, which the operation does not have", f.ID, name)
		}
	}
	if f.Kind == plan.Entities {
		for _, g := range f.Groups {
			given = append(given, g.Variable)
		}
		given = append(given, contextVariables(f)...)
	}
	var declared []string
	for _, v := range asked.VariableDefinitions {
		declared = append(declared, v.Variable)
	}
	slices.Sort(given)
	slices.Sort(declared)
	if !slices.Equal(given, declared) {
		return fmt.Errorf("fetch %d sends the variables %v, its document has %v", f.ID, given, declared)
	}
	return nil
}

// turns checks that the root fields of a mutation run one after another: each fetch for one of them after the one before
// it, and after all that belongs to that (GraphQL specification, section 6.2.2).
func (k *check) turns() error {
	last := -1
	for i, f := range k.plan.Fetches {
		if f.Kind != plan.Mutation {
			continue
		}
		if last >= 0 && !k.waits[i][last] {
			return fmt.Errorf("fetch %d of a mutation does not wait for fetch %d, which comes before it", i, last)
		}
		for j := range k.plan.Fetches {
			if last >= 0 && j != i && k.waits[j][last] && !k.waits[j][i] && !k.waits[i][j] {
				return fmt.Errorf("fetch %d of a mutation does not wait for fetch %d, which belongs to an earlier field", i, j)
			}
		}
		last = i
	}
	return nil
}

// serial checks that the root fields of a mutation are executed in the order in which they are in the response: in the
// order of the fetches, and of each fetch's document.
func (w *way) serial(slots []slotAnswer) error {
	if w.op.Kind != ast.Mutation {
		return nil
	}
	c := &w.plan.Root.Cases[0]
	var want, have []string // fetch and response name
	for _, i := range visible(len(c.Fields), c.Order, w.holds, func(i int) (response.ConditionID, bool) { return c.Fields[i].Cond, c.Fields[i].Hidden }) {
		for _, src := range c.Fields[i].Sources {
			if f := slots[src.Slot].doc.fetch; f.Kind == plan.Mutation {
				want = append(want, fmt.Sprintf("[%d] %s", f.ID, w.plan.Names.Text(src.Name)))
			}
		}
	}
	for _, d := range w.docs {
		if d.fetch.Kind != plan.Mutation || !w.holds(d.fetch.Cond) {
			continue
		}
		for _, name := range w.rootNames(d.root) {
			if text := fmt.Sprintf("[%d] %s", d.fetch.ID, name); !slices.Contains(have, text) {
				have = append(have, text)
			}
		}
	}
	if !slices.Equal(want, have) {
		return fmt.Errorf("the mutation executes %v, and the operation asks for %v", have, want)
	}
	return nil
}

// rootNames are the response names of the fields of a selection set, but __typename, in their order.
func (w *way) rootNames(set ast.SelectionSet) []string {
	var out []string
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Name != "__typename" && w.included(sel.Directives) {
				out = append(out, sel.Alias)
			}
		case *ast.InlineFragment:
			if w.included(sel.Directives) {
				out = append(out, w.rootNames(sel.SelectionSet)...)
			}
		}
	}
	return out
}
