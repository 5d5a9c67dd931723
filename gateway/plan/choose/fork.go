package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// fork decides from which presences a composite field is resolved, and settles what lies under it.
func (c *chooser) fork(f *Field) error {
	if err := c.tooHard(); err != nil {
		return err
	}
	place := f.Place
	s := c.specOf(f)
	spot := spot{in: place.at, op: f.Op}
	if f.Op == nil {
		spot.name = f.Name
	}
	at := c.spotID(spot)
	by, err := c.resolvers(f, s, at)
	if err != nil {
		return err
	}
	f.By = by
	fork := &Fork{Field: f, Type: s.typ, at: at}
	f.Fork = fork
	for _, p := range by {
		p.Used = true
		_, to, _ := c.resolves(c.graph.Downcast(p.Node, place.Types[0]), f.Name)
		fork.Inherited = append(fork.Inherited, c.presence(to, nil, p))
	}
	return c.settleFork(fork, s)
}

// settleFork settles the places of a fork whose inherited presences are known.
func (c *chooser) settleFork(fork *Fork, s *spec) error {
	nodes := make([]querygraph.NodeID, len(fork.Inherited))
	for i, p := range fork.Inherited {
		nodes[i] = p.Node
	}
	constant, entry, _ := c.unknownType(s, nodes)
	if entry != nil {
		p, err := c.enterFork(fork, s, entry)
		if err != nil {
			return err
		}
		nodes = append(nodes, p.Node)
		constant = false
	}
	if constant {
		if whole := c.atOnce(s); whole != nil {
			s = &spec{typ: s.typ, cases: []*specCase{whole}, parent: s.parent, field: s.field}
		}
	}
	cases := c.splitByPresence(s, nodes)
	for _, sc := range cases {
		place := c.newPlace(fork, sc)
		place.avail = fork.first()
		place.avail = slices.DeleteFunc(place.avail, func(p *Presence) bool {
			return c.graph.Downcast(p.Node, sc.types[0]) == querygraph.None
		})
		if len(place.avail) == 0 {
			// No object of these types can be here: the subgraphs that resolve the field do not know them.
			place.leave()
			continue
		}
		place.constant = constant
		if err := c.decideIfExpected(place, s); err != nil {
			return err
		}
	}
	c.hoist(fork)
	c.settleTypename(fork, s)
	return nil
}

// decideIfExpected settles a place. One without a way is given up where its objects should not come.
func (c *chooser) decideIfExpected(place *Place, s *spec) error {
	unexpected, before := c.unexpected(s, place.spec), len(c.held)
	place.Unexpected = place.Unexpected || unexpected
	err := c.endless(place)
	if err == nil {
		err = c.decide(place)
	}
	if err != nil && unexpected {
		c.takeBack(before)
		place.leave()
		return nil
	}
	return err
}

// leave gives a place up: no object of its types can be there.
func (p *Place) leave() { p.Fields, p.Entries, p.Absent = nil, nil, true }

// splitByPresence splits cases whose types are not all known to the same presences.
func (c *chooser) splitByPresence(s *spec, nodes []querygraph.NodeID) []*specCase {
	if len(s.cases) == 1 && len(s.cases[0].types) == 1 {
		return s.cases
	}
	key := nodesKey(nodes, false)
	if done, ok := s.split[key]; ok {
		return done
	}
	out := c.split(s, nodes)
	if s.split == nil {
		s.split = map[string][]*specCase{}
	}
	s.split[key] = out
	return out
}

func (c *chooser) split(s *spec, nodes []querygraph.NodeID) []*specCase {
	var out []*specCase
	for _, sc := range s.cases {
		index := map[string]int{}
		first := len(out)
		for _, object := range sc.types {
			pattern := make([]byte, len(nodes))
			for i, n := range nodes {
				pattern[i] = '-'
				if c.graph.Downcast(n, object) != querygraph.None {
					pattern[i] = '+'
				}
			}
			i, ok := index[string(pattern)]
			if !ok {
				i = len(out)
				index[string(pattern)] = i
				out = append(out, &specCase{fields: sc.fields})
			}
			out[i].types = append(out[i].types, object)
		}
		if len(out) == first+1 {
			out[first] = sc
		}
	}
	return out
}

// enterFork makes an entry before the runtime type is known. Its key is read at the interface.
func (c *chooser) enterFork(fork *Fork, s *spec, h *hop) (*Presence, error) {
	place := &Place{Fork: fork, Types: s.cases[0].types, avail: slices.Clone(fork.Inherited), at: c.spotID(spot{in: fork.at, place: -1})}
	d := &decider{chooser: c, place: place, object: s.cases[0].types[0], constant: true, active: map[*Field]bool{}}
	d.entries = c.graph.Entries(s.typ)
	p, err := d.enter(h)
	if err != nil {
		return nil, err
	}
	if err := c.forks(place); err != nil {
		return nil, err
	}
	fork.Before = place
	fork.Entries = place.Entries
	return p, nil
}

// settleTypename finds the presence that tells the runtime type, where somebody needs to know it.
func (c *chooser) settleTypename(fork *Fork, s *spec) {
	def := c.graph.Supergraph.Definition(s.typ)
	if def == nil || !def.IsAbstractType() || !c.needsTypename(fork, s) {
		return
	}
	for _, p := range append(slices.Clone(fork.Inherited), fork.Entries...) {
		if !c.graph.Nodes[p.Node].Type.InterfaceObject {
			fork.Typename, p.Used = p, true
			return
		}
	}
}

func (c *chooser) needsTypename(fork *Fork, s *spec) bool {
	// A representation says the type of objects in it whose type may vary.
	if len(fork.Places) > 1 || c.wantsTypename(s) || len(fork.Field.hidden) > 0 {
		return true
	}
	for _, place := range fork.Places {
		if len(place.Types) == 1 {
			continue
		}
		for _, p := range place.Entries {
			if p.Entry.Key != nil && p.Entry.Typename == "" {
				return true
			}
		}
	}
	return false
}
