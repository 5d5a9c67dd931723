package plan

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Checker checks that plans over one supergraph are sound. It is meant for tests and `weft plan --check`; it is safe for
// concurrent use.
type Checker struct {
	schemas []*ast.Schema
	rules   *rules.Rules
}

// NewChecker prepares the schemas of all subgraphs.
func NewChecker(s *supergraph.Supergraph) (*Checker, error) {
	c := &Checker{rules: rules.NewDefaultRules()}
	for _, g := range s.Graphs {
		schema, err := s.SubgraphSchema(g.ID)
		if err != nil {
			return nil, err
		}
		c.schemas = append(c.schemas, schema)
	}
	return c, nil
}

// Check reports what is unsound about a plan: a fetch that is no valid operation of its subgraph, a fetch that reads
// what it does not wait for, or a place of the response that no fetch fills.
func (c *Checker) Check(p *Plan) error {
	for i, f := range p.Fetches {
		if f.ID != i {
			return fmt.Errorf("fetch %d is at index %d", f.ID, i)
		}
		for _, d := range f.DependsOn {
			if d < 0 || d >= i || !slices.Contains(p.Fetches[d].Dependents, i) {
				return fmt.Errorf("fetch %d depends on fetch %d out of order", i, d)
			}
		}
		if f.Subgraph < 0 {
			continue
		}
		doc, err := parser.ParseQuery(&ast.Source{Name: f.Name, Input: f.Operation})
		if err != nil {
			return fmt.Errorf("fetch %d of %s does not parse: %w\n%s", i, f.Name, err, f.Operation)
		}
		if errs := validator.ValidateWithRules(c.schemas[f.Subgraph], doc, c.rules); len(errs) > 0 {
			return fmt.Errorf("fetch %d is not valid in subgraph %s: %w\n%s", i, f.Name, errs, f.Operation)
		}
	}
	k := &shapeCheck{plan: p, waits: closure(p.Fetches)}
	slots := make([]int, len(p.Roots))
	copy(slots, p.Roots)
	return k.object(p.Root, slots, "")
}

// shapeCheck follows the shape with, for each slot, the fetch whose answer fills it.
type shapeCheck struct {
	plan  *Plan
	waits [][]bool // waits[i][j]: fetch i runs after fetch j
}

// closure finds for each fetch all that it waits for. Each comes after those it depends on.
func closure(fetches []*Fetch) [][]bool {
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

func (k *shapeCheck) object(o *response.Object, slots []int, path string) error {
	if len(slots) != o.Inherited {
		return fmt.Errorf("%s: %d slots are filled, %d expected", path, len(slots), o.Inherited)
	}
	inherited := slots
	slots, err := k.links(o.Links, slots, path)
	if err != nil {
		return err
	}
	if len(o.Before) > 0 {
		for _, l := range o.Links {
			if err := k.represented(l, o, 0, o.Before, inherited, path); err != nil {
				return err
			}
		}
	}
	if o.TypeName.Slot >= len(slots) {
		return fmt.Errorf("%s: the runtime type is read from slot %d of %d", path, o.TypeName.Slot, len(slots))
	}
	for i := range o.Cases {
		all, err := k.links(o.Cases[i].Links, slots, path)
		if err != nil {
			return err
		}
		for _, l := range o.Cases[i].Links {
			if err := k.represented(l, o, i, o.Cases[i].Fields, all, path); err != nil {
				return err
			}
		}
		for _, f := range o.Cases[i].Fields {
			if err := k.field(o, &f, all, path+"."+f.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *shapeCheck) links(links []response.Link, slots []int, path string) ([]int, error) {
	out := slices.Clone(slots)
	for _, l := range links {
		if l.From >= len(out) || l.Fetch >= len(k.plan.Fetches) {
			return nil, fmt.Errorf("%s: a link from slot %d to fetch %d", path, l.From, l.Fetch)
		}
		f := k.plan.Fetches[l.Fetch]
		if l.Group >= len(f.Groups) || l.Target >= len(f.Groups[l.Group].Targets) {
			return nil, fmt.Errorf("%s: a link to group %d, target %d of fetch %d", path, l.Group, l.Target, l.Fetch)
		}
		if t := f.Groups[l.Group].Targets[l.Target]; t.Slot != len(out) || t.From != l.From {
			return nil, fmt.Errorf("%s: fetch %d fills slot %d from %d, its link slot %d from %d", path, l.Fetch, t.Slot, t.From, len(out), l.From)
		}
		if !k.after(f, out[l.From]) {
			return nil, fmt.Errorf("%s: fetch %d links to objects of fetch %d, for which it does not wait", path, l.Fetch, out[l.From])
		}
		out = append(out, l.Fetch)
	}
	return out, nil
}

// after reports whether a fetch runs after another.
func (k *shapeCheck) after(f *Fetch, other int) bool { return k.waits[f.ID][other] }

func (k *shapeCheck) field(o *response.Object, f *response.Field, slots []int, path string) error {
	switch f.Kind {
	case response.TypeName:
		if f.Constant == "" && o.TypeName.Slot < 0 {
			return fmt.Errorf("%s: the runtime type is nowhere", path)
		}
		return nil
	case response.Denied:
		return nil
	}
	if len(f.Sources) == 0 || f.Kind == response.Leaf && len(f.Sources) != 1 {
		return fmt.Errorf("%s: %d sources", path, len(f.Sources))
	}
	child := make([]int, len(f.Sources))
	for i, s := range f.Sources {
		if s.Slot < 0 || s.Slot >= len(slots) || s.Name == 0 {
			return fmt.Errorf("%s: source %d is member %d of slot %d, of %d", path, i, s.Name, s.Slot, len(slots))
		}
		child[i] = slots[s.Slot]
	}
	if f.Kind == response.Composite {
		return k.object(f.Object, child, path)
	}
	return nil
}
