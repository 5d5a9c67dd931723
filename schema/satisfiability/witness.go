package satisfiability

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// operation writes a valid operation of the API schema that leads to a state and asks there for a field; for the type of
// the object when the field is nil.
func (w *walk) operation(i int, last *ast.FieldDefinition) string {
	var path []int
	for at := i; at >= 0; at = w.states[at].parent {
		path = append(path, at)
	}
	slices.Reverse(path)

	o := operation{}
	root := w.api.Types[w.states[path[0]].object.name]
	var body strings.Builder
	closing := 0
	open := func(text string) {
		body.WriteString(text + " {")
		body.WriteByte('\n')
		closing++
		body.WriteString(strings.Repeat("  ", closing))
	}
	open("")
	for _, at := range path[1:] {
		s := &w.states[at]
		open(o.field(s.field))
		if s.field.Type.Name() != s.object.name {
			open("... on " + s.object.name)
		}
	}
	if last == nil {
		body.WriteString("__typename")
	} else {
		text := o.field(last)
		if def := w.api.Types[last.Type.Name()]; def != nil && def.IsCompositeType() {
			text += " { __typename }"
		}
		body.WriteString(text)
	}
	for ; closing > 0; closing-- {
		body.WriteString("\n" + strings.Repeat("  ", closing-1) + "}")
	}
	return w.keyword(root) + o.head() + body.String()
}

func (w *walk) keyword(root *ast.Definition) string {
	switch root {
	case w.api.Mutation:
		return "mutation"
	case w.api.Subscription:
		return "subscription"
	}
	return "query"
}

// operation collects the variables for the arguments that must be given.
type operation struct{ variables []string }

func (o *operation) field(f *ast.FieldDefinition) string {
	var args []string
	for _, a := range f.Arguments {
		if !a.Type.NonNull || a.DefaultValue != nil {
			continue
		}
		name := a.Name
		for n := 2; slices.ContainsFunc(o.variables, func(v string) bool { return strings.HasPrefix(v, "$"+name+": ") }); n++ {
			name = fmt.Sprintf("%s%d", a.Name, n)
		}
		o.variables = append(o.variables, fmt.Sprintf("$%s: %s", name, a.Type))
		args = append(args, fmt.Sprintf("%s: $%s", a.Name, name))
	}
	if len(args) == 0 {
		return f.Name
	}
	return f.Name + "(" + strings.Join(args, ", ") + ")"
}

func (o *operation) head() string {
	if len(o.variables) == 0 {
		return ""
	}
	return " (" + strings.Join(o.variables, ", ") + ")"
}
