package merge

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Print prints a schema document. Definitions come in the document's order: link and schema first, then directives,
// then types.
func Print(doc *ast.SchemaDocument) string {
	p := &printer{}
	p.b.Grow(estimate(doc))
	for _, s := range doc.Schema {
		p.description("", s.Description)
		p.text("schema")
		p.directiveLines(s.Directives)
		p.text("\n{\n")
		for _, o := range s.OperationTypes {
			p.text("  ", string(o.Operation), ": ", o.Type, "\n")
		}
		p.text("}\n\n")
	}
	for _, d := range doc.Directives {
		p.directiveDefinition(d)
	}
	for _, d := range doc.Definitions {
		p.definition(d)
	}
	return strings.TrimRight(p.b.String(), "\n") + "\n"
}

// estimate is about how long the text of a document will be.
func estimate(doc *ast.SchemaDocument) int {
	const perDefinition, perElement, perDirective = 40, 30, 40
	n := 0
	for _, d := range doc.Definitions {
		n += perDefinition + perDirective*len(d.Directives) + perElement*(len(d.Fields)+len(d.EnumValues)+len(d.Types))
		for _, f := range d.Fields {
			n += perDirective*len(f.Directives) + perElement*len(f.Arguments)
		}
		for _, v := range d.EnumValues {
			n += perDirective * len(v.Directives)
		}
	}
	return n
}

type printer struct{ b strings.Builder }

func (p *printer) text(parts ...string) {
	for _, s := range parts {
		p.b.WriteString(s)
	}
}

// description prints a description as a block string where that keeps it as it is, and else as a string.
func (p *printer) description(indent, text string) {
	if text == "" {
		return
	}
	if !blockable(text) {
		p.text(indent, quote(text), "\n")
		return
	}
	text = strings.ReplaceAll(text, `"""`, `\"""`)
	if !strings.Contains(text, "\n") && !strings.HasSuffix(text, `"`) && !strings.HasSuffix(text, `\`) {
		p.text(indent, `"""`, text, `"""`, "\n")
		return
	}
	p.text(indent, `"""`, "\n")
	for _, line := range strings.Split(text, "\n") {
		if line != "" {
			p.text(indent, line)
		}
		p.text("\n")
	}
	p.text(indent, `"""`, "\n")
}

// blockable reports whether a block string can hold the text without changing it: block strings drop blank lines at
// both ends and the indentation that all lines share.
func blockable(text string) bool {
	for _, r := range text {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return false
		}
	}
	lines := strings.Split(text, "\n")
	blank := func(s string) bool { return strings.Trim(s, " \t") == "" }
	if blank(lines[0]) || blank(lines[len(lines)-1]) {
		return false
	}
	for _, line := range lines {
		if !blank(line) && line[0] != ' ' && line[0] != '\t' {
			return true
		}
	}
	return false
}

func (p *printer) directiveLines(ds ast.DirectiveList) {
	for _, d := range ds {
		p.text("\n  ")
		p.directive(d)
	}
}

func (p *printer) directives(ds ast.DirectiveList) {
	for _, d := range ds {
		p.text(" ")
		p.directive(d)
	}
}

func (p *printer) directive(d *ast.Directive) {
	p.text("@", d.Name)
	if len(d.Arguments) > 0 {
		p.text("(")
		for i, a := range d.Arguments {
			if i > 0 {
				p.text(", ")
			}
			p.text(a.Name, ": ", printValue(a.Value))
		}
		p.text(")")
	}
}

func (p *printer) directiveDefinition(d *ast.DirectiveDefinition) {
	p.description("", d.Description)
	p.text("directive @", d.Name)
	p.arguments(d.Arguments, "")
	if d.IsRepeatable {
		p.text(" repeatable")
	}
	p.text(" on ")
	for i, l := range d.Locations {
		if i > 0 {
			p.text(" | ")
		}
		p.text(string(l))
	}
	p.text("\n\n")
}

var keywords = map[ast.DefinitionKind]string{
	ast.Scalar: "scalar", ast.Object: "type", ast.Interface: "interface", ast.Union: "union", ast.Enum: "enum", ast.InputObject: "input",
}

func (p *printer) definition(d *ast.Definition) {
	p.description("", d.Description)
	p.text(keywords[d.Kind], " ", d.Name)
	if len(d.Interfaces) > 0 {
		p.text(" implements ", strings.Join(d.Interfaces, " & "))
	}
	p.directiveLines(d.Directives)
	switch {
	case d.Kind == ast.Union && len(d.Types) > 0:
		if len(d.Directives) > 0 {
			p.text("\n")
		}
		p.text(" = ", strings.Join(d.Types, " | "))
	case len(d.EnumValues) > 0:
		p.open(d)
		for _, v := range d.EnumValues {
			p.description("  ", v.Description)
			p.text("  ", v.Name)
			p.directives(v.Directives)
			p.text("\n")
		}
		p.text("}")
	case len(d.Fields) > 0:
		p.open(d)
		for _, f := range d.Fields {
			p.field(f)
		}
		p.text("}")
	}
	p.text("\n\n")
}

func (p *printer) open(d *ast.Definition) {
	if len(d.Directives) > 0 {
		p.text("\n{\n")
	} else {
		p.text(" {\n")
	}
}

func (p *printer) field(f *ast.FieldDefinition) {
	p.description("  ", f.Description)
	p.text("  ", f.Name)
	p.arguments(f.Arguments, "  ")
	p.text(": ", f.Type.String())
	if f.DefaultValue != nil {
		p.text(" = ", printValue(f.DefaultValue))
	}
	p.directives(f.Directives)
	p.text("\n")
}

// arguments prints the arguments of a field or a directive: on one line, or one a line when any has a description.
func (p *printer) arguments(as ast.ArgumentDefinitionList, indent string) {
	if len(as) == 0 {
		return
	}
	lines := false
	for _, a := range as {
		lines = lines || a.Description != ""
	}
	p.text("(")
	for i, a := range as {
		switch {
		case lines:
			p.text("\n")
			p.description(indent+"  ", a.Description)
			p.text(indent, "  ")
		case i > 0:
			p.text(", ")
		}
		p.text(a.Name, ": ", a.Type.String())
		if a.DefaultValue != nil {
			p.text(" = ", printValue(a.DefaultValue))
		}
		p.directives(a.Directives)
	}
	if lines {
		p.text("\n", indent)
	}
	p.text(")")
}

// printValue prints a literal.
func printValue(v *ast.Value) string {
	switch {
	case v == nil:
		return "null"
	case v.Kind == ast.ListValue:
		parts := make([]string, len(v.Children))
		for i, c := range v.Children {
			parts[i] = printValue(c.Value)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case v.Kind == ast.ObjectValue:
		parts := make([]string, len(v.Children))
		for i, c := range v.Children {
			parts[i] = c.Name + ": " + printValue(c.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case v.Kind == ast.StringValue || v.Kind == ast.BlockValue:
		return quote(v.Raw)
	case v.Kind == ast.Variable:
		return "$" + v.Raw
	}
	return v.Raw
}

func printArguments(as ast.ArgumentList) string {
	parts := make([]string, len(as))
	for i, a := range as {
		parts[i] = a.Name + ": " + printValue(a.Value)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// quote prints text as a string literal.
func quote(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ' || r == 0x7f:
			b.WriteString(`\u00`)
			b.WriteByte(hex[r>>4])
			b.WriteByte(hex[r&15])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
