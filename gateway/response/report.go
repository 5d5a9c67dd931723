package response

import "slices"

// maxCopies is how many places of the response are named for one error of an entity that stands at several.
const maxCopies = 8

// Report adds the errors of a subgraph's answer to errs, their paths turned into the client's. Call it when all links
// that lead to the fetch's objects are there. aliases are the response names of the fetch's `_entities` fields, by group and
// copy.
//
// An error of something that the client did not select (a key, an input of @requires, a value of a context) is no error of a
// field of the client's operation, and has no path (GraphQL specification, section 7.1.2), but where it made null
// what the client selected around it.
func (a *Answers) Report(errs *Errors, names *Names, aliases [][]Name, fetch int, place *Place, service string, list []SubgraphError) {
	r := reporter{Answers: a, names: names, aliases: aliases, fetch: fetch, place: place}
	found := r.locate(list)
	all := a.Paths(place)
	nothing := !a.parts[fetch].HasData()
	told := len(errs.list)
	for i, e := range list {
		out := Error{Message: e.Message, Service: service, Extensions: e.Extensions}
		paths, selected := r.paths(&found[i], e.Path)
		if len(paths) == 0 && selected && (len(all) == 1 || nothing) {
			// Without a usable path the error belongs to all that the fetch asked for: that has a path if it is one thing, or
			// where there is nothing of it.
			paths = all
		}
		errs.addAt(paths, out)
	}
	if nothing && len(list) > 0 {
		// An error that leaves nothing of the data is about all that was asked for, wherever in it it happened. Below a root
		// field it is about that, in each of the places where the field is; below the objects of a call for entities it is
		// about one of them.
		roots := len(place.Groups) == 0 || place.Groups[0].Name == 0
		rest := slices.DeleteFunc(all, func(p Path) bool {
			return slices.ContainsFunc(errs.list[told:], func(e Error) bool {
				return slices.Equal(e.Path, p) || roots && len(e.Path) >= len(p) && slices.Equal(e.Path[:len(p)], p)
			})
		})
		if len(rest) > 0 {
			errs.addAt(rest, Error{Message: list[0].Message, Service: service, Extensions: list[0].Extensions})
		}
	}
	errs.dropped += a.parts[fetch].More
}

// reporter turns the error paths of one answer into the client's.
type reporter struct {
	*Answers
	names   *Names
	aliases [][]Name
	fetch   int
	place   *Place
}

// group returns the group that an error path points into, the number of its representation there (-1 for all of them) and
// the rest of the path; -1 when it points into none.
func (r *reporter) group(path Path) (g int, rep int32, rest Path) {
	for i := range r.place.Groups {
		if r.place.Groups[i].Name == 0 {
			return i, 0, path
		}
		for copy, alias := range r.aliases[i] {
			switch {
			case len(path) == 0 || path[0].Name != r.names.Text(alias):
			case len(path) < 2 || path[1].Name != "":
				return i, -1, nil
			default:
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

// located is where in the response an error happened in an entity: objects counts those that the entity stands for, paths are
// the places in what the client selected.
type located struct {
	objects int
	paths   []Path
}

// paths turns one path into the client's. selected is false when it is known to lead only to what the client did not select.
func (r *reporter) paths(found *located, path Path) (paths []Path, selected bool) {
	if len(path) == 0 {
		return nil, true
	}
	if len(r.place.Groups) == 0 {
		r.fillRoot()
		k, how := r.enter(r.place.Root, 0, true)
		if how != entered {
			return nil, true
		}
		p, ok := r.clientPath(nil, r.place.Root, k, 0, r.place.Slot, path, 0)
		r.stack = r.stack[:0]
		if len(p) > 0 && ok {
			paths = append(paths, p)
		}
		return paths, ok
	}
	g, rep, _ := r.group(path)
	switch {
	case g < 0 || rep >= 0 && found.objects == 0:
		return nil, true
	case rep < 0:
		return r.groupPaths(nil, r.place, g), true
	}
	return found.paths, len(found.paths) > 0
}

// clientPath is the client's path of an error in what a slot of an object has, whose frame is at base and to which at leads;
// the first elements of the subgraph's path, so many, lead there. It is false for what the client did not select, but where
// that made null something around it that it did.
func (r *reporter) clientPath(at Path, o *Object, kase, base, slot int, path Path, first int) (Path, bool) {
	keep := len(r.stack)
	p, n, hidden := r.follow(at, o, kase, base, slot, path[first:])
	r.stack = r.stack[:keep]
	return p, !hidden || r.parts[r.fetch].nullAt(r.names, path[:first+n])
}

// wanted is an error of a representation, by its number in the list.
type wanted struct {
	rep   int32
	error int
}

// locate finds the objects that the errors are about.
func (r *reporter) locate(list []SubgraphError) []located {
	found := make([]located, len(list))
	errors := make([][]wanted, len(r.place.Groups))
	for i, e := range list {
		if g, rep, _ := r.group(e.Path); g >= 0 && rep >= 0 && len(e.Path) > 0 {
			errors[g] = append(errors[g], wanted{rep, i})
		}
	}
	for g := range errors {
		if len(errors[g]) == 0 {
			continue
		}
		slices.SortStableFunc(errors[g], func(a, b wanted) int { return int(a.rep) - int(b.rep) })
		s := spots{reporter: r, list: list, errors: errors[g], found: found}
		for i := range r.place.Groups[g].Targets {
			t := &r.place.Groups[g].Targets[i]
			if !r.conds[t.Cond] {
				continue
			}
			group, n := r.layout.target(r.fetch, t.Group, t.Target)
			s.place, s.table, s.target, s.classes = t, &r.links[n], n, r.groups[group].classes
			if t.Contexts != nil && s.classes == nil {
				continue // nothing of it was asked for
			}
			r.walk(t.Root, t.Route, &s)
		}
	}
	return found
}

// spots finds where in the response the errors of certain representations happened.
type spots struct {
	*reporter
	place   *PlaceTarget
	table   *linkTable
	target  int32
	classes *classes // of a target whose entities are asked for with values
	list    []SubgraphError
	errors  []wanted // by representation
	found   []located
}

// visit notes where the errors of the object's representation happened.
func (s *spots) visit(o *Object, kase, base int) {
	from := s.stack[base+s.place.From]
	if from.node < 0 {
		return
	}
	rep := s.representation(from) - 1
	i, _ := slices.BinarySearchFunc(s.errors, rep, func(w wanted, rep int32) int { return int(w.rep) - int(rep) })
	for ; i < len(s.errors) && s.errors[i].rep == rep; i++ {
		found := &s.found[s.errors[i].error]
		if found.objects++; found.objects > maxCopies {
			continue
		}
		at, hidden := s.seen()
		if hidden {
			continue
		}
		path := s.list[s.errors[i].error].Path
		_, _, rest := s.group(path)
		if p, ok := s.clientPath(at, o, kase, base, s.place.Slot, path, len(path)-len(rest)); ok {
			found.paths = append(found.paths, p)
		}
	}
}

// representation is the number of an object's representation plus one, 0 or less when it has none.
func (s *spots) representation(from slot) int32 {
	if s.place.Contexts != nil {
		if from.part != s.table.part {
			return 0
		}
		if number := s.classOf(s.place.Contexts, s.classes, false); number >= 0 {
			return s.classes.reps[occurrence{s.target, from.node, number}]
		}
		return 0
	}
	return s.table.of(from)
}
