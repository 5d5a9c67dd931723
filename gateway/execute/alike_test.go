package execute

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// stocked is `{ all { upc name stock estimate } }`: products of one subgraph, of which three others tell the rest. The
// fetches of the two links that the estimate needs are numbered against their order in the frame, as they are when a field
// that is selected late is needed early.
//
//	1 names      by upc
//	2 stocks     by upc, which follows from 1
//	3 estimates  by upc, name and stock, which follow from 1 and 2
func stocked() *plan.Plan {
	p := &plan.Plan{Kind: ast.Query, Names: response.NewNames(), Conditions: make([]response.Condition, 1), Roots: []int{0}}
	product := object(1, leaf(p, "upc", response.ID, nullable, 0), leaf(p, "name", response.String, nullable, 3),
		leaf(p, "stock", response.Int, nullable, 2), leaf(p, "estimate", response.Int, nullable, 1))
	product.Links = []response.Link{{Fetch: 3}, {Fetch: 2}, {Fetch: 1}}
	p.Root = object(1, composite(p, "all", listOf, 0, product))
	p.Fetches = []*plan.Fetch{{Name: "products", Operation: "{all{upc}}", Dependents: []int{1, 2, 3}}}
	for i, name := range []string{"names", "stocks", "estimates"} {
		rep := response.RepresentationCase{Constant: "Product"}
		for field := range 1 + 2*(i/2) {
			rep.Fields = append(rep.Fields, response.RepresentationField{
				Key: product.Cases[0].Fields[field].Key, Field: field, Required: field == 0,
			})
		}
		f := &plan.Fetch{ID: 1 + i, Kind: plan.Entities, Subgraph: 1 + i, Name: name, Operation: "{" + name + "}", DependsOn: []int{0}}
		f.Groups = []plan.Group{{Name: p.Names.Intern("_entities"), Variable: "r", Targets: []plan.Target{{
			Route: response.Route{Case: -1, Steps: []response.Step{{}}}, Slot: 3 - i,
			Representation: &response.Representation{Cases: []response.RepresentationCase{rep}},
		}}}}
		p.Fetches = append(p.Fetches, f)
	}
	for _, f := range []int{1, 2} {
		p.Fetches[f].Dependents = []int{3}
		p.Fetches[3].DependsOn = append(p.Fetches[3].DependsOn, f)
	}
	return p
}

// TestAlike: a product that occurs many times is asked for once and is the same everywhere, whichever of its occurrences
// lack a key and whichever fetch fails.
func TestAlike(t *testing.T) {
	const (
		products  = `{"data":{"all":[{"upc":"1"},{"upc":"2"},{"upc":"1"},{"upc":"1"},{"upc":"2"}]}}`
		names     = `{"data":{"_entities":[{"name":"A"},{"name":"B"}]}}`
		stocks    = `{"data":{"_entities":[{"stock":10},{"stock":null}]}}`
		estimates = `{"data":{"_entities":[{"estimate":7},{"estimate":8}]}}`
		first     = `{"upc":"1","name":"A","stock":10,"estimate":7}`
		second    = `{"upc":"2","name":"B","stock":null,"estimate":8}`
		nameless  = `{"upc":null,"name":null,"stock":null,"estimate":null}`
	)
	cases := []struct {
		story           string
		answers         [4]string
		want, estimated string
	}{
		{"all is well", [4]string{products, names, stocks, estimates},
			first + "," + second + "," + first + "," + first + "," + second,
			`{"__typename":"Product","upc":"1","name":"A","stock":10},{"__typename":"Product","upc":"2","name":"B","stock":null}`},
		{"a product has no key", [4]string{`{"data":{"all":[{"upc":"1"},{"upc":null},{"upc":"2"},{"upc":"1"}]}}`, names, stocks, estimates},
			first + "," + nameless + "," + second + "," + first,
			`{"__typename":"Product","upc":"1","name":"A","stock":10},{"__typename":"Product","upc":"2","name":"B","stock":null}`},
		{"a product is not known", [4]string{products, names, `{"data":{"_entities":[{"stock":10},null]}}`, `{"data":{"_entities":[{"estimate":7}]}}`},
			strings.ReplaceAll(first+","+second+","+first+","+first+","+second, "8", "null"),
			`{"__typename":"Product","upc":"1","name":"A","stock":10}`},
	}
	for _, c := range cases {
		t.Run(c.story, func(t *testing.T) {
			fakes := []*fake{answers(c.answers[0]), answers(c.answers[1]), answers(c.answers[2]), answers(c.answers[3])}
			got := run1(t, stocked(), &Request{}, fakes[0], fakes[1], fakes[2], fakes[3])
			equal(t, got, `{"data":{"all":[`+c.want+`]}}`)
			equal(t, strings.Join(fakes[3].asked, " "), `{"query":"{estimates}","variables":{"r":[`+c.estimated+`]}}`)
		})
	}
}

