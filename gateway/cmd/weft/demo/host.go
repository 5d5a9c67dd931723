package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Bounds of the servers behind the gateway. There is none for writing an answer: subscriptions last.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 10 * time.Second
	maxHeader     = 64 << 10
)

// host is a running HTTP server.
type host struct {
	name   string
	server *http.Server
	close  func() error // gives back what the handler holds; nil: nothing
	ended  chan struct{}
}

// serve serves a handler on an open port.
func (d *Demo) serve(name string, socket net.Listener, handler http.Handler) *host {
	h := &host{name: name, ended: make(chan struct{}), server: &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(d.options.Logger.With("service", name).Handler(), slog.LevelWarn),
	}}
	d.hosts = append(d.hosts, h)
	go func() {
		defer close(h.ended)
		if err := h.server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
			d.failed <- fmt.Errorf("the %s service stopped listening: %w", name, err)
		}
	}()
	return h
}

func (h *host) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	err := h.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("the %s service did not end its requests within %s", h.name, stopTimeout), h.server.Close())
	}
	<-h.ended
	if h.close != nil {
		err = errors.Join(err, h.close())
	}
	return err
}

// Close stops what Start started: what feeds the gateway, what is behind it, the databases. Run does it itself.
func (d *Demo) Close() error {
	d.stop()
	d.background.Wait()
	var errs []error
	if d.gateway != nil {
		errs = append(errs, d.gateway.Close()) // so that no idle connection holds the subgraphs up
	}
	stops := make([]error, len(d.hosts))
	var stopping sync.WaitGroup
	for i, h := range d.hosts {
		stopping.Go(func() { stops[i] = h.stop() })
	}
	stopping.Wait()
	errs = append(errs, stops...)
	errs = append(errs, d.ports.close())
	if d.registry != nil {
		errs = append(errs, d.registry.Close())
	}
	return errors.Join(errs...)
}
