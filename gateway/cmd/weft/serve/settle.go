package serve

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// settleTimeout bounds how long an acknowledgement waits for the gateway. A gateway that is still busy then serves the new
// version later, as a replica does.
const settleTimeout = 5 * time.Second

// feed knows which version a gateway was given last.
type feed struct {
	mu      sync.Mutex
	feeding bool
	version int
	changed chan struct{} // closed, and replaced, when version changes
}

// begin says that a gateway is fed from now on.
func (f *feed) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.feeding, f.changed = true, make(chan struct{})
}

// handled says that the gateway serves a version, or cannot.
func (f *feed) handled(version int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version = version
	close(f.changed)
	f.changed = make(chan struct{})
}

// reached waits until the gateway was given a version, or ctx ends.
func (f *feed) reached(ctx context.Context, version int) {
	for {
		f.mu.Lock()
		done, changed := !f.feeding || f.version >= version, f.changed
		f.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// settling holds answers back until the gateway was given what is published.
func (r *Registry) settling(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		next.ServeHTTP(&settlingWriter{ResponseWriter: w, settle: func() { r.settle(request.Context()) }}, request)
	})
}

func (r *Registry) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	// An error of the store is told by the answer itself, or by nobody: nothing was published then.
	if head, err := r.store.Head(ctx); err == nil {
		r.feed.reached(ctx, head)
	}
}

// settlingWriter settles before the first byte.
type settlingWriter struct {
	http.ResponseWriter
	once   sync.Once
	settle func()
}

func (w *settlingWriter) WriteHeader(status int) {
	w.once.Do(w.settle)
	w.ResponseWriter.WriteHeader(status)
}

func (w *settlingWriter) Write(b []byte) (int, error) {
	w.once.Do(w.settle)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what lies below.
func (w *settlingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