// TestAlikeFailure: when the fetch that the others are like tells nothing, each occurrence is without what it was to tell,
// and errors name each place that was not asked for.
func TestAlikeFailure(t *testing.T) {
	unknown := answers(`{"data":{"_entities":[null]},"errors":[{"message":"no such product","path":["_entities",0,"name"]}]}`)
	estimates := answers(`{"data":{"_entities":[]}}`)
	got := run1(t, stocked(), &Request{}, answers(`{"data":{"all":[{"upc":"1"},{"upc":"1"}]}}`), unknown,
		answers(`{"data":{"_entities":[{"stock":3}]}}`), estimates)
	lost := `{"upc":"1","name":null,"stock":3,"estimate":null}`
	equal(t, got[:strings.Index(got, `,"errors"`)], `{"data":{"all":[`+lost+`,`+lost+`]}`)
	for i := range 2 {
		for _, field := range []string{"name", "estimate"} {
			if want := fmt.Sprintf(`"path":["all",%d,%q]`, i, field); !strings.Contains(got, want) {
				t.Errorf("no error with %s: %s", want, got)
			}
		}
	}
	if len(estimates.asked) > 0 {
		t.Errorf("asked without the name: %s", estimates.asked)
	}
}

// TestAlikeIsFound: what was meant to be found is, in the plan of the deep operation: all that follows from a product's key.
func TestAlikeIsFound(t *testing.T) {
	_, e := newShop()
	program := Compile(shopPlan())
	alike := 0
	var look func(o *response.Object)
	look = func(o *response.Object) {
		if o.Alike > 0 {
			alike++
		}
		for i := range o.Cases[0].Fields {
			if below := o.Cases[0].Fields[i].Object; below != nil {
				look(below)
			}
		}
	}
	look(program.plan.Root)
	if alike != 2 { // the products that the reviews of authors lead to, twice
		t.Errorf("objects of %d places are alike", alike)
	}
	like := 0
	for _, target := range program.calls[5].place.Groups[0].Targets {
		if target.Like != nil {
			like++
		}
	}
	if targets := len(program.calls[5].place.Groups[0].Targets); like != targets-1 { // not the top products, whose price is their own
		t.Errorf("%d of %d targets are like others", like, targets)
	}
	result := e.Run(context.Background(), program, &Request{})
	defer result.Release()
	equal(t, string(result.Body), shopWhole())
}

// TestCovers: a fetch may be performed by the owner of a run only when nothing can become ready before it ends.
func TestCovers(t *testing.T) {
	cases := []struct {
		story string
		after [][]int // by fetch: what it depends on
		want  []string
	}{
		{"one after the other", [][]int{{}, {0}, {1}}, []string{"0 1 2", "1 2", "2"}},
		{"two that one needs", [][]int{{}, {}, {0, 1}}, []string{"0 1 2", "0 1 2", "2"}},
		{"two branches", [][]int{{}, {}, {0}, {1}}, []string{"0 2 3", "1 2 3", "2 3", "2 3"}},
		{"one that nothing needs", [][]int{{}, {}, {0}}, []string{"0 1 2", "1 2", "1 2"}},
	}
	for _, c := range cases {
		t.Run(c.story, func(t *testing.T) {
			fetches := make([]*plan.Fetch, len(c.after))
			for i := range fetches {
				fetches[i] = &plan.Fetch{DependsOn: c.after[i]}
			}
			program := Compile(steps(plan.Query, fetches...))
			for i := range program.calls {
				var covers []int
				for k := range program.calls {
					if program.calls[i].covers&member(int32(k)) != 0 {
						covers = append(covers, k)
					}
				}
				equal(t, fmt.Sprint(covers), "["+c.want[i]+"]")
			}
		})
	}
}

// TestEventOnce: what an event is answered from within the gateway is taken once, so that nothing that depends on it
// starts before its other inputs are there.
func TestEventOnce(t *testing.T) {
	p := stocked()
	p.Fetches[0].Kind = plan.Subscription
	order := []string{}
	note := func(body string) *fake {
		return &fake{answer: func(asked string) (string, error) {
			order = append(order, asked[:strings.Index(asked, `",`)])
			return body, nil
		}}
	}
	// One after the other, so that the order is the plan's.
	p.Fetches[2].DependsOn, p.Fetches[1].Dependents = []int{0, 1}, []int{2, 3}
	got := run1(t, p, &Request{Event: []byte(`{"data":{"all":[{"upc":"1"}]}}`)}, nil, note(`{"data":{"_entities":[{"name":"A"}]}}`),
		note(`{"data":{"_entities":[{"stock":1}]}}`), note(`{"data":{"_entities":[{"estimate":2}]}}`))
	equal(t, got, `{"data":{"all":[{"upc":"1","name":"A","stock":1,"estimate":2}]}}`)
	if want := []string{`{"query":"{names}`, `{"query":"{stocks}`, `{"query":"{estimates}`}; !slices.Equal(order, want) {
		t.Errorf("asked %q", order)
	}
}
