package response

// Layout numbers the groups and targets of a plan's entity fetches. It is compiled with the plan and immutable.
type Layout struct {
	groups  []int32 // by fetch: number of its first group
	targets []int32 // by group number: number of its first target
	fetches []int32 // by group number: its fetch
	total   int     // number of targets
	trails  int     // highest number of a trail
	scopes  int     // highest number of an object's scope
}

// NewLayout numbers groups and targets: targets[fetch][group] is how many targets that group has. trails is the highest
// number of a trail in their anchors, scopes that of an object's scope.
func NewLayout(targets [][]int, trails, scopes int) *Layout {
	l := &Layout{trails: trails, scopes: scopes}
	for fetch, groups := range targets {
		l.groups = append(l.groups, int32(len(l.targets)))
		for _, n := range groups {
			l.targets = append(l.targets, int32(l.total))
			l.fetches = append(l.fetches, int32(fetch))
			l.total += n
		}
	}
	return l
}

// target numbers a link's target.
func (l *Layout) target(fetch, group, target int) (g, t int32) {
	g = l.groups[fetch] + int32(group)
	return g, l.targets[g] + int32(target)
}

// slot is one node of a part while it is walked, or none (node < 0). cursor is where its next member is expected.
type slot struct {
	part   *Part
	node   int32
	cursor int32
}

var none = slot{node: -1}

// step is an element of the path that is being walked: a field, or an index when field is nil.
type step struct {
	field *Field
	index int
}

// group is the state of one `_entities` field.
type group struct {
	entities []int32 // by representation: the node of the entity in the fetch's part, that of none or lost for null
	count    int
	classes  *classes // of a group whose entities are asked for with values from contexts
}

// linkTable is the state of one target.
type linkTable struct {
	part *Part   // of the objects that links start at
	reps []int32 // by node of that part: the representation's number plus one, 0 for none, unrenderable for no entity
	// asked: there is an object with a representation; lacks: there is one without because something went wrong.
	asked, lacks bool

	// Of a target that others are like (Anchors.Liked): whether it was rendered, the first object of each representation,
	// and whether there are objects without one.
	rendered bool
	firsts   []first
	odd      bool
	// like is the target that this one is like, when it was rendered by that one's representations; then reps is by the
	// number of those.
	like *linkTable
}

// first is the first object of a target that has a representation.
type first struct {
	rep  int32 // its number plus one
	slot slot
}

// of is what reps says of the node in a slot.
func (t *linkTable) of(s slot) int32 {
	if t.like != nil {
		if rep := t.like.of(s); rep > 0 {
			return t.reps[rep-1]
		}
		return 0
	}
	if s.part != t.part || int(s.node) >= len(t.reps) {
		return 0
	}
	return t.reps[s.node]
}

// unrenderable marks an object for which there is no representation because a key of it is null or unknown in the data,
// lacking one for which there is none because something went wrong: a key or an input is not known.
const (
	unrenderable = -1
	lacking      = -2
)

// entity is where the entity of a representation is, by its number plus one or a mark of an object that has none.
func (g *group) entity(part *Part, rep int32) slot {
	switch {
	case rep == lacking:
		return lost
	case rep <= 0:
		return none
	case part == nil || int(rep) > len(g.entities):
		return lost // the subgraph did not answer what it was asked
	case g.entities[rep-1] < 0:
		return slot{node: g.entities[rep-1]}
	}
	node := g.entities[rep-1]
	return slot{part: part, node: node, cursor: node + 1}
}

// Answers holds the parts that one request gathered and the links between them. It belongs to one goroutine. It may be
// used again for another request after Reset.
type Answers struct {
	layout   *Layout
	roots    []int
	conds    []bool
	parts    []*Part     // by fetch
	groups   []group     // by group number
	links    []linkTable // by target number
	stack    []slot      // frames
	path     []step
	reps     reps
	renderer renderer // of the walk under way
	trails   []trail
	trail    *trail // of the walk under way
	firsts   []bool // by representation: whether the walk under way has one of it
	// ahead renders objects before the walk under way enters them; nil: it enters all.
	ahead *renderer
	// once: the walk under way need not go twice from where several objects are linked to. crossings is where it has been.
	once      bool
	crossings []crossing // by step
	spans     spans
	// scopes is where in the stack the frame of the nearest object of each scope is.
	scopes []int
	// values and ends are scratch for values from contexts; rendered is how much was rendered for them.
	values   []byte
	ends     []int
	rendered int
	// budget is how many objects may still be entered; below zero, nothing more is found or written.
	budget   int
	maxBytes int
}

// Reset prepares for a request: conds holds the values of the plan's conditions, roots the plan's Roots.
func (a *Answers) Reset(layout *Layout, roots []int, conds []bool, limits Limits) {
	a.layout, a.roots, a.conds = layout, roots, conds
	a.budget, a.maxBytes = limits.Objects, limits.Bytes
	a.parts = cleared(a.parts, len(layout.groups))
	a.trails = resized(a.trails, layout.trails)
	for i := range a.trails {
		a.trails[i] = trail{slots: a.trails[i].slots[:0]}
	}
	a.stack, a.path = a.stack[:0], a.path[:0]
	a.scopes, a.rendered = resized(a.scopes, layout.scopes+1), 0
	a.groups = resized(a.groups, len(layout.targets))
	for i := range a.groups {
		a.groups[i] = group{entities: a.groups[i].entities[:0]}
	}
	a.links = resized(a.links, layout.total)
	for i := range a.links {
		a.links[i] = linkTable{reps: a.links[i].reps[:0], firsts: a.links[i].firsts[:0]}
	}
}

