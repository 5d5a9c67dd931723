package choose

import (
	"maps"
	"slices"
)

// Values of contexts are asked for at places above the one that needs them. Where such a place is given up, since no way was
// found and no object should come there, what it asked for further up goes with it: some of it may not be had either.

// held is what a place had at some time.
type held struct {
	place     *Place
	fields    []Field
	entries   int
	avail     int
	presences []heldPresence
}

// heldPresence is what a presence was used for at some time.
type heldPresence struct {
	used            bool
	needs, contexts int
}

// hold notes what is asked for at the places above a fork, and returns what takes back all that has been added since.
func (c *chooser) hold(fork *Fork) (takeBack func()) {
	var above []held
	for f := fork.Field; f != nil; f = f.Place.Fork.Field {
		above = append(above, hold(f.Place))
	}
	values := maps.Clone(c.values)
	return func() {
		c.values = values
		for _, h := range above {
			h.takeBack()
		}
	}
}

func hold(p *Place) held {
	h := held{place: p, entries: len(p.Entries), avail: len(p.avail)}
	for _, f := range p.Fields {
		was := *f
		was.contexts = maps.Clone(f.contexts)
		h.fields = append(h.fields, was)
	}
	for _, presence := range p.present() {
		was := heldPresence{used: presence.Used}
		if presence.Entry != nil {
			was.needs, was.contexts = len(presence.Entry.Needs), len(presence.Entry.Contexts)
		}
		h.presences = append(h.presences, was)
	}
	return h
}

func (h *held) takeBack() {
	p := h.place
	p.Fields, p.Entries, p.avail = p.Fields[:len(h.fields)], p.Entries[:h.entries], p.avail[:h.avail]
	for i, f := range p.Fields {
		*f = h.fields[i]
	}
	for i, presence := range p.present() {
		was := h.presences[i]
		presence.Used = was.used
		if e := presence.Entry; e != nil {
			e.Needs, e.Contexts = e.Needs[:was.needs], e.Contexts[:was.contexts]
		}
	}
}

// present are all presences of a place, also those that are for one field.
func (p *Place) present() []*Presence { return slices.Concat(p.avail, p.Entries) }
