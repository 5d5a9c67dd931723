package check

import (
	"fmt"
	"slices"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// shape checks how the shape of the response and the fetches fit together: every slot is filled, every target of a fetch
// is linked once and at the place to which its route leads, and each fetch waits for what it reads.
func (k *check) shape() error {
	s := &shapeCheck{check: k, linked: map[[3]int]bool{}}
	slots := slices.Clone(k.plan.Roots)
	for _, i := range slots {
		if i < 0 || i >= len(k.plan.Fetches) || len(k.plan.Fetches[i].Groups) > 0 {
			return fmt.Errorf("the root is filled by fetch %d, which is none for the root", i)
		}
	}
	for i, f := range k.plan.Fetches {
		if len(f.Groups) == 0 && !slices.Contains(slots, i) {
			return fmt.Errorf("fetch %d fills nothing", i)
		}
	}
	if err := s.object(k.plan.Root, slots, nil, ""); err != nil {
		return err
	}
	for i, f := range k.plan.Fetches {
		for j, g := range f.Groups {
			for n := range g.Targets {
				if !s.linked[[3]int{i, j, n}] {
					return fmt.Errorf("fetch %d: group %d, target %d is linked nowhere", i, j, n)
				}
			}
		}
	}
	return nil
}

// shapeCheck follows the shape with, for each slot, the fetch whose answer fills it.
type shapeCheck struct {
	*check
	linked map[[3]int]bool
	above  []frame // the objects on the way, from the root on
}

func (k *shapeCheck) object(o *response.Object, slots []int, steps []response.Step, path string) error {
	if len(slots) != o.Inherited {
		return fmt.Errorf("%s: %d slots are filled, %d expected", path, len(slots), o.Inherited)
	}
	inherited := slots
	for i := range o.Before {
		f := &o.Before[i]
		if err := k.field(o, f, inherited, append(slices.Clone(steps), response.Step{Case: -1, Field: i}), path+"."+f.Name); err != nil {
			return err
		}
	}
	slots, err := k.links(o.Links, slots, response.Route{Steps: steps, Case: -1}, path)
	if err != nil {
		return err
	}
	if len(o.Before) > 0 {
		for _, l := range o.Links {
			if err := k.represented(l, o, 0, o.Before, inherited, path); err != nil {
				return err
			}
		}
	}
	if o.TypeName.Slot >= len(slots) {
		return fmt.Errorf("%s: the runtime type is read from slot %d of %d", path, o.TypeName.Slot, len(slots))
	}
	if o.TypeName.Slot < 0 && len(o.Cases) > 1 {
		return fmt.Errorf("%s: nothing tells which of %d cases an object is", path, len(o.Cases))
	}
	for i := range o.Cases {
		all, err := k.links(o.Cases[i].Links, slots, response.Route{Steps: steps, Case: i}, path)
		if err != nil {
			return err
		}
		for _, l := range o.Cases[i].Links {
			if f := k.plan.Fetches[l.Fetch]; o.Cases[i].Types != nil && !k.after(f, slots[o.TypeName.Slot]) {
				return fmt.Errorf("%s: fetch %d is for objects of some types only, and does not wait for what tells the type", path, f.ID)
			}
			if err := k.represented(l, o, i, o.Cases[i].Fields, all, path); err != nil {
				return err
			}
			own := frame{object: o, kase: i, slots: all}
			if fields := o.Cases[i].Fields; len(fields) > 0 {
				own = frameOf(o, i, &fields[0], all)
			}
			if err := k.values(l, own, path); err != nil {
				return err
			}
		}
		for j := range o.Cases[i].Fields {
			f := &o.Cases[i].Fields[j]
			if err := k.field(o, f, all, append(slices.Clone(steps), response.Step{Case: i, Field: j}), path+"."+f.Name); err != nil {
				return err
			}
		}
		for _, t := range o.Cases[i].Order {
			if t.Field < 0 || t.Field >= len(o.Cases[i].Fields) {
				return fmt.Errorf("%s: the order names field %d of %d", path, t.Field, len(o.Cases[i].Fields))
			}
		}
	}
	return nil
}

// links checks the links at the end of a route and adds their slots.
func (k *shapeCheck) links(links []response.Link, slots []int, at response.Route, path string) ([]int, error) {
	out := slices.Clone(slots)
	for _, l := range links {
		if l.From < 0 || l.From >= len(out) || l.Fetch < 0 || l.Fetch >= len(k.plan.Fetches) {
			return nil, fmt.Errorf("%s: a link from slot %d to fetch %d", path, l.From, l.Fetch)
		}
		f := k.plan.Fetches[l.Fetch]
		if l.Group >= len(f.Groups) || l.Target >= len(f.Groups[l.Group].Targets) {
			return nil, fmt.Errorf("%s: a link to group %d, target %d of fetch %d", path, l.Group, l.Target, l.Fetch)
		}
		t := f.Groups[l.Group].Targets[l.Target]
		if t.Slot != len(out) || t.From != l.From {
			return nil, fmt.Errorf("%s: fetch %d fills slot %d from %d, its link slot %d from %d", path, l.Fetch, t.Slot, t.From, len(out), l.From)
		}
		if t.Route.Case != at.Case || !sameSteps(t.Route.Steps, at.Steps) {
			return nil, fmt.Errorf("%s: fetch %d is linked here, and its route leads to %v, case %d", path, l.Fetch, t.Route.Steps, t.Route.Case)
		}
		if int(t.Cond) >= len(k.plan.Conditions) {
			return nil, fmt.Errorf("%s: fetch %d is for it under condition %d of %d", path, l.Fetch, t.Cond, len(k.plan.Conditions))
		}
		id := [3]int{l.Fetch, l.Group, l.Target}
		if k.linked[id] {
			return nil, fmt.Errorf("%s: fetch %d, group %d, target %d is linked twice", path, l.Fetch, l.Group, l.Target)
		}
		k.linked[id] = true
		if !k.after(f, out[l.From]) {
			return nil, fmt.Errorf("%s: fetch %d links to objects of fetch %d, for which it does not wait", path, l.Fetch, out[l.From])
		}
		if err := k.types(l, path); err != nil {
			return nil, err
		}
		out = append(out, l.Fetch)
	}
	return out, nil
}

// after reports whether a fetch runs after another.
func (k *shapeCheck) after(f *plan.Fetch, other int) bool { return k.waits[f.ID][other] }

// afterSlot reports whether a fetch runs after the one that fills a slot, if there is such a slot.
func (k *shapeCheck) afterSlot(f *plan.Fetch, slots []int, slot int) bool {
	return slot >= 0 && slot < len(slots) && slots[slot] >= 0 && k.after(f, slots[slot])
}

func (k *shapeCheck) field(o *response.Object, f *response.Field, slots []int, steps []response.Step, path string) error {
	if f.Cond < 0 || int(f.Cond) >= len(k.plan.Conditions) {
		return fmt.Errorf("%s: condition %d of %d", path, f.Cond, len(k.plan.Conditions))
	}
	switch f.Kind {
	case response.TypeName:
		if f.Constant == "" && o.TypeName.Slot < 0 {
			return fmt.Errorf("%s: the runtime type is nowhere", path)
		}
		return nil
	case response.Denied:
		return nil
	}
	if len(f.Sources) == 0 || f.Kind == response.Leaf && len(f.Sources) != 1 {
		return fmt.Errorf("%s: %d sources", path, len(f.Sources))
	}
	child := make([]int, len(f.Sources))
	for i, s := range f.Sources {
		if s.Slot < 0 || s.Slot >= len(slots) || s.Name == 0 || int(s.Name) >= k.plan.Names.Len() {
			return fmt.Errorf("%s: source %d is member %d of slot %d, of %d", path, i, s.Name, s.Slot, len(slots))
		}
		child[i] = slots[s.Slot]
	}
	if f.Kind != response.Composite {
		return nil
	}
	if kase := steps[len(steps)-1].Case; kase >= 0 {
		k.above = append(k.above, frameOf(o, kase, f, slots))
		defer func() { k.above = k.above[:len(k.above)-1] }()
	}
	return k.object(f.Object, child, steps, path)
}

// represented checks that the fetch of a link waits for all that the objects' representation is made of.
func (k *shapeCheck) represented(l response.Link, o *response.Object, kase int, fields []response.Field, slots []int, path string) error {
	f := k.plan.Fetches[l.Fetch]
	rep := f.Groups[l.Group].Targets[l.Target].Representation
	if (rep == nil) != (f.Kind != plan.Entities) {
		return fmt.Errorf("%s: fetch %d of kind %s has no right representation", path, f.ID, f.Kind)
	}
	if rep == nil {
		return nil
	}
	if kase >= len(rep.Cases) {
		return fmt.Errorf("%s: fetch %d has no representation for case %d", path, f.ID, kase)
	}
	return k.representation(f, o, &rep.Cases[kase], fields, slots, path)
}

func (k *shapeCheck) representation(f *plan.Fetch, o *response.Object, rc *response.RepresentationCase, fields []response.Field, slots []int, path string) error {
	if rc.Runtime && !k.afterSlot(f, slots, o.TypeName.Slot) {
		return fmt.Errorf("%s: fetch %d sends the runtime type, for which it does not wait", path, f.ID)
	}
	for _, member := range rc.Fields {
		if member.Field < 0 || member.Field >= len(fields) {
			return fmt.Errorf("%s: fetch %d sends field %d of %d", path, f.ID, member.Field, len(fields))
		}
		field := &fields[member.Field]
		if field.Cond != 0 {
			return fmt.Errorf("%s.%s: fetch %d sends what is not always there", path, field.Name, f.ID)
		}
		child := make([]int, len(field.Sources))
		for i, s := range field.Sources {
			if child[i] = -1; s.Slot < len(slots) {
				child[i] = slots[s.Slot]
			}
		}
		if member.Object == nil {
			if len(child) != 1 || child[0] < 0 || !k.after(f, child[0]) {
				return fmt.Errorf("%s.%s: fetch %d sends it and does not wait for it", path, field.Name, f.ID)
			}
			continue
		}
		if field.Object == nil {
			return fmt.Errorf("%s.%s: fetch %d sends an object, and it is none", path, field.Name, f.ID)
		}
		if err := k.nested(f, field.Object, member.Object, child, path+"."+field.Name); err != nil {
			return err
		}
	}
	return nil
}

// nested checks the objects inside of a representation.
func (k *shapeCheck) nested(f *plan.Fetch, o *response.Object, rep *response.Representation, slots []int, path string) error {
	if len(rep.Cases) != len(o.Cases) {
		return fmt.Errorf("%s: fetch %d sends %d cases of %d", path, f.ID, len(rep.Cases), len(o.Cases))
	}
	for _, l := range o.Links {
		slots = append(slices.Clone(slots), l.Fetch)
	}
	// Which case an object is, and that it has one, is told by its type, whether that is sent or not.
	if o.TypeName.Slot >= 0 && !k.afterSlot(f, slots, o.TypeName.Slot) {
		return fmt.Errorf("%s: fetch %d sends objects and does not wait for their type", path, f.ID)
	}
	for i := range rep.Cases {
		all := slots
		for _, l := range o.Cases[i].Links {
			all = append(slices.Clone(all), l.Fetch)
		}
		if err := k.representation(f, o, &rep.Cases[i], o.Cases[i].Fields, all, path); err != nil {
			return err
		}
	}
	return nil
}
