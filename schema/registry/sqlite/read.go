package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/weft-gateway/weft/schema/registry"
)

// Each of these reads rows that never change once they are there, so that no transaction has to hold them
// together.

// Head implements registry.Store.
func (s *Store) Head(ctx context.Context) (int, error) {
	number, err := head(ctx, s.db)
	return number, wrap(err)
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func head(ctx context.Context, q queryer) (number int, err error) {
	err = q.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM supergraph_versions`).Scan(&number)
	return number, err
}

// Version implements registry.Store.
func (s *Store) Version(ctx context.Context, number int) (registry.Version, error) {
	v := registry.Version{VersionInfo: registry.VersionInfo{Number: number}}
	var hints, cause string
	var at int64
	err := s.db.QueryRowContext(ctx,
		`SELECT sdl, hints, cause, created_at, subject, issuer FROM supergraph_versions WHERE number = ?`, number).
		Scan(&v.SDL, &hints, &cause, &at, &v.By.Subject, &v.By.Issuer)
	if err != nil {
		return registry.Version{}, wrap(err)
	}
	v.CreatedAt = moment(at)
	if v.Hints, err = decodeHints(hints); err != nil {
		return registry.Version{}, fmt.Errorf("registry: hints of version %d: %w", number, err)
	}
	if v.Cause, err = decodeCause(cause); err != nil {
		return registry.Version{}, fmt.Errorf("registry: cause of version %d: %w", number, err)
	}
	refs, err := s.refs(ctx, number, number)
	v.Members = refs[number]
	return v, err
}

// Versions implements registry.Store.
func (s *Store) Versions(ctx context.Context, before, limit int) ([]registry.VersionInfo, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	page, err := collect(ctx, s.db, func(rows *sql.Rows) (v registry.VersionInfo, err error) {
		var cause string
		var at int64
		if err := rows.Scan(&v.Number, &cause, &at, &v.By.Subject, &v.By.Issuer); err != nil {
			return v, err
		}
		v.CreatedAt = moment(at)
		v.Cause, err = decodeCause(cause)
		return v, err
	}, `SELECT number, cause, created_at, subject, issuer FROM supergraph_versions
		WHERE number < ? ORDER BY number DESC LIMIT ?`, before, max(limit, 0))
	if err != nil || len(page) == 0 {
		return nil, err
	}
	refs, err := s.refs(ctx, page[len(page)-1].Number, page[0].Number)
	if err != nil {
		return nil, err
	}
	for i := range page {
		page[i].Members = refs[page[i].Number]
	}
	return page, nil
}

// refs are the members of the versions first to last, by version.
func (s *Store) refs(ctx context.Context, first, last int) (map[int][]registry.RevisionRef, error) {
	type row struct {
		version int
		ref     registry.RevisionRef
	}
	rows, err := collect(ctx, s.db, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.version, &r.ref.Name, &r.ref.Number)
	}, `SELECT version, name, revision FROM supergraph_members
		WHERE version BETWEEN ? AND ? ORDER BY version, name`, first, last)
	if err != nil {
		return nil, err
	}
	refs := map[int][]registry.RevisionRef{}
	for _, r := range rows {
		refs[r.version] = append(refs[r.version], r.ref)
	}
	return refs, nil
}

// Members implements registry.Store.
func (s *Store) Members(ctx context.Context, version int) ([]registry.Revision, error) {
	members, err := collect(ctx, s.db, func(rows *sql.Rows) (r registry.Revision, err error) {
		var at int64
		err = rows.Scan(&r.Name, &r.Number, &r.URL, &r.SDL, &r.SHA256, &at, &r.By.Subject, &r.By.Issuer)
		r.PublishedAt = moment(at)
		return r, err
	}, `SELECT r.name, r.number, r.url, r.sdl, r.sha256, r.published_at, r.subject, r.issuer
		FROM supergraph_members m JOIN subgraph_revisions r ON r.name = m.name AND r.number = m.revision
		WHERE m.version = ? ORDER BY r.name`, version)
	if err == nil && len(members) == 0 { // a version has members
		err = registry.ErrNotFound
	}
	return members, err
}

// Revision implements registry.Store.
func (s *Store) Revision(ctx context.Context, name string, number int) (registry.Revision, error) {
	r := registry.Revision{RevisionInfo: registry.RevisionInfo{Name: name, Number: number}}
	var at int64
	err := s.db.QueryRowContext(ctx,
		`SELECT url, sdl, sha256, published_at, subject, issuer FROM subgraph_revisions WHERE name = ? AND number = ?`, name, number).
		Scan(&r.URL, &r.SDL, &r.SHA256, &at, &r.By.Subject, &r.By.Issuer)
	if err != nil {
		return registry.Revision{}, wrap(err)
	}
	r.PublishedAt = moment(at)
	return r, nil
}

// Revisions implements registry.Store.
func (s *Store) Revisions(ctx context.Context, name string, before, limit int) ([]registry.RevisionInfo, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	return collect(ctx, s.db, func(rows *sql.Rows) (registry.RevisionInfo, error) {
		r := registry.RevisionInfo{Name: name}
		var at int64
		err := rows.Scan(&r.Number, &r.URL, &r.SHA256, &at, &r.By.Subject, &r.By.Issuer)
		r.PublishedAt = moment(at)
		return r, err
	}, `SELECT number, url, sha256, published_at, subject, issuer FROM subgraph_revisions
		WHERE name = ? AND number < ? ORDER BY number DESC LIMIT ?`, name, before, max(limit, 0))
}

func collect[T any](ctx context.Context, db *sql.DB, scan func(*sql.Rows) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, wrap(err)
		}
		all = append(all, one)
	}
	return all, wrap(rows.Err())
}

func wrap(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return registry.ErrNotFound
	}
	return fmt.Errorf("registry: %w", err)
}
