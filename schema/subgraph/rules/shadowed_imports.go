package rules

import (
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// shadowedImports refuses directives that the schema defines and applies under the long name of one that it imports under
// another: they look like the specification's and would mean nothing.
func shadowedImports(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	var applied map[string]bool // made when it is first asked for
	for _, d := range s.Directives {
		l, i, ok := s.Links.Shadows(d.Name)
		if ok && applied == nil {
			applied = s.AppliedNames()
		}
		if ok && applied[d.Name] {
			r.add(diagnostic.InvalidLinkDirectiveUsage, "@"+d.Name, d.Position, "\"@%s\" is what %q of %q is called where it is not imported, and it is imported here as %q: apply that, and remove the definition of \"@%s\"",
				d.Name, i.Name, l.Identity, i.As, d.Name)
		}
	}
	return r.found
}
