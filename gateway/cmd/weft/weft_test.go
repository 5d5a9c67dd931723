package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"
)

// result is what a command line left behind.
type result struct {
	code           int
	stdout, stderr string
}

func weft(t *testing.T, args ...string) result { return weftWith(t, "", args...) }

func weftWith(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr output // a log may be written to beside the command
	code := Execute(t.Context(), args, strings.NewReader(stdin), &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// expect holds a result against an exit code and what must be in its two outputs; "" is nothing at all.
func (r result) expect(t *testing.T, code int, stdout, stderr string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d", r.code, code)
	}
	for _, out := range []struct{ name, got, want string }{{"stdout", r.stdout, stdout}, {"stderr", r.stderr, stderr}} {
		if out.want == "" && out.got != "" || !strings.Contains(out.got, out.want) {
			t.Errorf("%s is\n%s\nwithout\n%s", out.name, out.got, out.want)
		}
	}
}

// files writes files to a new folder and returns it.
func files(t *testing.T, content map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range content {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// background runs a command until the test ends, or stop is called, which returns its result.
func background(t *testing.T, args ...string) (stdout *output, stop func() result) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout = &output{}
	stderr := &output{}
	code := make(chan int, 1)
	go func() { code <- Execute(ctx, args, strings.NewReader(""), stdout, stderr) }()
	var once sync.Once
	var r result
	stop = func() result {
		once.Do(func() {
			cancel()
			r = result{<-code, stdout.String(), stderr.String()}
		})
		return r
	}
	t.Cleanup(func() { stop() })
	stdout.ended = func() (string, bool) {
		select {
		case c := <-code:
			code <- c
			return stderr.String(), true
		default:
			return "", false
		}
	}
	return stdout, stop
}

// output collects what a running command writes.
type output struct {
	mu    sync.Mutex
	text  strings.Builder
	ended func() (stderr string, ended bool)
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// field waits for a line that begins with a word and returns what follows it.
func (o *output) field(t *testing.T, word string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		for line := range strings.Lines(o.String()) {
			if rest, ok := strings.CutPrefix(strings.TrimSpace(line), word+" "); ok && strings.HasSuffix(line, "\n") {
				return strings.TrimSpace(rest)
			}
		}
		if stderr, ended := o.ended(); ended {
			t.Fatalf("the command ended: %s%s", o, stderr)
		}
	}
	t.Fatalf("no line begins with %q in\n%s", word, o)
	return ""
}

var _ io.Writer = (*output)(nil)

func TestCommandLine(t *testing.T) {
	for _, test := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"help", nil, 0, "weft demo       runs a whole graph", ""},
		{"help of a command", []string{"help", "register"}, 0, "weft register reviews --url http://localhost:4004/graphql", ""},
		{"no such command", []string{"regsiter"}, 2, "", "weft: there is no command \"regsiter\"; is register meant?\nRun 'weft --help' for what is accepted.\n"},
		{"no such subcommand", []string{"config", "validat"}, 2, "", "is validate meant?"},
		{"no such flag", []string{"plan", "--supergrap", "x"}, 2, "", "weft: unknown flag: --supergrap\nRun 'weft plan --help'"},
		{"missing argument", []string{"compose"}, 2, "", "weft: supergraph.yaml is missing\n"},
		{"surplus argument", []string{"version", "now"}, 2, "", `weft: "now" is one argument too many`},
		{"bad choice", []string{"compose", "--format", "xml", "x"}, 2, "", "weft: --format xml: it is one of sdl, "},
		{"missing flag", []string{"plan", "x"}, 2, "", "weft: give either --supergraph"},
		{"register without a URL", []string{"register", "x", "--schema", "y"}, 2, "", "--url and --schema are both needed"},
		{"check without a schema", []string{"check", "x"}, 2, "", "--schema is missing"},
		{"nothing to serve", []string{"serve", "--listen", "127.0.0.1:0"}, 2, "", "weft: there is nothing to serve: give --supergraph"},
		{"two sources", []string{"serve", "--supergraph", "a", "--subgraphs", "b"}, 2, "", "keep one"},
		{"log level", []string{"demo", "--log-level", "loud"}, 2, "", `log level "loud"`},
		{"version", []string{"version"}, 0, "weft ", ""},
		{"no such file", []string{"compose", "nothing.yaml"}, 1, "", "weft: list of subgraphs: open nothing.yaml: no such file"},
		{"no registry", []string{"subgraphs", "--registry", "http://127.0.0.1:1"}, 1, "", "weft: no registry answers at http://127.0.0.1:1/graphql: nothing listens there"},
		{"no address", []string{"unregister", "x", "--registry", "here"}, 1, "", `weft: "here" is not the address of a registry`},
		{"no issuer", []string{"token", "--issuer", "http://127.0.0.1:1"}, 1, "", "is the demo running?"},
		{"no gateway", []string{"health", "--url", "http://127.0.0.1:1/health/ready"}, 1, "", "weft: no gateway answers"},
	} {
		t.Run(test.name, func(t *testing.T) {
			weft(t, test.args...).expect(t, test.code, test.stdout, test.stderr)
		})
	}
}

