// Package batch loads many things with few statements: what the resolvers of one operation ask
// for at about the same moment is fetched in one call, and what was fetched once is remembered
// until the operation ends.
//
// A Loader belongs to one operation of one caller and is thrown away with it. It must never be
// shared between requests: it would show one caller what another may see, and stale data to both.
package batch

import (
	"context"
	"time"

	"github.com/graph-gophers/dataloader/v7"
)

// DefaultWindow is how long a loader waits for more keys when its service says nothing else.
// The resolvers of a list start within some ten microseconds of each other.
const DefaultWindow = time.Millisecond

// maxBatch bounds the keys of one fetch, and so the arguments of its statement.
const maxBatch = 500

// Loader fetches values by key, many at a time.
type Loader[K comparable, V any] struct {
	loader *dataloader.Loader[K, V]
}

// New returns a loader. fetch gets keys without duplicates and returns the values that it found;
// a key without a value loads as the zero value of V. An error of fetch fails all its keys.
func New[K comparable, V any](window time.Duration, fetch func(context.Context, []K) (map[K]V, error)) *Loader[K, V] {
	batch := func(ctx context.Context, keys []K) []*dataloader.Result[V] {
		results := make([]*dataloader.Result[V], len(keys))
		values, err := fetch(ctx, keys)
		for i, key := range keys {
			results[i] = &dataloader.Result[V]{Data: values[key], Error: err}
		}
		return results
	}
	return &Loader[K, V]{loader: dataloader.NewBatchedLoader(batch,
		dataloader.WithWait[K, V](window),
		dataloader.WithBatchCapacity[K, V](maxBatch),
	)}
}

// Load returns the value of a key, and waits until it is there.
func (l *Loader[K, V]) Load(ctx context.Context, key K) (V, error) {
	return l.loader.Load(ctx, key)()
}

// LoadAll returns the values of all keys in their order; a key may occur more than once.
func (l *Loader[K, V]) LoadAll(ctx context.Context, keys []K) ([]V, error) {
	// All keys are asked for before any is waited for. The library's LoadMany starts a goroutine
	// per key for the same, and their scheduling could tear one batch into two.
	thunks := make([]dataloader.Thunk[V], len(keys))
	for i, key := range keys {
		thunks[i] = l.loader.Load(ctx, key)
	}
	values := make([]V, len(keys))
	for i, thunk := range thunks {
		value, err := thunk()
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	return values, nil
}

// Forget drops what was loaded, for use after a mutation has changed it.
func (l *Loader[K, V]) Forget() { l.loader.ClearAll() }
