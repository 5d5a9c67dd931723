package response

import "slices"

// Place says where in the response the answers of a fetch stand. It is compiled with the plan and immutable.
type Place struct {
	Root *Object
	// Slot is the slot of Root that a root fetch fills.
	Slot int
	// Groups are those of an entity fetch or of a nested Query fetch; a root fetch has none.
	Groups []PlaceGroup
	// Needed: other fetches are made with what this one answers. Without it more of the objects is missing than its own fields.
	Needed bool
}

// PlaceGroup is one `_entities` field; Name is its response name, 0 for a nested Query fetch.
type PlaceGroup struct {
	Name    Name
	Targets []PlaceTarget
}

// PlaceTarget is one set of objects: Slot is where the entities stand in their frames.
type PlaceTarget struct {
	Anchors
	Slot int
	Cond ConditionID
}

// Paths returns the response paths of what a fetch was to answer: each leads to where objects stand that were asked for, or
// to the first list on the way there.
func (a *Answers) Paths(p *Place) []Path {
	if len(p.Groups) == 0 {
		var paths []Path
		for _, f := range a.from(p.Root, -1, p.Slot) {
			paths = append(paths, Path{{Name: f.Name}})
		}
		return paths
	}
	var paths []Path
	for g := range p.Groups {
		paths = a.groupPaths(paths, p, g)
	}
	return paths
}

// groupPaths appends the part of Paths that one group of a fetch was to answer.
func (a *Answers) groupPaths(paths []Path, p *Place, group int) []Path {
	targets := p.Groups[group].Targets
	for i := range targets {
		path, there := a.targetPath(&targets[i], p.Needed)
		if there && !slices.ContainsFunc(paths, func(q Path) bool { return slices.Equal(path, q) }) {
			paths = append(paths, path)
		}
	}
	return paths
}

// targetPath is the target's part of Paths: the objects, or the one field of them that the fetch is for. It is false when
// nothing of the target was asked for.
func (a *Answers) targetPath(t *PlaceTarget, needed bool) (path Path, there bool) {
	if _, n := a.layout.target(t.Fetch, t.Group, t.Target); !a.links[n].asked {
		return nil, false
	}
	o := t.Root
	for _, s := range t.Route.Steps {
		f := &o.fields(s.Case)[s.Field]
		if !a.visible(f) {
			return path, true
		}
		path = append(path, PathElement{Name: f.Name})
		if f.Type != nil && f.Type.Elem != nil {
			return path, true
		}
		o = f.Object
	}
	if t.Route.Case < 0 && len(o.Cases) > 1 {
		return path, true // the objects that were asked for may be of a type of which less is selected
	}
	if fields := a.from(o, t.Route.Case, t.Slot); len(fields) == 1 && !needed {
		path = append(path, PathElement{Name: fields[0].Name})
	}
	return path, true
}

// visible says whether a field is in the response.
func (a *Answers) visible(f *Field) bool { return !f.Hidden && a.conds[f.Cond] }

// from returns the visible fields of an object that are read from a slot, of one case or (kase < 0) of all, each name once.
func (a *Answers) from(o *Object, kase, slot int) []*Field {
	var found []*Field
	for k := range o.Cases {
		if kase >= 0 && k != kase {
			continue
		}
		for i := range o.Cases[k].Fields {
			f := &o.Cases[k].Fields[i]
			if a.visible(f) && slices.ContainsFunc(f.Sources, func(s Source) bool { return s.Slot == slot }) &&
				!slices.ContainsFunc(found, func(g *Field) bool { return g.Name == f.Name }) {
				found = append(found, f)
			}
		}
	}
	return found
}
