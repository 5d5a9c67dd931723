package response

import (
	"math/bits"
	"sync"

	"github.com/weft-gateway/weft/gateway/jsonstring"
)

// kind is the kind of a JSON value.
type kind uint8

const (
	kindNull kind = iota
	kindFalse
	kindTrue
	kindNumber
	kindString
	kindArray
	kindObject
)

// String names the kind as an error message would.
func (k kind) String() string {
	return [...]string{"null", "a Boolean", "a Boolean", "a number", "a string", "a list", "an object"}[k]
}

const (
	flagEscapes  uint8 = 1 << iota // a string with backslash escapes
	flagFraction                   // a number with a fraction or an exponent
)

// node is one JSON value of a part: 16 bytes without pointers, so that the garbage collector does not look into the
// slices that hold them. The children of a container follow it directly; next is the node after the last of them, so the
// children of node i start at i+1 and end before next.
type node struct {
	start, end uint32 // the value's bytes, quotes included
	next       int32
	name       Name // of a member of an object; 0 for list items and for members that were superseded by a later duplicate
	kind       kind
	flags      uint8
}

// Part is one decoded answer of a subgraph. It refers to the body that it was decoded from: the body must stay
// unchanged until the part is no longer used.
type Part struct {
	body  []byte
	nodes []node
	// Errors are the entries of the answer's `errors`; More counts those beyond the limit.
	Errors []SubgraphError
	More   int
	// nulls are those that errors are about, sorted; vague: some error does not say what it is about.
	nulls []int32
	vague bool
	// hints of the decoder: which name followed another at a depth; see decoder.hint.
	hints []Name
	// seen is, for every name, the newest object (its node plus one) that has a member called so.
	seen []int32
	// kept: it belongs to whoever called Keep.
	kept bool
}

// HasData says whether the answer's data is an object (not null, not absent).
func (p *Part) HasData() bool { return len(p.nodes) > 0 && p.nodes[0].kind == kindObject }

// Nodes returns the number of JSON values that the part keeps.
func (p *Part) Nodes() int { return len(p.nodes) }

// raw returns the bytes of a value.
func (p *Part) raw(i int32) []byte {
	n := &p.nodes[i]
	return p.body[n.start:n.end]
}

// text returns the bytes of a string value without its quotes, with escapes resolved.
func (p *Part) text(i int32) []byte {
	n := &p.nodes[i]
	b := p.body[n.start+1 : n.end-1]
	if n.flags&flagEscapes != 0 {
		return jsonstring.Unescape(nil, b)
	}
	return b
}

// member returns the member called name of the object i, -1 when there is none, and how many other members it passed on
// the way. from is where to look first.
func (p *Part) member(i, from int32, name Name) (int32, int) {
	nodes := p.nodes
	end := nodes[i].next
	passed := 0
	for c := from; c < end; c = nodes[c].next {
		if nodes[c].name == name {
			return c, passed
		}
		passed++
	}
	for c := i + 1; c < from; c = nodes[c].next {
		if nodes[c].name == name {
			return c, passed
		}
		passed++
	}
	return -1, passed
}

// nullAt says whether the part has a null, or nothing, at the end of a path or on the way there.
func (p *Part) nullAt(names *Names, path Path) bool {
	if p == nil || !p.HasData() {
		return true
	}
	at := int32(0)
	for _, e := range path {
		switch kind := p.nodes[at].kind; {
		case kind == kindObject && e.Name != "":
			if at, _ = p.member(at, at+1, names.Lookup(e.Name)); at < 0 {
				return true
			}
		case kind == kindArray && e.Name == "":
			if at = p.item(at, e.Index); at < 0 {
				return true
			}
		default:
			return kind == kindNull
		}
	}
	return p.nodes[at].kind == kindNull
}

// item returns the item of the list i at an index, -1 when there is none.
func (p *Part) item(i int32, index int) int32 {
	for c := i + 1; c < p.nodes[i].next; c = p.nodes[c].next {
		if index == 0 {
			return c
		}
		index--
	}
	return -1
}

// maxPooledNodes bounds the memory that an idle part keeps: larger node slices are left to the garbage collector.
const maxPooledNodes = 1 << 16

// parts pools parts by the size of their node slices, class n holding those from 4ⁿ nodes: in a single pool every part
// would grow, in time, to the size of the largest.
var parts [9]sync.Pool

// class returns the pool for parts of n nodes.
func class(n int) int { return min(max(bits.Len(uint(n))-1, 0)/2, len(parts)-1) }

// acquirePart returns an empty part with space for about n nodes.
func acquirePart(n int) *Part {
	p, ok := parts[class(n)].Get().(*Part)
	if !ok {
		p = &Part{nodes: make([]node, 0, n+n/4)}
	}
	p.nodes = p.nodes[:0]
	return p
}

// Keep lets several requests use the part: Release then does nothing, and Free has to be called when none of them uses it
// any more. A decoded part does not change.
func (p *Part) Keep() *Part {
	p.kept = true
	return p
}

// Release gives the part's memory back, unless it is kept. Neither the part nor anything read from it may be used
// afterwards.
func (p *Part) Release() {
	if p != nil && !p.kept {
		p.Free()
	}
}

// Free is Release for a part that is kept.
func (p *Part) Free() {
	p.kept = false
	p.body, p.Errors, p.More = nil, nil, 0
	p.nulls, p.vague = p.nulls[:0], false
	if cap(p.nodes) > maxPooledNodes {
		p.nodes = nil
	}
	parts[class(cap(p.nodes))].Put(p)
}

// Items returns the bytes of the items of the list that is the member name of data; false when there is no such list.
// It appends to dst.
func (p *Part) Items(dst [][]byte, name Name) ([][]byte, bool) {
	if !p.HasData() {
		return dst, false
	}
	list, _ := p.member(0, 1, name)
	if list < 0 || p.nodes[list].kind != kindArray {
		return dst, false
	}
	for c := list + 1; c < p.nodes[list].next; c = p.nodes[c].next {
		dst = append(dst, p.raw(c))
	}
	return dst, true
}
