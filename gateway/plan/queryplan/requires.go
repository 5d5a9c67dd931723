package queryplan

import (
	"encoding/json"
	"slices"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// requires writes what a target's representations are made of.
func (w *writer) requires(t plan.Target) []Selection {
	if t.Representation == nil {
		return nil
	}
	o := w.plan.Walk(t.Route, func(*response.Field) {})
	if t.Route.Case < 0 {
		rc := t.Representation.Cases[0]
		return []Selection{{Kind: "InlineFragment", TypeCondition: rc.Constant, Selections: members(&rc, o.Before)}}
	}
	return cases(t.Representation, o)
}

// cases writes a representation with a fragment for each type that it can be of.
func cases(r *response.Representation, o *response.Object) []Selection {
	var out []Selection
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
			out = append(out, Selection{Kind: "InlineFragment", TypeCondition: typ, Selections: members(rc, o.Cases[i].Fields)})
		}
	}
	return out
}

func members(rc *response.RepresentationCase, fields []response.Field) []Selection {
	var out []Selection
	if rc.Constant != "" || rc.Runtime {
		out = append(out, Selection{Kind: "Field", Name: "__typename"})
	}
	for _, f := range rc.Fields {
		s := Selection{Kind: "Field", Name: name(f.Key)}
		if f.Object != nil {
			o := fields[f.Field].Object
			if alike := len(f.Object.Cases) == 1 && !f.Object.Cases[0].Runtime; alike {
				s.Selections = members(&f.Object.Cases[0], o.Cases[0].Fields)
			} else {
				s.Selections = cases(f.Object, o)
			}
		}
		if !slices.ContainsFunc(out, func(have Selection) bool { return have.Name == s.Name }) {
			out = append(out, s)
		}
	}
	return out
}

// name takes a member's name out of its encoded key.
func name(key []byte) string {
	var text string
	if len(key) == 0 || json.Unmarshal(key[:len(key)-1], &text) != nil {
		return string(key)
	}
	return text
}
