package golden

import (
	"os"
	"path/filepath"
	"testing"
)

// What is no answer stays as it is; answers come after it in their order, and an empty one goes.
func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "story.txtar")
	if err := os.WriteFile(path, []byte("About it.\n-- old.txt --\nold\n-- in.txt --\nin\n-- b.txt --\nb\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := Read(t, path)
	if f.Name() != "story" || f.Text("in.txt") != "in\n" || f.Text("none.txt") != "" {
		t.Errorf("%s reads %q", f.Name(), f.Text("in.txt"))
	}
	f.write(t, []Answer{{"a.txt", "a\n"}, {"old.txt", ""}, {"b.txt", "new\n"}})
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "About it.\n-- in.txt --\nin\n-- a.txt --\na\n-- b.txt --\nnew\n"; string(got) != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
	f.Hold(t, Answer{"a.txt", "a\n"}, Answer{"old.txt", ""})
}
