package plan_test

import (
	"slices"

	"github.com/weft-gateway/weft/gateway/response"
)

// object breaks the shape of the response.
func (m *mutator) object(o *response.Object, path string) {
	if m.seen[o] {
		return
	}
	m.seen[o] = true
	for i := range o.Links {
		m.add(func() { o.Links = slices.Delete(slices.Clone(o.Links), i, i+1) }, "%s lacks link %d", path, i)
	}
	if o.TypeName.Slot >= 0 {
		m.add(func() { o.TypeName.Name = m.plan.Names.Intern("mutant") }, "%s finds its type elsewhere", path)
	}
	for i := range o.Before {
		if f := &o.Before[i]; f.Object != nil {
			m.object(f.Object, path+"."+f.Name)
		}
	}
	for i := range o.Cases {
		c := &o.Cases[i]
		for j := range c.Links {
			m.add(func() { c.Links = slices.Delete(slices.Clone(c.Links), j, j+1) }, "%s case %d lacks link %d", path, i, j)
		}
		for j := range c.Types {
			m.add(func() { c.Types = slices.Delete(slices.Clone(c.Types), j, j+1) }, "%s case %d lacks type %s", path, i, c.Types[j])
		}
		for j := range c.Fields {
			m.field(c, j, path+"."+c.Fields[j].Name)
		}
	}
}

func (m *mutator) field(c *response.Case, i int, path string) {
	f := &c.Fields[i]
	for j := range f.Sources {
		m.add(func() {
			f.Sources = slices.Clone(f.Sources)
			f.Sources[j].Name = m.plan.Names.Intern("mutant")
		}, "%s reads something else", path)
		next := response.Source{Slot: f.Sources[j].Slot + 1, Name: f.Sources[j].Name}
		if slices.Contains(f.Sources, next) {
			continue // it would read an answer twice, and need the other no less
		}
		m.add(func() {
			f.Sources = slices.Clone(f.Sources)
			f.Sources[j] = next
		}, "%s reads another answer", path)
	}
	if f.Object != nil {
		m.object(f.Object, path)
	}
	if f.Hidden {
		return
	}
	m.add(func() { f.Hidden = true }, "%s is not written", path)
	m.add(func() { f.Name = "mutant" }, "%s goes by another name", path)
	m.add(func() { f.Key = []byte(`"mutant":`) }, "%s is written as mutant", path)
	m.condition(&f.Cond, "%s", path)
	if f.Type != nil && f.Kind != response.TypeName {
		m.add(func() { f.Type = &response.Type{NonNull: !f.Type.NonNull, Elem: f.Type.Elem} }, "%s has another nullability", path)
		m.add(func() { f.Type = &response.Type{Elem: f.Type} }, "%s is a list", path)
	}
	if f.Kind == response.Leaf {
		m.add(func() { f.Scalar = (f.Scalar + 1) % (response.Enum + 1) }, "%s has another scalar", path)
		m.add(func() { f.Kind = response.Denied; f.Denial = &response.Denial{} }, "%s is denied", path)
	}
	if f.Kind == response.Denied {
		m.add(func() { f.Kind, f.Denial = response.Leaf, nil }, "%s is not denied", path)
		m.add(func() { f.Sources = []response.Source{{}} }, "%s is read though it is denied", path)
	}
	if f.Constant != "" {
		m.add(func() { f.Constant = "Mutant" }, "%s is another type", path)
	}
	if i+1 < len(c.Fields) && c.Order == nil && !c.Fields[i+1].Hidden && m.together(f.Cond, c.Fields[i+1].Cond) {
		m.add(func() { c.Fields[i], c.Fields[i+1] = c.Fields[i+1], c.Fields[i] }, "%s changes places with the next", path)
	}
}
