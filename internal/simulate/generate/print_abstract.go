package generate

import (
	"fmt"
	"slices"
	"strings"
)

// known are the entities that the subgraph knows as members of an abstract type.
func (w *writer) known(a *abstract) []*entity { return w.knownIn(a, w.subgraph) }

// interfaceFields are the fields that all members have in the subgraph, as lines; nil when the interface is not there.
func (w *writer) interfaceFields(a *abstract) []string {
	known := w.known(a)
	if len(known) == 0 || w.isObject(w.subgraph) && a.name == "I" {
		return nil
	}
	var out []string
	for _, name := range a.fields {
		if slices.ContainsFunc(known, func(e *entity) bool { return !e.declares(name, w.subgraph) }) {
			continue
		}
		switch name {
		case "id", "code":
			out = append(out, name+": "+keyFields[name])
		case "twin":
			out = append(out, "twin: J")
		default:
			out = append(out, name+": String")
		}
	}
	return out
}

// interfaces defines the interfaces that are not there yet.
func (w *writer) interfaces() {
	for _, a := range w.abstracts {
		if fields := w.interfaceFields(a); !a.union && w.heads[a.name] == "" && fields != nil {
			w.interfaceType(a, fields)
		}
	}
}

func (w *writer) interfaceType(a *abstract, fields []string) {
	head := "interface " + a.name
	if a.name == "I" && w.abstract("N") != nil && slices.Contains(fields, "id: ID!") {
		head += " implements N"
	}
	if w.subgraph == 0 {
		for _, key := range a.keys {
			head += fmt.Sprintf(" @key(fields: %q)", key)
		}
	}
	w.define(a.name, head)
	w.types[a.name] = fields
	for _, v := range a.values {
		w.need(v.name)
		w.implement(v.name, a.name)
	}
}

// implement lets a type that is defined already implement an interface.
func (w *writer) implement(typ, name string) {
	w.heads[typ] = strings.Replace(w.heads[typ], "type "+typ, "type "+typ+" implements "+name, 1)
}

// abstractType defines an abstract type that a field returns. Where the subgraph knows no member, it has a stub for one.
func (w *writer) abstractType(a *abstract) {
	known := w.known(a)
	switch {
	case a.union:
		var members []string
		for _, e := range known {
			members = append(members, e.name)
		}
		for _, v := range a.values {
			w.need(v.name)
			members = append(members, v.name)
		}
		if len(members) == 0 {
			w.need(a.members[0].name)
			members = []string{a.members[0].name}
		}
		w.define(a.name, "union "+a.name+" = "+strings.Join(members, " | "))
	case len(known) > 0:
	case len(a.values) > 0:
		w.interfaceType(a, []string{"tag: String", "twin: J"})
	case !w.isObject(w.subgraph):
		w.define(a.name, "interface "+a.name)
		w.add(a.name, "id: ID!")
		stub := a.members[0].name
		w.need(stub)
		w.implement(stub, a.name)
	}
}
