package contract

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// hideUnreachable hides the types that no operation can come to.
func (m *marker) hideUnreachable() {
	r := &reach{marker: m, objects: m.implementations(), types: map[string]way{}}
	for _, o := range m.doc.Schema[0].OperationTypes {
		r.come(o.Type, returned)
	}
	for _, d := range m.types {
		if len(m.filter.Include) > 0 && m.included(m.tags(d.Directives)) {
			r.come(d.Name, returned)
		}
	}
	for _, d := range m.doc.Directives {
		// Operations may apply it; and what no operation applies stays whole, as nothing of it can be hidden.
		for _, a := range d.Arguments {
			r.come(a.Type.Name(), returned)
		}
	}
	for len(r.todo) > 0 {
		name := r.todo[len(r.todo)-1]
		r.todo = r.todo[:len(r.todo)-1]
		r.from(m.byName[name], r.types[name])
	}
	for _, d := range m.types {
		if r.types[d.Name] == 0 {
			m.hide(d.Name, &d.Directives, cause{clause: "nothing that is left leads to it"})
		}
	}
}

// way is how operations come to a type; a greater one includes the lesser.
type way int

const (
	// mentioned: an object that operations come to implements it, or a field of such an interface is of this type. Values
	// are what the object's own fields return, so that other implementations are not come to by this alone.
	mentioned way = iota + 1
	// returned: a field returns it, or an argument takes it.
	returned
)

type reach struct {
	*marker
	objects map[string][]*ast.Definition
	types   map[string]way
	todo    []string
}

func (r *reach) come(name string, w way) {
	if r.shown(name) == nil || r.types[name] >= w {
		return
	}
	r.types[name] = w
	r.todo = append(r.todo, name)
}

// from follows what a type leads to.
func (r *reach) from(d *ast.Definition, w way) {
	for _, f := range d.Fields {
		if r.hidden(f.Directives) {
			continue
		}
		r.come(f.Type.Name(), w)
		for _, a := range f.Arguments {
			if !r.hidden(a.Directives) {
				r.come(a.Type.Name(), returned)
			}
		}
	}
	for _, name := range d.Interfaces {
		r.come(name, mentioned)
	}
	if w < returned {
		return
	}
	for _, o := range r.objects[d.Name] {
		r.come(o.Name, returned)
	}
	for _, name := range d.Types {
		r.come(name, returned)
	}
}
