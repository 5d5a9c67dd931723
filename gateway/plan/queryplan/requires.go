package queryplan

import "github.com/weft-gateway/weft/gateway/plan"

// selections writes what a fetch sends.
func selections(sent []plan.Sent) []Selection {
	var out []Selection
	for _, s := range sent {
		kind := "Field"
		if s.Field == "" {
			kind = "InlineFragment"
		}
		out = append(out, Selection{Kind: kind, Name: s.Field, TypeCondition: s.Type, Selections: selections(s.Of)})
	}
	return out
}
