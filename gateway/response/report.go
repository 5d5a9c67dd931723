package response

import "slices"

// maxCopies is how many places of the response are named for one error of an entity that stands at several.
const maxCopies = 8

// spot is an object of the response that an entity stands at.
type spot struct {
	path Path
	o    *Object
	kase int
	slot int
}

// spots collects the objects that were asked for by certain representations.
type spots struct {
	*Answers
	table  *linkTable
	from   int
	slot   int
	wanted []int32 // sorted
	found  [][]spot
}

// visit notes the object when it is wanted.
func (s *spots) visit(o *Object, kase, base int) {
	from := s.stack[base+s.from]
	if from.node < 0 || from.part != s.table.part || int(from.node) >= len(s.table.reps) {
		return
	}
	i, ok := slices.BinarySearch(s.wanted, s.table.reps[from.node]-1)
	if ok && len(s.found[i]) < maxCopies {
		s.found[i] = append(s.found[i], spot{s.at(), o, kase, s.slot})
	}
}

// Report adds the errors of a subgraph's answer to errs, their paths turned into the client's. Call it when all links
// that lead to the fetch's objects are there.
func (a *Answers) Report(errs *Errors, names *Names, fetch int, place *Place, service string, list []SubgraphError) {
	seen := a.spots(names, fetch, place, list)
	for _, e := range list {
		out := Error{Message: e.Message, Service: service, Extensions: e.Extensions}
		paths := a.paths(names, place, seen, e.Path)
		if len(paths) == 0 {
			// Without a usable path the error belongs to all that the fetch asked for: that has a path if it is one thing.
			if all := place.Paths(); len(all) == 1 {
				paths = all
			}
		}
		if len(paths) == 0 {
			errs.Add(out)
		}
		for _, p := range paths {
			out.Path = p
			errs.Add(out)
		}
	}
}

// group returns the group that an error path points into, the number of its representation there and the rest of the
// path; -1 when it points into none.
func (p *Place) group(names *Names, path Path) (g int, rep int32, rest Path) {
	for i := range p.Groups {
		name := p.Groups[i].Name
		if name == 0 {
			return i, 0, path
		}
		if len(path) >= 2 && path[0].Name == names.Text(name) && path[1].Name == "" {
			return i, int32(min(path[1].Index, 1<<30)), path[2:]
		}
	}
	return -1, 0, nil
}

// paths turns one path into the client's.
func (a *Answers) paths(names *Names, place *Place, seen []spots, path Path) []Path {
	if len(path) == 0 {
		return nil
	}
	if len(place.Groups) == 0 {
		if p := translate(nil, names, place.Root, -1, place.Slot, path); len(p) > 0 {
			return []Path{p}
		}
		return nil
	}
	g, rep, rest := place.group(names, path)
	if g < 0 {
		return nil
	}
	var paths []Path
	if i, ok := slices.BinarySearch(seen[g].wanted, rep); ok {
		for _, s := range seen[g].found[i] {
			paths = append(paths, translate(slices.Clip(s.path), names, s.o, s.kase, s.slot, rest))
		}
	}
	return paths
}

// spots finds, by group, the objects that the errors are about.
func (a *Answers) spots(names *Names, fetch int, place *Place, list []SubgraphError) []spots {
	seen := make([]spots, len(place.Groups))
	for _, e := range list {
		if g, rep, _ := place.group(names, e.Path); g >= 0 && len(e.Path) > 0 {
			seen[g].wanted = append(seen[g].wanted, rep)
		}
	}
	for g := range seen {
		s := &seen[g]
		if len(s.wanted) == 0 {
			continue
		}
		slices.Sort(s.wanted)
		s.wanted = slices.Compact(s.wanted)
		s.found = make([][]spot, len(s.wanted))
		s.Answers = a
		for _, t := range place.Groups[g].Targets {
			if !a.conds[t.Cond] {
				continue
			}
			_, n := a.layout.target(fetch, t.Group, t.Target)
			s.table, s.from, s.slot = &a.links[n], t.From, t.Slot
			a.walk(t.Root, t.Route, s)
		}
	}
	return seen
}
