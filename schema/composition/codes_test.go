package composition

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/schema/diagnostic"
)

// notComposed are the codes that no composition answers with, neither here nor by the reference, and where they come
// from instead.
var notComposed = map[diagnostic.Code]string{
	diagnostic.DownstreamServiceError:             "asking a running subgraph for its schema: gateway/config/subgraphlist",
	diagnostic.InvalidFederationSupergraph:        "reading a supergraph that is none: schema/registry; here it would say that Weft wrote one that it cannot read",
	diagnostic.UnsupportedLinkedFeature:           "serving a supergraph that others composed: schema/supergraph, Unsupported",
	diagnostic.MaxValidationSubgraphPathsExceeded: "graphs of a size that no golden has: schema/satisfiability, TestCheckGivesUpBeyondItsLimits",

	diagnostic.InconsistentTypeSystemDirectiveLocations:  "nothing: definitions of type system directives are taken from their specification, or from its newest version, and never merged",
	diagnostic.InconsistentTypeSystemDirectiveRepeatable: "nothing, as above",
}

// The table of codes: testdata/codes holds a file for each code of the registry, with subgraphs that raise it and with
// others that nearly do. It has to be whole.
func TestEveryCode(t *testing.T) {
	for folder, codes := range map[string][]diagnostic.Code{"errors": diagnostic.ErrorCodes(), "hints": diagnostic.HintCodes()} {
		var files []diagnostic.Code
		for _, f := range golden.Files(t, filepath.Join("testdata", "codes", folder, "*.txtar")) {
			files = append(files, diagnostic.Code(f.Name()))
		}
		for _, c := range codes {
			switch held := slices.Contains(files, c); {
			case notComposed[c] != "" && held:
				t.Errorf("%s is said to come from %s, and has a file in %s", c, notComposed[c], folder)
			case notComposed[c] == "" && !held:
				t.Errorf("%s has no file in %s: add subgraphs that raise it, and others that nearly do", c, folder)
			}
		}
		for _, c := range files {
			if !slices.Contains(codes, c) {
				t.Errorf("%s in %s is no code of the registry", c, folder)
			}
		}
	}
}

// A file of the table says of both compositions what they answer, and that only the first has the code.
func TestCodes(t *testing.T) {
	eachCode(t, func(t *testing.T, c diagnostic.Code, severity string, f *golden.File) {
		raises, passes := Compose(side(f, "raises")), Compose(side(f, "passes"))
		if !answersWith(raises, c, severity) {
			t.Errorf("it is not raised: %v %v", raises.Errors, raises.Hints)
		}
		if answersWith(passes, c, severity) || len(passes.Errors) > 0 {
			t.Errorf("the near miss does not pass: %v %v", passes.Errors, passes.Hints)
		}
		f.Hold(t,
			golden.Answer{Name: "raises/errors.txt", Text: list(raises.Errors)},
			golden.Answer{Name: "raises/hints.txt", Text: list(raises.Hints)},
			golden.Answer{Name: "passes/hints.txt", Text: list(passes.Hints)})
	})
}

// The reference answers with the same codes.
func TestOracleCodes(t *testing.T) {
	o := oracle.Start(t)
	if o == nil {
		return
	}
	eachCode(t, func(t *testing.T, _ diagnostic.Code, _ string, f *golden.File) {
		hold(t, o, side(f, "raises"))
		hold(t, o, side(f, "passes"))
	})
}

func eachCode(t *testing.T, test func(*testing.T, diagnostic.Code, string, *golden.File)) {
	for _, severity := range []string{"errors", "hints"} {
		golden.Each(t, filepath.Join("testdata", "codes", severity, "*.txtar"), func(t *testing.T, f *golden.File) {
			test(t, diagnostic.Code(f.Name()), severity, f)
		})
	}
}

// side reads the subgraphs of one side of a file, raises or passes.
func side(f *golden.File, name string) []Subgraph {
	var subgraphs []Subgraph
	for _, part := range f.Files {
		file, ok := strings.CutPrefix(part.Name, name+"/")
		if service, is := strings.CutSuffix(file, ".graphql"); ok && is {
			subgraphs = append(subgraphs, Subgraph{Name: service, URL: "http://" + service, SDL: string(part.Data), File: file})
		}
	}
	return subgraphs
}

func answersWith(r Result, c diagnostic.Code, severity string) bool {
	found := r.Errors
	if severity == "hints" {
		found = r.Hints
	}
	return slices.ContainsFunc(found, func(d diagnostic.Diagnostic) bool { return d.Code == c })
}
