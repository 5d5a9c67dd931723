package satisfiability

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/schema/diagnostic"
)

// services are subgraphs, given by name, as the reference takes them.
func services(subgraphs map[string]string) []oracle.Subgraph {
	var out []oracle.Subgraph
	for _, name := range slices.Sorted(maps.Keys(subgraphs)) {
		out = append(out, oracle.Subgraph{Name: name, SDL: subgraphs[name]})
	}
	return out
}

// trimSupergraph leaves out the definitions of the join specification, which the reader does not need.
func trimSupergraph(sdl string) string {
	sdl = regexp.MustCompile(`(?m)^directive @.*\n`).ReplaceAllString(sdl, "")
	sdl = regexp.MustCompile(`(?m)^scalar (join|link)__.*\n`).ReplaceAllString(sdl, "")
	sdl = regexp.MustCompile(`(?ms)^(input join__ContextArgument|enum link__Purpose) \{.*?^\}\n`).ReplaceAllString(sdl, "")
	return strings.TrimSpace(regexp.MustCompile(`\n{3,}`).ReplaceAllString(sdl, "\n\n")) + "\n"
}

// checkedCodes are the codes that this package can answer.
var checkedCodes = []diagnostic.Code{
	diagnostic.SatisfiabilityError, diagnostic.ShareableHasMismatchedRuntimeTypes, diagnostic.InconsistentRuntimeTypesForShareableReturn,
}

// referenceVerdict lists the codes that the reference answers and this package can, those of hints with their coordinate.
func referenceVerdict(c oracle.Composition) []string {
	if len(c.Errors) > 0 { // it gives hints only where there is no error
		return c.ErrorCodes()
	}
	return slices.DeleteFunc(c.HintCodes(), func(hint string) bool {
		code, _, _ := strings.Cut(hint, " ")
		return !slices.Contains(checkedCodes, diagnostic.Code(code))
	})
}

// verdict is the same of our own diagnostics.
func verdict(ds []diagnostic.Diagnostic) []string {
	failed := slices.ContainsFunc(ds, func(d diagnostic.Diagnostic) bool { return d.Severity == diagnostic.Error })
	var out []string
	for _, d := range ds {
		switch {
		case d.Severity == diagnostic.Error:
			out = append(out, string(d.Code))
		case !failed:
			out = append(out, string(d.Code)+" "+d.Coordinate)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
