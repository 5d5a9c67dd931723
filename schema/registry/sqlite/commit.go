package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/weft-gateway/weft/schema/registry"
)

// Commit implements registry.Store.
func (s *Store) Commit(ctx context.Context, d registry.Draft) (registry.Version, error) {
	hints, err := encodeHints(d.Hints)
	if err != nil {
		return registry.Version{}, wrap(err)
	}
	cause, err := encodeCause(d.Cause)
	if err != nil {
		return registry.Version{}, wrap(err)
	}
	at := d.At.UTC().Truncate(time.Microsecond)
	v := registry.Version{
		VersionInfo: registry.VersionInfo{Number: d.Base + 1, Cause: d.Cause, CreatedAt: at, By: d.By, Members: slices.Clone(d.Keep)},
		SDL:         d.SDL,
		Hints:       d.Hints,
	}

	err = s.transaction(ctx, func(tx *sql.Tx) error {
		newest, err := head(ctx, tx)
		if err != nil {
			return err
		}
		if newest != d.Base {
			return registry.ErrConflict
		}
		for _, r := range d.New {
			ref, err := addRevision(ctx, tx, r, at, d.By)
			if err != nil {
				return err
			}
			v.Members = append(v.Members, ref)
		}
		slices.SortFunc(v.Members, func(a, b registry.RevisionRef) int { return strings.Compare(a.Name, b.Name) })
		_, err = tx.ExecContext(ctx,
			`INSERT INTO supergraph_versions (number, sdl, hints, cause, created_at, subject, issuer) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			v.Number, d.SDL, hints, cause, at.UnixMicro(), d.By.Subject, d.By.Issuer)
		if err != nil {
			return err
		}
		return addMembers(ctx, tx, v.VersionInfo)
	})
	if errors.Is(err, registry.ErrConflict) {
		return registry.Version{}, err
	}
	if err != nil {
		return registry.Version{}, wrap(err)
	}
	return v, nil
}

func addRevision(ctx context.Context, tx *sql.Tx, r registry.NewRevision, at time.Time, by registry.Actor) (registry.RevisionRef, error) {
	ref := registry.RevisionRef{Name: r.Name}
	err := tx.QueryRowContext(ctx,
		`INSERT INTO subgraph_revisions (name, number, url, sdl, sha256, published_at, subject, issuer)
		VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM subgraph_revisions WHERE name = ?1), ?2, ?3, ?4, ?5, ?6, ?7)
		RETURNING number`,
		r.Name, r.URL, r.SDL, r.SHA256, at.UnixMicro(), by.Subject, by.Issuer).Scan(&ref.Number)
	return ref, err
}

func addMembers(ctx context.Context, tx *sql.Tx, v registry.VersionInfo) error {
	add, err := tx.PrepareContext(ctx, `INSERT INTO supergraph_members (version, name, revision) VALUES (?, ?, ?)`)
	if err != nil {
		return err
	}
	for _, m := range v.Members {
		if _, err := add.ExecContext(ctx, v.Number, m.Name, m.Number); err != nil {
			return errors.Join(err, add.Close())
		}
	}
	return add.Close()
}

func (s *Store) transaction(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			return errors.Join(err, back)
		}
		return err
	}
	return tx.Commit()
}
