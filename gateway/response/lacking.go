package response

import (
	"fmt"
	"slices"
)

// maxLacking bounds how many objects of a target are looked at for what they were not asked for.
const maxLacking = 1024

// lackers collects the places of what was not asked for because a key or an input of it is lost.
type lackers struct {
	*Answers
	place    *PlaceTarget
	table    *linkTable
	classes  *classes
	target   int32
	errs     *Errors
	reported int // errors that were there before
	found    []Path
	looked   int
}

// ReportLacking adds errors about what a fetch did not ask for because something went wrong with a key or an input of it
// (@requires, @fromContext), where no other error tells of that place or of what is around it. Call it when the errors of all
// fetches are there.
func (a *Answers) ReportLacking(errs *Errors, fetch int, place *Place, service string) {
	var found []Path
	for g := range place.Groups {
		for t := range place.Groups[g].Targets {
			target := &place.Groups[g].Targets[t]
			group, n := a.layout.target(fetch, g, t)
			if !a.conds[target.Cond] || !a.links[n].lacks {
				continue
			}
			l := &lackers{Answers: a, place: target, table: &a.links[n], classes: a.groups[group].classes, target: n,
				errs: errs, reported: errs.Len(), found: found}
			a.walk(target.Root, target.Route, l)
			found = l.found
		}
	}
	for _, p := range found {
		errs.Add(Error{Path: p, Code: CodeLacking, Service: service,
			Message: fmt.Sprintf("Subgraph %q was not asked for this: an input that it needs for it is missing.", service)})
	}
}

// visit notes the place when the object lacks an input.
func (l *lackers) visit(o *Object, kase, base int) {
	from := l.stack[base+l.place.From]
	if l.looked >= maxLacking || len(l.found) >= maxCopies || !l.lacking(from) {
		return
	}
	l.looked++
	path, hidden := l.seen()
	fields := l.from(o, kase, l.place.Slot)
	if hidden || len(fields) == 0 {
		return // what needs it in turn lacks it, too
	}
	if len(fields) == 1 {
		path = append(path, PathElement{Name: fields[0].Name})
	}
	if !l.told(path) {
		l.found = append(l.found, path)
	}
}

// lacking says whether the object at a slot was not asked for because of what is lost.
func (l *lackers) lacking(from slot) bool {
	if from.node < 0 {
		return from.node == lost.node
	}
	if l.place.Contexts == nil {
		return l.table.of(from) == lacking
	}
	if from.part != l.table.part {
		return false
	}
	number := l.classOf(l.place.Contexts, l.classes, false)
	return number == lost.node || l.classes.reps[occurrence{l.target, from.node, number}] == lacking
}

// told says whether an error leads to a place or to what is around it.
func (l *lackers) told(path Path) bool {
	leads := func(to Path) bool {
		return len(to) > 0 && len(to) <= len(path) && slices.Equal(to, path[:len(to)])
	}
	for i := range l.errs.list[:l.reported] {
		if leads(l.errs.list[i].Path) {
			return true
		}
	}
	return slices.ContainsFunc(l.found, leads)
}
