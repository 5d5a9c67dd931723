package plan_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// mutation breaks a plan in one place.
type mutation struct {
	name  string
	apply func()
}

// mutations are all the ways in which the tests know to break a plan, in an order that is the same for equal plans.
func mutations(t *testing.T, p *plan.Plan) []mutation {
	m := &mutator{t: t, plan: p, seen: map[*response.Object]bool{}}
	for _, f := range p.Fetches {
		m.document(f)
		m.dependencies(f)
		m.fetch(f)
		for i := range f.Groups {
			for j := range f.Groups[i].Targets {
				m.target(f, &f.Groups[i].Targets[j])
			}
		}
	}
	m.object(p.Root, "")
	return m.list
}

type mutator struct {
	t    *testing.T
	plan *plan.Plan
	seen map[*response.Object]bool
	list []mutation
}

func (m *mutator) add(apply func(), format string, args ...any) {
	m.list = append(m.list, mutation{fmt.Sprintf(format, args...), apply})
}

// dependencies makes a fetch run too early.
func (m *mutator) dependencies(f *plan.Fetch) {
	for _, d := range f.DependsOn {
		if slices.ContainsFunc(f.DependsOn, func(o int) bool { return m.waits(o, d) }) {
			continue // it waits for it by another, too
		}
		m.add(func() {
			f.DependsOn = slices.DeleteFunc(slices.Clone(f.DependsOn), func(o int) bool { return o == d })
			other := m.plan.Fetches[d]
			other.Dependents = slices.DeleteFunc(slices.Clone(other.Dependents), func(o int) bool { return o == f.ID })
		}, "fetch %d does not wait for fetch %d", f.ID, d)
	}
}

func (m *mutator) waits(i, j int) bool {
	return slices.ContainsFunc(m.plan.Fetches[i].DependsOn, func(d int) bool { return d == j || m.waits(d, j) })
}

func (m *mutator) fetch(f *plan.Fetch) {
	for i := range f.Variables {
		m.add(func() { f.Variables = slices.Delete(slices.Clone(f.Variables), i, i+1) }, "fetch %d does not send variable %d", f.ID, i)
	}
	if f.Subgraph >= 0 {
		m.add(func() { f.Subgraph = -1 }, "fetch %d goes to the gateway itself", f.ID)
	}
	m.condition(&f.Cond, "fetch %d", f.ID)
	for i := range f.Groups {
		g := &f.Groups[i]
		if f.Kind == plan.Entities {
			m.add(func() { g.Variable = "mutant" }, "fetch %d has other representations in group %d", f.ID, i)
			m.add(func() { g.Name = m.plan.Names.Intern("mutant") }, "fetch %d finds group %d elsewhere", f.ID, i)
		}
	}
}

// condition makes something wait for a condition that it does not depend on, or for the opposite of its own.
func (m *mutator) condition(id *response.ConditionID, format string, args ...any) {
	if len(m.plan.ConditionVariables) == 0 {
		return
	}
	never := response.Condition{Terms: [][]response.Literal{{{Variable: 0, Want: true}, {Variable: 0, Want: false}}}}
	m.add(func() {
		m.plan.Conditions = append(slices.Clone(m.plan.Conditions), never)
		*id = response.ConditionID(len(m.plan.Conditions) - 1)
	}, format+" is never there", args...)
}

func (m *mutator) target(f *plan.Fetch, t *plan.Target) {
	if n := len(t.Route.Steps); n > 0 {
		m.add(func() { t.Route.Steps = t.Route.Steps[:n-1] }, "a route of fetch %d is too short", f.ID)
		m.add(func() {
			t.Route.Steps = slices.Clone(t.Route.Steps)
			t.Route.Steps[n-1].Field++
		}, "a route of fetch %d leads elsewhere", f.ID)
	}
	for i := range t.Route.Steps {
		if t.Route.Steps[i].Early {
			m.add(func() {
				t.Route.Steps = slices.Clone(t.Route.Steps)
				t.Route.Steps[i].Early = false
			}, "a route of fetch %d has to know the type at step %d", f.ID, i)
		}
	}
	m.add(func() { t.Route.Case++ }, "a route of fetch %d ends in another case", f.ID)
	m.add(func() { t.Slot++ }, "fetch %d fills another slot", f.ID)
	m.condition(&t.Cond, "a target of fetch %d", f.ID)
	if t.Contexts != nil {
		m.add(func() { t.Contexts = nil }, "fetch %d sends no values from contexts", f.ID)
		for i := range t.Contexts.Values {
			v := &t.Contexts.Values[i]
			m.add(func() { t.Contexts.Values = slices.Delete(t.Contexts.Values, i, i+1) }, "fetch %d does not send value %d", f.ID, i)
			m.add(func() { v.Pick.Field++ }, "fetch %d sends another value %d", f.ID, i)
			m.add(func() { v.Case++ }, "fetch %d takes value %d from another case", f.ID, i)
			m.add(func() { v.Object = &response.Object{} }, "fetch %d takes value %d from another object", f.ID, i)
			m.elsewhere(f, v, i)
		}
	}
	if t.Representation == nil {
		return
	}
	m.add(func() { t.Representation = nil }, "fetch %d sends no representation", f.ID)
	m.representation(f, t.Representation, "")
}

