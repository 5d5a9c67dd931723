package store

import (
	"context"
	"time"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/seed"
)

// The reviews that a new database gets.
const (
	seededReviews = 800
	seedStart     = 190
)

// fill writes the products that can be reviewed, and a year of reviews.
func fill(ctx context.Context, s database.Session) error {
	shop, err := seed.Load()
	if err != nil {
		return err
	}
	products := make([][]any, len(shop.Products))
	for i, p := range shop.Products {
		products[i] = []any{p.SKU}
	}
	if err := s.InsertAll(ctx, "reviewables", []string{"sku"}, products); err != nil {
		return err
	}
	columns := []string{"id", "sku", "author_id", "rating", "body", "created_at"}
	if err := s.InsertAll(ctx, "reviews", columns, history(shop)); err != nil {
		return err
	}
	return s.ContinueNumbers(ctx, "reviews", "id")
}

// history invents the reviews. Each product has a quality of its own that its ratings scatter
// around, so that averages differ.
func history(shop seed.Shop) [][]any {
	random := seed.NewRandom(seedStart)
	quality := make([]int, len(shop.Products))
	for i := range quality {
		quality[i] = 2 + random.Weighted(1, 3, 4, 2)
	}
	pace := seed.Last.Sub(seed.First) / seededReviews
	reviews := make([][]any, seededReviews)
	for i := range reviews {
		// The lower of two picks: some products are talked about more than others.
		product := min(random.Below(len(shop.Products)), random.Below(len(shop.Products)))
		author := shop.Customers[random.Below(len(shop.Customers))]
		rating := min(max(quality[product]+random.Weighted(2, 6, 2)-1, 1), 5)
		createdAt := seed.First.Add(time.Duration(i)*pace + time.Duration(random.Below(int(pace))))
		reviews[i] = []any{i + 1, shop.Products[product].SKU, author.ID, rating, text(random, rating), createdAt.Unix()}
	}
	return reviews
}

// text invents what a customer writes who gives this rating.
func text(random *seed.Random, rating int) string {
	opinions, details := verdicts[rating-1], afterthoughts
	body := opinions[random.Below(len(opinions))]
	if random.Chance(60) {
		body += " " + details[random.Below(len(details))]
	}
	return body
}

// verdicts are the first sentences of reviews, by rating from 1 to 5.
var verdicts = [5][]string{
	{
		"Broke on the second day out.",
		"Not what the pictures promised; mine goes back.",
		"The seams gave up before I did.",
		"I would have been better off without it.",
	},
	{
		"Does the job, but feels cheap in the hand.",
		"Heavier than I expected, and it shows after an hour.",
		"Two weekends of use and it looks ten years old.",
		"Good idea, poor finish.",
	},
	{
		"Solid enough for the price, nothing special.",
		"Fine for a weekend, I would not take it further.",
		"Works as described.",
		"It is all right; the old model was better made.",
	},
	{
		"Very happy with it after a month of use.",
		"Well made and light, only the colour is duller than shown.",
		"Has been with me on three trips and held up well.",
		"Does what it should, and does it quietly.",
	},
	{
		"The best I have owned, and I have owned a few.",
		"Stood up to a week of rain without a complaint.",
		"Bought one, then another for my sister.",
		"Simple, sturdy, and a pleasure to use.",
	},
}

// afterthoughts are the second sentences, fit for any rating.
var afterthoughts = []string{
	"Delivery took two days.",
	"I used it on the coast in spring.",
	"My neighbour has the same one and says the same.",
	"It came in very little packaging, which I like.",
	"I carried it from hut to hut for nine days.",
	"The size is as the table says.",
	"We take it to the allotment most Sundays.",
	"I have washed it twice so far.",
	"The children fight over it.",
	"I bought it for a trip along the river.",
}
