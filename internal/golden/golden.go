// Package golden holds what tests answer against files that tell a story: txtar archives of what goes in and what comes
// out. "go test -update" writes what comes out into them, for whoever changes it to read the difference.
//
// It is for tests alone, and defines their flag -update.
package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the tests answer into the golden files")

// Updating reports whether the answers are written instead of compared.
func Updating() bool { return *update }

// File is a golden file.
type File struct {
	*txtar.Archive
	path string
}

// Read reads a golden file.
func Read(t testing.TB, path string) *File {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &File{Archive: archive, path: path}
}

// Files reads the golden files whose paths match a pattern, of which there must be some.
func Files(t testing.TB, pattern string) []*File {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files match %s: %v", pattern, err)
	}
	files := make([]*File, len(paths))
	for i, path := range paths {
		files[i] = Read(t, path)
	}
	return files
}

// Each runs a test for each golden file whose path matches a pattern.
func Each(t *testing.T, pattern string, test func(*testing.T, *File)) {
	t.Helper()
	for _, f := range Files(t, pattern) {
		t.Run(f.Name(), func(t *testing.T) { test(t, f) })
	}
}

// Name is the file's name without folder and ending.
func (f *File) Name() string { return strings.TrimSuffix(filepath.Base(f.path), ".txtar") }

// Text returns what stands under a name, "" when nothing does.
func (f *File) Text(name string) string {
	for _, part := range f.Archive.Files {
		if part.Name == name {
			return string(part.Data)
		}
	}
	return ""
}

// Answer is what a test answers under a name; "" when the file is to have nothing under it.
type Answer struct{ Name, Text string }

// Hold compares answers with what stands under their names, or writes them: after all that is not an answer, in the order
// given.
func (f *File) Hold(t testing.TB, answers ...Answer) {
	t.Helper()
	if *update {
		f.write(t, answers)
		return
	}
	for _, a := range answers {
		if want := f.Text(a.Name); a.Text != want {
			t.Errorf("%s differs; got:\n%s\nwant:\n%s", a.Name, a.Text, want)
		}
	}
}

func (f *File) write(t testing.TB, answers []Answer) {
	t.Helper()
	old := txtar.Format(f.Archive)
	f.Archive.Files = slices.DeleteFunc(f.Archive.Files, func(part txtar.File) bool {
		return slices.ContainsFunc(answers, func(a Answer) bool { return a.Name == part.Name })
	})
	for _, a := range answers {
		if a.Text != "" {
			f.Archive.Files = append(f.Archive.Files, txtar.File{Name: a.Name, Data: []byte(a.Text)})
		}
	}
	text := txtar.Format(f.Archive)
	if bytes.Equal(old, text) {
		return
	}
	if err := os.WriteFile(f.path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
