package contract

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/merge"
)

// clashes tells where the contract's API schema would be none.
func (m *marker) clashes() []diagnostic.Diagnostic {
	var found []diagnostic.Diagnostic
	for _, c := range merge.CheckInaccessible(m.doc, m.inaccessible) {
		if c.Hidden != "" && m.why[c.Hidden] == (cause{}) {
			continue // the supergraph itself has it so, and is served so
		}
		d := diagnostic.Diagnostic{
			Code: c.Code, Severity: diagnostic.Error, Coordinate: c.Coordinate, Message: m.explain(c), Locations: m.place(c),
		}
		if c.Code == diagnostic.QueryRootTypeInaccessible {
			return []diagnostic.Diagnostic{d} // what is said beyond this follows from it
		}
		found = append(found, d)
	}
	return found
}

// explain says what is wrong, why the contract hides what it hides, and what would help.
func (m *marker) explain(c merge.Clash) string {
	why := m.why[c.Hidden]
	switch c.Code {
	case diagnostic.QueryRootTypeInaccessible:
		return fmt.Sprintf("the contract leaves no query: it hides the type %q, as %s; %s", c.Hidden, why.clause, m.help(c, why))
	case diagnostic.ReferencedInaccessible:
		return fmt.Sprintf("the contract hides the type %q, as %s, but not %q, which is of that type; %s", c.Hidden, why.clause, c.Shown, m.help(c, why))
	case diagnostic.ImplementedByInaccessible:
		return fmt.Sprintf("the contract hides %q, as %s, but not %q, which it implements; %s", c.Hidden, why.clause, c.Shown, m.help(c, why))
	case diagnostic.RequiredInaccessible:
		return fmt.Sprintf("the contract hides %q, as %s, but it is required and clients could not give it; make it optional, or exclude also what takes it", c.Hidden, why.clause)
	case diagnostic.DefaultValueUsesInaccessible:
		return fmt.Sprintf("the contract hides %q, as %s, but not %q, whose default value uses it; %s", c.Hidden, why.clause, c.Shown, m.help(c, why))
	}
	return c.Message
}

// help is what to do where one element is hidden and another, which needs it, is not.
func (m *marker) help(c merge.Clash, why cause) string {
	including := len(m.filter.Include) > 0 && !why.excluded
	tags := quoted(m.filter.Include, " or ")
	switch {
	case c.Shown == "" && including:
		return fmt.Sprintf("tag fields of it %s", tags)
	case c.Shown == "":
		return "exclude less"
	case !including:
		return fmt.Sprintf("exclude %q too, or neither", c.Shown)
	case c.Code == diagnostic.ReferencedInaccessible:
		return fmt.Sprintf("tag %q or fields of it %s, or do not tag %q so", c.Hidden, tags, c.Shown)
	}
	return fmt.Sprintf("tag %q %s too, or do not tag %q so", c.Hidden, tags, c.Shown)
}

// place is where the supergraph defines what is wrong.
func (m *marker) place(c merge.Clash) []diagnostic.Location {
	typ, field, argument := coordinate(c.Coordinate)
	d := m.byName[typ]
	if d == nil {
		return nil
	}
	at := position(d, field, argument)
	if at == nil {
		return nil
	}
	return []diagnostic.Location{{Line: at.Line, Column: at.Column}}
}

// coordinate takes a schema coordinate apart: "Type", "Type.field", "Type.field(argument:)".
func coordinate(text string) (typ, field, argument string) {
	element, argument, _ := strings.Cut(text, "(")
	typ, field, _ = strings.Cut(element, ".")
	return typ, field, strings.TrimSuffix(argument, ":)")
}

// position is where a type, a field of it or an argument of that is defined; nil where it is not.
func position(d *ast.Definition, field, argument string) *ast.Position {
	if field == "" {
		return d.Position
	}
	f := d.Fields.ForName(field)
	if f == nil {
		return nil
	}
	if argument == "" {
		return f.Position
	}
	if a := f.Arguments.ForName(argument); a != nil {
		return a.Position
	}
	return nil
}
