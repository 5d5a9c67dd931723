package plan

import (
	"fmt"

	"github.com/weft-gateway/weft/gateway/response"
)

// represented checks that the fetch of a link waits for all that the objects' representation is made of.
func (k *shapeCheck) represented(l response.Link, o *response.Object, kase int, fields []response.Field, slots []int, path string) error {
	f := k.plan.Fetches[l.Fetch]
	rep := f.Groups[l.Group].Targets[l.Target].Representation
	if rep == nil {
		return nil
	}
	if kase >= len(rep.Cases) {
		return fmt.Errorf("%s: fetch %d has no representation for case %d", path, f.ID, kase)
	}
	return k.representation(f, o, &rep.Cases[kase], fields, slots, path)
}

func (k *shapeCheck) representation(f *Fetch, o *response.Object, rc *response.RepresentationCase, fields []response.Field, slots []int, path string) error {
	if rc.Runtime && (o.TypeName.Slot < 0 || !k.after(f, slots[o.TypeName.Slot])) {
		return fmt.Errorf("%s: fetch %d sends the runtime type, for which it does not wait", path, f.ID)
	}
	for _, member := range rc.Fields {
		if member.Field >= len(fields) {
			return fmt.Errorf("%s: fetch %d sends field %d of %d", path, f.ID, member.Field, len(fields))
		}
		field := &fields[member.Field]
		if field.Cond != 0 {
			return fmt.Errorf("%s.%s: fetch %d sends what is not always there", path, field.Name, f.ID)
		}
		child := make([]int, len(field.Sources))
		for i, s := range field.Sources {
			child[i] = slots[s.Slot]
		}
		if member.Object == nil {
			if len(child) != 1 || !k.after(f, child[0]) {
				return fmt.Errorf("%s.%s: fetch %d sends it and does not wait for it", path, field.Name, f.ID)
			}
			continue
		}
		if err := k.nested(f, field.Object, member.Object, child, path+"."+field.Name); err != nil {
			return err
		}
	}
	return nil
}

// nested checks the objects inside of a representation.
func (k *shapeCheck) nested(f *Fetch, o *response.Object, rep *response.Representation, slots []int, path string) error {
	if len(rep.Cases) != len(o.Cases) {
		return fmt.Errorf("%s: fetch %d sends %d cases of %d", path, f.ID, len(rep.Cases), len(o.Cases))
	}
	slots, err := k.links(o.Links, slots, path)
	if err != nil {
		return err
	}
	for i := range rep.Cases {
		all, err := k.links(o.Cases[i].Links, slots, path)
		if err != nil {
			return err
		}
		if err := k.representation(f, o, &rep.Cases[i], o.Cases[i].Fields, all, path); err != nil {
			return err
		}
	}
	return nil
}
