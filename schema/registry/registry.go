// Package registry keeps the published schemas of a graph: every revision of every subgraph and every
// supergraph version composed of them. A publication is composed with what is published already, checked,
// and stored in one transaction, or it is refused and changes nothing.
//
// The Registry owns the rules (what may be published, in what order, who is told); a Store owns the bytes.
// Everything stored is immutable and only ever added to: a version, once numbered, keeps its members, its
// supergraph and its author, so reading needs no transaction, and two processes over one store agree.
//
// Unlike the rest of schema/, this package runs goroutines: Watch starts one, which ends with its context.
package registry

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/composition"
)

// Options configure a Registry. Only Store is required.
type Options struct {
	// Store keeps what is published. The registry does not close it.
	Store Store

	// Compose makes a supergraph of subgraphs; composition.Compose by default.
	Compose func([]composition.Subgraph) composition.Result

	// APISchema derives from a supergraph's SDL what clients see of it; the changes of an Outcome are the
	// differences between two of these. By default the supergraph package's.
	APISchema func(supergraphSDL string) (*ast.Schema, error)

	// Checks run over every candidate that composes, in this order.
	Checks []Check

	// Limits bound what a publication may bring; zero fields take the defaults.
	Limits Limits

	// PollInterval is how often Watch looks for versions that other processes stored: 1 s by default.
	PollInterval time.Duration

	// Log receives what Watch cannot return, such as a store that cannot be read; slog.Default() by default.
	Log *slog.Logger

	// Now is the clock of what is stored; time.Now by default.
	Now func() time.Time
}

// Registry publishes subgraphs and tells who watches. It is safe for concurrent use.
type Registry struct {
	store     Store
	compose   func([]composition.Subgraph) composition.Result
	apiSchema func(string) (*ast.Schema, error)
	ownReader bool // whether apiSchema reads as composition does
	checks    []Check
	limits    Limits
	poll      time.Duration
	log       *slog.Logger
	now       func() time.Time

	// turn holds one token: the publications of this process go one after the other, so that they do not
	// compose against a version that the one before them is about to replace. Those of other processes are
	// met by the store's compare-and-swap.
	turn chan struct{}

	mu       sync.Mutex
	watchers []*watcher // in the order they came
}

// New makes a registry over a store.
func New(o Options) (*Registry, error) {
	if o.Store == nil {
		return nil, errors.New("registry: Options.Store is required")
	}
	r := &Registry{
		store:     o.Store,
		compose:   o.Compose,
		apiSchema: o.APISchema,
		checks:    o.Checks,
		limits:    o.Limits.withDefaults(),
		poll:      o.PollInterval,
		log:       o.Log,
		now:       o.Now,
		turn:      make(chan struct{}, 1),
	}
	if r.compose == nil {
		r.compose = composition.Compose
	}
	if r.apiSchema == nil {
		r.apiSchema, r.ownReader = apiSchema, true
	}
	if r.poll <= 0 {
		r.poll = time.Second
	}
	if r.log == nil {
		r.log = slog.Default()
	}
	if r.now == nil {
		r.now = time.Now
	}
	return r, nil
}

// Current is the newest supergraph version, or ErrNotFound when nothing is published yet.
func (r *Registry) Current(ctx context.Context) (Version, error) {
	head, err := r.store.Head(ctx)
	if err != nil {
		return Version{}, err
	}
	if head == 0 {
		return Version{}, ErrNotFound
	}
	return r.store.Version(ctx, head)
}

// Version is the supergraph version of that number, or ErrNotFound.
func (r *Registry) Version(ctx context.Context, number int) (Version, error) {
	return r.store.Version(ctx, number)
}

// Versions lists versions numbered below before, the newest first; before 0 begins with the newest.
// It answers at most MaxPage of them.
func (r *Registry) Versions(ctx context.Context, before, limit int) ([]VersionInfo, error) {
	return r.store.Versions(ctx, before, clampPage(limit))
}

// Members are the subgraph revisions that a version consists of, ordered by name, or ErrNotFound when there
// is no such version.
func (r *Registry) Members(ctx context.Context, version int) ([]Revision, error) {
	return r.store.Members(ctx, version)
}

// Subgraphs are the revisions that the current version consists of, ordered by name; none when nothing is
// published yet.
func (r *Registry) Subgraphs(ctx context.Context) ([]Revision, error) {
	_, members, err := r.head(ctx)
	return members, err
}

// Revision is one published revision of a subgraph, in the current version or not, or ErrNotFound.
func (r *Registry) Revision(ctx context.Context, name string, number int) (Revision, error) {
	return r.store.Revision(ctx, name, number)
}

// Revisions lists the revisions of a subgraph numbered below before, the newest first; before 0 begins with
// the newest. It answers at most MaxPage of them, and those of a removed subgraph too.
func (r *Registry) Revisions(ctx context.Context, name string, before, limit int) ([]RevisionInfo, error) {
	return r.store.Revisions(ctx, name, before, clampPage(limit))
}

// head is the newest version's number and members. The number is read first: its members never change.
func (r *Registry) head(ctx context.Context) (int, []Revision, error) {
	head, err := r.store.Head(ctx)
	if err != nil || head == 0 {
		return 0, nil, err
	}
	members, err := r.store.Members(ctx, head)
	return head, members, err
}

// MaxPage bounds what one listing answers.
const MaxPage = 100

func clampPage(limit int) int {
	if limit < 1 {
		return 0
	}
	return min(limit, MaxPage)
}
