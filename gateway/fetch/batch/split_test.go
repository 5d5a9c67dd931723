package batch

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weft-gateway/weft/gateway/fetch"
)

func TestRefusedTogetherAskedApart(t *testing.T) {
	refuse := func(query string) error {
		if strings.Contains(query, "b0_") {
			return &fetch.Error{Code: fetch.CodeHTTP, Status: 400, Message: "no"}
		}
		return nil
	}
	apart := func(query string) string {
		if strings.Contains(query, "b0_") {
			return `{"errors":[{"message":"unknown field stock"}]}`
		}
		if strings.Contains(query, "stock") {
			return `{"data":null,"errors":[{"message":"unknown field stock"}]}`
		}
		return `{"data":{"_entities":[{"of":"a"},{"of":"b"}]}}`
	}
	for _, s := range []*shop{{refuse: refuse}, {answer: apart}} {
		w := &fetch.Wave{Size: 3}
		got := outcome(New(s, Options{}), request(fetch.Nobody, price, w, "a"), request(fetch.Nobody, price, w, "b"), request(fetch.Nobody, stock, w, "a"))
		if a, b := entities(t, got[0]), entities(t, got[1]); a != "a" && a != "b" || a == b {
			t.Errorf("prices: %q %q", a, b)
		}
		if s.answer != nil && entities(t, got[2]) != "unknown field stock[]" {
			t.Errorf("stock: %s", got[2])
		}
		if len(s.bodies) != 3 {
			t.Errorf("%d calls, not one together and two apart", len(s.bodies))
		}
	}
}

func TestFailuresReachAll(t *testing.T) {
	for _, s := range []*shop{
		{refuse: func(string) error { return &fetch.Error{Code: fetch.CodeHTTP, Message: "down"} }},
		{answer: func(string) string { return `{"data":{"_entities":[]}}` }},
		{answer: func(string) string { return `<html>` }},
		{answer: func(string) string { panic("oh") }},
		{
			// Refused together because it is too much, and then panicking in each one's own call.
			refuse: func() func(string) error {
				var calls atomic.Int32
				return func(string) error {
					if calls.Add(1) == 1 {
						return &fetch.Error{Code: fetch.CodeHTTP, Status: 413, Message: "too much"}
					}
					panic("oh")
				}
			}(),
		},
	} {
		w := &fetch.Wave{Size: 2}
		for _, got := range outcome(New(s, Options{Subgraph: "shop"}), request(fetch.Nobody, price, w, "a"), request(fetch.Nobody, price, w, "b")) {
			if got == "" || strings.HasPrefix(got, "{") {
				t.Errorf("no error: %s", got)
			}
		}
	}
}

func TestItems(t *testing.T) {
	for _, list := range [][]string{{}, {`{}`}, {`{"a":"x,}]"}`, `{"b":["\",",{"c":1}]}`, `{"d":"\\"}`}} {
		got := items([]byte(strings.Join(list, ",")))
		if len(got) != len(list) {
			t.Fatalf("%q", got)
		}
		for i := range list {
			if string(got[i]) != list[i] {
				t.Errorf("%q is not %q", got[i], list[i])
			}
		}
	}
}

// FuzzSplit: whatever a subgraph answers to a combined request, each fetch gets an answer with as many entities as it
// asked for, or none.
func FuzzSplit(f *testing.F) {
	f.Add([]byte(`{"data":{"b0__entities":[{"of":"a"},null],"b1__entities":[{"of":"a"}]},"errors":[{"message":"m","path":["b0__entities",1,"price",0]},{"message":"n"}]}`))
	f.Add([]byte(`{"data":{"b0__entities":[{"of":"a"}],"b1__entities":7}}`))
	f.Add([]byte(`{"data":null,"errors":[{"message":"m"}]}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		var loads []*load
		for _, r := range []*fetch.Request{request(fetch.Nobody, price, nil, "a", "b", "a"), request(fetch.Nobody, price, nil, "b"), request(fetch.Nobody, stock, nil, "a")} {
			loads = append(loads, newLoad(context.Background(), r))
		}
		slices.SortStableFunc(loads, (*load).compare)
		m, err := new(documents).merge(loads)
		if err != nil || !json.Valid(m.body) {
			t.Fatal(err)
		}
		answers, err := m.split(answer)
		if err != nil {
			return
		}
		for i, a := range answers {
			var got struct{ Data map[string][]json.RawMessage }
			if err := json.Unmarshal(a, &got); err != nil {
				t.Fatalf("%v: %s", err, a)
			}
			if n := len(got.Data["_entities"]); n != loads[i].representations() {
				t.Fatalf("%d entities for %d: %s", n, loads[i].representations(), a)
			}
		}
	})
}
