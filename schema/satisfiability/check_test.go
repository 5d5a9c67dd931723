package satisfiability

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/supergraph"
)

const federation2 = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible", "@context", "@fromContext"])
`

// story is a golden file: what it is about; the subgraphs (NAME.graphql; NAME.fed1.graphql for one of Federation 1, the
// others get the usual @link in front); the supergraph of them, recorded from the reference composition, which merges them
// whether it can be satisfied or not; and what Check answers.
type story struct {
	*golden.File
	subgraphs map[string]string
}

func readStories(t *testing.T) []*story {
	t.Helper()
	var out []*story
	for _, f := range golden.Files(t, "testdata/*.txtar") {
		s := &story{File: f, subgraphs: map[string]string{}}
		for _, part := range f.Files {
			name, ok := strings.CutSuffix(part.Name, ".graphql")
			if !ok || name == "supergraph" {
				continue
			}
			if first, ok := strings.CutSuffix(name, ".fed1"); ok {
				s.subgraphs[first] = string(part.Data)
			} else {
				s.subgraphs[name] = federation2 + string(part.Data)
			}
		}
		out = append(out, s)
	}
	return out
}

// overlooked reports whether the story is one of what the reference does not see.
func (s *story) overlooked() bool {
	return strings.Contains(string(s.Comment), "The reference overlooks")
}

func TestCheck(t *testing.T) {
	reference := oracle.Start(t)
	for _, s := range readStories(t) {
		t.Run(s.Name(), func(t *testing.T) {
			if reference != nil {
				merged := reference.Merge(t, services(s.subgraphs))
				if len(merged.Errors) > 0 {
					t.Fatalf("the reference does not merge the subgraphs: %v", merged.Errors)
				}
				s.Hold(t, golden.Answer{Name: "supergraph.graphql", Text: trimSupergraph(merged.Supergraph)})
			}
			sg := read(t, s.Text("supergraph.graphql"))
			found := Check(sg)
			s.Hold(t, golden.Answer{Name: "want.txt", Text: printed(found)})
			checkWitnesses(t, sg, found)
			if reference == nil {
				return
			}
			answer := reference.Compose(t, services(s.subgraphs))
			switch agreed := slices.Equal(referenceVerdict(answer), verdict(found)); {
			case s.overlooked():
				if agreed || !overlooks(t, reference, s.subgraphs) {
					t.Errorf("the planner of the reference does not prove that its check overlooks anything: %v", answer.Errors)
				}
			case !agreed && !answer.BrokeDown():
				t.Errorf("the reference says %v:\n%v\nwe say %v", referenceVerdict(answer), answer.Errors, verdict(found))
			}
		})
	}
}

func printed(ds []diagnostic.Diagnostic) string {
	if len(ds) == 0 {
		return "satisfiable\n"
	}
	var b strings.Builder
	for i, d := range ds {
		if i > 0 {
			b.WriteByte('\n')
		}
		var at []string
		for _, l := range d.Locations {
			at = append(at, l.String())
		}
		fmt.Fprintf(&b, "%s %s %s [%s]\n%s\n", d.Severity, d.Code, d.Coordinate, strings.Join(at, " "), d.Message)
	}
	return b.String()
}

// checkWitnesses holds that the operation in each error is one that a client can send.
func checkWitnesses(t *testing.T, sg *supergraph.Supergraph, ds []diagnostic.Diagnostic) {
	t.Helper()
	for _, d := range ds {
		operation := witnessOf(d)
		if operation == "" {
			continue
		}
		if _, err := gqlparser.LoadQueryWithRules(sg.API, operation, rules.NewDefaultRules()); err != nil {
			t.Errorf("%s %s: the operation is not valid: %v\n%s", d.Code, d.Coordinate, err, d.Message)
		}
	}
}

// witnessOf is the operation that a message shows: its indented lines.
func witnessOf(d diagnostic.Diagnostic) string {
	var b strings.Builder
	for line := range strings.Lines(d.Message) {
		if text, ok := strings.CutPrefix(line, "  "); ok {
			b.WriteString(text)
		}
	}
	return b.String()
}
