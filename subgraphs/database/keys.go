package database

import (
	"context"
	"strings"
)

// keysMark stands for the keys in the queries of Find and FindAll: "… WHERE id IN (KEYS) …".
const keysMark = "KEYS"

// Find runs a query for the rows of the given keys and returns each by its key. Keys without a
// row are left out.
func Find[K comparable, T any](ctx context.Context, s Session, scan Scan[T], key func(T) K, query string, keys []K) (map[K]T, error) {
	all, err := selectKeys(ctx, s, scan, query, keys)
	if err != nil {
		return nil, err
	}
	found := make(map[K]T, len(all))
	for _, row := range all {
		found[key(row)] = row
	}
	return found, nil
}

// FindAll is Find for keys that may have many rows each; they stay in the query's order.
func FindAll[K comparable, T any](ctx context.Context, s Session, scan Scan[T], key func(T) K, query string, keys []K) (map[K][]T, error) {
	all, err := selectKeys(ctx, s, scan, query, keys)
	if err != nil {
		return nil, err
	}
	found := make(map[K][]T, len(keys))
	for _, row := range all {
		found[key(row)] = append(found[key(row)], row)
	}
	return found, nil
}

func selectKeys[K, T any](ctx context.Context, s Session, scan Scan[T], query string, keys []K) ([]T, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return Select(ctx, s, scan, strings.Replace(query, keysMark, Placeholders(len(keys)), 1), Arguments(keys)...)
}
