package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-gateway/weft/schema/registry"
)

// crashFile names the database for the process that TestKilledProcess starts and kills.
const crashFile = "WEFT_TEST_CRASH_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		if err := publishForever(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// publishForever commits version after version, each of several large writes, and prints the number of each
// once it is acknowledged.
func publishForever(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	base, err := s.Head(ctx)
	if err != nil {
		return err
	}
	for {
		d := registry.Draft{Base: base, SDL: crashText(base+1, "supergraph")}
		for _, name := range []string{"a", "b", "c"} {
			d.New = append(d.New, registry.NewRevision{Name: name, URL: "http://" + name, SDL: crashText(base+1, name)})
		}
		v, err := s.Commit(ctx, d)
		if err != nil {
			return err
		}
		base = v.Number
		fmt.Println(base)
	}
}

func crashText(version int, name string) string {
	return strings.Repeat(fmt.Sprintf("# %s of %d\n", name, version), 2000)
}

// A process is killed while it publishes, again and again. What it had been told is stored is there; what it
// had not been told is there whole or not at all; and the next process goes on from it.
func TestKilledProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	for round := range 4 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), crashFile+"="+path)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if !lines.Scan() {
			t.Fatal("the process published nothing")
		}
		time.AfterFunc(time.Duration(15+23*round)*time.Millisecond, func() { _ = child.Process.Kill() })
		acknowledged := 0
		for ok := true; ok; ok = lines.Scan() {
			if _, err := fmt.Sscan(lines.Text(), &acknowledged); err != nil {
				t.Fatal(err)
			}
		}
		if err := child.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the process was to be killed, and ended with %v", err)
		}
		checkWhole(t, path, acknowledged)
	}
}

func checkWhole(t *testing.T, path string, acknowledged int) {
	t.Helper()
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	head, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if head < acknowledged || head > acknowledged+1 {
		t.Errorf("version %d was acknowledged, %d is the newest", acknowledged, head)
	}
	for number := 1; number <= head; number++ {
		v, err := s.Version(ctx, number)
		if err != nil || v.SDL != crashText(number, "supergraph") {
			t.Fatalf("version %d is not what was committed (%v)", number, err)
		}
		members, err := s.Members(ctx, number)
		if err != nil || len(members) != 3 {
			t.Fatalf("version %d has %d members (%v)", number, len(members), err)
		}
		for _, m := range members {
			if m.Number != number || m.SDL != crashText(number, m.Name) {
				t.Errorf("version %d: %s is not what was committed", number, m.Name)
			}
		}
	}
	var left int
	if err := s.db.QueryRow(`SELECT count(*) FROM subgraph_revisions WHERE number > ?`, head).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d revisions of a version that is not there (%v)", left, err)
	}
}
