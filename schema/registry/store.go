package registry

import (
	"context"
	"errors"
	"time"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

var (
	// ErrNotFound is answered for a version or a revision that is not stored.
	ErrNotFound = errors.New("registry: not found")

	// ErrConflict is answered by Store.Commit when the draft's base is not the newest version any more.
	ErrConflict = errors.New("registry: another publication came first")
)

// Store keeps revisions and versions. Everything it holds is immutable; Commit adds, nothing changes or
// deletes. It is safe for concurrent use, by several processes where it says so. The package registrytest
// holds the tests that every Store passes.
type Store interface {
	// Head is the number of the newest version, 0 when there is none. It is cheap: Watch polls it.
	Head(ctx context.Context) (int, error)

	// Version answers ErrNotFound when there is no version of that number.
	Version(ctx context.Context, number int) (Version, error)

	// Versions lists at most limit versions numbered below before (0: all), the newest first.
	Versions(ctx context.Context, before, limit int) ([]VersionInfo, error)

	// Members are the revisions a version consists of, ordered by name; ErrNotFound when there is no such version.
	Members(ctx context.Context, version int) ([]Revision, error)

	// Revision answers ErrNotFound when there is no such revision.
	Revision(ctx context.Context, name string, number int) (Revision, error)

	// Revisions lists at most limit revisions of a subgraph numbered below before (0: all), the newest first.
	Revisions(ctx context.Context, name string, before, limit int) ([]RevisionInfo, error)

	// Commit stores a version numbered Base+1 and the revisions it brings, all or nothing. It numbers each
	// new revision one above the highest of its name. When Base is not the newest version it stores nothing
	// and answers ErrConflict.
	Commit(ctx context.Context, d Draft) (Version, error)
}

// Draft is a version to be stored.
type Draft struct {
	Base  int           // the version it was composed against, 0 for the first
	New   []NewRevision // what is published with it, ordered by name
	Keep  []RevisionRef // what it takes over from earlier versions, ordered by name, no name of New among them
	SDL   string
	Hints []diagnostic.Diagnostic
	Cause Cause
	At    time.Time // stored to the microsecond
	By    Actor
}

// NewRevision is a revision that Commit is to number.
type NewRevision struct {
	Name   string
	URL    string
	SDL    string
	SHA256 string
}
