package store

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/failure"
)

// MaxBody bounds the text of a review, in characters.
const MaxBody = 2000

// Add adds a review of a product.
func (st *Store) Add(ctx context.Context, author, sku string, rating int32, body string) (*Review, error) {
	body = strings.TrimSpace(body)
	if rating < 1 || rating > 5 {
		return nil, failure.New(failure.BadUserInput, "rating is %d: rate from 1, poor, to 5, excellent", rating)
	}
	if n := utf8.RuneCountInString(body); n == 0 || n > MaxBody {
		return nil, failure.New(failure.BadUserInput, "body has %d characters: write 1 to %d", n, MaxBody)
	}
	review := &Review{
		SKU: sku, AuthorID: author, Rating: rating, Body: body,
		CreatedAt: st.now().UTC().Truncate(time.Second),
	}
	err := st.db.Transact(ctx, func(s database.Session) error {
		_, err := database.One(ctx, s, database.Value[string], "SELECT sku FROM reviewables WHERE sku = ?", sku)
		if errors.Is(err, database.ErrNoRow) {
			return failure.New(failure.NotFound, "there is no product with SKU %q", sku)
		}
		if err != nil {
			return err
		}
		review.Number, err = database.One(ctx, s, database.Value[int64],
			"INSERT INTO reviews (sku, author_id, rating, body, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
			sku, author, rating, body, review.CreatedAt.Unix())
		return err
	})
	if err != nil {
		return nil, err
	}
	return review, nil
}
