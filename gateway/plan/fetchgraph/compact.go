package fetchgraph

import (
	"strconv"
	"strings"
)

// A document that repeats itself is sent with named fragments for what it repeats: the members of a union that each lead to
// the same union, the same objects under several fields, a field that is asked once for each way in which its condition can
// hold. Subgraphs parse and validate less then. Documents in which that saves little stay without, for people to read.

// compaction writes the texts of one document.
type compaction struct {
	uses    map[*block]int
	names   map[*block]string
	pending []*block // fragments that are spread and not yet defined
	b       strings.Builder
	again   int // the length of what is no fragment and is written again
	limit   int // how long the document may become
}

// finish writes texts of one document out, without references. What they need besides are the definitions of fragments, which
// there are when that makes the document shorter by some bytes at least.
func (b *blocks) finish(texts []string, least int) (out []string, fragments string, ok bool) {
	if len(b.list) == 0 {
		return texts, "", true
	}
	pieces := make([][]piece, len(texts))
	c := &compaction{uses: map[*block]int{}, names: map[*block]string{}, limit: MaxDocument}
	size := 0
	for i, text := range texts {
		pieces[i] = b.cut(text)
		c.count(pieces[i])
		for _, p := range pieces[i] {
			size = min(MaxDocument, size+p.size())
		}
	}
	if c.repeats() {
		if size < MaxDocument {
			c.limit = size - least
		}
		if out, fragments, ok = c.texts(pieces); ok {
			return out, fragments, true
		}
	}
	plain := &compaction{limit: MaxDocument}
	return plain.texts(pieces)
}

// count counts how often blocks are written, where each that can be a fragment is written once.
func (c *compaction) count(pieces []piece) {
	for _, p := range pieces {
		if p.block == nil {
			continue
		}
		c.uses[p.block]++
		if again := c.uses[p.block] > 1; again {
			if !p.block.marked || c.again > MaxDocument {
				continue
			}
			c.again += p.block.size
		}
		c.count(p.block.pieces)
	}
}

// repeats reports whether anything can be a fragment.
func (c *compaction) repeats() bool {
	for b := range c.uses {
		if c.fragment(b) {
			return true
		}
	}
	return false
}

// fragment reports whether a block is written once, as a fragment.
func (c *compaction) fragment(b *block) bool { return c.uses[b] > 1 && !b.marked }

// texts writes the texts, then the fragments that they use, in the order of their use. ok is false when that is too long.
func (c *compaction) texts(pieces [][]piece) (out []string, fragments string, ok bool) {
	for _, list := range pieces {
		from := c.b.Len()
		c.write(list)
		out = append(out, c.b.String()[from:])
	}
	from := c.b.Len()
	for i := 0; i < len(c.pending); i++ {
		f := c.pending[i]
		c.b.WriteString(" fragment " + c.names[f] + " on " + f.on + "{")
		c.write(f.pieces)
		c.b.WriteByte('}')
	}
	return out, c.b.String()[from:], c.b.Len() <= c.limit
}

func (c *compaction) write(pieces []piece) {
	for _, p := range pieces {
		switch {
		case c.b.Len() > c.limit:
			return
		case p.block == nil:
			c.b.WriteString(p.text)
		case c.fragment(p.block):
			c.b.WriteString("..." + c.name(p.block))
		case p.typed:
			c.b.WriteString("...on " + p.block.on + "{")
			c.write(p.block.pieces)
			c.b.WriteByte('}')
		default:
			c.write(p.block.pieces)
		}
	}
}

// name names a fragment when it is first used.
func (c *compaction) name(b *block) string {
	name := c.names[b]
	if name == "" {
		name = "F" + strconv.Itoa(len(c.pending)+1)
		c.names[b] = name
		c.pending = append(c.pending, b)
	}
	return name
}
