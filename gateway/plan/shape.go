package plan

import (
	"fmt"
	"strings"

	"github.com/weft-gateway/weft/gateway/response"
)

// Describe writes the compiled plan as a person reads it: the fetches, then how the response is put together from their
// answers. Each object of the response is a row of slots, filled by answers; "0.name" is the member name of the answer in
// slot 0.
func (p *Plan) Describe() string {
	d := &describer{plan: p}
	d.WriteString(p.Explain().Text() + "\nresponse\n")
	for i, fetch := range p.Roots {
		fmt.Fprintf(d, "  slot %d: the answer of [%d]\n", i, fetch)
	}
	d.object(p.Root, "  ")
	return d.String()
}

type describer struct {
	strings.Builder
	plan *Plan
}

func (d *describer) object(o *response.Object, indent string) {
	if len(o.Before) > 0 {
		d.WriteString(indent + "before the type is known\n")
		d.fields(o.Before, indent+"  ")
	}
	next := d.links(o.Links, o.Inherited, indent)
	if o.TypeName.Slot >= 0 {
		d.WriteString(indent + "the type is " + d.source(o.TypeName) + "\n")
	}
	for _, c := range o.Cases {
		inner := indent
		if c.Types != nil {
			d.WriteString(indent + "on " + strings.Join(c.Types, ", ") + "\n")
			inner += "  "
		}
		d.links(c.Links, next, inner)
		d.fields(c.Fields, inner)
	}
}

func (d *describer) links(links []response.Link, next int, indent string) int {
	for _, l := range links {
		f := d.plan.Fetches[l.Fetch]
		member := ""
		if f.Kind == Entities {
			member = d.plan.Names.Text(f.Groups[l.Group].Name) + " of "
		}
		fmt.Fprintf(d, "%sslot %d: %s[%d] for slot %d\n", indent, next, member, l.Fetch, l.From)
		next++
	}
	return next
}

func (d *describer) fields(fields []response.Field, indent string) {
	for _, f := range fields {
		d.WriteString(indent + f.Name + " · " + f.Coordinate)
		switch {
		case f.Kind == response.Denied:
			d.WriteString(" · denied")
		case f.Kind == response.TypeName && f.Constant != "":
			fmt.Fprintf(d, " = %q", f.Constant)
		case f.Kind == response.TypeName:
			d.WriteString(" = the type")
		default:
			for i, s := range f.Sources {
				d.WriteString([]string{" = ", " and "}[min(i, 1)] + d.source(s))
			}
		}
		if f.Hidden {
			d.WriteString(" · not written")
		}
		if text := response.ConditionText(d.plan.Conditions, f.Cond, d.plan.ConditionVariables); text != "" {
			d.WriteString(" · when " + text)
		}
		d.WriteByte('\n')
		if f.Object != nil {
			d.object(f.Object, indent+"  ")
		}
	}
}

func (d *describer) source(s response.Source) string {
	return fmt.Sprintf("%d.%s", s.Slot, d.plan.Names.Text(s.Name))
}