// resized returns a slice of length n that keeps the elements of s up to its capacity.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return append(s[:cap(s)], make([]T, n-cap(s))...)
	}
	return s[:n]
}

// maxPooledLinks bounds the link tables that an idle Answers keeps.
const maxPooledLinks = 1 << 16

// Release gives the parts back. Bytes written before stay valid.
func (a *Answers) Release() {
	for i, p := range a.parts {
		p.Release()
		a.parts[i] = nil
	}
	for i := range a.links {
		a.links[i].part, a.links[i].like = nil, nil
		clear(a.links[i].firsts)
		if cap(a.links[i].reps) > maxPooledLinks {
			a.links[i].reps = nil
		}
	}
	for i := range a.groups {
		a.groups[i].classes = nil
		if cap(a.groups[i].entities) > maxPooledLinks {
			a.groups[i].entities = nil
		}
	}
	if cap(a.values) > maxPooledLinks {
		a.values = nil
	}
	for i := range a.trails {
		t := &a.trails[i]
		clear(t.slots)
		if cap(t.slots) > maxPooledLinks {
			t.slots = nil
		}
	}
	for i := range a.crossings {
		a.crossings[i].part = nil
		if cap(a.crossings[i].bits) > maxPooledLinks {
			a.crossings[i].bits = nil
		}
	}
	a.spans.reset()
	a.reps.trim()
	clear(a.path[:cap(a.path)])
	clear(a.stack[:cap(a.stack)])
	a.layout, a.roots, a.conds = nil, nil, nil
}

// SetPart adds the answer of a fetch that is not an entity fetch.
func (a *Answers) SetPart(fetch int, p *Part) { a.parts[fetch] = p }

// Part returns the answer of a fetch, nil when there is none.
func (a *Answers) Part(fetch int) *Part { return a.parts[fetch] }

// SetEntities adds the answer of an entity fetch and links its entities to the objects that they were asked for. names
// are the response names of the fetch's `_entities` fields, by group and copy. It reports the first field whose list of
// entities is missing or has another length than there were representations: none of its entities is linked then.
func (a *Answers) SetEntities(fetch int, p *Part, names [][]Name) error {
	a.parts[fetch] = p
	var first error
	for i, copies := range names {
		g := &a.groups[int(a.layout.groups[fetch])+i]
		var err error
		if g.classes != nil {
			err = a.setClasses(p, g, copies)
		} else {
			g.entities, err = entities(g.entities[:0], p, copies[0], g.count)
		}
		if err != nil && first == nil {
			first = err
		}
	}
	return first
}

// setClasses reads the entities of a group that was asked for in copies.
func (a *Answers) setClasses(p *Part, g *group, names []Name) error {
	g.entities = resized(g.entities, g.count)
	for i := range g.entities {
		g.entities[i] = lost.node
	}
	var first error
	for i := range g.classes.list {
		numbers := g.classes.list[i].numbers
		list, err := entities(nil, p, names[i], len(numbers))
		if err != nil && first == nil {
			first = err
		}
		for k, entity := range list {
			g.entities[numbers[k]] = entity
		}
	}
	return first
}

// entities appends the nodes of the entities in the list called name, of which there must be count.
func entities(dst []int32, p *Part, name Name, count int) ([]int32, error) {
	list := int32(-1)
	if p.HasData() {
		list, _ = p.member(0, 1, name)
	}
	if list < 0 || p.nodes[list].kind == kindNull {
		if count == 0 || len(p.Errors) > 0 {
			return dst, nil // nothing was asked, or the subgraph said why there is nothing
		}
		return dst, &EntitiesError{Want: count, Got: -1}
	}
	if p.nodes[list].kind != kindArray {
		return dst, &EntitiesError{Want: count, Got: -1}
	}
	for c := list + 1; c < p.nodes[list].next; c = p.nodes[c].next {
		entity := c
		switch p.nodes[c].kind {
		case kindObject:
		case kindNull:
			entity = gone(p, c).node
		default:
			entity = lost.node
		}
		dst = append(dst, entity)
	}
	if got := len(dst); got != count {
		return dst[:0], &EntitiesError{Want: count, Got: got}
	}
	return dst, nil
}

// SetNested adds the answer of a nested Query fetch: its data is linked to every object that was located for it.
func (a *Answers) SetNested(fetch int, p *Part) {
	a.parts[fetch] = p
	g := &a.groups[a.layout.groups[fetch]]
	g.entities = g.entities[:0]
	if p.HasData() {
		g.entities = append(g.entities, 0)
	}
}

// linked returns what a link leads to from the frame at base.
func (a *Answers) linked(l *Link, base int) slot {
	from := a.stack[base+l.From]
	if from.node < 0 {
		return slot{node: from.node}
	}
	if l.Contexts != nil {
		return a.linkedValued(l, from)
	}
	g, t := a.layout.target(l.Fetch, l.Group, l.Target)
	return a.groups[g].entity(a.parts[l.Fetch], a.links[t].of(from))
}
