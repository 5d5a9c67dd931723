package contract_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// TestReference has the reference implementation read contracts, and compares the API schema that it derives.
func TestReference(t *testing.T) {
	o := oracle.Start(t)
	if o == nil {
		return
	}
	var made []*supergraph.Supergraph
	for _, file := range golden.Files(t, "testdata/*.txtar") {
		if file.Name() == "names_taken" {
			continue // the reference reads no supergraph with an @inaccessible of its own, be it a contract or not
		}
		source, _, f := story(t, file)
		if c, _ := contract.Apply(source, f); c != nil {
			made = append(made, c)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		f := someFilter(t)
		if f.Check() != nil {
			return
		}
		if c, _ := contract.Apply(tagged(t, f), f); c != nil {
			made = append(made, c)
		}
	})
	for _, c := range made {
		api, err := o.Read(t, c.SDL)
		if err != nil {
			t.Errorf("the reference refuses the contract: %v\n%s", err, c.SDL)
			continue
		}
		if got, want := elements(c.API), elements(oracle.Schema(t, api)); !slices.Equal(got, want) {
			t.Errorf("the reference derives %q\nnot %q", want, got)
		}
	}
	t.Logf("%d contracts read", len(made))
}
