package gateway

import (
	"context"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/auth"
)

// The codes of subscriptions that the gateway refuses or ends.
const (
	// CodeSubscriptionLimit: as many subscriptions run as may.
	CodeSubscriptionLimit = "SUBSCRIPTION_LIMIT_REACHED"
	// CodeSubscriptionSchema: the schema was replaced by one with which the subscription cannot go on as it is. Subscribing
	// again shows whether it still can.
	CodeSubscriptionSchema = "SUBSCRIPTION_SCHEMA_RELOAD"
	// CodeSubscriptionShutdown: the gateway is going away.
	CodeSubscriptionShutdown = "SUBSCRIPTION_SHUTDOWN"
)

// The reasons of the gateway's own to end a subscription; each is its last response.
var (
	endExpired = &gqlerror.Error{
		Message: "The token with which this connection was opened has expired.",
		Extensions: map[string]any{
			"code": auth.CodeUnauthenticated, "reason": string(auth.ReasonExpired),
		},
	}
	endSchema = &gqlerror.Error{
		Message:    "The schema has changed in a way that concerns this subscription; subscribe again.",
		Extensions: map[string]any{"code": CodeSubscriptionSchema},
	}
	endShutdown = &gqlerror.Error{
		Message:    "The gateway is shutting down; subscribe again elsewhere.",
		Extensions: map[string]any{"code": CodeSubscriptionShutdown},
	}
	tooMany = &gqlerror.Error{
		Message:    "As many subscriptions are running as the gateway allows; try again later.",
		Extensions: map[string]any{"code": CodeSubscriptionLimit},
	}
)

// defaultSubscriptions is how many subscriptions may run at once.
const defaultSubscriptions = 10_000

// subscriptions are those that run, of all Snapshots.
type subscriptions struct {
	most int

	mu     sync.Mutex
	live   map[*running]struct{}
	closed bool
}

func newSubscriptions(most int) *subscriptions {
	if most == 0 {
		most = defaultSubscriptions
	}
	return &subscriptions{most: most, live: map[*running]struct{}{}}
}

// enter adds a subscription until its context ends; the error is why it may not run.
func (l *subscriptions) enter(u *running) *gqlerror.Error {
	l.mu.Lock()
	switch {
	case l.closed:
		l.mu.Unlock()
		return endShutdown
	case len(l.live) >= l.most:
		l.mu.Unlock()
		return tooMany
	}
	l.live[u] = struct{}{}
	l.mu.Unlock()
	context.AfterFunc(u.ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.live, u)
	})
	// A Snapshot that came meanwhile may not have seen it.
	if now := u.snapshot.gateway.current.Load(); now != u.snapshot && !u.fits(now) {
		return endSchema
	}
	return nil
}

// all returns the subscriptions that run, in no order: they have nothing to do with each other.
func (l *subscriptions) all() []*running {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]*running, 0, len(l.live))
	for u := range l.live {
		list = append(list, u)
	}
	return list
}

// swapped ends the subscriptions that cannot go on with the Snapshot that is served from now on. The others keep theirs.
func (l *subscriptions) swapped(now *Snapshot) {
	for _, u := range l.all() {
		if !u.fits(now) {
			u.cancel(endSchema)
		}
	}
}

// close ends all subscriptions and lets no more begin.
func (l *subscriptions) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	for _, u := range l.all() {
		u.cancel(endShutdown)
	}
}

// fits says whether a subscription may go on when another Snapshot is served: its operation is still valid, what it asks of
// its caller is what it asked, and the subgraphs that it calls are where they were. Otherwise clients would be served from
// what an operator has taken away, for as long as they hold the connection.
func (u *running) fits(now *Snapshot) bool {
	p, err := now.operations.Get(u.ctx, u.key)
	if err != nil || p.refusal != nil || p.kind != ast.Subscription {
		return false
	}
	if !slices.EqualFunc(p.requirements, u.prepared.requirements, func(a, b auth.Requirements) bool { return a.String() == b.String() }) {
		return false
	}
	for _, f := range u.program.Plan().Fetches {
		if f.Subgraph >= 0 && now.clients[f.Name] != u.snapshot.clients[f.Name] {
			return false
		}
	}
	return true
}
