package server

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

// Listener is an open port and what answers on it.
type Listener struct {
	name    string
	socket  net.Listener
	handler http.Handler
}

// Listen opens a port. Address is host:port; with port 0 the system chooses one,
// which Addr then tells. The name is for logs and errors, such as "registry API".
func Listen(name, address string, handler http.Handler) (*Listener, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("the %s cannot listen on %s: %w", name, address, err)
	}
	return &Listener{name, socket, handler}, nil
}

// Addr is the address that the listener has.
func (l *Listener) Addr() net.Addr { return l.socket.Addr() }

// Close closes a listener that was never run.
func (l *Listener) Close() error { return l.socket.Close() }

// Run serves on the listeners until ctx is done or one of them fails, and then
// stops all of them: /health/ready says no and, after Timeouts.Drain, nothing new
// is accepted, streams are ended, requests in flight get Timeouts.Shutdown to
// finish, and what is then left is cut off. Run closes the listeners. It returns
// nil after a stop in which nothing was cut off.
//
// The Server itself has to be the handler of one of the listeners; others (the
// registry's API) share its timeouts and its end.
func (s *Server) Run(ctx context.Context, listeners ...*Listener) error {
	if len(listeners) == 0 {
		return errors.New("server: Run was given nothing to listen on")
	}
	servers := make([]*http.Server, len(listeners))
	failed := make(chan error, len(listeners))
	var serving sync.WaitGroup
	for i, l := range listeners {
		servers[i] = s.httpServer(l)
		s.options.Logger.Info("listening", "name", l.name, "address", l.Addr().String())
		serving.Go(func() {
			if err := servers[i].Serve(l.socket); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("the %s stopped listening on %s: %w", l.name, l.Addr(), err)
			}
		})
	}

	var cause error
	select {
	case <-ctx.Done():
		s.drain()
	case cause = <-failed:
		s.draining.Store(true)
	}
	err := s.shutDown(servers, listeners)
	serving.Wait()
	return errors.Join(cause, err)
}

// httpServer makes the http.Server of one listener: HTTP/1.1 and, for clients that
// know it beforehand, HTTP/2 without TLS.
func (s *Server) httpServer(l *Listener) *http.Server {
	t := s.options.Timeouts
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:           l.handler,
		Protocols:         protocols,
		ReadHeaderTimeout: t.ReadHeader,
		ReadTimeout:       t.Read,
		WriteTimeout:      t.Write,
		IdleTimeout:       t.Idle,
		MaxHeaderBytes:    s.options.Limits.HeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.options.Logger.With("listener", l.name).Handler(), slog.LevelWarn),
	}
}

// drain lets load balancers see that the server is about to go before it goes.
func (s *Server) drain() {
	s.draining.Store(true)
	wait := s.options.Timeouts.Drain
	s.options.Logger.Info("shutting down", "drain", wait.String(), "timeout", s.options.Timeouts.Shutdown.String())
	if wait > 0 {
		time.Sleep(wait)
	}
}

// shutDown ends all servers at once, and in order where there is time.
func (s *Server) shutDown(servers []*http.Server, listeners []*Listener) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Timeouts.Shutdown)
	defer cancel()
	errs := make([]error, len(servers))
	var stopping sync.WaitGroup
	stopping.Go(func() { s.streams.end(ctx) })
	for i, server := range servers {
		stopping.Go(func() {
			if err := server.Shutdown(ctx); err != nil {
				errs[i] = fmt.Errorf("the %s was stopped with requests in flight after %s", listeners[i].name, s.options.Timeouts.Shutdown)
				_ = server.Close() // cuts them off; nothing more can be done
			}
		})
	}
	stopping.Wait()
	return errors.Join(errs...)
}
