package subscription

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errFull says that a queue had no room for longer than it may.
var errFull = errors.New("the queue stayed full")

// queue holds the events that came and were not yet taken. One goroutine puts and one takes; any may end it.
type queue struct {
	most, mostBytes int
	patience        time.Duration

	mu     sync.Mutex
	events [][]byte
	bytes  int
	err    error // why no more events come

	// arrived and room wake the one who takes and the one who puts; closed is closed by end.
	arrived, room chan struct{}
	closed        chan struct{}
}

func (q *queue) init(o *Options) {
	q.most, q.mostBytes, q.patience = o.MaxQueued, o.MaxQueuedBytes, o.Patience
	q.arrived, q.room, q.closed = make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{})
}

// put adds an event when there is room for it. It returns errFull when there was none for too long, and why the queue was
// ended when it was.
func (q *queue) put(event []byte) error {
	var late <-chan time.Time
	for {
		added, err := q.try(event)
		if added || err != nil {
			return err
		}
		if late == nil {
			timer := time.NewTimer(q.patience)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-q.room:
		case <-q.closed:
		case <-late:
			return errFull
		}
	}
}

func (q *queue) try(event []byte) (bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil {
		return false, q.err
	}
	if len(q.events) >= q.most || len(q.events) > 0 && q.bytes+len(event) > q.mostBytes {
		return false, nil
	}
	q.events = append(q.events, event)
	q.bytes += len(event)
	wake(q.arrived)
	return true, nil
}

// end says why no more events come; the first reason counts. Events that are there can still be taken.
func (q *queue) end(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		q.err = err
		close(q.closed)
	}
}

// reason is why no more events come, nil while some may.
func (q *queue) reason() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.err
}

// drop ends the queue for one who wants no more of it.
func (q *queue) drop(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		close(q.closed)
	}
	q.err, q.events, q.bytes = err, nil, 0
}

// take returns the next event, or why there is none.
func (q *queue) take(ctx context.Context) ([]byte, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		event, err := q.next()
		if event != nil || err != nil {
			return event, err
		}
		select {
		case <-q.arrived:
		case <-q.closed:
		case <-ctx.Done():
		}
	}
}

func (q *queue) next() ([]byte, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.events) == 0 {
		q.events = nil // its array holds on to events that were taken
		return nil, q.err
	}
	event := q.events[0]
	q.events[0] = nil
	q.events = q.events[1:]
	q.bytes -= len(event)
	wake(q.room)
	return event, nil
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
