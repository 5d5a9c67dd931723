package execute

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// The fixture is a shop of four subgraphs and a deep operation over it, planned by hand: seven fetches in four steps, an
// answer of some 90 kB.
//
//	0 accounts   users
//	1 products   topProducts
//	2 reviews    the reviews of 0's users, their products' reviews, their authors' reviews, their products
//	3 reviews    the same for 1's products
//	4 products   name, price and weight of the products in 2 and 3
//	5 inventory  of all products, which needs price and weight
//	6 accounts   the authors in 2 and 3

const (
	shopUsers    = 6
	shopProducts = 9
)

// shopBuilder makes the plan.
type shopBuilder struct {
	p       *plan.Plan
	targets map[int][]plan.Target
}

func (b *shopBuilder) leaf(name string, scalar response.Scalar, slot int) response.Field {
	return leaf(b.p, name, scalar, nonNull, slot)
}

func (b *shopBuilder) composite(name string, t *response.Type, slot int, o *response.Object) response.Field {
	f := leaf(b.p, name, response.Any, t, slot)
	f.Kind, f.Object = response.Composite, o
	return f
}

func (b *shopBuilder) object(fields ...response.Field) *response.Object {
	return &response.Object{Inherited: 1, TypeName: response.Source{Slot: -1}, Cases: []response.Case{{Fields: fields}}}
}

// link adds a slot to an object that a fetch fills; keys are the fields that represent it.
func (b *shopBuilder) link(o *response.Object, id int, typename string, steps []int, keys ...int) {
	route := response.Route{Case: -1}
	for _, s := range steps {
		route.Steps = append(route.Steps, response.Step{Field: s})
	}
	rep := response.RepresentationCase{Constant: typename}
	for _, k := range keys {
		f := o.Cases[0].Fields[k]
		rep.Fields = append(rep.Fields, response.RepresentationField{Key: f.Key, Field: k, Required: true})
	}
	o.Links = append(o.Links, response.Link{Fetch: id, Target: len(b.targets[id])})
	b.targets[id] = append(b.targets[id], plan.Target{Route: route, Slot: len(o.Links),
		Representation: &response.Representation{Cases: []response.RepresentationCase{rep}}})
}

// product is a product of which a fetch told upc; with reviews, when there are any, from the given slot.
func (b *shopBuilder) product(steps []int, details, stock int, reviews *response.Object, from int) *response.Object {
	fields := []response.Field{b.leaf("inStock", response.Boolean, stock), b.leaf("name", response.String, details),
		b.leaf("price", response.Int, details), b.leaf("shippingEstimate", response.Int, stock), b.leaf("upc", response.ID, 0), b.leaf("weight", response.Int, details)}
	if reviews != nil {
		fields = append(fields, b.composite("reviews", listOf, from, reviews))
	}
	o := b.object(fields...)
	switch {
	case details == 0:
		b.link(o, 3, "Product", steps, 4)
	default:
		b.link(o, 4, "Product", steps, 4)
	}
	b.link(o, 5, "Product", steps, 4, 2, 5)
	return o
}

// reviews is a list of reviews at steps, whose authors' reviews lead to products.
func (b *shopBuilder) reviews(steps []int) *response.Object {
	at := func(more ...int) []int { return append(append([]int(nil), steps...), more...) }
	inner := b.object(b.leaf("id", response.ID, 0), b.leaf("body", response.String, 0),
		b.composite("product", nonNull, 0, b.product(at(2, 3, 2), 1, 2, nil, 0)))
	author := b.object(b.leaf("id", response.ID, 0), b.leaf("username", response.String, 1), b.leaf("name", response.String, 1),
		b.composite("reviews", listOf, 0, inner))
	b.link(author, 6, "User", at(2), 0)
	return b.object(b.leaf("id", response.ID, 0), b.leaf("body", response.String, 0), b.composite("author", nonNull, 0, author))
}

func shopPlan() *plan.Plan {
	b := &shopBuilder{p: &plan.Plan{Kind: ast.Query, Names: response.NewNames(), Conditions: make([]response.Condition, 1), Roots: []int{0, 1}},
		targets: map[int][]plan.Target{}}
	// users { id username name reviews { id body product { … reviews {…} } } }
	review := b.object(b.leaf("id", response.ID, 0), b.leaf("body", response.String, 0),
		b.composite("product", nonNull, 0, b.product([]int{0, 3, 2}, 1, 2, b.reviews([]int{0, 3, 2, 6}), 0)))
	user := b.object(b.leaf("id", response.ID, 0), b.leaf("username", response.String, 0), b.leaf("name", response.String, 0), b.composite("reviews", listOf, 1, review))
	b.link(user, 2, "User", []int{0}, 0)
	top := b.product([]int{1}, 0, 2, b.reviews([]int{1, 6}), 1)
	b.p.Root = b.object(b.composite("users", listOf, 0, user), b.composite("topProducts", listOf, 1, top))
	b.p.Root.Inherited = 2
	add := func(subgraph int, name string, kind plan.FetchKind, dependsOn ...int) {
		f := &plan.Fetch{ID: len(b.p.Fetches), Kind: kind, Subgraph: subgraph, Name: name, DependsOn: dependsOn, Operation: fmt.Sprintf("query F%d{…}", len(b.p.Fetches))}
		if kind == plan.Entities {
			f.Groups = []plan.Group{{Name: b.p.Names.Intern("_entities"), Variable: "r", Targets: b.targets[f.ID]}}
		}
		for _, d := range dependsOn {
			b.p.Fetches[d].Dependents = append(b.p.Fetches[d].Dependents, f.ID)
		}
		b.p.Fetches = append(b.p.Fetches, f)
	}
	add(0, "accounts", plan.Query)
	add(1, "products", plan.Query)
	add(2, "reviews", plan.Entities, 0)
	add(2, "reviews", plan.Entities, 1)
	add(1, "products", plan.Entities, 2, 3)
	add(3, "inventory", plan.Entities, 1, 4)
	add(0, "accounts", plan.Entities, 2, 3)
	return b.p
}

