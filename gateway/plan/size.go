package plan

import (
	"unsafe"

	"github.com/weft-gateway/weft/gateway/response"
)

// Size is about how many bytes a plan keeps, and what is compiled of it to run it. A plan of a short operation can be large:
// a selection on an interface stands for one on each of its types.
func (p *Plan) Size() int {
	size := int(unsafe.Sizeof(*p)) + objectSize(p.Root)
	for _, c := range p.Conditions {
		for _, term := range c.Terms {
			size += sizeOf(len(term), response.Literal{})
		}
	}
	for _, f := range p.Fetches {
		size += int(unsafe.Sizeof(*f)) + 2*len(f.Operation) // the request's body has it, too
		for _, g := range f.Groups {
			size += int(unsafe.Sizeof(g))
			for _, t := range g.Targets {
				size += targetSize(t)
			}
		}
	}
	return size
}

func sizeOf[T any](n int, one T) int { return n * int(unsafe.Sizeof(one)) }

func objectSize(o *response.Object) int {
	if o == nil {
		return 0
	}
	size := int(unsafe.Sizeof(*o)) + sizeOf(len(o.Links), response.Link{}) + fieldsSize(o.Before)
	for i := range o.Cases {
		c := &o.Cases[i]
		size += int(unsafe.Sizeof(*c)) + sizeOf(len(c.Types), "") + sizeOf(len(c.Links), response.Link{}) +
			sizeOf(len(c.Order), response.Turn{}) + fieldsSize(c.Fields)
	}
	return size
}

func fieldsSize(fields []response.Field) int {
	size := 0
	for i := range fields {
		f := &fields[i]
		size += int(unsafe.Sizeof(*f)) + sizeOf(len(f.Sources), response.Source{}) + objectSize(f.Object)
	}
	return size
}

// targetSize counts a target twice: the program that runs the plan has what is sent for it laid out anew.
func targetSize(t Target) int {
	return int(unsafe.Sizeof(t)) + 2*(sizeOf(len(t.Route.Steps), response.Step{})+representationSize(t.Representation))
}

func representationSize(r *response.Representation) int {
	if r == nil {
		return 0
	}
	size := int(unsafe.Sizeof(*r)) + sizeOf(len(r.Cases), response.RepresentationCase{})
	for _, c := range r.Cases {
		for _, f := range c.Fields {
			size += int(unsafe.Sizeof(f)) + representationSize(f.Object)
		}
	}
	return size
}
