package choose

import "slices"

// Values of contexts are asked for at places above the one that needs them. Where such a place is given up, since no way was
// found and no object should come there, what it asked for further up goes with it: some of it may not be had either.

// held is what a place had at some time.
type held struct {
	place          *Place
	value          value // that it is asked for now
	fields         []Field
	avail, entries int
	presences      []heldPresence
}

// heldPresence is what a presence was used for at some time.
type heldPresence struct {
	used     bool
	contexts int
}

// hold notes what a place has, before something under it asks it for a value, or has one of its calls carry some.
func (c *chooser) hold(p *Place, v value) {
	h := held{place: p, value: v, avail: len(p.avail), entries: len(p.Entries)}
	for _, f := range p.Fields {
		h.fields = append(h.fields, *f)
	}
	for _, presence := range p.presences() {
		h.presences = append(h.presences, heldPresence{presence.Used, len(presence.contexts())})
	}
	c.held = append(c.held, h)
}

// takeBack undoes what has been added to places since so many were held.
func (c *chooser) takeBack(count int) {
	for len(c.held) > count {
		last := len(c.held) - 1
		c.held[last].restore()
		delete(c.values, c.held[last].value)
		c.held = c.held[:last]
	}
}

func (h *held) restore() {
	p := h.place
	p.Fields, p.Entries, p.avail = p.Fields[:len(h.fields)], p.Entries[:h.entries], p.avail[:h.avail]
	for i, f := range p.Fields {
		*f = h.fields[i]
	}
	for i, presence := range p.presences() {
		presence.Used = h.presences[i].used
		if presence.Entry != nil {
			presence.Entry.Contexts = presence.Entry.Contexts[:h.presences[i].contexts]
		}
	}
}

// presences are all of a place, also those that are for one field.
func (p *Place) presences() []*Presence { return slices.Concat(p.avail, p.Entries) }

func (p *Presence) contexts() []*Context {
	if p.Entry == nil {
		return nil
	}
	return p.Entry.Contexts
}
