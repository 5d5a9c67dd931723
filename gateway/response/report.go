package response

import "slices"

// maxCopies is how many places of the response are named for one error of an entity that stands at several.
const maxCopies = 8

// spot is an object of the response that an entity stands at.
type spot struct {
	path   Path
	hidden bool // it is in what the client did not select; path ends before that
	o      *Object
	kase   int
	slot   int
}

// spots collects the objects that were asked for by certain representations.
type spots struct {
	*Answers
	table  *linkTable
	from   int
	slot   int
	wanted []int32 // sorted
	found  [][]spot
	// Of a target whose entities are asked for with values:
	target   int32
	contexts *Contexts
	classes  *classes
}

// visit notes the object when it is wanted.
func (s *spots) visit(o *Object, kase, base int) {
	from := s.stack[base+s.from]
	if from.node < 0 {
		return
	}
	i, ok := slices.BinarySearch(s.wanted, s.representation(from)-1)
	if ok && len(s.found[i]) < maxCopies {
		path, hidden := s.visible()
		s.found[i] = append(s.found[i], spot{path, hidden, o, kase, s.slot})
	}
}

// representation is the number of an object's representation plus one, 0 or less when it has none.
func (s *spots) representation(from slot) int32 {
	if s.contexts != nil {
		if from.part != s.table.part {
			return 0
		}
		if number, ok := s.classOf(s.contexts, s.classes, false); ok {
			return s.classes.reps[occurrence{s.target, from.node, number}]
		}
		return 0
	}
	return s.table.of(from)
}

// Report adds the errors of a subgraph's answer to errs, their paths turned into the client's. Call it when all links
// that lead to the fetch's objects are there. aliases are the response names of the fetch's `_entities` fields, by group and
// copy.
//
// An error of something that the client did not select (a key, an input of @requires, a value of a context) is no error of a
// field of the client's operation, and has no path (GraphQL specification, section 7.1.2), but where it made null
// what the client selected around it.
func (a *Answers) Report(errs *Errors, names *Names, aliases [][]Name, fetch int, place *Place, service string, list []SubgraphError) {
	r := reporter{Answers: a, names: names, aliases: aliases, fetch: fetch, place: place}
	seen := r.spots(list)
	for _, e := range list {
		out := Error{Message: e.Message, Service: service, Extensions: e.Extensions}
		paths, selected := r.paths(seen, e.Path)
		if len(paths) == 0 && selected {
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

// reporter turns the error paths of one answer into the client's.
type reporter struct {
	*Answers
	names   *Names
	aliases [][]Name
	fetch   int
	place   *Place
}

// group returns the group that an error path points into, the number of its representation there and the rest of the
// path; -1 when it points into none.
func (r *reporter) group(path Path) (g int, rep int32, rest Path) {
	for i := range r.place.Groups {
		if r.place.Groups[i].Name == 0 {
			return i, 0, path
		}
		if len(path) < 2 || path[1].Name != "" {
			continue
		}
		for copy, alias := range r.aliases[i] {
			if path[0].Name == r.names.Text(alias) {
				return i, r.number(i, copy, path[1].Index), path[2:]
			}
		}
	}
	return -1, 0, nil
}

// number is the number that a representation of a copy of a group has in the group.
func (r *reporter) number(group, copy, index int) int32 {
	c := r.groups[r.layout.groups[r.fetch]+int32(group)].classes
	if c == nil {
		return int32(min(index, 1<<30))
	}
	if copy >= len(c.list) || index < 0 || index >= len(c.list[copy].numbers) {
		return 1 << 30
	}
	return c.list[copy].numbers[index]
}

// paths turns one path into the client's. selected is false when it is known to lead only to what the client did not select.
func (r *reporter) paths(seen []spots, path Path) (paths []Path, selected bool) {
	if len(path) == 0 {
		return nil, true
	}
	if len(r.place.Groups) == 0 {
		root := spot{o: r.place.Root, kase: -1, slot: r.place.Slot}
		p, ok := r.clientPath(&root, path, 0)
		if len(p) > 0 && ok {
			paths = append(paths, p)
		}
		return paths, ok
	}
	g, rep, rest := r.group(path)
	if g < 0 {
		return nil, true
	}
	i, known := slices.BinarySearch(seen[g].wanted, rep)
	if !known || len(seen[g].found[i]) == 0 {
		return nil, true
	}
	for k := range seen[g].found[i] {
		if p, ok := r.clientPath(&seen[g].found[i][k], path, len(path)-len(rest)); ok {
			paths = append(paths, p)
		}
	}
	return paths, len(paths) > 0
}

// clientPath is the client's path of an error at a spot; the first elements of the subgraph's path, so many, lead to the
// spot. It is false for what the client did not select, but where that made null something around it that it did.
func (r *reporter) clientPath(s *spot, path Path, first int) (Path, bool) {
	if s.hidden {
		return nil, false
	}
	p, n, hidden := translate(slices.Clip(s.path), r.names, s.o, s.kase, s.slot, path[first:])
	return p, !hidden || r.parts[r.fetch].nullAt(r.names, path[:first+n])
}

// spots finds, by group, the objects that the errors are about.
func (r *reporter) spots(list []SubgraphError) []spots {
	seen := make([]spots, len(r.place.Groups))
	for _, e := range list {
		if g, rep, _ := r.group(e.Path); g >= 0 && len(e.Path) > 0 {
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
		s.Answers = r.Answers
		for _, t := range r.place.Groups[g].Targets {
			if !r.conds[t.Cond] {
				continue
			}
			group, n := r.layout.target(r.fetch, t.Group, t.Target)
			s.table, s.from, s.slot = &r.links[n], t.From, t.Slot
			s.target, s.contexts, s.classes = n, t.Contexts, r.groups[group].classes
			if s.contexts != nil && s.classes == nil {
				continue // nothing of it was asked for
			}
			r.walk(t.Root, t.Route, s)
		}
	}
	return seen
}
