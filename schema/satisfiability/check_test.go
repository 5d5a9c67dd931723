package satisfiability

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/supergraph"
)

var update = flag.Bool("update", false, "write the answers into the txtar files; with WEFT_ORACLE_DIR the supergraphs too")

const federation2 = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible", "@context", "@fromContext"])
`

// story is a txtar file: what it is about; the subgraphs (NAME.graphql; NAME.fed1.graphql for one of Federation 1, the
// others get the usual @link in front); the supergraph of them, recorded from the reference composition, which merges them
// whether it can be satisfied or not; and what Check answers.
type story struct {
	file      string
	archive   *txtar.Archive
	subgraphs map[string]string
}

func readStories(t *testing.T) []*story {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories in testdata", err)
	}
	var out []*story
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := &story{file: file, archive: archive, subgraphs: map[string]string{}}
		for _, f := range archive.Files {
			name, ok := strings.CutSuffix(f.Name, ".graphql")
			if !ok || name == "supergraph" {
				continue
			}
			if first, ok := strings.CutSuffix(name, ".fed1"); ok {
				s.subgraphs[first] = string(f.Data)
			} else {
				s.subgraphs[name] = federation2 + string(f.Data)
			}
		}
		out = append(out, s)
	}
	return out
}

func (s *story) get(name string) []byte {
	for _, f := range s.archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func (s *story) set(t *testing.T, name string, data []byte) {
	t.Helper()
	i := slices.IndexFunc(s.archive.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		i = len(s.archive.Files)
		s.archive.Files = append(s.archive.Files, txtar.File{Name: name})
	}
	s.archive.Files[i].Data = data
	if err := os.WriteFile(s.file, txtar.Format(s.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// overlooked reports whether the story is one of what the reference does not see.
func (s *story) overlooked() bool {
	return strings.Contains(string(s.archive.Comment), "The reference overlooks")
}

func TestCheck(t *testing.T) {
	var reference *oracle
	if oracleConfigured() {
		reference = startOracle(t)
	}
	for _, s := range readStories(t) {
		t.Run(strings.TrimSuffix(filepath.Base(s.file), ".txtar"), func(t *testing.T) {
			var answer oracleAnswer
			if reference != nil {
				answer = reference.ask(t, s.subgraphs)
				if len(answer.MergeErrors) > 0 {
					t.Fatalf("the reference does not merge the subgraphs: %v", answer.MergeErrors)
				}
				if trimmed := []byte(trimSupergraph(answer.Supergraph)); *update {
					s.set(t, "supergraph.graphql", trimmed)
				} else if !bytes.Equal(trimmed, s.get("supergraph.graphql")) {
					t.Errorf("the reference now merges the subgraphs into\n%s", trimmed)
				}
			}
			sg, err := supergraph.Read(string(s.get("supergraph.graphql")))
			if err != nil {
				t.Fatal(err)
			}
			found := Check(sg)
			got := []byte(printed(found))
			if *update {
				s.set(t, "want.txt", got)
			} else if want := s.get("want.txt"); !bytes.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			checkWitnesses(t, sg, found)
			if reference != nil && !answer.thrown() && !s.overlooked() && !slices.Equal(answer.verdict(), verdict(found)) {
				t.Errorf("the reference says %v:\n%v\nwe say %v", answer.verdict(), answer.Errors, verdict(found))
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
		var lines []string
		for line := range strings.Lines(d.Message) {
			if text, ok := strings.CutPrefix(line, "  "); ok {
				lines = append(lines, text)
			}
		}
		if len(lines) == 0 {
			continue
		}
		if _, err := gqlparser.LoadQueryWithRules(sg.API, strings.Join(lines, ""), rules.NewDefaultRules()); err != nil {
			t.Errorf("%s %s: the operation is not valid: %v\n%s", d.Code, d.Coordinate, err, d.Message)
		}
	}
}
