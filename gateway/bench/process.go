package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/weft-gateway/weft/gateway/bench/mock"
)

const (
	startTimeout = 20 * time.Second
	stopTimeout  = 10 * time.Second
)

// fromEnvironment reads which other gateway is to be measured.
func (s *settings) fromEnvironment(env func(string) string) error {
	address, pid := env("BENCH_URL"), env("BENCH_PID")
	if address == "" && pid == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("BENCH_URL %q is not the http:// URL of a gateway's GraphQL endpoint", address)
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("BENCH_URL %q is not on the loopback interface", address)
	}
	n, err := strconv.Atoi(pid)
	if err != nil || n < 1 {
		return fmt.Errorf("BENCH_PID %q is not the process id of the gateway at BENCH_URL", pid)
	}
	s.url, s.pid = address, n
	return nil
}

func buildGateway(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "weft")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "./gateway/cmd/weft")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the gateway (run the bench in the root of the repository): %w\n%s", err, out)
	}
	return binary, nil
}

// process is a child that is stopped with stop.
type process struct {
	command *exec.Cmd
	// output is what it said on standard error.
	output bytes.Buffer
}

func newProcess(ctx context.Context, binary string, args ...string) *process {
	p := &process{command: exec.CommandContext(ctx, binary, args...)}
	p.command.Stderr = &p.output
	p.command.Cancel = func() error { return p.command.Process.Signal(syscall.SIGTERM) }
	p.command.WaitDelay = stopTimeout
	return p
}

func (p *process) stop() {
	// A process that has ended already needs no signal.
	_ = p.command.Process.Signal(syscall.SIGTERM)
	_ = p.command.Wait()
}

// startStubs starts the stub subgraphs and returns their address.
func startStubs(ctx context.Context, s *Scenario, listen string) (*process, string, error) {
	delays := []string{s.Delay.String()}
	for _, subgraph := range slices.Sorted(maps.Keys(s.Delays)) {
		delays = append(delays, subgraph+"="+s.Delays[subgraph].String())
	}
	p, address, err := startSelf(ctx, "stub", "-graph", s.graph, "-listen", listen, "-delay", strings.Join(delays, ","))
	if err != nil {
		return nil, "", fmt.Errorf("start the stubs: %w", err)
	}
	return p, address, nil
}

// startSelf starts this program with a command that prints the address on which it listens.
func startSelf(ctx context.Context, args ...string) (*process, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	p := newProcess(ctx, self, args...)
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := p.command.Start(); err != nil {
		return nil, "", err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.stop()
		return nil, "", errors.New(strings.TrimSpace(p.output.String()))
	}
	return p, strings.TrimSpace(address), nil
}

// runStub is the process of the stubs. It prints its address, and ends when its context does.
func runStub(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench stub", flag.ContinueOnError)
	name := flags.String("graph", "shop", "`name` of the graph")
	listen := flags.String("listen", "127.0.0.1:4200", "`address` to listen on")
	delay := flags.String("delay", "0s", "how long an answer takes: a `duration`, and name=duration for subgraphs that differ, separated by commas")
	if err := flags.Parse(args); err != nil {
		return err
	}
	g, err := findGraph(*name)
	if err != nil {
		return err
	}
	stubs, err := g.stubs()
	if err != nil {
		return err
	}
	if err := setDelays(stubs, *delay); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, listener.Addr())
	server := mock.Handler(stubs)
	go func() {
		<-ctx.Done()
		_ = server.Shutdown() // the process ends anyway
	}()
	return server.Serve(listener)
}

// setDelays lets the stubs take their time.
func setDelays(stubs map[string]*mock.Server, text string) error {
	for part := range strings.SplitSeq(text, ",") {
		subgraph, delay, named := strings.Cut(part, "=")
		if !named {
			delay = subgraph
		}
		d, err := time.ParseDuration(delay)
		if err != nil || d < 0 || named && stubs[subgraph] == nil {
			return fmt.Errorf("-delay %q: write a duration such as 20ms, or subgraph=20ms", part)
		}
		for name, s := range stubs {
			if !named || name == subgraph {
				s.Delay = d
			}
		}
	}
	return nil
}

// startGateway starts weft on the supergraph, a file in the folder.
func startGateway(ctx context.Context, binary, folder, supergraph string, s *Scenario) (*target, error) {
	config := filepath.Join(folder, "weft.yaml")
	if err := os.WriteFile(config, []byte(configuration(supergraph, s)), 0o600); err != nil {
		return nil, err
	}
	p := newProcess(ctx, binary, "serve", "--config", config)
	if s.Processors > 0 {
		p.command.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(s.Processors))
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start the gateway: %w", err)
	}
	t := &target{pid: p.command.Process.Pid, stop: p.stop}
	// It tells where it listens once it is ready: a line for each port, that of the debugging port last.
	giveUp := time.AfterFunc(startTimeout, func() { _ = p.command.Process.Kill() })
	defer giveUp.Stop()
	for lines := bufio.NewScanner(out); t.debug == "" && lines.Scan(); {
		switch name, address, _ := strings.Cut(lines.Text(), " "); name {
		case "GraphQL":
			t.endpoint = strings.TrimSpace(address)
		case "Debug":
			t.debug = strings.TrimSuffix(strings.TrimSpace(address), "/debug/pprof/")
		}
	}
	if t.debug == "" {
		p.stop()
		return nil, fmt.Errorf("the gateway was not ready within %s: %s", startTimeout, strings.TrimSpace(p.output.String()))
	}
	return t, nil
}

// configuration is a weft.yaml: all as it is by default, but for the access log, which would mostly measure the disk.
func configuration(supergraph string, s *Scenario) string {
	mode := map[bool]string{true: "on", false: "off"}
	return fmt.Sprintf(`listen: "127.0.0.1:0"
supergraph:
  file: %q
subgraphs:
  all:
    deduplicate: %q
    batch:
      window: %s
operations:
  deduplicate: %q
log:
  level: warn
debug:
  listen: "127.0.0.1:0"
`, supergraph, mode[s.Deduplicate], s.Window, mode[s.Together])
}
