package operation

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/response"
)

// maxDescription bounds the text of Describe in bytes: a small document can be a large normalised operation.
const maxDescription = 1 << 20

// Describe writes the normalised operation as a person reads it: fields by object type, in response order, each with the
// condition under which it is part of the response.
func (o *Operation) Describe() string {
	d := &describer{operation: o}
	d.WriteString(strings.TrimSpace(string(o.Kind)+" "+o.Name) + "\n")
	d.set(o.Root, "  ")
	if d.Len() > maxDescription {
		d.WriteString("… and so on: the whole is too long to be read\n")
	}
	return d.String()
}

type describer struct {
	strings.Builder
	operation *Operation
}

func (d *describer) set(s *SelectionSet, indent string) {
	for _, c := range s.Cases {
		inner := indent
		if len(s.Cases) > 1 {
			d.WriteString(indent + "on " + strings.Join(c.Types, ", ") + "\n")
			inner += "  "
		}
		for _, f := range c.Fields {
			if d.Len() > maxDescription {
				return
			}
			d.field(f, inner)
		}
	}
}

func (d *describer) field(f *Field, indent string) {
	d.WriteString(indent + FieldText(f.Response, f.Name, f.Arguments))
	if f.Definition != nil {
		d.WriteString(": " + f.Definition.Type.String())
	}
	if text := response.ConditionText(d.operation.Conditions, f.Cond, d.operation.ConditionVariables); text != "" {
		d.WriteString(" · when " + text)
	}
	if r := d.operation.Requirements; f.Requirement > 0 && f.Requirement < len(r) {
		fmt.Fprintf(d, " · for who may see %s", strings.Join(r[f.Requirement].Coordinates, ", "))
	}
	d.WriteByte('\n')
	if f.Set != nil {
		d.set(f.Set, indent+"  ")
	}
}

// FieldText writes a field as a document does: its alias if it has one, its name and its arguments.
func FieldText(alias, name string, arguments ast.ArgumentList) string {
	var b strings.Builder
	if alias != "" && alias != name {
		b.WriteString(alias + ": ")
	}
	b.WriteString(name)
	for i, a := range arguments {
		b.WriteString([]string{"(", ", "}[min(i, 1)] + a.Name + ": " + a.Value.String())
	}
	if len(arguments) > 0 {
		b.WriteByte(')')
	}
	return b.String()
}
