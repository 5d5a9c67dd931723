package plan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// TestStories runs the stories under testdata. Each is one txtar file: a sentence that says what it is about, the
// subgraphs' schemas, data.json (see simulate.World), operation.graphql and variables.json; then what comes of it: plan.txt,
// calls.txt (what the subgraphs were asked) and response.json. The response's data is that of one server with all the
// data, but where differs.txt says why not. down.txt lists subgraphs that do not answer. Of a subscription, one event is answered.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			tellStory(t, file)
		})
	}
}

// storyFile is a story's txtar file.
type storyFile struct {
	*txtar.Archive
}

func readStory(file string) (storyFile, error) {
	a, err := txtar.ParseFile(file)
	return storyFile{a}, err
}

func (s storyFile) file(name string) (string, bool) {
	for _, f := range s.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

func (s storyFile) set(name, text string) {
	i := slices.IndexFunc(s.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		i = len(s.Files)
		s.Files = append(s.Files, txtar.File{Name: name})
	}
	s.Files[i].Data = []byte(text)
}

func (s storyFile) sources() []simulate.Source {
	var out []simulate.Source
	for _, f := range s.Files {
		if name, ok := strings.CutPrefix(f.Name, "subgraphs/"); ok {
			out = append(out, simulate.Source{Name: strings.TrimSuffix(name, ".graphql"), SDL: string(f.Data)})
		}
	}
	return out
}

// supergraph is what the story runs on: what it brings, or what its subgraphs compose to.
func (s storyFile) supergraph(url string) (*supergraph.Supergraph, error) {
	text, given := s.file("supergraph.graphql")
	if given {
		return supergraph.Read(strings.ReplaceAll(text, `"http://`, `"`+url+"/"))
	}
	composed, err := compose(s.sources(), url)
	if protected, ok := s.file("protected.txt"); ok && err == nil {
		return protect(composed.Supergraph, readProtections(protected))
	}
	return composed.Supergraph, err
}

// rig prepares the story's graph.
func (s storyFile) rig() (*rig, error) {
	super, err := s.supergraph("http://subgraph.invalid")
	if err != nil {
		return nil, err
	}
	data, _ := s.file("data.json")
	r, err := newRigOver(super, s.sources(), []byte(data))
	if err != nil {
		return nil, err
	}
	if labels, ok := s.file("labels.txt"); ok {
		r.graph.Labels = map[string]bool{}
		for _, label := range strings.Fields(labels) {
			r.graph.Labels[label] = true
		}
	}
	return r, nil
}

func tellStory(t *testing.T, file string) {
	story, err := readStory(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := story.rig()
	if err != nil {
		t.Fatal(err)
	}
	text, _ := story.file("operation.graphql")
	var variables map[string]any
	if raw, ok := story.file("variables.json"); ok {
		if err := json.Unmarshal([]byte(raw), &variables); err != nil {
			t.Fatal(err)
		}
	}
	p, err := r.prepare(text)
	if err != nil {
		t.Fatal(err)
	}
	if down, ok := story.file("down.txt"); ok {
		r.graph.Down = strings.Fields(down)
	}
	body := respond(t, r, story, p, text, variables)

	got := map[string]string{
		"plan.txt":      p.plan.Explain().Text(),
		"calls.txt":     callsText(t, r.graph.TakeCalls()),
		"response.json": indented(t, body),
	}
	for _, name := range []string{"plan.txt", "calls.txt", "response.json"} {
		if want, _ := story.file(name); !golden.Updating() && got[name] != want {
			t.Errorf("%s is\n%s\nwant\n%s", name, got[name], want)
		}
		story.set(name, got[name])
	}
	if _, differs := story.file("differs.txt"); !differs {
		want := r.monolith.Execute(simulate.Request{Query: text, Variables: variables})
		world, _ := story.file("data.json")
		if err := sameAnswer(body, want, []byte(world)); err != nil {
			t.Error(err)
		}
	}
	if golden.Updating() && !t.Failed() {
		if err := os.WriteFile(file, txtar.Format(story.Archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// respond returns the response to the operation; to a subscription, the response to one event, which is what the data say.
func respond(t *testing.T, r *rig, story storyFile, p *prepared, text string, variables map[string]any) []byte {
	if p.plan.Kind != ast.Subscription {
		return serve(t, r, story, text, variables)
	}
	body, err := r.run(p, variables)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// serve runs the operation through a whole gateway over HTTP.
func serve(t *testing.T, r *rig, story storyFile, text string, variables map[string]any) []byte {
	subgraphs := httptest.NewServer(r.graph)
	defer subgraphs.Close()
	super, err := story.supergraph(subgraphs.URL)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gateway.New(gateway.Options{
		Policies:       func(context.Context, *auth.Identity, []string) auth.Policies { return policies },
		OverrideLabels: func(label string, _ *auth.Identity, _ http.Header) bool { return r.graph.Labels[label] },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = g.Close() }()
	if err := g.Swap(super); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(simulate.Request{Query: text, Variables: variables})
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	g.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		t.Fatalf("status %d: %s", rec.Code, rec.Body)
	}
	return rec.Body.Bytes()
}

// callsText writes the calls, equal ones once: the gateway lets those share a call that are under way together.
func callsText(t *testing.T, calls []simulate.Call) string {
	calls = slices.CompactFunc(calls, func(a, b simulate.Call) bool { return reflect.DeepEqual(a, b) })
	var b strings.Builder
	for i, c := range calls {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n", c.Subgraph)
		for line := range strings.Lines(plan.Pretty(c.Query)) {
			b.WriteString("    " + line)
		}
		if len(c.Variables) > 0 {
			raw, err := json.Marshal(c.Variables)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "    %s\n", raw)
		}
	}
	return b.String()
}

func indented(t *testing.T, body []byte) string {
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		t.Fatalf("the response is no JSON: %v\n%s", err, body)
	}
	return strings.TrimSpace(b.String()) + "\n"
}
