package registry

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/diff"
)

// Publication is a subgraph to publish: its name, the URL the gateway calls it at, and its schema.
type Publication struct {
	Name string
	URL  string
	SDL  string
}

// Status says what became of a publication, a removal or a dry run.
type Status string

// Accepted: stored, or would be. Unchanged: everything is already so, nothing was stored. Refused: see
// Outcome.Errors; nothing was stored.
const (
	Accepted  Status = "ACCEPTED"
	Unchanged Status = "UNCHANGED"
	Refused   Status = "REFUSED"
)

// Outcome is what became of a publication, a removal or a dry run. That a schema is refused is an outcome;
// Go errors are for what prevents an answer, such as a store that cannot be written.
type Outcome struct {
	Status  Status
	Version VersionInfo             // the newest version after it; zero when there is none
	Errors  []diagnostic.Diagnostic // why it was refused
	Hints   []diagnostic.Diagnostic // of composition, then of the checks
	Changes []diff.Change           // for clients, against the version before
}

// Publish adds a subgraph or replaces it. Publishing what is already current, the same URL and the same
// schema to the byte, stores nothing. After an error that leaves open whether the store took it (a
// cancelled context, a lost connection) the same publication can be made again.
func (r *Registry) Publish(ctx context.Context, p Publication, by Actor) (Outcome, error) {
	return r.PublishAll(ctx, []Publication{p}, by)
}

// PublishAll publishes several subgraphs as one version: all of them or none. Subgraphs that need each
// other to compose are published this way.
func (r *Registry) PublishAll(ctx context.Context, ps []Publication, by Actor) (Outcome, error) {
	return r.apply(ctx, edit{publish: ps, by: by})
}

// Check answers what Publish would, and stores nothing. Without a URL it takes that of the current revision:
// whoever checks a schema before it is deployed need not know where.
func (r *Registry) Check(ctx context.Context, p Publication) (Outcome, error) {
	if p.URL == "" {
		_, members, err := r.head(ctx)
		if err != nil {
			return Outcome{}, err
		}
		if i, found := find(members, p.Name); found {
			p.URL = members[i].URL
		}
	}
	return r.apply(ctx, edit{publish: []Publication{p}, dryRun: true})
}

// Remove takes a subgraph out of the graph. A removal that the rest does not compose without is refused, as
// is that of the last subgraph. Its revisions stay readable.
func (r *Registry) Remove(ctx context.Context, name string, by Actor) (Outcome, error) {
	return r.apply(ctx, edit{remove: name, by: by})
}

// edit is what a caller wants of the next version: publications, or else the removal of one subgraph.
type edit struct {
	publish []Publication
	remove  string
	dryRun  bool
	by      Actor
}

func (e edit) cause() Cause {
	if len(e.publish) == 0 {
		return Cause{Kind: Removed, Subgraphs: []string{e.remove}}
	}
	c := Cause{Kind: Published}
	for _, p := range e.publish {
		c.Subgraphs = append(c.Subgraphs, p.Name)
	}
	return c
}

func (r *Registry) apply(ctx context.Context, e edit) (Outcome, error) {
	e.publish = slices.Clone(e.publish)
	slices.SortStableFunc(e.publish, func(a, b Publication) int { return strings.Compare(a.Name, b.Name) })
	if errs := r.limits.examine(e); len(errs) > 0 {
		current, err := r.current(ctx)
		return Outcome{Status: Refused, Version: current.VersionInfo, Errors: errs}, err
	}

	// One composition at a time, dry runs too: a crowd of publishers must not take the machine from the
	// requests it also serves.
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return Outcome{}, ctx.Err()
	}

	// A conflict means that another process stored a version in between, so that each round is somebody's
	// progress; the context bounds the rounds.
	for {
		out, err := r.attempt(ctx, e)
		if !errors.Is(err, ErrConflict) {
			return out, err
		}
		if err := ctx.Err(); err != nil {
			return Outcome{}, err
		}
	}
}

