package plan

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/response"
)

// Sent is a part of what a fetch sends for the entities of a target: a field, or what is sent of the objects of a type.
type Sent struct {
	Field string // its name in the subgraph; "": this is about a type
	Type  string
	// Of are the parts of the field's objects, or of the type's.
	Of []Sent
}

// Sent is what the representations of a target are made of, type by type; nothing where the target is asked for without any.
func (p *Plan) Sent(t Target) []Sent {
	if t.Representation == nil {
		return nil
	}
	o := p.Walk(t.Route, func(*response.Field) {})
	if t.Route.Case < 0 {
		rc := t.Representation.Cases[0]
		return []Sent{{Type: rc.Constant, Of: sentMembers(&rc, o.Before)}}
	}
	return sentTypes(t.Representation, o)
}

func sentTypes(r *response.Representation, o *response.Object) []Sent {
	var out []Sent
	for i := range r.Cases {
		rc := &r.Cases[i]
		if rc.Constant == "" && !rc.Runtime && len(rc.Fields) == 0 {
			continue
		}
		types := o.Cases[i].Types
		if rc.Constant != "" {
			types = []string{rc.Constant}
		}
		for _, typ := range types {
			out = append(out, Sent{Type: typ, Of: sentMembers(rc, o.Cases[i].Fields)})
		}
	}
	return out
}

func sentMembers(rc *response.RepresentationCase, fields []response.Field) []Sent {
	var out []Sent
	if rc.Constant != "" || rc.Runtime {
		out = append(out, Sent{Field: "__typename"})
	}
	for _, f := range rc.Fields {
		s := Sent{Field: memberName(f.Key)}
		if f.Object != nil {
			o := fields[f.Field].Object
			if alike := len(f.Object.Cases) == 1 && !f.Object.Cases[0].Runtime; alike {
				s.Of = sentMembers(&f.Object.Cases[0], o.Cases[0].Fields)
			} else {
				s.Of = sentTypes(f.Object, o)
			}
		}
		if !slices.ContainsFunc(out, func(have Sent) bool { return have.Field == s.Field }) {
			out = append(out, s)
		}
	}
	return out
}

// memberName takes a member's name out of its encoded key.
func memberName(key []byte) string {
	var text string
	if len(key) == 0 || json.Unmarshal(key[:len(key)-1], &text) != nil {
		return string(key)
	}
	return text
}

// Picked are the paths to the leaves that a pick can lead to, from objects of a case: "... on T" before a field's name says
// that it is read from objects of that type.
func Picked(o *response.Object, kase int, p *response.Pick) [][]string {
	f := &o.Cases[kase].Fields[p.Field]
	typ, _, _ := strings.Cut(f.Coordinate, ".")
	types := o.Cases[kase].Types
	if types == nil {
		types = []string{typ}
	}
	var rest [][]string
	for i, next := range p.Cases {
		if next != nil {
			rest = append(rest, Picked(f.Object, i, next)...)
		}
	}
	if f.Object == nil {
		rest = [][]string{nil}
	}
	var out [][]string
	for _, typ := range types {
		for _, path := range rest {
			out = append(out, slices.Concat([]string{"... on " + typ, f.Name}, path))
		}
	}
	return out
}

// sends says in one line what a fetch sends for a target of a group: the representations, and the values of its variables
// that come from contexts.
func (p *Plan) sends(f *Fetch, group int, t Target) string {
	text := sentText(p.Sent(t), p.targetTypes(t))
	if t.Contexts == nil || f.Template == nil {
		return text
	}
	for i, v := range t.Contexts.Values {
		from := p.valuePaths(t, &v)
		if len(from) == 0 {
			from = []string{"nothing (null)"}
		}
		text += ", $" + f.Template.ContextVariable(group, 0, i) + " from " + strings.Join(from, " or ")
	}
	return text
}

// targetTypes are the object types that a path names beside a target.
func (p *Plan) targetTypes(t Target) []string {
	o := p.Walk(t.Route, func(*response.Field) {})
	if t.Route.Case < 0 || t.Route.Case >= len(o.Cases) {
		return nil
	}
	return o.Cases[t.Route.Case].Types
}

// valuePaths are where in the response the value of a context stands, each once.
func (p *Plan) valuePaths(t Target, v *response.ContextValue) []string {
	if v.Object == nil {
		return nil
	}
	steps := 0
	for at := p.Root; at != v.Object; steps++ {
		if steps == len(t.Route.Steps) {
			return nil
		}
		at = p.Walk(response.Route{Steps: t.Route.Steps[:steps+1]}, func(*response.Field) {})
	}
	above := p.path(response.Route{Steps: t.Route.Steps[:steps], Case: -1})
	var out []string
	for _, path := range Picked(v.Object, v.Case, &v.Pick) {
		path = slices.DeleteFunc(path, func(step string) bool { return strings.HasPrefix(step, "... on ") })
		if above != "" {
			path = slices.Insert(path, 0, above)
		}
		if text := strings.Join(path, "."); !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// sentText writes representations in a line. Types of which the same is sent stand together, and not at all where they are
// the known ones, which are said already. `__typename`, which every representation has, is left out.
func sentText(sent []Sent, known []string) string {
	type alike struct {
		types []string
		text  string
	}
	var groups []alike
	for _, s := range sent {
		text := fieldsText(s.Of)
		i := slices.IndexFunc(groups, func(have alike) bool { return have.text == text })
		if i < 0 {
			i = len(groups)
			groups = append(groups, alike{text: text})
		}
		groups[i].types = append(groups[i].types, s.Type)
	}
	if len(groups) == 1 && slices.Equal(groups[0].types, known) {
		return "{ " + groups[0].text + " }"
	}
	parts := make([]string, len(groups))
	for i, g := range groups {
		parts[i] = choose.Listed(g.types) + " { " + g.text + " }"
	}
	return strings.Join(parts, " or ")
}

func fieldsText(sent []Sent) string {
	var parts []string
	for _, s := range sent {
		text := s.Field
		switch {
		case s.Field == "__typename":
			continue
		case s.Field == "":
			text = "... on " + s.Type
		}
		if len(s.Of) > 0 {
			text += " { " + fieldsText(s.Of) + " }"
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return "__typename"
	}
	return strings.Join(parts, " ")
}
