package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// runCommand starts the demo in the README, in a terminal of its own.
const runCommand = "make run"

// TestTour is a person with the README: every command of its tour in order, with the answers that it shows. All the
// while others query the graph, and no request of theirs may fail.
func TestTour(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			if required("tour") {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	steps, err := commandsOf(string(readme))
	if err != nil {
		t.Fatal(err)
	}
	d := newDemo(t)
	workplace(t, d)
	var others *traffic
	for _, s := range steps {
		if strings.TrimSpace(s.command) == runCommand {
			if d.running != nil {
				others.stop(t)
				d.stop(t)
			}
			d.start(t)
			others = queryOn(d.gateway() + "/graphql")
			continue
		}
		if d.running == nil {
			t.Fatalf("line %d: a command comes before %q", s.line, runCommand)
		}
		s.run(t, d)
	}
	if others == nil {
		t.Fatalf("the README has no %q", runCommand)
	}
	others.stop(t)
}

// workplace makes the demo's folder what the root of the repository is after a build. bin/weft there is the program on
// the demo's ports instead of the usual ones.
func workplace(t *testing.T, d *demo) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(root, "subgraphs"), filepath.Join(d.folder, "subgraphs")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(d.folder, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(`#!/bin/sh
case "$1" in
token) flags='--issuer http://localhost:%d' ;;
register | unregister | subgraphs | check) flags='--registry http://localhost:%d' ;;
esac
exec '%s' "$@" $flags
`, d.port[4003], d.port[4010], program(t, "weft"))
	if err := os.WriteFile(filepath.Join(d.folder, "bin", "weft"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
}

// step is a block of commands, with what it is expected to print.
type step struct {
	line    int
	command string
	fails   bool
	// kind is "json" or "text", and empty where nothing is said about the output.
	kind, want string
}

// commandsOf finds the blocks that are marked as sh, each with the block of text or JSON that follows it.
func commandsOf(document string) ([]step, error) {
	var steps []step
	var block *step // that an output may belong to
	lines := strings.Split(document, "\n")
	for i := 0; i < len(lines); i++ {
		info, fence := strings.CutPrefix(lines[i], "```")
		if !fence {
			if strings.TrimSpace(lines[i]) != "" {
				block = nil
			}
			continue
		}
		from := i + 1
		for i++; i < len(lines) && lines[i] != "```"; i++ {
		}
		if i == len(lines) {
			return nil, fmt.Errorf("the block in line %d does not end", from)
		}
		text := strings.Join(lines[from:i], "\n")
		language, mark, _ := strings.Cut(info, " ")
		switch {
		case language == "sh" && (mark == "" || mark == "fails"):
			steps = append(steps, step{line: from + 1, command: text, fails: mark == "fails"})
			block = &steps[len(steps)-1]
		case (language == "json" || language == "text") && block != nil:
			block.kind, block.want = language, text
			block = nil
		case language == "sh":
			return nil, fmt.Errorf("line %d: a block of commands is marked %q: only \"fails\" is known", from, mark)
		}
	}
	if len(steps) == 0 {
		return nil, errors.New("there are no commands")
	}
	return steps, nil
}

func (s *step) run(t *testing.T, d *demo) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", d.here(s.command))
	command.Dir = d.folder
	var stdout bytes.Buffer
	var both output
	command.Stdout, command.Stderr = io.MultiWriter(&stdout, &both), &both
	err := command.Run()
	var exit *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exit):
		t.Fatalf("README.md:%d: %v", s.line, err)
	case (err != nil) != s.fails:
		t.Errorf("README.md:%d: %s\nends with %v\n%s", s.line, s.command, err, &both)
	}
	switch s.kind {
	case "json":
		var got, want any
		if err := json.Unmarshal([]byte(s.want), &want); err != nil {
			t.Fatalf("README.md:%d: the answer shown is not JSON: %v", s.line, err)
		}
		if err := json.Unmarshal(stdout.Bytes(), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("README.md:%d: %s\nanswers %s\nand not %s", s.line, s.command, &both, s.want)
		}
	case "text":
		if !matches(d.here(s.want), both.String()) {
			t.Errorf("README.md:%d: %s\nprints\n%s\nand not\n%s", s.line, s.command, &both, s.want)
		}
	}
}

// matches compares an output with what the document shows, where … stands for the rest of a line, and for any lines
// when it is alone in its own. How wide a gap is does not matter.
func matches(want, got string) bool {
	var pattern strings.Builder
	pattern.WriteString(`^`)
	for line := range strings.Lines(strings.TrimSpace(want)) {
		line = strings.TrimSpace(line)
		if line == "…" {
			pattern.WriteString(`(.*\n)*?`)
			continue
		}
		var words []string
		for word := range strings.FieldsSeq(line) {
			if word == "…" {
				words = append(words, `.*`)
			} else {
				words = append(words, regexp.QuoteMeta(word))
			}
		}
		pattern.WriteString(`[ \t]*` + strings.Join(words, `[ \t]+`) + `[ \t]*\n`)
	}
	pattern.WriteString(`$`)
	return regexp.MustCompile(pattern.String()).MatchString(strings.TrimSpace(got) + "\n")
}

// traffic is what others ask of the graph meanwhile.
type traffic struct {
	cancel   context.CancelFunc
	done     sync.WaitGroup
	answered atomic.Int64
	mu       sync.Mutex
	failures []string
}

// queryOn asks the same things over and over.
func queryOn(endpoint string) *traffic {
	ctx, cancel := context.WithCancel(context.Background())
	tr := &traffic{cancel: cancel}
	for _, operation := range []string{
		`{ order(id: 1999) { status fulfillable items { product { name } } } }`,
		`{ products(first: 3) { nodes { sku name } } warehouses { city } }`,
	} {
		tr.done.Go(func() {
			first := ""
			for ctx.Err() == nil {
				answer, err := query(ctx, endpoint, "", operation)
				switch {
				case ctx.Err() != nil:
					return
				case err != nil:
					tr.fail(err.Error())
					return
				case first == "" && !strings.Contains(answer, `"errors"`):
					first = answer
				case answer != first:
					tr.fail(fmt.Sprintf("%s: %s, and before it was %s", operation, answer, first))
					return
				}
				tr.answered.Add(1)
				time.Sleep(2 * time.Millisecond) // others want the processor, too
			}
		})
	}
	return tr
}

func (tr *traffic) fail(what string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.failures = append(tr.failures, what)
}

func (tr *traffic) stop(t *testing.T) {
	t.Helper()
	// However short the tour's last steps were, some requests have to fall into them.
	for deadline := time.Now().Add(10 * time.Second); tr.answered.Load() < 4 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	tr.cancel()
	tr.done.Wait()
	for _, f := range tr.failures {
		t.Errorf("meanwhile another request failed: %s", f)
	}
	if tr.answered.Load() == 0 {
		t.Error("meanwhile no other request was answered")
	}
	t.Logf("meanwhile %d other requests were answered", tr.answered.Load())
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		want, got string
		matches   bool
	}{
		{"a  b", "a b\n", true},
		{"a b", "a c\n", false},
		{"a …\nb", "a 1 2\nb\n", true},
		{"a\n…\nb", "a\n1\n2\nb\n", true},
		{"a\n…\nb", "a\nb\n", true},
		{"a\n…", "a\n1\n", true},
		{"a", "a\n1\n", false},
		{"a.c", "abc\n", false},
	} {
		if got := matches(c.want, c.got); got != c.matches {
			t.Errorf("matches(%q, %q) is %t", c.want, c.got, got)
		}
	}
}
