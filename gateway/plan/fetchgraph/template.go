package fetchgraph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Template is the document of a fetch that asks for entities with values from contexts. Entities that need other values are
// asked for in another copy of their group's `_entities` field, with variables of its own, so the document depends on how
// many different values there are.
type Template struct {
	name   string // of the operation
	groups []templateGroup
	// declarations are the definitions of the client's variables.
	declarations string
	directives   string // of the whole
	fragments    string // the definitions of those that groups use
	prefix       string
}

// templateGroup is one `_entities` field.
type templateGroup struct {
	// text is what is asked of the entities, cut where a variable's name stands; uses[i] is the variable after text[i].
	text []string
	uses []int
	// types are the types of the variables.
	types []string
}

const representations = "representations"

// Alias is the response name of a copy of a group.
func (t *Template) Alias(group, copy int) string {
	return copied("_entities", "_e", len(t.groups), group, copy)
}

// Variable is the name of the variable for a copy's representations.
func (t *Template) Variable(group, copy int) string {
	return t.prefix + copied(representations, "r", len(t.groups), group, copy)
}

// ContextVariable is the name of the variable for a copy's value number i.
func (t *Template) ContextVariable(group, copy, i int) string {
	name := t.prefix + "c"
	if len(t.groups) > 1 {
		name += strconv.Itoa(group) + "_"
	}
	name += strconv.Itoa(i)
	if copy > 0 {
		name += "_" + strconv.Itoa(copy)
	}
	return name
}

// Types are the types of a group's variables for values from contexts.
func (t *Template) Types(group int) []string { return t.groups[group].types }

// copied names a copy of a group: alone is the name of an only group.
func copied(alone, one string, groups, group, copy int) string {
	name := alone
	if groups > 1 {
		name = one + strconv.Itoa(group)
	}
	if copy > 0 {
		name += "_" + strconv.Itoa(copy)
	}
	return name
}

// Document writes the document for so many copies of each group, at least one.
func (t *Template) Document(copies []int) string {
	var b strings.Builder
	b.WriteString(operationHead(ast.Query, t.name, "") + "(")
	for g := range t.groups {
		for c := range copies[g] {
			if g+c > 0 {
				b.WriteByte(',')
			}
			b.WriteString("$" + t.Variable(g, c) + ":[_Any!]!")
			for i, typ := range t.groups[g].types {
				b.WriteString(",$" + t.ContextVariable(g, c, i) + ":" + typ)
			}
		}
	}
	if t.declarations != "" {
		b.WriteString("," + t.declarations)
	}
	b.WriteString(")" + t.directives + "{")
	for g := range t.groups {
		for c := range copies[g] {
			if g+c > 0 {
				b.WriteByte(' ')
			}
			t.field(&b, g, c)
		}
	}
	b.WriteByte('}')
	b.WriteString(t.fragments)
	return b.String()
}

// Size is about how long the document is for so many copies of each group.
func (t *Template) Size(copies []int) int {
	const names = 64 // and definitions
	n := len(t.declarations) + len(t.fragments)
	for g := range t.groups {
		one := names
		for _, text := range t.groups[g].text {
			one += len(text) + names/2
		}
		n += copies[g] * one
	}
	return n
}

func (t *Template) field(b *strings.Builder, g, c int) {
	if alias := t.Alias(g, c); alias != "_entities" {
		b.WriteString(alias + ":")
	}
	b.WriteString("_entities(" + representations + ":$" + t.Variable(g, c) + "){")
	group := &t.groups[g]
	for i, text := range group.text {
		b.WriteString(text)
		if i < len(group.uses) {
			b.WriteString(t.ContextVariable(g, c, group.uses[i]))
		}
	}
	b.WriteByte('}')
}

// template makes the template of a fetch whose groups were written.
func (g *Graph) template(f *Fetch, texts []string) *Template {
	t := &Template{prefix: g.prefix}
	for i, group := range f.Groups {
		own := templateGroup{}
		for j, piece := range strings.Split(texts[i], mark) {
			if j%2 == 0 {
				own.text = append(own.text, piece)
			} else if n, err := strconv.Atoi(piece); err == nil {
				own.uses = append(own.uses, n)
			}
		}
		for _, c := range ContextsOf(group.Targets[0]) {
			own.types = append(own.types, c.Type)
		}
		t.groups = append(t.groups, own)
	}
	return t
}

// contextual reports whether entities are asked for with values from contexts.
func (f *Fetch) contextual() bool {
	return slices.ContainsFunc(f.Groups, func(group *Group) bool { return len(ContextsOf(group.Targets[0])) > 0 })
}
