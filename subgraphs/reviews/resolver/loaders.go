package resolver

import (
	"context"
	"time"

	"github.com/weft-gateway/weft/subgraphs/batch"
	"github.com/weft-gateway/weft/subgraphs/reviews/store"
)

// loaders batch the reads of one response.
type loaders struct {
	reviews   *batch.Loader[int64, *store.Review]
	ofProduct *batch.Loader[store.Newest, []*store.Review]
	ofAuthor  *batch.Loader[store.Newest, []*store.Review]
	ratings   *batch.Loader[string, store.Rating]
}

type loadersKey struct{}

// WithLoaders returns a context with fresh loaders, for the resolvers of one response.
func WithLoaders(ctx context.Context, st *store.Store, window time.Duration) context.Context {
	return context.WithValue(ctx, loadersKey{}, &loaders{
		reviews:   batch.New(window, st.Reviews),
		ofProduct: batch.New(window, st.NewestOfProducts),
		ofAuthor:  batch.New(window, st.NewestOfAuthors),
		ratings:   batch.New(window, st.Ratings),
	})
}

func loadersOf(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }

// forget drops all that was loaded before a mutation's write; the fields selected on its result
// are read anew.
func (l *loaders) forget() {
	l.reviews.Forget()
	l.ofProduct.Forget()
	l.ofAuthor.Forget()
	l.ratings.Forget()
}
