package execute

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/fetch/batch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// The property: for random shapes, spread over random fetches, and random data, right and wrong, the answer is the one
// that a plain implementation of the specification's CompleteValue gives over the same data in one piece.

// world makes a random plan and random data for it.
type world struct {
	*rapid.T
	plan  *plan.Plan
	names int
	flag  bool                // the value of the condition variable
	bases map[int]string      // by root fetch: its answer's data
	store []map[string]string // by fetch: entities' JSON by id
	known []map[string]*thing // by fetch: the same for the oracle
}

// thing is an object for the oracle: by slot of its shape, its members' values; nil for a slot that is null. Values are
// nil, scalars, json.Number, []any and *thing.
type thing struct {
	slots []map[response.Name]any
}

func (w *world) pick(n int, label string) int { return rapid.IntRange(0, n-1).Draw(w.T, label) }

func (w *world) name() (string, response.Name) {
	s := fmt.Sprintf("f%d", w.names)
	w.names++
	return s, w.plan.Names.Intern(s)
}

// typ draws a type: a named one in up to two lists.
func (w *world) typ() *response.Type {
	t := &response.Type{NonNull: w.pick(3, "nonnull") == 0}
	for w.pick(3, "list") == 0 && (t.Elem == nil || t.Elem.Elem == nil) {
		t = &response.Type{NonNull: w.pick(3, "nonnull") == 0, Elem: t}
	}
	return t
}

// object draws a shape whose inherited slots come from the given fetches; route leads to it.
func (w *world) object(depth int, from []int, route []response.Step) *response.Object {
	o := &response.Object{Inherited: len(from), TypeName: response.Source{Slot: -1}, Cases: make([]response.Case, 1)}
	slots := append([]int(nil), from...)
	c := &o.Cases[0]
	// A key, which the client may or may not see.
	id, idName := "id", w.plan.Names.Intern("id")
	c.Fields = append(c.Fields, response.Field{Name: id, Key: []byte(`"id":`), Kind: response.Leaf, Scalar: response.ID, Type: nullable,
		Hidden: w.pick(2, "hidden") == 0, Sources: []response.Source{{Slot: 0, Name: idName}}, Coordinate: "T.id"})
	for links := w.pick(3, "links"); links > 0 && len(route) > 0 && len(w.plan.Fetches) < 10; links-- {
		// It depends on all before it: more than it needs, so that the order of the plan is one that works.
		var before []int
		for i := range w.plan.Fetches {
			before = append(before, i)
		}
		f := &plan.Fetch{ID: len(w.plan.Fetches), Kind: plan.Entities, Subgraph: len(w.plan.Fetches), Name: fmt.Sprintf("s%d", len(w.plan.Fetches)),
			Operation: "{_entities}", DependsOn: before,
			Groups: []plan.Group{{Name: w.plan.Names.Intern("_entities"), Variable: "r", Targets: []plan.Target{{
				Route: response.Route{Steps: append([]response.Step(nil), route...), Case: -1}, Slot: len(slots), From: 0,
				Representation: &response.Representation{Cases: []response.RepresentationCase{{Constant: "T",
					Fields: []response.RepresentationField{{Key: []byte(`"id":`), Field: 0, Required: true}}}}},
			}}}}}
		for _, d := range f.DependsOn {
			w.plan.Fetches[d].Dependents = append(w.plan.Fetches[d].Dependents, f.ID)
		}
		w.plan.Fetches = append(w.plan.Fetches, f)
		w.store, w.known = append(w.store, map[string]string{}), append(w.known, map[string]*thing{})
		o.Links = append(o.Links, response.Link{From: 0, Fetch: f.ID})
		slots = append(slots, f.ID)
	}
	for range 1 + w.pick(3, "fields") {
		c.Fields = append(c.Fields, w.field(depth, slots, route, len(c.Fields)))
	}
	return o
}

func (w *world) field(depth int, slots []int, route []response.Step, index int) response.Field {
	text, name := w.name()
	f := response.Field{Name: text, Key: fmt.Appendf(nil, "%q:", text), Type: w.typ(), Coordinate: "T." + text}
	f.Cond = response.ConditionID(w.pick(2, "cond"))
	source := func() response.Source { return response.Source{Slot: w.pick(len(slots), "slot"), Name: name} }
	switch kind := w.pick(8, "kind"); {
	case kind == 0:
		f.Kind, f.Denial = response.Denied, &response.Denial{Code: "DENIED", Message: "no"}
	case kind == 1:
		f.Kind, f.Constant, f.Type = response.TypeName, "T", nonNull
	case kind < 5 && depth > 0:
		f.Kind, f.Sources = response.Composite, []response.Source{source()}
		if second := source(); second != f.Sources[0] {
			f.Sources = append(f.Sources, second)
		}
		var from []int
		for _, s := range f.Sources {
			from = append(from, slots[s.Slot])
		}
		f.Cond = 0 // fetches below it have no condition
		f.Object = w.object(depth-1, from, append(append([]response.Step(nil), route...), response.Step{Field: index}))
	default:
		f.Kind, f.Sources, f.Scalar = response.Leaf, []response.Source{source()}, response.Scalar(w.pick(7, "scalar"))
		f.Values = []string{"BLUE", "RED"}
	}
	return f
}

