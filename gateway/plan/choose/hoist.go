package choose

import (
	"slices"

	"github.com/weft-gateway/weft/gateway/operation"
)

// Where an @interfaceObject hides the type of objects, an entry tells it, and the places for each type come after that. What is
// entered at all of them alike, by the interface's name and with what was there before the type was known, need not wait for it.

// hoist makes the entries that all places of a fork have alike before the type of the objects is known.
func (c *chooser) hoist(fork *Fork) {
	if fork.Before == nil {
		return
	}
	places := slices.DeleteFunc(slices.Clone(fork.Places), func(p *Place) bool { return p.Absent })
	if len(places) == 0 {
		return
	}
	for _, p := range slices.Clone(places[0].Entries) {
		same := sameEntries(places, p)
		if same == nil {
			continue
		}
		early := c.enterBefore(fork.Before, p)
		for i, place := range places {
			place.exchange(same[i], early)
		}
	}
	if len(fork.Field.hidden) > 0 {
		return // what the entries needed may be part of what is needed further up
	}
	for _, place := range places {
		c.prune(place)
	}
}

// sameEntries are an entry of the first of some places and those of the others that are like it; nil where one has none, or
// where it cannot be made before the type is known.
func sameEntries(places []*Place, p *Presence) []*Presence {
	if !p.Used || p.Entry.Typename == "" || len(p.Entry.Contexts) > 0 || slices.ContainsFunc(p.Entry.Needs, func(n *Need) bool { return !n.early() }) {
		return nil
	}
	same := []*Presence{p}
	for _, place := range places[1:] {
		i := slices.IndexFunc(place.Entries, func(q *Presence) bool {
			return sameEntry(p.Entry, q.Entry) && p.Node == q.Node && slices.EqualFunc(places[0].selected(p), place.selected(q), sameField)
		})
		if i < 0 {
			return nil
		}
		same = append(same, place.Entries[i])
	}
	return same
}

// early reports whether what is needed is a leaf that was there before anything was entered.
func (n *Need) early() bool {
	inherited := n.Field.Place.Fork.Inherited
	return len(n.Set) == 0 && len(n.Field.By) > 0 &&
		!slices.ContainsFunc(n.Field.By, func(p *Presence) bool { return !slices.Contains(inherited, p) })
}

func sameEntry(a, b *Entry) bool {
	return a.Key == b.Key && a.Typename == b.Typename && a.own == b.own && len(b.Contexts) == 0 &&
		slices.EqualFunc(a.Needs, b.Needs, func(x, y *Need) bool {
			return x.Key == y.Key && x.Field.Name == y.Field.Name && ArgumentsText(x.Field.Arguments) == ArgumentsText(y.Field.Arguments) && y.early()
		})
}

// selected are the fields of a place that a presence resolves.
func (p *Place) selected(by *Presence) []*Field {
	var out []*Field
	for _, f := range p.Fields {
		if slices.Contains(f.By, by) {
			out = append(out, f)
		}
	}
	return out
}

// sameField reports whether two fields select the same.
func sameField(a, b *Field) bool {
	return a.Name == b.Name && a.Cond == b.Cond && ArgumentsText(a.Arguments) == ArgumentsText(b.Arguments) &&
		len(a.hidden) == 0 && len(b.hidden) == 0 && sameOp(a.Op, b.Op)
}

// sameOp reports whether two fields of a client's select the same; what it selects on several types is one set.
func sameOp(a, b *operation.Field) bool {
	return a == b || a != nil && b != nil && a.Response == b.Response && a.Set == b.Set && len(a.Applied) == 0 && len(b.Applied) == 0
}

// enterBefore makes an entry like another where the type of the objects is not known yet.
func (c *chooser) enterBefore(before *Place, like *Presence) *Presence {
	entry := &Entry{Key: like.Entry.Key, Typename: like.Entry.Typename, own: like.Entry.own}
	for _, n := range like.Entry.Needs {
		entry.Needs = append(entry.Needs, &Need{Field: before.hidden(n.Field), Key: n.Key})
	}
	p := c.presence(like.Node, entry, nil)
	p.step, p.Used = (&decider{chooser: c, place: before}).stepOf(entry), true
	before.Entries = append(before.Entries, p)
	before.Fork.Entries = before.Entries
	return p
}

// hidden returns the hidden field of a place that is like a leaf of another place; it is added at need.
func (p *Place) hidden(like *Field) *Field {
	i := slices.IndexFunc(p.Fields, func(f *Field) bool {
		return f.Name == like.Name && ArgumentsText(f.Arguments) == ArgumentsText(like.Arguments) && slices.Equal(f.By, like.By) && f.Fork == nil
	})
	if i >= 0 {
		return p.Fields[i]
	}
	f := &Field{Place: p, Name: like.Name, Arguments: like.Arguments, Definition: like.Definition, By: like.By}
	p.Fields = append(p.Fields, f)
	return f
}

// exchange puts a presence of the fork in the place of one that was entered here.
func (p *Place) exchange(own, fork *Presence) {
	p.Entries = slices.DeleteFunc(p.Entries, func(q *Presence) bool { return q == own })
	swap := func(list []*Presence) {
		for i, q := range list {
			if q == own {
				list[i] = fork
			}
		}
	}
	swap(p.avail)
	for _, f := range p.Fields {
		swap(f.By)
		swap(f.pinned)
		if f.Fork == nil {
			continue
		}
		for _, q := range f.Fork.Inherited {
			if q.Parent == own {
				q.Parent = fork
			}
		}
	}
}

// prune drops the hidden leaves of a place that no entry and no context needs any more.
func (c *chooser) prune(p *Place) {
	needed := map[*Field]bool{}
	for _, f := range c.values {
		needed[f] = true
	}
	for _, e := range p.Entries {
		for _, n := range e.Entry.Needs {
			needed[n.Field] = true
		}
		for _, v := range e.Entry.Contexts {
			if v.Need != nil {
				needed[v.Need.Field] = true
			}
		}
	}
	p.Fields = slices.DeleteFunc(p.Fields, func(f *Field) bool { return f.Hidden() && f.Fork == nil && !needed[f] })
}
