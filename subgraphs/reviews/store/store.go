package store

import (
	"context"
	"fmt"
	"time"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/reviews/migrations"
)

// Store reads and writes the service's database. It is safe for concurrent use.
type Store struct {
	db  *database.DB
	now func() time.Time
}

// Open brings the database up to date, fills it when it is new, and returns its Store. now tells
// the time at which reviews are written.
func Open(ctx context.Context, db *database.DB, now func() time.Time) (*Store, error) {
	if err := db.Migrate(ctx, migrations.Files, "reviews"); err != nil {
		return nil, err
	}
	if err := db.Fill(ctx, "reviewables", func(s database.Session) error { return fill(ctx, s) }); err != nil {
		return nil, fmt.Errorf("fill database: %w", err)
	}
	return &Store{db: db, now: now}, nil
}

const reviewColumns = "id, sku, author_id, rating, body, created_at"

func scanReview(column func(...any) error) (*Review, error) {
	var r Review
	var createdAt int64
	if err := column(&r.Number, &r.SKU, &r.AuthorID, &r.Rating, &r.Body, &createdAt); err != nil {
		return nil, err
	}
	r.CreatedAt = time.Unix(createdAt, 0).UTC()
	return &r, nil
}

// Reviews returns the reviews of the given numbers; those that there are none of are left out.
func (st *Store) Reviews(ctx context.Context, numbers []int64) (map[int64]*Review, error) {
	return database.Find(ctx, st.db.Session(), scanReview, func(r *Review) int64 { return r.Number },
		"SELECT "+reviewColumns+" FROM reviews WHERE id IN (KEYS)", numbers)
}

// Newest names the newest reviews of one product or of one author, at most Size of them.
type Newest struct {
	Of   string
	Size int
}

// NewestOfProducts returns the newest reviews of products by their SKUs.
func (st *Store) NewestOfProducts(ctx context.Context, wanted []Newest) (map[Newest][]*Review, error) {
	return st.newest(ctx, "sku", func(r *Review) string { return r.SKU }, wanted)
}

// NewestOfAuthors returns the newest reviews of authors by their ids.
func (st *Store) NewestOfAuthors(ctx context.Context, wanted []Newest) (map[Newest][]*Review, error) {
	return st.newest(ctx, "author_id", func(r *Review) string { return r.AuthorID }, wanted)
}

// newest reads the newest reviews for each value of a column, with one statement for all that
// are to be of the same size, so one for a list of products or authors.
func (st *Store) newest(ctx context.Context, column string, value func(*Review) string, wanted []Newest) (map[Newest][]*Review, error) {
	var sizes []int
	valuesOf := map[int][]string{}
	for _, w := range wanted {
		if valuesOf[w.Size] == nil {
			sizes = append(sizes, w.Size)
		}
		valuesOf[w.Size] = append(valuesOf[w.Size], w.Of)
	}
	newest := make(map[Newest][]*Review, len(wanted))
	for _, size := range sizes {
		values := valuesOf[size]
		all, err := database.Select(ctx, st.db.Session(), scanReview, "SELECT "+reviewColumns+" FROM ("+
			"SELECT "+reviewColumns+", ROW_NUMBER() OVER (PARTITION BY "+column+" ORDER BY id DESC) AS nth"+
			" FROM reviews WHERE "+column+" IN ("+database.Placeholders(len(values))+")"+
			") AS numbered WHERE nth <= ? ORDER BY id DESC", append(database.Arguments(values), size)...)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			key := Newest{value(r), size}
			newest[key] = append(newest[key], r)
		}
	}
	return newest, nil
}

func scanRating(column func(...any) error) (Rating, error) {
	var r Rating
	err := column(&r.SKU, &r.Count, &r.Sum)
	return r, err
}

// Ratings sums up the reviews of products; a product without any is left out.
func (st *Store) Ratings(ctx context.Context, skus []string) (map[string]Rating, error) {
	return database.Find(ctx, st.db.Session(), scanRating, func(r Rating) string { return r.SKU },
		"SELECT sku, COUNT(*), SUM(rating) FROM reviews WHERE sku IN (KEYS) GROUP BY sku", skus)
}

// minReviews is how many reviews a product needs before its average counts for anything.
const minReviews = 3

// Top returns the products that are rated best, at most size of them. Of two with the same
// average, the one with more reviews comes first.
func (st *Store) Top(ctx context.Context, size int) ([]*Product, error) {
	all, err := database.Select(ctx, st.db.Session(), scanRating,
		"SELECT sku, COUNT(*), SUM(rating) FROM reviews GROUP BY sku HAVING COUNT(*) >= ?"+
			" ORDER BY SUM(rating) * 1.0 / COUNT(*) DESC, COUNT(*) DESC, sku LIMIT ?", minReviews, size)
	if err != nil {
		return nil, err
	}
	products := make([]*Product, len(all))
	for i, r := range all {
		products[i] = &Product{SKU: r.SKU}
	}
	return products, nil
}
