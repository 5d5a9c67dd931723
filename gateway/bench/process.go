package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
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
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	p := newProcess(ctx, self, "stub", "-graph", s.graph, "-listen", listen, "-delay", s.Delay.String())
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := p.command.Start(); err != nil {
		return nil, "", fmt.Errorf("start the stubs: %w", err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.stop()
		return nil, "", fmt.Errorf("start the stubs: %s", strings.TrimSpace(p.output.String()))
	}
	return p, strings.TrimSpace(address), nil
}

// runStub is the process of the stubs. It prints its address, and ends when its context does.
func runStub(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench stub", flag.ContinueOnError)
	name := flags.String("graph", "shop", "`name` of the graph")
	listen := flags.String("listen", "127.0.0.1:4200", "`address` to listen on")
	delay := flags.Duration("delay", 0, "how long each answer takes")
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
	for _, s := range stubs {
		s.Delay = *delay
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

// startGateway starts weft on the supergraph, a file in the folder, and returns its endpoint once it is ready.
func startGateway(ctx context.Context, binary, folder, supergraph string, s *Scenario) (*process, string, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	config := filepath.Join(folder, "weft.yaml")
	if err := os.WriteFile(config, []byte(configuration(address, supergraph, s)), 0o600); err != nil {
		return nil, "", err
	}
	p := newProcess(ctx, binary, "serve", "--config", config)
	if err := p.command.Start(); err != nil {
		return nil, "", fmt.Errorf("start the gateway: %w", err)
	}
	for deadline := time.Now().Add(startTimeout); ; time.Sleep(20 * time.Millisecond) {
		if response, err := http.Get("http://" + address + "/health/ready"); err == nil {
			_ = response.Body.Close() // only its status matters
			if response.StatusCode == http.StatusOK {
				return p, "http://" + address + "/graphql", nil
			}
		}
		if time.Now().After(deadline) {
			p.stop()
			return nil, "", fmt.Errorf("the gateway was not ready within %s: %s", startTimeout, strings.TrimSpace(p.output.String()))
		}
	}
}

// configuration is a weft.yaml: all as it is by default, but for the access log, which would mostly measure the disk.
func configuration(address, supergraph string, s *Scenario) string {
	mode := map[bool]string{true: "on", false: "off"}
	return fmt.Sprintf("listen: %q\nsupergraph:\n  file: %q\nsubgraphs:\n  all:\n    deduplicate: %q\noperations:\n  deduplicate: %q\nlog:\n  level: warn\n",
		address, supergraph, mode[s.Deduplicate], mode[s.Together])
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address := l.Addr().String()
	return address, errors.Join(l.Close())
}
