package server

import (
	"context"
	"sync"
)

// streams are the exchanges that have no end of their own: WebSockets and
// server-sent events. They end when the server stops, for http.Server waits for
// none of them (a hijacked connection) or for ever (an event stream).
type streams struct {
	ctx    context.Context
	cancel context.CancelFunc

	most   int
	mu     sync.Mutex
	open   int
	closed chan struct{} // closed when the last one ended after stop
	stop   bool
}

func (s *streams) init(most int) {
	s.most = most
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.closed = make(chan struct{})
}

// enter counts a stream and returns a context that ends with the server too. ok is
// false when there are as many as there may be.
func (s *streams) enter(ctx context.Context) (_ context.Context, leave func(), ok bool) {
	s.mu.Lock()
	if s.open >= s.most {
		s.mu.Unlock()
		return nil, nil, false
	}
	s.open++
	s.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	unlink := context.AfterFunc(s.ctx, cancel)
	return ctx, func() {
		unlink()
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open--
		if s.stop && s.open == 0 {
			close(s.closed)
			s.stop = false
		}
	}, true
}

// end tells every stream to end and waits for them until ctx is done.
func (s *streams) end(ctx context.Context) {
	s.cancel()
	s.mu.Lock()
	if s.open == 0 {
		s.mu.Unlock()
		return
	}
	s.stop = true
	s.mu.Unlock()
	select {
	case <-s.closed:
	case <-ctx.Done():
	}
}
