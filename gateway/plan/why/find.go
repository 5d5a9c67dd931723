package why

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan/choose"
)

// named is a field of the operation with the ways to name it.
type named struct {
	*choose.Field
	// path is its response path, and schema the same with the names of fields in place of aliases. Neither has [] after lists.
	path, schema string
}

func responseName(f *choose.Field) string {
	if f.Op != nil {
		return f.Op.Response
	}
	return f.Name
}

// fieldsOf are all fields of an operation, in the order of the response.
func fieldsOf(t *choose.Tree) []named {
	at := map[*choose.Field]named{}
	var out []named
	eachPlace(t.Root, func(*choose.Fork) {}, func(p *choose.Place) {
		for _, f := range p.Fields {
			n := named{Field: f, path: responseName(f), schema: f.Name}
			if parent, ok := at[p.Fork.Field]; ok {
				n.path, n.schema = parent.path+"."+n.path, parent.schema+"."+n.schema
			}
			at[f] = n
			out = append(out, n)
		}
	})
	return out
}

// eachPlace goes through what is selected, each fork before its places and each place before what lies under its fields.
func eachPlace(f *choose.Fork, fork func(*choose.Fork), place func(*choose.Place)) {
	fork(f)
	places := f.Places
	if f.Before != nil {
		places = slices.Concat([]*choose.Place{f.Before}, places)
	}
	for _, p := range places {
		place(p)
		for _, field := range p.Fields {
			if field.Fork != nil {
				eachPlace(field.Fork, fork, place)
			}
		}
	}
}

// find returns the fields that a coordinate or a response path means. A name of a type goes before a response name.
func (w *asker) find(field string) []*choose.Field {
	types, name := w.coordinate(field)
	path := strings.ReplaceAll(field, "[]", "")
	var out []*choose.Field
	for _, f := range w.fields {
		meant := f.path == path
		if types != nil {
			meant = f.Name == name && on(f, types)
		}
		if meant {
			out = append(out, f.Field)
		}
	}
	return out
}

// coordinate takes a coordinate apart: the object types that it is about (nil: it is none), and the field's name.
func (w *asker) coordinate(field string) (types []string, name string) {
	typ, name, ok := strings.Cut(field, ".")
	if ok && w.planner.Graph.Supergraph.Definition(typ) != nil {
		return w.planner.Graph.PossibleTypes(typ), name
	}
	return nil, ""
}

func on(f named, types []string) bool {
	return slices.ContainsFunc(f.Place.Types, func(t string) bool { return slices.Contains(types, t) })
}

// unknown says that the operation does not ask for a field, and what may be meant.
func (w *asker) unknown(field string) error {
	said := "the operation does not ask for " + field
	if types, name := w.coordinate(field); len(types) > 0 {
		typ, _, _ := strings.Cut(field, ".")
		if w.planner.Graph.Supergraph.Definition(typ).Fields.ForName(name) == nil {
			said = fmt.Sprintf("%s has no field %s", typ, name)
		}
	}
	if meant := w.meant(field); len(meant) > 0 {
		last := len(meant) - 1
		text := meant[last]
		if last > 0 {
			text = strings.Join(meant[:last], ", ") + " or " + text
		}
		return fmt.Errorf("%s: did you mean %s?", said, text)
	}
	if types, _ := w.coordinate(field); types != nil {
		if asked := w.askedOf(types); len(asked) > 0 {
			typ, _, _ := strings.Cut(field, ".")
			return fmt.Errorf("%s: of %s it asks for %s", said, typ, choose.Listed(asked))
		}
	} else if at, here, _ := w.follow(strings.ReplaceAll(field, "[]", "")); at != "" && len(here) > 0 {
		return fmt.Errorf("%s: at %s it asks for %s", said, strings.TrimSuffix(at, "."), choose.Listed(here))
	}
	for _, f := range w.fields {
		if !f.Hidden() && f.Fork == nil && f.Name != "__typename" {
			return fmt.Errorf("%s: give a coordinate such as %s, or a response path such as %s", said, f.Place.Types[0]+"."+f.Name, f.path)
		}
	}
	return fmt.Errorf("%s: give a coordinate such as Type.field, or a response path such as a.b", said)
}

// askedOf are the names of the fields that are asked of object types, each once.
func (w *asker) askedOf(types []string) []string {
	var names []string
	for _, f := range w.fields {
		if on(f, types) && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// maxMeant bounds how many fields a message proposes.
const maxMeant = 5

// meant are fields of the operation that may be meant by something that names none: coordinates where that is one, else
// response paths.
func (w *asker) meant(field string) []string {
	var out []string
	add := func(text string) {
		if len(out) < maxMeant && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if types, name := w.coordinate(field); types != nil {
		typ, _, _ := strings.Cut(field, ".")
		for _, near := range operation.Closest(name, w.askedOf(types)) {
			add(typ + "." + near)
		}
		return out
	}
	path := strings.ReplaceAll(field, "[]", "")
	for _, f := range w.fields { // an alias was not thought of
		if f.schema == path {
			add(f.path)
		}
	}
	for _, near := range w.near(path) {
		add(near)
	}
	last := path[strings.LastIndexByte(path, '.')+1:]
	for _, f := range w.fields { // the way there was left out, or is another
		if f.Name == last || responseName(f.Field) == last {
			add(f.path)
		}
	}
	return out
}

// near are the response paths that go on from where a path is lost, with a name like its next one.
func (w *asker) near(path string) []string {
	at, here, rest := w.follow(path)
	if len(rest) == 0 {
		return nil
	}
	var out []string
	for _, name := range operation.Closest(rest[0], here) {
		whole := strings.Join(append([]string{at + name}, rest[1:]...), ".")
		if !slices.ContainsFunc(w.fields, func(f named) bool { return f.path == whole }) {
			whole = at + name
		}
		out = append(out, whole)
	}
	return out
}

// follow goes along a response path as far as it leads: to at (with a dot behind it), where there is what is here, and rest is
// left of the path.
func (w *asker) follow(path string) (at string, here, rest []string) {
	rest = strings.Split(path, ".")
	for len(rest) > 0 {
		here = nil
		for _, f := range w.fields {
			if name, ok := strings.CutPrefix(f.path, at); ok && !strings.Contains(name, ".") && !slices.Contains(here, name) {
				here = append(here, name)
			}
		}
		if !slices.Contains(here, rest[0]) {
			break
		}
		at, rest = at+rest[0]+".", rest[1:]
	}
	return at, here, rest
}
