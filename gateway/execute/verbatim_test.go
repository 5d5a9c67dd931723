package execute

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// library is an operation of one subgraph with a field of each kind:
//
//	{ __typename books { id isbn title tags rows year price rare form any author { __typename name } __typename }
//	  open @include(if: $open) }
func library() *plan.Plan {
	p := newPlan(&plan.Fetch{Name: "library", Operation: "{…}"})
	p.Conditions = append(p.Conditions, response.Condition{Terms: [][]response.Literal{{{Variable: 0, Want: true}}}})
	p.ConditionVariables = []string{"open"}
	typename := func(of string) response.Field {
		return response.Field{Name: "__typename", Key: []byte(`"__typename":`), Kind: response.TypeName, Type: nonNull, Constant: of, Coordinate: of + ".__typename"}
	}
	form := leaf(p, "form", response.Enum, nullable, 0)
	form.Values = []string{"HARD", "SOFT"}
	book := object(1,
		leaf(p, "id", response.ID, nonNull, 0),
		leaf(p, "isbn", response.ID, nullable, 0),
		leaf(p, "title", response.String, nonNull, 0),
		leaf(p, "tags", response.String, &response.Type{NonNull: true, Elem: nonNull}, 0),
		leaf(p, "rows", response.Int, &response.Type{Elem: &response.Type{Elem: nullable}}, 0),
		leaf(p, "year", response.Int, nullable, 0),
		leaf(p, "price", response.Float, nullable, 0),
		leaf(p, "rare", response.Boolean, nullable, 0),
		form,
		leaf(p, "any", response.Any, nullable, 0),
		composite(p, "author", nullable, 0, object(1, typename("Author"), leaf(p, "name", response.String, nullable, 0))),
		typename("Book"),
	)
	open := leaf(p, "open", response.Boolean, nullable, 0)
	open.Cond = 1
	p.Root, p.Roots = object(1, typename("Query"), composite(p, "books", &response.Type{Elem: nonNull}, 0, book), open), []int{0}
	return p
}