// attempt makes the edit against the newest version: composed, checked, stored. It answers ErrConflict when
// that version is not the newest any more by the time it would store.
func (r *Registry) attempt(ctx context.Context, e edit) (Outcome, error) {
	current, err := r.current(ctx)
	if err != nil {
		return Outcome{}, err
	}
	var members []Revision
	if current.Number > 0 {
		if members, err = r.store.Members(ctx, current.Number); err != nil {
			return Outcome{}, err
		}
	}
	out := Outcome{Version: current.VersionInfo}

	next, refusal := r.limits.next(e, members)
	if refusal != nil {
		out.Status, out.Errors = Refused, []diagnostic.Diagnostic{*refusal}
		return out, nil
	}
	if len(next.published) == 0 && len(next.kept) == len(members) {
		out.Status, out.Hints = Unchanged, current.Hints
		return out, nil
	}

	subgraphs := next.subgraphs()
	result := r.compose(subgraphs)
	out.Hints = result.Hints
	if len(result.Errors) > 0 {
		out.Status, out.Errors = Refused, result.Errors
		return out, nil
	}
	compared := r.compare(current, result.SDL, result.Supergraph)
	if compared.refusal != nil {
		out.Status, out.Errors = Refused, []diagnostic.Diagnostic{*compared.refusal}
		return out, nil
	}
	out.Changes = compared.changes
	errs, others, err := r.runChecks(ctx, Candidate{Current: current, Subgraphs: subgraphs, Result: result, Changes: out.Changes})
	if err != nil {
		return Outcome{}, err
	}
	out.Hints = slices.Concat(out.Hints, others)
	if len(errs) > 0 {
		out.Status, out.Errors = Refused, errs
		return out, nil
	}
	out.Status = Accepted
	stored := out.Hints
	out.Hints = slices.Concat(out.Hints, compared.hints) // of this moment, not of the version
	if e.dryRun {
		return out, nil
	}

	version, err := r.store.Commit(ctx, Draft{
		Base: current.Number, New: next.published, Keep: next.refs(),
		SDL: result.SDL, Hints: stored,
		Cause: e.cause(), At: r.now().UTC(), By: e.by,
	})
	r.notify() // after an error too: the store may have taken it
	if err != nil {
		return Outcome{}, err
	}
	out.Version = version.VersionInfo
	return out, nil
}

// Rollback makes a new version of an earlier one's members and supergraph, as they were: nothing is composed
// or checked again, since the way back must not depend on what may be broken. Publications that come after
// build on the members returned to.
func (r *Registry) Rollback(ctx context.Context, number int, by Actor) (Outcome, error) {
	for {
		out, err := r.rollback(ctx, number, by)
		if !errors.Is(err, ErrConflict) {
			return out, err
		}
		if err := ctx.Err(); err != nil {
			return Outcome{}, err
		}
	}
}

func (r *Registry) rollback(ctx context.Context, number int, by Actor) (Outcome, error) {
	current, err := r.current(ctx)
	if err != nil {
		return Outcome{}, err
	}
	target, err := r.store.Version(ctx, number)
	if errors.Is(err, ErrNotFound) {
		unknown := refusal(CodeUnknownVersion, "", "there is no version %d; the newest is %d", number, current.Number)
		return Outcome{Status: Refused, Version: current.VersionInfo, Errors: []diagnostic.Diagnostic{*unknown}}, nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if target.SDL == current.SDL && slices.Equal(target.Members, current.Members) {
		return Outcome{Status: Unchanged, Version: current.VersionInfo, Hints: current.Hints}, nil
	}
	compared := r.compare(current, target.SDL, nil)
	if compared.refusal != nil {
		return Outcome{Status: Refused, Version: current.VersionInfo, Errors: []diagnostic.Diagnostic{*compared.refusal}}, nil
	}
	version, err := r.store.Commit(ctx, Draft{
		Base: current.Number, Keep: target.Members,
		SDL: target.SDL, Hints: target.Hints,
		Cause: Cause{Kind: RolledBack, Version: number}, At: r.now().UTC(), By: by,
	})
	r.notify() // after an error too: the store may have taken it
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Status: Accepted, Version: version.VersionInfo, Hints: slices.Concat(target.Hints, compared.hints), Changes: compared.changes}, nil
}

// current is Current with the zero Version for an empty store.
func (r *Registry) current(ctx context.Context) (Version, error) {
	v, err := r.Current(ctx)
	if errors.Is(err, ErrNotFound) {
		return Version{}, nil
	}
	return v, err
}

// members are what the next version is to consist of.
type members struct {
	kept      []Revision    // ordered by name
	published []NewRevision // ordered by name
}

func (m members) refs() []RevisionRef {
	refs := make([]RevisionRef, len(m.kept))
	for i, k := range m.kept {
		refs[i] = RevisionRef{Name: k.Name, Number: k.Number}
	}
	return refs
}

func (m members) subgraphs() []composition.Subgraph {
	subgraphs := make([]composition.Subgraph, 0, len(m.kept)+len(m.published))
	for _, k := range m.kept {
		subgraphs = append(subgraphs, composition.Subgraph{Name: k.Name, URL: k.URL, SDL: k.SDL})
	}
	for _, p := range m.published {
		subgraphs = append(subgraphs, composition.Subgraph{Name: p.Name, URL: p.URL, SDL: p.SDL})
	}
	slices.SortFunc(subgraphs, func(a, b composition.Subgraph) int { return strings.Compare(a.Name, b.Name) })
	return subgraphs
}
