package registry

import (
	"context"
	"slices"
	"time"
)

// watcher is one Watch: a bell that this process's publications ring. It holds one ring at most, since
// whoever hears it reads the newest version anyway.
type watcher struct{ bell chan struct{} }

// Watch sends the newest version whenever it is another than the one sent last, beginning with the current
// one when it is another than seen (the number the caller already has, 0 for none). Versions stored by this
// process arrive at once, those of other processes within the poll interval. Versions that are replaced
// before the receiver takes them are left out: it gets the newest. The channel is closed when ctx ends.
func (r *Registry) Watch(ctx context.Context, seen int) <-chan Version {
	w := &watcher{bell: make(chan struct{}, 1)}
	r.mu.Lock()
	r.watchers = append(r.watchers, w)
	r.mu.Unlock()

	out := make(chan Version)
	go func() {
		defer close(out)
		defer r.forget(w)
		r.watch(ctx, w, seen, out)
	}()
	return out
}

func (r *Registry) watch(ctx context.Context, w *watcher, seen int, out chan<- Version) {
	tick := time.NewTicker(r.poll)
	defer tick.Stop()
	failing := false
	var pending *Version
	for {
		newest, err := r.newerThan(ctx, seen, pending)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			// Once per outage: a store that is away must not fill the log.
			r.log.WarnContext(ctx, "registry: cannot look for new versions; the graph stays as it is", "error", err)
		case err == nil && failing:
			r.log.InfoContext(ctx, "registry: the store answers again")
		}
		failing = err != nil
		if err == nil {
			pending = newest
		}

		// A nil channel is never ready: without a pending version there is nothing to send.
		var send chan<- Version
		var version Version
		if pending != nil {
			send, version = out, *pending
		}
		select {
		case <-ctx.Done():
			return
		case send <- version:
			seen, pending = version.Number, nil
		case <-w.bell:
		case <-tick.C:
		}
	}
}

// newerThan is the version to send to a receiver that has seen one number: nil when that is the newest. A
// version that is already pending is not read again.
func (r *Registry) newerThan(ctx context.Context, seen int, pending *Version) (*Version, error) {
	head, err := r.store.Head(ctx)
	if err != nil {
		return nil, err
	}
	if head == 0 || head == seen {
		return nil, nil
	}
	if pending != nil && pending.Number == head {
		return pending, nil
	}
	v, err := r.store.Version(ctx, head)
	if err != nil {
		return nil, err
	}
	return &v, nil
}

func (r *Registry) notify() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.watchers {
		select {
		case w.bell <- struct{}{}:
		default:
		}
	}
}

func (r *Registry) forget(w *watcher) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watchers = slices.DeleteFunc(r.watchers, func(x *watcher) bool { return x == w })
}