// value draws a leaf value that is right, usually.
func (w *world) value(s response.Scalar) any {
	if w.pick(12, "wrong") == 0 {
		s = response.Scalar(w.pick(7, "other"))
	}
	switch s {
	case response.Int:
		return []any{json.Number("0"), json.Number("-7"), json.Number("2147483647"), json.Number("2147483648"), json.Number("1.0"), json.Number("1.5")}[w.pick(6, "int")]
	case response.Float:
		return []any{json.Number("1.25"), json.Number("3"), json.Number("-1e100")}[w.pick(3, "float")]
	case response.String:
		return []any{"", "text", "é\"\\\n"}[w.pick(3, "string")]
	case response.Boolean:
		return w.pick(2, "bool") == 0
	case response.ID:
		return []any{"k", json.Number("12"), json.Number("12.5")}[w.pick(3, "id")]
	case response.Enum:
		return []any{"RED", "BLUE", "GREEN"}[w.pick(3, "enum")]
	}
	return []any{json.Number("1"), "any", true, []any{"x"}, map[string]any{"f0": []any{nil}}}[w.pick(5, "any")]
}

// wrap draws a value of a type: one draws what stands in the lists.
func (w *world) wrap(t *response.Type, one func() any) any {
	if w.pick(10, "null") == 0 {
		return nil
	}
	if t.Elem == nil || w.pick(20, "unlisted") == 0 {
		return one()
	}
	list := []any{}
	for range w.pick(3, "length") {
		list = append(list, w.wrap(t.Elem, one))
	}
	return list
}

// instance draws the data of an object of the shape, for the given slots of its inherited ones (by presence).
func (w *world) instance(o *response.Object, present []bool) *thing {
	x := &thing{slots: make([]map[response.Name]any, o.Inherited)}
	for i, p := range present {
		if p {
			x.slots[i] = map[response.Name]any{}
		}
	}
	var id any
	if w.pick(8, "nokey") > 0 {
		id = fmt.Sprintf("k%d", w.pick(3, "key"))
	}
	if x.slots[0] != nil {
		x.slots[0][o.Cases[0].Fields[0].Sources[0].Name] = id
	}
	for _, l := range o.Links {
		var slot map[response.Name]any
		if key, ok := id.(string); ok && x.slots[0] != nil {
			e, seen := w.known[l.Fetch][key]
			if !seen {
				// The entity's own members are drawn with the first object that needs them; null entities happen.
				e = &thing{slots: []map[response.Name]any{nil}}
				if w.pick(8, "gone") > 0 {
					e.slots[0] = map[response.Name]any{}
				}
				w.known[l.Fetch][key] = e
			}
			slot = e.slots[0]
		}
		x.slots = append(x.slots, slot)
	}
	for i := range o.Cases[0].Fields[1:] {
		w.fill(x, &o.Cases[0].Fields[1+i])
	}
	return x
}

// fill draws the value of a field, unless the entity that has it was drawn before.
func (w *world) fill(x *thing, f *response.Field) {
	switch f.Kind {
	case response.Leaf:
		slot := x.slots[f.Sources[0].Slot]
		if slot == nil {
			return
		}
		if _, drawn := slot[f.Sources[0].Name]; !drawn {
			slot[f.Sources[0].Name] = w.wrap(f.Type, func() any { return w.value(f.Scalar) })
		}
	case response.Composite:
		var shared []map[response.Name]any
		var present []bool
		name := f.Sources[0].Name
		for _, s := range f.Sources {
			slot := x.slots[s.Slot]
			if slot != nil {
				if _, drawn := slot[name]; drawn {
					return
				}
			}
			shared, present = append(shared, slot), append(present, slot != nil)
		}
		// An entity's second member cannot be drawn together with that of an object which another object drew before; a field
		// from two slots is only filled where both are new, and is the same shape in both.
		v := w.wrap(f.Type, func() any {
			if w.pick(15, "scalar for object") == 0 {
				return "odd"
			}
			return w.instance(f.Object, present)
		})
		for k, slot := range shared {
			if slot != nil {
				slot[name] = project(v, k)
			}
		}
	}
}

