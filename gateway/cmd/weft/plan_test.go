package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/internal/golden"
)

// openShop lays the files of testdata/shop.txtar out in a new folder, with the supergraph that they compose to, and goes
// there.
func openShop(t *testing.T, more ...txtar.File) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/shop.txtar")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, f := range append(archive.Files, more...) {
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	weft(t, "compose", "-o", "supergraph.graphql", "supergraph.yaml").expect(t, 0, "", "")
}

// times are how long something took, which no golden file can hold.
var times = regexp.MustCompile(`\d+\.\d+ ms|"planningMs": [\d.]+`)

// transcript is what a command line prints, errors last, and how it ends unless that is well.
func transcript(t *testing.T, line string) string {
	t.Helper()
	r := weft(t, arguments(line)...)
	text := times.ReplaceAllStringFunc(r.stdout+r.stderr, func(s string) string {
		if strings.HasSuffix(s, "ms") {
			return "0.0 ms"
		}
		return `"planningMs": 0`
	})
	if r.code != 0 {
		text += fmt.Sprintf("(exit code %d)\n", r.code)
	}
	return text
}

// arguments splits a command line as a shell does, where quotes are single ones; the command itself is left out.
func arguments(line string) []string {
	var args []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args[1:]
}

// TestPlanStories runs the command lines that stand in the golden files as "$ weft …", in the shop of testdata/shop.txtar
// with the other files of the golden file.
func TestPlanStories(t *testing.T) {
	golden.Each(t, "testdata/plan/*.txtar", func(t *testing.T, f *golden.File) {
		var more []txtar.File
		var lines []string
		for _, part := range f.Files {
			if line, ok := strings.CutPrefix(part.Name, "$ "); ok {
				lines = append(lines, line)
			} else {
				more = append(more, part)
			}
		}
		home, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		openShop(t, more...)
		var answers []golden.Answer
		for _, line := range lines {
			answers = append(answers, golden.Answer{Name: "$ " + line, Text: transcript(t, line)})
		}
		t.Chdir(home)
		f.Hold(t, answers...)
	})
}

// TestPlanDocumentation runs the commands of docs/plans.md and holds what they print against what stands there.
func TestPlanDocumentation(t *testing.T) {
	const file = "../../../docs/plans.md"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	openShop(t)
	ran := 0
	blocks := regexp.MustCompile("(?s)```console\n\\$ (weft [^\n]*)\n(.*?)```\n")
	got := blocks.ReplaceAllStringFunc(string(page), func(block string) string {
		ran++
		line := blocks.FindStringSubmatch(block)[1]
		return "```console\n$ " + line + "\n" + strings.TrimRight(transcript(t, line), "\n") + "\n```\n"
	})
	t.Chdir(home)
	if ran == 0 {
		t.Fatal("docs/plans.md shows no commands")
	}
	if golden.Updating() {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got != string(page) {
		t.Errorf("%s is out of date: run go test ./gateway/cmd/weft -run PlanDocumentation -update", file)
	}
}

// The numbers that planning a folder sums up are those of its lines.
func TestPlanFolderTotals(t *testing.T) {
	openShop(t)
	r := weft(t, "plan", "--supergraph", "supergraph.graphql", "--operations", "operations", "--format", "json", "--check")
	r.expect(t, 0, `"operations"`, "")
	var got folderReport
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatal(err)
	}
	fetches := 0
	for _, o := range got.Operations {
		fetches += o.Fetches
	}
	if len(got.Operations) != 3 || got.Totals.Operations != 3 || got.Totals.Files != 2 || got.Totals.Fetches != fetches || got.Totals.PlanningMS <= 0 {
		t.Error(r.stdout)
	}
}
