package check

import (
	"fmt"
	"slices"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// types checks that the fetch of a link waits for what tells the types of the objects above, on which the way to the link's
// objects depends. It need not where the step that is taken early is the same for all types, and the fetch asks the same
// behind it.
func (k *shapeCheck) types(l response.Link, path string) error {
	f := k.plan.Fetches[l.Fetch]
	group := &f.Groups[l.Group]
	t := &group.Targets[l.Target]
	above := k.above
	for i, s := range t.Route.Steps {
		if s.Case < 0 {
			if s.Early {
				return fmt.Errorf("%s: fetch %d looks early for what is there before any type is known", path, f.ID)
			}
			continue
		}
		at := above[0]
		above = above[1:]
		if told := at.object.TypeName.Slot; told < 0 || k.after(f, at.slots[told]) {
			continue
		}
		if !s.Early {
			return fmt.Errorf("%s: fetch %d is for what lies below objects of some types, and does not wait for what tells the type", path, f.ID)
		}
		for _, source := range at.object.Cases[s.Case].Fields[s.Field].Sources {
			if source.Slot >= at.object.Inherited {
				return fmt.Errorf("%s: fetch %d looks for objects below what is linked by type, before that is known", path, f.ID)
			}
		}
		for other := range at.object.Cases {
			if other != s.Case && !slices.ContainsFunc(group.Targets, func(o plan.Target) bool { return sameBehind(at.object, i, t, &o, other) }) {
				return fmt.Errorf("%s: fetch %d does not wait for the type of objects above, and asks nothing for those of case %d", path, f.ID, other)
			}
		}
	}
	return nil
}

// sameBehind reports whether the routes of two targets part at the objects of step i, where the second goes on from another
// case, and read the same from there on.
func sameBehind(at *response.Object, i int, t, o *plan.Target, other int) bool {
	a, b := t.Route.Steps, o.Route.Steps
	if len(a) != len(b) || !sameSteps(a[:i], b[:i]) || b[i].Case != other || !b[i].Early || t.From != o.From {
		return false
	}
	x, y := at, at
	for n := i; n < len(a); n++ {
		if (a[n].Case < 0) != (b[n].Case < 0) {
			return false
		}
		f, g := stepField(x, a[n]), stepField(y, b[n])
		if f == nil || g == nil || f.Cond != g.Cond || !slices.Equal(f.Sources, g.Sources) {
			return false
		}
		x, y = f.Object, g.Object
	}
	if t.Route.Case < 0 || o.Route.Case < 0 {
		return t.Route.Case == o.Route.Case
	}
	if t.Route.Case >= len(x.Cases) || o.Route.Case >= len(y.Cases) {
		return false
	}
	return slices.Equal(x.Cases[t.Route.Case].Types, y.Cases[o.Route.Case].Types)
}

// stepField is the field that a step goes on from, nil where there is none.
func stepField(o *response.Object, s response.Step) *response.Field {
	switch {
	case o == nil || s.Field < 0 || s.Case >= len(o.Cases):
		return nil
	case s.Case >= 0 && s.Field < len(o.Cases[s.Case].Fields):
		return &o.Cases[s.Case].Fields[s.Field]
	case s.Case < 0 && s.Field < len(o.Before):
		return &o.Before[s.Field]
	}
	return nil
}

// sameSteps reports whether two routes lead the same way, early or not.
func sameSteps(a, b []response.Step) bool {
	return slices.EqualFunc(a, b, func(x, y response.Step) bool { return x.Case == y.Case && x.Field == y.Field })
}
