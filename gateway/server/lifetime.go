package server

import (
	"context"
	"sync"
	"time"
)

// lifetime is the context that a request is executed in: it ends with the exchange, and when the request's time is over.
// It is what context.WithTimeout makes, at less than half the cost for most requests: those that wait in one place only,
// a call that has a deadline of its own, never ask for Done, and need no timer. See fetch.Untimed.
type lifetime struct {
	context.Context // of the exchange
	deadline        time.Time

	mu     sync.Mutex
	timed  context.Context // with the deadline; nil until somebody wants to wait for it
	cancel context.CancelFunc
}

func (l *lifetime) begin(parent context.Context, timeout time.Duration) {
	l.Context, l.deadline = parent, time.Now().Add(timeout)
	if d, ok := parent.Deadline(); ok && d.Before(l.deadline) {
		l.deadline = d
	}
}

// end frees what waiting took.
func (l *lifetime) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.timed == nil:
		l.timed = ended
	case l.cancel != nil:
		l.cancel()
	}
}

// ended is the context of all that never waited and is over.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// wait returns the context that can be waited for.
func (l *lifetime) wait() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timed == nil {
		l.timed, l.cancel = context.WithDeadline(l.Context, l.deadline)
	}
	return l.timed
}

// Untimed implements fetch.Untimed.
func (l *lifetime) Untimed() context.Context { return l.Context }

// Deadline implements context.Context.
func (l *lifetime) Deadline() (time.Time, bool) { return l.deadline, true }

// Done implements context.Context.
func (l *lifetime) Done() <-chan struct{} { return l.wait().Done() }

// Err implements context.Context.
func (l *lifetime) Err() error {
	l.mu.Lock()
	timed := l.timed
	l.mu.Unlock()
	if timed != nil {
		return timed.Err()
	}
	if err := l.Context.Err(); err != nil || time.Now().Before(l.deadline) {
		return err
	}
	return l.wait().Err() // Done says the same from now on
}

// Value implements context.Context. Once there is a context to wait for, others derived from this one find it by this.
func (l *lifetime) Value(key any) any {
	l.mu.Lock()
	timed := l.timed
	l.mu.Unlock()
	if timed == nil || timed == ended {
		return l.Context.Value(key)
	}
	return timed.Value(key)
}
