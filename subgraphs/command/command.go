// Package command runs a demo service as a program of its own: flags, environment, signals,
// graceful shutdown.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/weft-gateway/weft/subgraphs/service"
)

// The server's timeouts. There is none for writing an answer: subscriptions last.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 30 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
	healthTimeout   = 3 * time.Second
	maxHeader       = 64 << 10
)

// Program is a service that can be run.
type Program struct {
	Name string
	// Listen is the address to listen on when the flags say nothing else.
	Listen string
	// New opens the service.
	New func(context.Context, service.Options) (*service.Service, error)
}

// Main runs the program with the process's arguments until it is told to stop, and returns its
// exit status.
func (p Program) Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := p.Run(ctx, os.Args[1:], os.Stderr); {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	default:
		fmt.Fprintf(os.Stderr, "%s: %v\n", p.Name, err)
		return 1
	}
}

// errUsage says that the arguments were wrong and that the user was told so.
var errUsage = errors.New("wrong usage")

// Run runs the program until ctx ends; the log goes to out. With the argument "health" in front
// it asks a running service whether it is healthy, for containers that hold nothing but this
// program.
func (p Program) Run(ctx context.Context, args []string, out io.Writer) error {
	health := len(args) > 0 && args[0] == "health"
	if health {
		args = args[1:]
	}
	flags := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprintf(out, "Usage: %s [flags]         run the service\n       %s health [flags]  ask the running service whether it is healthy\n", p.Name, p.Name)
		flags.PrintDefaults()
	}
	listen := flags.String("listen", p.Listen, "`address` to listen on")
	database := flags.String("database", os.Getenv("DATABASE_URL"),
		"postgres:// `URL` or SQLite file; empty keeps the data in memory (default $DATABASE_URL)")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(out, "unexpected argument %q\n", flags.Arg(0))
		flags.Usage()
		return errUsage
	}
	if health {
		return askHealth(ctx, *listen)
	}
	return p.serve(ctx, *listen, *database, slog.New(slog.NewTextHandler(out, nil)))
}

func (p Program) serve(ctx context.Context, listen, database string, logger *slog.Logger) (err error) {
	running, err := p.New(ctx, service.Options{DatabaseURL: database, Logger: logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Close()) }()

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{
		Handler:           running,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(running.Drain)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	logger.Info("service is ready", "service", p.Name, "url", "http://"+listener.Addr().String()+"/graphql")

	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	logger.Info("service is stopping", "service", p.Name)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(fmt.Errorf("stop: requests did not end within %s: %w", shutdownTimeout, err), server.Close())
	}
	return nil
}

// askHealth asks the service that listens on the address.
func askHealth(ctx context.Context, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("flag --listen: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost" // listening everywhere, it is to be found here
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	url := "http://" + net.JoinHostPort(host, port) + "/health"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", url, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask health: %w", err)
	}
	_ = response.Body.Close() // the status says it all
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask health: %s answers %s", url, response.Status)
	}
	return nil
}