// view is one inherited slot of a thing.
type view struct {
	of   *thing
	slot int
}

// project turns the things in a value into views of one of their slots.
func project(v any, slot int) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = project(v[i], slot)
		}
		return list
	case *thing:
		return view{v, slot}
	}
	return v
}

// encode writes a value as a subgraph would.
func (w *world) encode(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case view:
		w.encode(b, v.of.slots[v.slot])
	case []any:
		b.WriteByte('[')
		for i := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			w.encode(b, v[i])
		}
		b.WriteByte(']')
	case map[response.Name]any:
		if v == nil {
			b.WriteString("null")
			return
		}
		b.WriteByte('{')
		n := 0
		for i := range w.plan.Names.Len() {
			if m, ok := v[response.Name(i)]; ok {
				if n++; n > 1 {
					b.WriteByte(',')
				}
				fmt.Fprintf(b, "%q: ", w.plan.Names.Text(response.Name(i)))
				w.encode(b, m)
			}
		}
		b.WriteByte('}')
	default:
		raw, _ := json.Marshal(v)
		b.Write(raw)
	}
}

func (w *world) subgraph(id int) fetch.Fetcher {
	return fetch.Func(func(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
		if body, ok := w.bases[id]; ok {
			return &fetch.Response{Status: 200, Body: []byte(`{"data":` + body + `}`)}, nil
		}
		var in struct {
			Variables struct{ R []struct{ ID string } }
		}
		if err := json.Unmarshal(req.Body, &in); err != nil {
			return nil, err
		}
		var list []string
		for _, r := range in.Variables.R {
			list = append(list, w.store[id][r.ID])
		}
		return &fetch.Response{Status: 200, Body: []byte(`{"data":{"_entities":[` + strings.Join(list, ",") + `]}}`)}, nil
	})
}

func TestAnswersLikeOneServer(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{T: rt, plan: &plan.Plan{Kind: ast.Query, Names: response.NewNames(), ConditionVariables: []string{"flag"}, Conditions: []response.Condition{
			{}, {Terms: [][]response.Literal{{{Variable: 0, Want: true}}}}}}, bases: map[int]string{}}
		w.flag = w.pick(2, "flag") == 0
		roots := 1 + w.pick(2, "roots")
		var from []int
		for i := range roots {
			w.plan.Fetches = append(w.plan.Fetches, &plan.Fetch{ID: i, Subgraph: i, Name: fmt.Sprintf("s%d", i), Operation: "{}"})
			w.store, w.known = append(w.store, nil), append(w.known, nil)
			from = append(from, i)
		}
		w.plan.Roots = from
		w.plan.Root = w.object(3, from, nil)
		present := make([]bool, roots)
		for i := range present {
			present[i] = true
		}
		root := w.instance(w.plan.Root, present)
		for i := range roots {
			var b bytes.Buffer
			w.encode(&b, root.slots[i])
			w.bases[i] = b.String()
		}
		var subgraphs []fetch.Fetcher
		for i := range w.plan.Fetches {
			for key, e := range w.known[i] {
				var b bytes.Buffer
				w.encode(&b, e.slots[0])
				w.store[i][key] = b.String()
			}
			subgraphs = append(subgraphs, w.subgraph(i))
		}
		want := (&oracle{flag: w.flag}).answer(w.plan.Root, root)
		executor := New(Options{Subgraphs: subgraphs, MaxErrors: 10000})
		program := Compile(w.plan)
		for range 2 { // the second time with used pools
			result := executor.Run(context.Background(), program, &Request{Variables: vars{"flag": fmt.Sprint(w.flag)}})
			check(rt, result.Body, want, w)
			result.Release()
		}
		// The same through batching, several requests at once.
		for i, next := range subgraphs {
			subgraphs[i] = batch.New(next, batch.Options{Window: 50 * time.Microsecond})
		}
		executor = New(Options{Subgraphs: subgraphs, MaxErrors: 10000})
		bodies := make([][]byte, 3)
		var wg sync.WaitGroup
		for i := range bodies {
			wg.Go(func() {
				result := executor.Run(context.Background(), program, &Request{Variables: vars{"flag": fmt.Sprint(w.flag)}})
				bodies[i] = bytes.Clone(result.Body)
				result.Release()
			})
		}
		wg.Wait()
		for _, body := range bodies {
			check(rt, body, want, w)
		}
	})
}
