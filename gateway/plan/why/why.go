// Package why says why a field of an operation comes from the subgraph that it comes from: how the gateway gets there, and
// what plans would cost in which another subgraph resolved it.
package why

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/choose"
)

// maxPlaces bounds how many places of an operation are told about.
const maxPlaces = 20

// Explain says why a field comes from where it comes from. The field is a coordinate ("Product.name", also of an
// interface) or a response path ("products.name", with or without [] after lists).
func Explain(planner *plan.Planner, op *operation.Operation, opts plan.Options, field string) (string, error) {
	stages, err := planner.Stages(op, opts)
	if err != nil {
		return "", err
	}
	w := &asker{planner: planner, opts: opts, stages: stages, others: map[string]string{}, fields: fieldsOf(stages.Tree)}
	found := w.find(field)
	answers := w.answers(found[:min(len(found), maxPlaces)])
	if len(found) == 0 {
		answers = w.unfetched(op.Root, field)
	}
	if len(answers) == 0 {
		return "", w.unknown(field)
	}
	var b strings.Builder
	for i, answer := range answers {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s (%s)\n%s", answer.path, choose.Listed(answer.coordinates), answer.text)
	}
	if more := len(found) - maxPlaces; more > 0 {
		fmt.Fprintf(&b, "\n… and at %d more places\n", more)
	}
	return b.String(), nil
}

type asker struct {
	planner *plan.Planner
	opts    plan.Options
	stages  *plan.Stages
	others  map[string]string // what the alternatives for a field of some types are, by these and who is chosen
	fields  []named
}

// answer is what is told about a field at one place of the response.
type answer struct {
	path        string
	coordinates []string // of the types of which the same is told
	text        string
}

// answers tells about fields. What is the same for several types at one place is told once.
func (w *asker) answers(found []*choose.Field) []answer {
	var out []answer
	for _, f := range found {
		path := responseName(f)
		if at := f.Place.Fork.ResponsePath(); at != "" {
			path = at + "." + path
		}
		text := w.answer(f)
		i := slices.IndexFunc(out, func(have answer) bool { return have.path == path && have.text == text })
		if i < 0 {
			i = len(out)
			out = append(out, answer{path: path, text: text})
		}
		for _, typ := range f.Place.Types {
			if coordinate := typ + "." + f.Name; !slices.Contains(out[i].coordinates, coordinate) {
				out[i].coordinates = append(out[i].coordinates, coordinate)
			}
		}
	}
	return out
}

// answer tells about one field at one place.
func (w *asker) answer(f *choose.Field) string {
	var b strings.Builder
	if f.Hidden() {
		b.WriteString("  The client does not ask for it.\n")
		for _, line := range w.needs(f) {
			b.WriteString("    " + line + "\n")
		}
	}
	switch {
	case f.Denied:
		b.WriteString("  It is fetched from nowhere: the caller may not see it.\n")
	case len(f.By) == 0 && f.Place.Absent:
		b.WriteString("  It is fetched from nowhere: such an object cannot be here, for a subgraph that gives these objects does not know the type.\n")
	case len(f.By) == 0 && f.Place.Fork.Typename != nil:
		p := f.Place.Fork.Typename
		fmt.Fprintf(&b, "  The type of these objects is told by %s, fetch [%d].\n", w.stages.Tree.SubgraphName(p), w.stages.Merged.FetchOf(p).ID)
	case len(f.By) == 0:
		b.WriteString("  It is fetched from nowhere: the gateway knows the type of these objects.\n")
	default:
		for _, p := range f.By {
			w.origin(&b, f, p)
		}
		if f.Place.Unexpected {
			b.WriteString("  Such objects are not expected here: another subgraph that gives the same field does not know the type.\n")
		}
		if f.By[0].Node >= 0 {
			b.WriteString(w.alternatives(f))
		}
	}
	return b.String()
}