// elsewhere takes a value from other objects of the response which have the same field, as if those were the nearest that set
// the context.
func (m *mutator) elsewhere(f *plan.Fetch, v *response.ContextValue, i int) {
	read := v.Object.Cases[v.Case].Fields[v.Pick.Field].Coordinate
	seen := map[*response.Object]bool{v.Object: true}
	var visit func(o *response.Object, path string)
	visit = func(o *response.Object, path string) {
		for k, c := range o.Cases {
			for j, field := range c.Fields {
				if field.Coordinate == read && !seen[o] {
					m.add(func() { v.Object, v.Case, v.Pick.Field = o, k, j }, "fetch %d takes value %d from the objects at %q", f.ID, i, path)
				}
				if field.Object != nil {
					visit(field.Object, path+"."+field.Name)
				}
			}
		}
		seen[o] = true
	}
	visit(m.plan.Root, "")
}

func (m *mutator) representation(f *plan.Fetch, r *response.Representation, path string) {
	for i := range r.Cases {
		rc := &r.Cases[i]
		if rc.Constant != "" {
			m.add(func() { rc.Constant = "" }, "fetch %d sends no type", f.ID)
			m.add(func() { rc.Constant = "Mutant" }, "fetch %d sends another type", f.ID)
		}
		if rc.Runtime {
			m.add(func() { rc.Runtime = false }, "fetch %d does not send the type at %s", f.ID, path)
		}
		for j := range rc.Fields {
			at := path + "." + string(rc.Fields[j].Key)
			m.add(func() { rc.Fields = slices.Delete(slices.Clone(rc.Fields), j, j+1) }, "fetch %d does not send %s", f.ID, at)
			if rc.Fields[j].Required {
				m.add(func() { rc.Fields[j].Required = false }, "fetch %d is made without %s", f.ID, at)
			}
			m.add(func() { rc.Fields[j].Key = []byte(`"mutant":`) }, "fetch %d sends %s as mutant", f.ID, at)
			if rc.Fields[j].Object != nil {
				m.representation(f, rc.Fields[j].Object, at)
			}
		}
	}
}

// checkedStory is the operation of a story, to be planned and checked again and again.
type checkedStory struct {
	name string
	rig  *rig
	op   *operation.Operation
	opts plan.Options
}

func checkedStories(t *testing.T) []checkedStory {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no stories", err)
	}
	var out []checkedStory
	for _, file := range files {
		story, err := readStory(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := story.rig()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := story.file("operation.graphql")
		doc, errs := operation.Parse(text, operation.DefaultLimits())
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		op, err := operation.Normalise(r.schema, doc, doc.Operations[0])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, checkedStory{
			name: strings.TrimSuffix(filepath.Base(file), ".txtar"),
			rig:  r,
			op:   op,
			opts: r.options(op),
		})
	}
	return out
}

// together reports whether two conditions can hold at the same time.
func (m *mutator) together(a, b response.ConditionID) bool {
	n := len(m.plan.ConditionVariables)
	for bits := range 1 << n {
		values := make([]bool, n)
		for i := range values {
			values[i] = bits>>i&1 == 1
		}
		if holds := response.Hold(m.plan.Conditions, values); holds[a] && holds[b] {
			return true
		}
	}
	return false
}

// harmless are mutations that break nothing, by story.
var harmless = map[string][]string{
	"type_never_there": {".u case 1 lacks type C"}, // no object is ever of that type
	// Nor of those, if the subgraphs agree.
	"types_not_expected":     {".thing case 1 lacks type Film"},
	"type_never_there_apart": {".items case 1 lacks type Film"},
	"context_not_expected":   {".thing case 1 lacks type Film"},
	"requires_endless":       {".folder.entries case 1 lacks type Folder"},
	// The type of the object is known.
	"own_text": {"fetch 0 does not ask for .me.kind", "fetch 0 asks for .me.kind as mutant"},
	"own_text_root_nested": {
		"fetch 0 does not ask for .__typename", "fetch 0 asks for .__typename as mutant", "fetch 0 executes field 0 later",
		"fetch 0 does not ask for .rename.shop.__typename", "fetch 0 asks for .rename.shop.__typename as mutant",
	},
}

// TestCheckerFindsMutations breaks the plans of all stories in every way that the tests know, one at a time: the checker
// must find each, in documents as they are sent and in such as have every shorter form there is.
func TestCheckerFindsMutations(t *testing.T) {
	for _, s := range checkedStories(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			terse := *s.rig.planner
			terse.Terse = true
			breakEverywhere(t, s, s.rig.planner)
			breakEverywhere(t, s, &terse)
		})
	}
}

// breakEverywhere breaks the plan of a story in every way.
func breakEverywhere(t *testing.T, s checkedStory, planner *plan.Planner) {
	t.Helper()
	for i, n := 0, 1; i < n; i++ {
		p, err := planner.Plan(s.op, s.opts)
		if err != nil {
			t.Fatal(err)
		}
		all := mutations(t, p)
		if n = len(all); n == 0 {
			t.Fatal("there is nothing to break")
		}
		all[i].apply()
		if _, err := s.rig.checker.Check(p, s.op, s.opts); err == nil && !slices.Contains(harmless[s.name], all[i].name) {
			t.Errorf("not found: %s\n%s", all[i].name, p.Explain().Text())
		}
	}
}
