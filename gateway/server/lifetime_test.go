package server

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestLifetime: whoever asks, and whenever, a lifetime ends as a context with a deadline does, and what is derived of it
// ends with it.
func TestLifetime(t *testing.T) {
	type ending struct {
		story string
		bring func(l *lifetime, parent context.CancelFunc)
		want  error
	}
	endings := []ending{
		{"its time is over", func(*lifetime, context.CancelFunc) { time.Sleep(time.Second) }, context.DeadlineExceeded},
		{"the client is gone", func(_ *lifetime, parent context.CancelFunc) { parent() }, context.Canceled},
		{"the answer is written", func(l *lifetime, _ context.CancelFunc) { l.end() }, context.Canceled},
	}
	for _, e := range endings {
		for _, early := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				parent, cancel := context.WithCancel(context.WithValue(t.Context(), t, "value"))
				defer cancel()
				var l lifetime
				l.begin(parent, time.Second)
				defer l.end()
				var derived context.Context
				if early { // somebody waits before it ends
					var stop context.CancelFunc
					derived, stop = context.WithCancel(&l)
					defer stop()
				}
				if l.Err() != nil || l.Value(t) != "value" {
					t.Fatalf("%s: over, or without a value, before it ended: %v", e.story, l.Err())
				}
				e.bring(&l, cancel)
				synctest.Wait()
				if !errors.Is(l.Err(), e.want) {
					t.Errorf("%s: Err is %v, want %v", e.story, l.Err(), e.want)
				}
				select {
				case <-l.Done():
				default:
					t.Errorf("%s: Done is open", e.story)
				}
				if early && !errors.Is(derived.Err(), e.want) {
					t.Errorf("%s: a derived context's Err is %v, want %v", e.story, derived.Err(), e.want)
				}
				if l.Value(t) != "value" {
					t.Errorf("%s: the value is lost", e.story)
				}
			})
		}
	}
}

// TestLifetimeDeadline: the earlier of its own deadline and its parent's counts.
func TestLifetimeDeadline(t *testing.T) {
	soon := time.Now().Add(time.Minute)
	parent, cancel := context.WithDeadline(t.Context(), soon)
	defer cancel()
	var l lifetime
	l.begin(parent, time.Hour)
	if d, ok := l.Deadline(); !ok || !d.Equal(soon) {
		t.Errorf("the deadline is %v, not its parent's", d)
	}
	l.begin(parent, time.Second)
	if d, ok := l.Deadline(); !ok || !d.Before(soon) {
		t.Errorf("the deadline is %v, not its own", d)
	}
	if l.Untimed() != parent {
		t.Error("without its deadline it is not its parent")
	}
}
