// Package e2e tests the built programs from outside, as a person meets them: the tour of the README, the Playground in a
// browser, a supergraph that the reference composition made, and the commands that containers are started with.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	startTimeout = 60 * time.Second
	stopTimeout  = 20 * time.Second
)

// programs are built once, into a folder that TestMain removes.
var programs struct {
	folder string
	once   sync.Once
	err    error
}

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "weft-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	programs.folder = folder
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// program returns the path of a built program: weft, orders, inventory or reviews.
func program(t *testing.T, name string) string {
	t.Helper()
	programs.once.Do(func() {
		build := exec.Command("go", "build", "-pgo=off", "-trimpath", "-o", programs.folder+"/", "./gateway/cmd/weft",
			"./subgraphs/orders/cmd/orders", "./subgraphs/inventory/cmd/inventory", "./subgraphs/reviews/cmd/reviews")
		build.Dir = ".."
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			programs.err = fmt.Errorf("build the programs: %w\n%s", err, out)
		}
	})
	if programs.err != nil {
		t.Fatal(programs.err)
	}
	return filepath.Join(programs.folder, name)
}

// required reports whether what a test needs has to be there: WEFT_TEST_REQUIRE lists what, or says all.
func required(what string) bool {
	list := strings.Split(os.Getenv("WEFT_TEST_REQUIRE"), ",")
	return slices.Contains(list, "all") || slices.Contains(list, what)
}

// running is a program that was started.
type running struct {
	command *exec.Cmd
	output  *output
	ended   chan struct{}
	err     error
}

// output collects what a program says. It is read while the program runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start starts a program and waits until the URL answers 200. The test's end stops it.
func start(t *testing.T, ready string, env []string, binary string, args ...string) *running {
	t.Helper()
	r := &running{command: exec.Command(binary, args...), output: &output{}, ended: make(chan struct{})}
	r.command.Env = append(os.Environ(), env...)
	r.command.Stdout, r.command.Stderr = r.output, r.output
	if err := r.command.Start(); err != nil {
		t.Fatalf("start %s: %v", binary, err)
	}
	go func() {
		r.err = r.command.Wait()
		close(r.ended)
	}()
	t.Cleanup(func() {
		r.stop(t)
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(binary), r.output)
		}
	})
	deadline := time.After(startTimeout)
	for {
		if response, err := http.Get(ready); err == nil {
			_ = response.Body.Close() // its status is all that matters
			if response.StatusCode == http.StatusOK {
				return r
			}
		}
		select {
		case <-r.ended:
			t.Fatalf("%s %s ended before it was ready: %v\n%s", binary, strings.Join(args, " "), r.err, r.output)
		case <-deadline:
			t.Fatalf("%s %s was not ready in time\n%s", binary, strings.Join(args, " "), r.output)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop asks the program to end, as Ctrl-C does, and expects it to end well.
func (r *running) stop(t *testing.T) {
	t.Helper()
	select {
	case <-r.ended:
		return
	default:
	}
	if err := r.command.Process.Signal(os.Interrupt); err != nil {
		t.Errorf("interrupt %s: %v", r.command.Path, err)
	}
	select {
	case <-r.ended:
		if r.err != nil {
			t.Errorf("%s ended with %v after it was asked to stop\n%s", r.command.Path, r.err, r.output)
		}
	case <-time.After(stopTimeout):
		t.Errorf("%s did not stop when it was asked to", r.command.Path)
		_ = r.command.Process.Signal(syscall.SIGKILL) // the last resort
		<-r.ended
	}
}

// freePorts returns ports that nobody listens on at the moment.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // all stay open until all are known, so that they differ
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// demo is a demo on ports of its own.
type demo struct {
	*running
	folder string
	// port is where a part listens that the documentation finds at the key.
	port map[int]int
}

func (d *demo) gateway() string { return "http://localhost:" + strconv.Itoa(d.port[4000]) }

func newDemo(t *testing.T) *demo {
	d := &demo{folder: t.TempDir(), port: map[int]int{}}
	usual := []int{4000, 4001, 4002, 4003, 4004, 4010}
	for i, p := range freePorts(t, len(usual)) {
		d.port[usual[i]] = p
	}
	return d
}

// flags are those that make the demo listen on its ports.
func (d *demo) flags() []string {
	var flags []string
	for _, f := range []struct {
		name string
		port int
	}{
		{"port", 4000}, {"orders-port", 4001}, {"inventory-port", 4002}, {"issuer-port", 4003}, {"reviews-port", 4004}, {"registry-port", 4010},
	} {
		flags = append(flags, "--"+f.name, strconv.Itoa(d.port[f.port]))
	}
	return flags
}

func (d *demo) start(t *testing.T) {
	t.Helper()
	d.running = start(t, d.gateway()+"/health/ready", nil, program(t, "weft"),
		append([]string{"demo", "--data", filepath.Join(d.folder, ".weft")}, d.flags()...)...)
}

// here replaces the ports of the documentation by those of this demo.
func (d *demo) here(text string) string {
	var pairs []string
	for usual, port := range d.port {
		pairs = append(pairs, "localhost:"+strconv.Itoa(usual), "localhost:"+strconv.Itoa(port))
	}
	return strings.NewReplacer(pairs...).Replace(text) // no key is part of another
}

// query sends an operation and returns the answer.
func query(ctx context.Context, endpoint, token, operation string) (string, error) {
	body, err := json.Marshal(map[string]string{"query": operation})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("the answer's status is %s: %s", response.Status, answer)
	}
	return string(answer), err
}
