package plan_test

import (
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan/why"
)

// Of every field that the operations of the stories ask for it can be told where it comes from, and nobody who is asked about
// it makes a cheaper plan.
func TestWhyOfEveryField(t *testing.T) {
	for _, s := range checkedStories(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for path := range responsePaths(s.op.Root, "", map[string]bool{}) {
				text, err := why.Explain(s.rig.planner, s.op, s.opts, path)
				if err != nil {
					t.Errorf("%s: %v", path, err)
					continue
				}
				first, _, _ := strings.Cut(text, " (")
				if strings.ReplaceAll(first, "[]", "") != path || !strings.Contains(text, "fetch [") && !strings.Contains(text, "fetched from nowhere") {
					t.Errorf("%s is told as\n%s", path, text)
				}
				if strings.Contains(text, "which is cheaper") {
					t.Errorf("%s has a cheaper plan\n%s", path, text)
				}
			}
		})
	}
}

// responsePaths are the response paths of an operation, without [] after lists.
func responsePaths(set *operation.SelectionSet, at string, out map[string]bool) map[string]bool {
	for _, c := range set.Cases {
		for _, f := range c.Fields {
			out[at+f.Response] = true
			if f.Set != nil {
				responsePaths(f.Set, at+f.Response+".", out)
			}
		}
	}
	return out
}
