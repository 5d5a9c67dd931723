package satisfiability

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// exactStates is how many states of an object type are walked although they offer more than one that was walked: they can
// have nothing new to say about fields that cannot be reached, but they can about the types that shared fields return.
const exactStates = 8

// state is a situation of a client's operation: an object of a type, and where in the query graph it can be had.
type state struct {
	object *object
	// arrived are the places that the field that led here leads to; at are all that can be moved to from them.
	arrived  []int
	at       places
	labels   labels
	contexts set
	// parent is the state it was come from and field the field of it; -1 for a root type.
	parent int
	field  *ast.FieldDefinition
}

// walk goes through all states, those with the shortest operations first.
type walk struct {
	reach    *reach
	api      *ast.Schema
	possible map[string][]string // abstract type of the API schema → its object types, sorted
	labels   []string            // the override labels of the supergraph, sorted
	contexts contexts
	states   []state
	seen     map[*object][]int // states walked or to be walked
	report   *report
	limits   limits
}

func newWalk(r *reach, l limits) *walk {
	w := &walk{
		reach:    r,
		api:      r.graph.Supergraph.API,
		possible: map[string][]string{},
		labels:   r.graph.Supergraph.Labels(),
		contexts: readContexts(r),
		seen:     map[*object][]int{},
		limits:   l,
	}
	w.report = &report{walk: w, failed: map[finding]bool{}, mismatched: map[string]bool{}}
	return w
}

func (w *walk) run() {
	for _, root := range []*ast.Definition{w.api.Query, w.api.Mutation, w.api.Subscription} {
		if root == nil {
			continue
		}
		o := w.reach.object(root.Name)
		var all []int
		for p, id := range o.nodes {
			if w.reach.graph.Base(w.reach.graph.Nodes[id].Subgraph, root.Name) == id {
				all = append(all, p)
			}
		}
		if len(all) == 0 {
			w.report.rootless(root.Name)
			continue
		}
		w.add(state{object: o, arrived: all, labels: undecided(w.labels), contexts: w.contexts.none(), parent: -1})
	}
	for i := 0; i < len(w.states) && !w.exhausted(); i++ {
		w.visit(i)
	}
}

func (w *walk) exhausted() bool { return w.reach.exhausted() || len(w.states) > w.limits.states }

// add appends a state unless it has nothing new to say.
func (w *walk) add(s state) {
	s.at = w.reach.fromAll(s.object, s.arrived, "")
	s.contexts = w.contexts.at(w.reach, s.object, s.at, s.contexts)
	seen := w.seen[s.object]
	for _, i := range seen {
		old := &w.states[i]
		if !w.reach.step() {
			return
		}
		covered := old.at.within(s.at) && old.labels.covers(s.labels) && old.contexts.within(s.contexts)
		if covered && (len(seen) >= exactStates || s.at.within(old.at)) {
			return
		}
	}
	w.seen[s.object] = append(seen, len(w.states))
	w.states = append(w.states, s)
}

func (w *walk) visit(i int) {
	s := w.states[i]
	if !s.at.all.meets(s.object.named) {
		w.report.unnamed(i)
		return
	}
	for _, f := range w.api.Types[s.object.name].Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		w.follow(i, f, s.labels)
	}
}

// follow follows a field of a state, once for each decision about the override labels that it depends on.
func (w *walk) follow(i int, f *ast.FieldDefinition, decided labels) {
	s := w.states[i]
	def := w.api.Types[f.Type.Name()]
	composite := def != nil && def.IsCompositeType()
	var targets []querygraph.NodeID
	found := false
	for _, m := range s.object.fields[f.Name] {
		if !w.reach.step() {
			return
		}
		if !s.at.all.has(m.at) || composite && m.to == querygraph.None {
			continue
		}
		if label := m.field.OverrideLabel; label != "" {
			switch active, known := decided.of(w.labels, label); {
			case !known:
				w.follow(i, f, decided.with(w.labels, label, false))
				w.follow(i, f, decided.with(w.labels, label, true))
				return
			case active != m.field.OverrideActive:
				continue
			}
		}
		if !w.contexts.available(s.contexts, m.field) || !w.reach.meets(s.object, s.at, m) {
			continue
		}
		found = true
		if m.to != querygraph.None {
			targets = append(targets, m.to)
		}
	}
	if !found {
		w.report.unreachable(i, f, decided)
		return
	}
	if !composite {
		return
	}
	if def.IsAbstractType() && !w.report.runtimeTypes(i, f, targets) {
		return
	}
	for _, name := range w.objectTypes(def) {
		o := w.reach.object(name)
		if arrived, ok := w.reach.narrow(targets, o); ok {
			w.add(state{object: o, arrived: arrived, labels: decided, contexts: s.contexts, parent: i, field: f})
		}
	}
}

// objectTypes returns the object types that a composite type of the API schema has, sorted.
func (w *walk) objectTypes(def *ast.Definition) []string {
	if def.Kind == ast.Object {
		return []string{def.Name}
	}
	names, ok := w.possible[def.Name]
	if !ok {
		for _, object := range w.api.GetPossibleTypes(def) {
			names = append(names, object.Name)
		}
		slices.Sort(names)
		w.possible[def.Name] = names
	}
	return names
}