// shop holds the data: review number i is by user i % shopUsers of product i*5 % shopProducts.
const shopReviews = 24

func reviewsBy(match func(i int) bool, of func(i int) string) string {
	var list []string
	for i := range shopReviews {
		if match(i) {
			list = append(list, fmt.Sprintf(`{"id":"%d","body":"Review number %d, which says what it has to say.",%s}`, i, i, of(i)))
		}
	}
	return "[" + strings.Join(list, ",") + "]"
}

func reviewer(i int) int { return i % shopUsers }
func reviewed(i int) int { return i * 5 % shopProducts }

// product and user write an object with the given members of another kind added.
func names(u int) string { return fmt.Sprintf(`"username":"user%d","name":"User Number %d"`, u, u) }

func userReviews(u int, product func(p int) string) string {
	return `"reviews":` + reviewsBy(func(i int) bool { return reviewer(i) == u }, func(i int) string { return `"product":` + product(reviewed(i)) })
}

func productReviews(p int, author func(u int) string) string {
	return `"reviews":` + reviewsBy(func(i int) bool { return reviewed(i) == p }, func(i int) string { return `"author":` + author(reviewer(i)) })
}

// shopWhole writes what one server with all the data would answer.
func shopWhole() string {
	plain := func(p int) string {
		return fmt.Sprintf(`"inStock":%t,"name":"Product Number %d","price":%d,"shippingEstimate":%d,"upc":"p%d","weight":%d`, p%2 == 0, p, 100+p, (100+p)*(10+p), p, 10+p)
	}
	leafProduct := func(p int) string { return "{" + plain(p) + "}" }
	author := func(u int) string {
		return fmt.Sprintf(`{"id":"u%d",%s,%s}`, u, names(u), userReviews(u, leafProduct))
	}
	product := func(p int) string { return "{" + plain(p) + "," + productReviews(p, author) + "}" }
	var users, top []string
	for u := range shopUsers {
		users = append(users, fmt.Sprintf(`{"id":"u%d",%s,%s}`, u, names(u), userReviews(u, product)))
	}
	for p := range shopProducts {
		top = append(top, product(p))
	}
	return `{"data":{"users":[` + strings.Join(users, ",") + `],"topProducts":[` + strings.Join(top, ",") + `]}}`
}

// shopSubgraph answers the fetches; answers are remembered by request, so that a benchmark measures the gateway.
type shopSubgraph struct {
	mu      sync.Mutex
	answers map[string][]byte
	calls   int
}

func (s *shopSubgraph) Fetch(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	body, known := s.answers[string(req.Body)]
	if !known {
		var in struct {
			Query     string
			Variables struct {
				R []struct {
					ID, UPC       string
					Price, Weight int
				}
			}
		}
		if err := json.Unmarshal(req.Body, &in); err != nil {
			return nil, err
		}
		stub := func(p int) string { return fmt.Sprintf(`{"upc":"p%d"}`, p) }
		author := func(u int) string { return fmt.Sprintf(`{"id":"u%d",%s}`, u, userReviews(u, stub)) }
		var list []string
		each := func(answer func(n, price, weight int) string) {
			for _, r := range in.Variables.R {
				var n int
				_, _ = fmt.Sscanf(r.ID+r.UPC, "u%d", &n)
				_, _ = fmt.Sscanf(r.ID+r.UPC, "p%d", &n)
				list = append(list, "{"+answer(n, r.Price, r.Weight)+"}")
			}
		}
		data := ""
		switch in.Query[:len("query F0")] {
		case "query F0":
			for u := range shopUsers {
				list = append(list, fmt.Sprintf(`{"id":"u%d",%s}`, u, names(u)))
			}
			data = "users"
		case "query F1":
			for p := range shopProducts {
				list = append(list, fmt.Sprintf(`{"name":"Product Number %d","price":%d,"upc":"p%d","weight":%d}`, p, 100+p, p, 10+p))
			}
			data = "topProducts"
		case "query F2":
			each(func(u, _, _ int) string {
				return userReviews(u, func(p int) string { return fmt.Sprintf(`{"upc":"p%d",%s}`, p, productReviews(p, author)) })
			})
		case "query F3":
			each(func(p, _, _ int) string { return productReviews(p, author) })
		case "query F4":
			each(func(p, _, _ int) string {
				return fmt.Sprintf(`"name":"Product Number %d","price":%d,"weight":%d`, p, 100+p, 10+p)
			})
		case "query F5":
			each(func(p, price, weight int) string {
				return fmt.Sprintf(`"inStock":%t,"shippingEstimate":%d`, p%2 == 0, price*weight)
			})
		case "query F6":
			each(func(u, _, _ int) string { return names(u) })
		}
		if data == "" {
			data = "_entities"
		}
		body = []byte(`{"data":{"` + data + `":[` + strings.Join(list, ",") + `]}}`)
		s.answers[string(req.Body)] = body
	}
	return &fetch.Response{Status: 200, Body: body}, nil
}

func newShop() (*shopSubgraph, *Executor) {
	s := &shopSubgraph{answers: map[string][]byte{}}
	return s, New(Options{Subgraphs: []fetch.Fetcher{s, s, s, s}})
}