// bookOf writes a book, with some of its members changed, each `name:value`.
func bookOf(changed ...string) string {
	members := []string{`"id":"1"`, `"isbn":7`, `"title":"A \"tale\" of \u00fcber"`, `"tags":["a","b"]`, `"rows":[[1,null],null,[]]`,
		`"year":1999`, `"price":1.50e1`, `"rare":true`, `"form":"HARD"`, `"any":"x"`, `"author":{"name":null}`}
	for _, c := range changed {
		name, _, _ := strings.Cut(c, ":")
		for i, m := range members {
			if strings.HasPrefix(m, `"`+name+`":`) {
				members[i] = `"` + name + `"` + c[len(name):]
			}
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// both runs the operation with its answer copied, if it can be, and with the answer decoded. It returns what came of it,
// and whether the answer was copied.
func both(t *testing.T, p *plan.Plan, limits response.Limits, body string, open bool) (string, bool) {
	t.Helper()
	copying, decoding := Compile(p), Compile(p)
	if !copying.verbatim {
		t.Fatal("the plan does not allow for copying")
	}
	decoding.verbatim = false
	e := New(Options{Subgraphs: []fetch.Fetcher{answers(body)}, Limits: limits})
	got, want := e.Run(context.Background(), copying, &Request{Variables: vars{"open": fmt.Sprint(open)}}), e.Run(context.Background(), decoding, &Request{Variables: vars{"open": fmt.Sprint(open)}})
	defer got.Release()
	defer want.Release()
	if string(got.Body) != string(want.Body) || got.Errors != want.Errors {
		t.Fatalf("answer %s\ncopied  %s\ndecoded %s", body, got.Body, want.Body)
	}
	return string(got.Body), copying.failed.Load() == 0
}

// TestVerbatim: an answer is copied as long as the response is the same as if it had been decoded.
func TestVerbatim(t *testing.T) {
	data := func(books ...string) string { return `{"data":{"books":[` + strings.Join(books, ",") + `]}}` }
	for _, tc := range []struct {
		name, body string
		copied     bool
	}{
		{"all kinds", data(bookOf(), bookOf("isbn:null"), bookOf("year:-2147483648", "any:-1.5", "author:null")), true},
		{"no books", data(), true},
		{"null for a list", `{"data":{"books":null}}`, true},
		{"space after the end", data(bookOf()) + " \n", true},
		{"nulls where they may be", data(bookOf("rows:null", "year:null", "price:null", "rare:null", "form:null", "any:null")), true},
		{"types told", `{"data":{"__typename":"Query","books":[` + strings.TrimSuffix(bookOf(`author:{"__typename":"Author","name":"A"}`), "}") + `,"__typename":"Book"}]}}`, true},
		{"types told here and there", data(bookOf(`author:{"__typename":"Author","name":"A"}`), strings.TrimSuffix(bookOf(), "}")+`,"__typename":"Book"}`), true},
		{"another name of a type", `{"data":{"__typename":"RootQuery","books":[]}}`, false},
		{"a type told elsewhere", data(`{"__typename":"Book",` + bookOf()[1:]), false},
		{"white space", data(" " + bookOf()), false},
		{"another order", data(`{"isbn":7,"id":"1"}`), false},
		{"a member too many", data(strings.Replace(bookOf(), `"rare"`, `"more":1,"rare"`, 1)), false},
		{"a member twice", data(strings.Replace(bookOf(), `"year":1999`, `"year":1999,"year":2000`, 1)), false},
		{"a member at the end", data(strings.TrimSuffix(bookOf(), "}") + `,"more":1}`), false},
		{"a member missing", data(strings.Replace(bookOf(), `"rare":true,`, ``, 1)), false},
		{"a name with an escape", data(strings.Replace(bookOf(), `"rare"`, `"r\u0061re"`, 1)), false},
		{"null where it may not be", data(bookOf("title:null")), false},
		{"null in a list of what is not null", data(bookOf(`tags:["a",null]`)), false},
		{"no list", data(bookOf(`tags:"a"`)), false},
		{"a list too many", data(bookOf(`tags:[["a"]]`)), false},
		{"a number for a string", data(bookOf("title:1")), false},
		{"a fraction for an ID", data(bookOf("isbn:1.5")), false},
		{"an integer that is too large", data(bookOf("year:2147483648")), false},
		{"an integer with a fraction", data(bookOf("year:1.0")), false},
		{"a string for a Boolean", data(bookOf(`rare:"true"`)), false},
		{"a Boolean for a number", data(bookOf(`price:true`)), false},
		{"an unknown value of an enum", data(bookOf(`form:"E"`)), false},
		{"an enum with an escape", data(bookOf(`form:"H\u0041RD"`)), false},
		{"an object for a custom scalar", data(bookOf(`any:{"a":1}`)), false},
		{"a scalar for an object", data(bookOf(`author:1`)), false},
		{"invalid UTF-8", data(bookOf("title:\"\xff\"")), false},
		{"a number that is none", data(bookOf("price:01")), false},
		{"errors", `{"data":{"books":null},"errors":[{"message":"m","path":["books"]}]}`, false},
		{"errors first", `{"errors":[{"message":"m"}],"data":{"books":null}}`, false},
		{"extensions", `{"data":{"books":null},"extensions":{}}`, false},
		{"no data", `{"data":null}`, false},
		{"cut off", data(bookOf())[:100], false},
		{"something after the end", data(bookOf()) + "x", false},
		{"HTML", "<html>", false},
		{"nothing", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, copied := both(t, library(), response.Limits{}, tc.body, false); copied != tc.copied {
				t.Errorf("copied: %v", copied)
			}
		})
	}
}

func TestVerbatimWritesWhatDiffers(t *testing.T) {
	got, copied := both(t, library(), response.Limits{}, `{"data":{"books":[`+bookOf("isbn:7")+`],"open":true}}`, true)
	equal(t, got, `{"data":{"__typename":"Query","books":[{"id":"1","isbn":"7","title":"A \"tale\" of \u00fcber","tags":["a","b"],`+
		`"rows":[[1,null],null,[]],"year":1999,"price":1.50e1,"rare":true,"form":"HARD","any":"x",`+
		`"author":{"__typename":"Author","name":null},"__typename":"Book"}],"open":true}}`)
	if !copied {
		t.Error("it was not copied")
	}
}

// TestVerbatimUsesTheAnswersMemory: where nothing differs, nothing is copied at all, and the answer is given back when the
// result is.
func TestVerbatimUsesTheAnswersMemory(t *testing.T) {
	p := newPlan(&plan.Fetch{Name: "a", Operation: "{a}"})
	p.Root, p.Roots = object(1, leaf(p, "a", response.Int, nullable, 0)), []int{0}
	body, freed := []byte("{\"data\":{\"a\":1}}\n"), freeing(false)
	e := New(Options{Subgraphs: []fetch.Fetcher{fetch.Func(func(context.Context, *fetch.Request) (*fetch.Response, error) {
		return &fetch.Response{Status: 200, Body: body, Free: &freed}, nil
	})}})
	result := e.Run(context.Background(), Compile(p), &Request{})
	equal(t, string(result.Body), `{"data":{"a":1}}`)
	if &result.Body[0] != &body[0] || bool(freed) {
		t.Error("the answer was copied, or is given back already")
	}
	result.Release()
	if !freed {
		t.Error("the answer is not given back")
	}
}

type freeing bool

func (f *freeing) Free() { *f = true }

func TestVerbatimKeepsLimits(t *testing.T) {
	body := `{"data":{"books":[` + bookOf() + "," + bookOf() + `]}}`
	for name, limits := range map[string]response.Limits{
		"depth": {Depth: 3, Nodes: 1000, Errors: 10, Objects: 1000, Bytes: 10000}, "values": {Depth: 100, Nodes: 20, Errors: 10, Objects: 1000, Bytes: 10000},
		"objects": {Depth: 100, Nodes: 1000, Errors: 10, Objects: 3, Bytes: 10000}, "bytes": {Depth: 100, Nodes: 1000, Errors: 10, Objects: 1000, Bytes: 300},
	} {
		t.Run(name, func(t *testing.T) {
			if got, copied := both(t, library(), limits, body, false); copied || !strings.Contains(got, `"errors"`) {
				t.Errorf("the limit does not hold: %s", got)
			}
		})
	}
}

// TestVerbatimGivesUp: an answer that can never be copied is soon not tried any more, but for now and then.
func TestVerbatimGivesUp(t *testing.T) {
	p := Compile(library())
	tried := 0
	for range 1000 {
		if p.copies() {
			tried++
			p.copied(false)
		}
	}
	if tried < maxFailed || tried > maxFailed+1000/retryCopy+1 {
		t.Errorf("tried %d times", tried)
	}
	for !p.copies() {
	}
	p.copied(true)
	if n := p.failed.Load(); n != 0 {
		t.Error("once it worked, it is not tried again")
	}
}

func FuzzVerbatim(f *testing.F) {
	f.Add(`{"data":{"books":[` + bookOf() + `]}}`)
	f.Add(`{"data":{"books":[` + bookOf("isbn:null", "author:null") + `,` + bookOf(`any:false`) + `],"open":null}}`)
	f.Add(`{"data":{"books":[],"open":true}}`)
	p := library()
	f.Fuzz(func(t *testing.T, body string) {
		both(t, p, response.Limits{}, body, false)
		both(t, p, response.Limits{}, body, true)
	})
}

// BenchmarkSingle runs an operation of one subgraph with an answer of 100 kB, copied and decoded.
func BenchmarkSingle(b *testing.B) {
	p := library()
	book := bookOf("isbn:null")
	body := []byte(`{"data":{"books":[` + strings.Repeat(book+",", 400) + book + `]}}`)
	subgraph := fetch.Func(func(context.Context, *fetch.Request) (*fetch.Response, error) {
		return &fetch.Response{Status: 200, Body: body}, nil
	})
	e := New(Options{Subgraphs: []fetch.Fetcher{subgraph}})
	for _, verbatim := range []bool{true, false} {
		b.Run(fmt.Sprintf("verbatim=%v", verbatim), func(b *testing.B) {
			program := Compile(p)
			program.verbatim = verbatim
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				result := e.Run(context.Background(), program, &Request{})
				result.Release()
			}
		})
	}
}
