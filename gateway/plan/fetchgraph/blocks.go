package fetchgraph

import (
	"strconv"
	"strings"
)

// block is what is selected on a type in one place or many. While documents are written, a reference to the block stands in
// the text around it, so nothing is written again that was written before, however often it is asked.
type block struct {
	on     string // the type that it is selected on
	pieces []piece
	// size is the length of all of it, written out; MaxDocument and more where it is too long to be.
	size int
	// marked: names of variables for values from contexts are left open in it, so that it differs from copy to copy.
	marked bool
}

// piece is a part of a text: as it stands there, or a reference to a block.
type piece struct {
	text  string
	block *block
	typed bool // with the type condition around it
}

// The bytes that stand around the number of a block where the block itself is left out: for what stands in braces, and for
// that under its type condition, braces and all. They occur in no document.
const (
	blockMark = '\x01'
	typedMark = '\x02'
)

// blocks are those of all documents of a graph.
type blocks struct {
	list  []*block
	index map[string]int // by type and text
	// least is the length in bytes from which on a selection becomes a block. What is shorter is written where it is.
	least int
}

// inside returns what to write between the braces of a selection on a type.
func (b *blocks) inside(on, text string) string {
	if len(text) < b.least || !nameable(on) {
		return text
	}
	return b.reference(blockMark, on, text)
}

// typed returns what to write for a selection under a type condition.
func (b *blocks) typed(on, text string) string {
	if len(text) < b.least || !nameable(on) {
		return "...on " + on + "{" + text + "}"
	}
	return b.reference(typedMark, on, text)
}

// nameable reports whether a fragment can stand for selections on a type. Subgraphs may call their root types what they
// like, so a condition cannot name those; introspection has no type here.
func nameable(on string) bool {
	switch on {
	case "", "Query", "Mutation", "Subscription":
		return false
	}
	return true
}

func (b *blocks) reference(mark byte, on, text string) string {
	key := on + string(typedMark) + text
	i, known := b.index[key]
	if !known {
		if b.index == nil {
			b.index = map[string]int{}
		}
		i = len(b.list)
		b.index[key] = i
		b.list = append(b.list, b.block(on, key[len(on)+1:]))
	}
	return string(mark) + strconv.Itoa(i) + string(mark)
}

func (b *blocks) block(on, text string) *block {
	out := &block{on: on, pieces: b.cut(text)}
	for _, p := range out.pieces {
		out.size = min(MaxDocument, out.size+p.size())
		out.marked = out.marked || p.block != nil && p.block.marked || p.block == nil && strings.Contains(p.text, mark)
	}
	return out
}

// cut takes a text apart at its references.
func (b *blocks) cut(text string) []piece {
	if len(b.list) == 0 {
		return []piece{{text: text}}
	}
	var out []piece
	for {
		from := strings.IndexAny(text, string(blockMark)+string(typedMark))
		if from < 0 {
			break
		}
		to := from + 1 + strings.IndexByte(text[from+1:], text[from])
		number, err := strconv.Atoi(text[from+1 : to])
		if err != nil {
			break
		}
		if from > 0 {
			out = append(out, piece{text: text[:from]})
		}
		out = append(out, piece{block: b.list[number], typed: text[from] == typedMark})
		text = text[to+1:]
	}
	if text != "" {
		out = append(out, piece{text: text})
	}
	return out
}

// size is the length of a piece written out.
func (p piece) size() int {
	switch {
	case p.block == nil:
		return len(p.text)
	case p.typed:
		return p.block.size + len("...on {}") + len(p.block.on)
	}
	return p.block.size
}

// unshared is the length of what is written again each time that a text is: all but what can be in fragments.
func (b *blocks) unshared(text string) int {
	n := 0
	for _, p := range b.cut(text) {
		if p.block == nil || p.block.marked {
			n += p.size()
		}
	}
	return n
}

// staticName is the name of the type that a selection is on; "" for introspection.
func (s *Selection) staticName() string {
	if s.Type == nil {
		return ""
	}
	return s.Type.Name
}
