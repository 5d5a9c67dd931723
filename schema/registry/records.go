package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// Actor is who did something: the subject of a verified token and the issuer that vouches for it.
type Actor struct {
	Subject string
	Issuer  string
}

// RevisionInfo describes one publication of one subgraph.
type RevisionInfo struct {
	Name        string
	Number      int // counts from 1 for each name, and goes on after a removal
	URL         string
	SHA256      string // of the SDL, in hex; for people to compare, the registry compares the SDL itself
	PublishedAt time.Time
	By          Actor
}

// Revision is a RevisionInfo with its schema.
type Revision struct {
	RevisionInfo
	SDL string
}

// RevisionRef names a revision.
type RevisionRef struct {
	Name   string
	Number int
}

// VersionInfo describes one supergraph version.
type VersionInfo struct {
	Number    int // counts from 1 without gaps
	Cause     Cause
	Members   []RevisionRef // ordered by name
	CreatedAt time.Time
	By        Actor
}

// Version is a VersionInfo with its supergraph.
type Version struct {
	VersionInfo
	SDL   string                  // join-spec supergraph SDL
	Hints []diagnostic.Diagnostic // what composition had to say of it
}

// CauseKind says what made a version.
type CauseKind string

// What makes a version: a publication of subgraphs, a removal of one, or the return to an earlier version.
const (
	Published  CauseKind = "PUBLISHED"
	Removed    CauseKind = "REMOVED"
	RolledBack CauseKind = "ROLLED_BACK"
)

// Cause is why a version exists.
type Cause struct {
	Kind      CauseKind
	Subgraphs []string // published or removed, ordered by name; none for a rollback
	Version   int      // for a rollback, the version returned to; otherwise 0
}

func fingerprint(sdl string) string {
	sum := sha256.Sum256([]byte(sdl))
	return hex.EncodeToString(sum[:])
}
