package plan_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
)

// fuzzStories are the stories whose graphs the fuzzer plans over: between them they have every kind of move.
var fuzzStories = []string{
	"key_chain", "provides_union", "requires_interface", "interface_object_nested", "override_interface_field",
	"union_members_differ", "query_nested", "mutation_order", "context",
}

// FuzzPlan holds that no operation panics the planner, that every valid one has a plan, the same each time, and that the
// plan is sound, whatever labels are active.
func FuzzPlan(f *testing.F) {
	var rigs []*rig
	for i, name := range fuzzStories {
		story, err := readStory("testdata/" + name + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		r, err := story.rig()
		if err != nil {
			f.Fatal(err)
		}
		rigs = append(rigs, r)
		text, _ := story.file("operation.graphql")
		f.Add(uint8(i), uint8(0), text)
	}
	r, err := newRig(labelled, []byte(labelledData))
	if err != nil {
		f.Fatal(err)
	}
	rigs = append(rigs, r)
	f.Add(uint8(len(rigs)-1), uint8(21), `query($a:Boolean!){first{estimate price weight@skip(if:$a) maker{city since} name}all{...on Named@include(if:$a){name}}}`)
	f.Fuzz(func(t *testing.T, graph, labels uint8, text string) {
		if len(text) > 4000 {
			return
		}
		r := rigs[int(graph)%len(rigs)]
		active := map[string]bool{}
		for i, label := range r.super.Labels() {
			active[label] = labels>>(i%8)&1 == 1
		}
		r.fuzz(t, text, plan.Options{Options: choose.Options{Labels: active}})
	})
}

// fuzz plans every operation of a document, if it is valid.
func (r *rig) fuzz(t *testing.T, text string, opts plan.Options) {
	doc, errs := operation.Parse(text, operation.DefaultLimits())
	if len(errs) > 0 || len(r.validator.Validate(doc)) > 0 {
		return
	}
	for _, def := range doc.Operations {
		if _, errs := r.inputs.Compile(def); len(errs) > 0 {
			t.Fatalf("%s\nis valid, but its variables do not compile: %v", text, gqlerror.List(errs))
		}
		op, err := operation.Normalise(r.schema, doc, def)
		if errors.As(err, &operation.TooLargeError{}) || errors.As(err, &operation.TooConditionalError{}) {
			continue
		}
		if err != nil {
			t.Fatalf("%s\nis valid, but has no normal form: %v", text, err)
		}
		p, err := r.planner.Plan(op, opts)
		if errors.Is(err, fetchgraph.ErrTooLarge) {
			continue
		}
		if err != nil {
			t.Fatalf("%s\nis valid, but has no plan: %v", text, err)
		}
		if _, err := r.checker.Check(p, op, opts); err != nil {
			t.Fatalf("%s\nhas an unsound plan: %v\n%s", text, err, p.Explain().Text())
		}
		again, err := r.planner.Plan(op, opts)
		if err != nil || again.Explain().Text() != p.Explain().Text() || !slices.Equal(again.Labels, p.Labels) {
			t.Fatalf("%s\nhas two plans (%v):\n%s\n%s", text, err, p.Explain().Text(), again.Explain().Text())
		}
	}
}
