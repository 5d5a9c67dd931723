package batch

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// load is one fetch that waits for a call. It holds copies of what it sends: the fetch may have given up, and its
// buffers be used for something else, before the call is made.
type load struct {
	caller   *fetch.Caller
	entities fetch.Entities
	fresh    bool
	deadline time.Time // zero: none
	done     chan struct{}

	mu   sync.Mutex
	gone bool
	call *call
}

func newLoad(ctx context.Context, req *fetch.Request) *load {
	l := &load{caller: req.Caller, entities: *req.Entities, fresh: req.Fresh, done: make(chan struct{})}
	l.deadline, _ = ctx.Deadline()
	l.entities.Variables = make([]fetch.Variable, len(req.Entities.Variables))
	for i, v := range req.Entities.Variables {
		l.entities.Variables[i] = fetch.Variable{Name: v.Name, Value: bytes.Clone(v.Value)}
	}
	l.entities.Groups = make([]fetch.EntityGroup, len(req.Entities.Groups))
	for i, g := range req.Entities.Groups {
		g.Representations = bytes.Clone(g.Representations)
		l.entities.Groups[i] = g
	}
	return l
}

// representations counts what the load asks for.
func (l *load) representations() int {
	n := 0
	for _, g := range l.entities.Groups {
		n += g.Count
	}
	return n
}

// same says whether two loads differ in their representations only, and perhaps in what clients call their operations.
func (l *load) same(m *load) bool { return l.compareContent(m) == 0 }

// compare orders loads so that the same ones stand together and a call's document does not depend on who came first.
func (l *load) compare(m *load) int {
	return cmp.Or(l.compareContent(m), strings.Compare(l.entities.OperationName, m.entities.OperationName))
}

func (l *load) compareContent(m *load) int {
	return cmp.Or(
		strings.Compare(unnamed(&l.entities), unnamed(&m.entities)),
		slices.CompareFunc(l.entities.Variables, m.entities.Variables, func(v, w fetch.Variable) int {
			return cmp.Or(strings.Compare(v.Name, w.Name), bytes.Compare(v.Value, w.Value))
		}),
	)
}

// unnamed is the operation from behind its name on.
func unnamed(e *fetch.Entities) string {
	text, _ := strings.CutPrefix(e.Operation, "query")
	rest, named := strings.CutPrefix(text, " "+e.OperationName)
	if e.OperationName == "" || !named {
		return text
	}
	return rest
}

// join makes the load wait for a call; false when nobody waits for the load any more.
func (l *load) join(c *call) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return false
	}
	l.call = c
	c.join(l.deadline)
	return true
}

// leave ends the wait.
func (l *load) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = true
	if l.call != nil {
		l.call.leave()
	}
}

// call is a call that is made for several loads. It is cancelled when all of them are gone, so that one client that goes
// away does not take the answer from the others.
type call struct {
	cancel context.CancelFunc

	mu       sync.Mutex
	waiting  int
	deadline time.Time // the last of the loads'; meaningful unless endless
	endless  bool
}

func (c *call) join(deadline time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting++
	c.endless = c.endless || deadline.IsZero()
	if deadline.After(c.deadline) {
		c.deadline = deadline
	}
}

func (c *call) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting--; c.waiting == 0 {
		c.cancel()
	}
}
