package reviews_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/subgraphs/reviews"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

var (
	nobody = servicetest.Caller{}
	alice  = servicetest.Caller{Subject: "alice"}
)

type reviewData struct {
	ID        string
	Rating    int
	Body      string
	CreatedAt string
	Author    struct{ ID string }
	Product   productData
}

type productData struct {
	SKU           string
	AverageRating *float64
	ReviewCount   int
	Reviews       []reviewData
}

func TestPublishedSchema(t *testing.T) {
	servicetest.Start(t, reviews.New, "").Published(reviews.SDL())
}

func TestTopProducts(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, reviews.New, databaseURL)
		top := func(arguments string) []productData {
			return servicetest.Get[struct{ TopProducts []productData }](c, nobody,
				"{ topProducts"+arguments+" { sku averageRating reviewCount reviews(first: 100) { rating product { sku } } } }", nil).TopProducts
		}
		if n := len(top("")); n != 5 {
			t.Errorf("got %d products without arguments, want 5", n)
		}
		best := top("(first: 100)")
		for i, product := range best {
			if product.ReviewCount < 3 || len(product.Reviews) != product.ReviewCount {
				t.Errorf("%s has %d reviews and shows %d", product.SKU, product.ReviewCount, len(product.Reviews))
			}
			sum := 0
			for _, review := range product.Reviews {
				sum += review.Rating
				if review.Product.SKU != product.SKU {
					t.Errorf("a review of %s is among those of %s", review.Product.SKU, product.SKU)
				}
			}
			if mean := float64(sum) / float64(product.ReviewCount); *product.AverageRating-mean > 0.006 || mean-*product.AverageRating > 0.006 {
				t.Errorf("%s: average %v, its reviews say %v", product.SKU, *product.AverageRating, mean)
			}
			if i > 0 && *best[i-1].AverageRating < *product.AverageRating {
				t.Errorf("%s comes behind a product that is rated worse", product.SKU)
			}
		}
		servicetest.Refused(t, c.Ask(nobody, "{ topProducts(first: 101) { sku } }", nil), "BAD_USER_INPUT")
	})
}

const addReview = `mutation($sku: ID!, $rating: Int!, $body: String!) {
	addReview(input: {sku: $sku, rating: $rating, body: $body}) {
		id rating body createdAt author { id } product { sku averageRating reviewCount reviews(first: 1) { id } } } }`

func review(sku string, rating int, body string) map[string]any {
	return map[string]any{"sku": sku, "rating": rating, "body": body}
}

func TestAddReview(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, reviews.New, databaseURL)
		before := servicetest.Get[struct {
			Entities []productData `json:"_entities"`
		}](c, nobody, `{ _entities(representations: [{__typename: "Product", sku: "TENT-2P"}]) { ... on Product { reviewCount } } }`, nil)
		added := servicetest.Get[struct{ AddReview reviewData }](c, alice, addReview, review("TENT-2P", 4, "  It's dry – even in a storm. 🏕 ")).AddReview
		if added.Rating != 4 || added.Body != "It's dry – even in a storm. 🏕" || added.Author.ID != "alice" || added.CreatedAt != "2026-11-02T09:30:15Z" {
			t.Errorf("added %+v", added)
		}
		if p := added.Product; p.ReviewCount != before.Entities[0].ReviewCount+1 || p.Reviews[0].ID != added.ID {
			t.Errorf("the product knows nothing of the review: %+v", p)
		}
	})
}

func TestAddReviewRefuses(t *testing.T) {
	c := servicetest.Start(t, reviews.New, "")
	for _, test := range []struct {
		name      string
		caller    servicetest.Caller
		variables map[string]any
		code      string
		says      string
	}{
		{"nobody", nobody, review("TENT-2P", 5, "Good."), "UNAUTHENTICATED", "log in"},
		{"too bad", alice, review("TENT-2P", 0, "Bad."), "BAD_USER_INPUT", "rating is 0"},
		{"too good", alice, review("TENT-2P", 6, "Good."), "BAD_USER_INPUT", "rating is 6"},
		{"no text", alice, review("TENT-2P", 5, " \n "), "BAD_USER_INPUT", "0 characters"},
		{"much text", alice, review("TENT-2P", 5, strings.Repeat("ä", 2001)), "BAD_USER_INPUT", "2001 characters"},
		{"unknown product", alice, review("NO-SUCH", 5, "Good."), "NOT_FOUND", `"NO-SUCH"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := c.Ask(test.caller, addReview, test.variables)
			servicetest.Refused(t, answer, test.code)
			if !strings.Contains(answer.Errors[0].Message, test.says) {
				t.Errorf("message %q, want one that says %q", answer.Errors[0].Message, test.says)
			}
		})
	}
}

func TestEntities(t *testing.T) {
	c := servicetest.Start(t, reviews.New, "")
	answer := c.Ask(nobody, `query($r: [_Any!]!) { _entities(representations: $r) {
		... on Product { sku averageRating reviewCount reviews { id } }
		... on Customer { id reviews(first: 1) { author { id } } }
		... on Review { id } } }`, map[string]any{"r": []any{
		map[string]any{"__typename": "Product", "sku": "NEVER-REVIEWED"},
		map[string]any{"__typename": "Customer", "id": "alice"},
		map[string]any{"__typename": "Review", "id": "7"},
		map[string]any{"__typename": "Review", "id": "70000"},
		map[string]any{"__typename": "Review", "id": "seven"},
	}})
	const want = `{"_entities":[{"sku":"NEVER-REVIEWED","averageRating":null,"reviewCount":0,"reviews":[]},` +
		`{"id":"alice","reviews":[{"author":{"id":"alice"}}]},{"id":"7"},null,null]}`
	if string(answer.Data) != want || len(answer.Errors) > 0 {
		t.Errorf("got %s %+v, want %s", answer.Data, answer.Errors, want)
	}
}

func TestStatementsDoNotGrowWithTheList(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, reviews.New, databaseURL)
		top := servicetest.Get[struct{ TopProducts []productData }](c, nobody, `{ topProducts(first: 100) { sku } }`, nil).TopProducts
		for _, n := range []int{10, len(top)} {
			var representations []any
			for i := range n {
				representations = append(representations,
					map[string]any{"__typename": "Product", "sku": top[i].SKU},
					map[string]any{"__typename": "Customer", "id": []string{"alice", "bob"}[i%2]},
					map[string]any{"__typename": "Review", "id": fmt.Sprint(i + 1)})
			}
			// Reviews by key, ratings, reviews of products, reviews of customers, and those of
			// the authors that are found later.
			c.AtMost(t, 5, func() {
				servicetest.Get[any](c, nobody, `query($r: [_Any!]!) { _entities(representations: $r) {
					... on Product { averageRating reviewCount reviews(first: 3) { body author { reviews(first: 2) { id } } } }
					... on Customer { reviews(first: 2) { id } } ... on Review { body } } }`, map[string]any{"r": representations})
			})
		}
	})
}

func TestEveryDatabaseGivesTheSameAnswers(t *testing.T) {
	const query = `{ topProducts(first: 100) { sku averageRating reviewCount
		reviews { id rating body createdAt author { id reviews(first: 2) { id } } } } }`
	want := servicetest.Start(t, reviews.New, "").Ask(nobody, query, nil)
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		got := servicetest.Start(t, reviews.New, databaseURL).Ask(nobody, query, nil)
		if string(got.Data) != string(want.Data) {
			t.Error("the seeded reviews differ from those of the database in memory")
		}
	})
}
