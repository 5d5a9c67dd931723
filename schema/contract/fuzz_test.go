package contract_test

import (
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Whatever supergraph a contract is made of, it is made or refused for a reason, and shows nothing new.
func FuzzApply(f *testing.F) {
	for _, file := range golden.Files(f, "testdata/*.txtar") {
		for _, name := range []string{"source.graphql", "contract.graphql"} {
			if sdl := file.Text(name); sdl != "" {
				f.Add(sdl, "public", "internal", true)
				f.Add(sdl, "", "internal", false)
			}
		}
	}
	f.Fuzz(func(t *testing.T, sdl, include, exclude string, hide bool) {
		source, err := supergraph.Read(sdl)
		if err != nil {
			return
		}
		filter := contract.Filter{Include: strings.Fields(include), Exclude: strings.Fields(exclude), HideUnreachable: hide}
		made, found := contract.Apply(source, filter)
		if (made == nil) != broken(found) {
			t.Fatalf("a contract %v and these findings: %s", made != nil, list(found))
		}
		if made != nil {
			checkSubset(t, source.API, made.API)
		}
	})
}