func TestEveryCommandIsExplained(t *testing.T) {
	for _, cmd := range rootCommand().Commands() {
		if cmd.Short == "" {
			t.Errorf("weft %s has no short help", cmd.Name())
		}
		r := weft(t, cmd.Name(), "--help")
		r.expect(t, 0, "Usage:", "")
		if cmd.Name() != "config" && cmd.Name() != "version" && !strings.Contains(r.stdout, "Examples:") {
			t.Errorf("weft %s has no example", cmd.Name())
		}
	}
}

func TestConfig(t *testing.T) {
	folder := files(t, map[string]string{
		"good.yaml":  "supergraph: {file: s.graphql}\n",
		"empty.yaml": "listen: :4000\n",
		"risky.yaml": "supergraph: {file: s.graphql}\nforward:\n  named:\n    billing: {authorization: true}\n",
		"bad.yaml":   "auth:\n  isuers: []\n  mode: maybe\n",
	})
	in := func(name string) string { return filepath.Join(folder, name) }
	weft(t, "config", "validate", in("good.yaml")).expect(t, 0, "good.yaml is valid\n", "")
	weft(t, "config", "validate", in("empty.yaml")).
		expect(t, 0, "empty.yaml is valid\n", "empty.yaml: warning: supergraph: no supergraph is named, so weft serve needs --supergraph")
	weft(t, "config", "validate", in("risky.yaml")).
		expect(t, 0, "risky.yaml is valid\n", "risky.yaml:4:15: warning: forward.named.billing.authorization: auth.mode is off, so tokens are sent on")
	bad := weft(t, "config", "validate", in("bad.yaml"))
	bad.expect(t, 1, "", "bad.yaml:2:3: error: auth.isuers: there is no such key (is issuers meant?)")
	bad.expect(t, 1, "", "  3 |   mode: maybe\n    |         ^\n")
	weft(t, "serve", "--config", in("bad.yaml")).expect(t, 1, "", "bad.yaml:2:3: error:")

	want, err := os.ReadFile("../../../docs/weft.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if r := weft(t, "config", "schema"); r.stdout != string(want) {
		t.Error("config schema prints another schema than docs/weft.schema.json")
	}
}

func TestVersion(t *testing.T) {
	info := &debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-01-02"}, {Key: "vcs.modified", Value: "true"},
	}}
	info.Main.Version = "v0.9.0"
	if got := versionText("", info); !strings.HasPrefix(got, "weft v0.9.0\ncommit 0123456789ab with changes of 2026-01-02\ngo") {
		t.Error(got)
	}
	if got := versionText("v1.0.0", info); !strings.HasPrefix(got, "weft v1.0.0\n") {
		t.Error(got)
	}
	if got := versionText("", nil); !strings.HasPrefix(got, "weft (devel)\ngo") {
		t.Error(got)
	}
}
