package response

import (
	"bytes"
	"hash/maphash"
)

var seed = maphash.MakeSeed()

// reps finds representations that were rendered before: an open-addressed hash table of places in the buffer that they
// are rendered into.
type reps struct {
	list  []rep
	table []int32 // index into list plus one; a power of two long
}

// rep is what tells a representation from others: the text of all of it, or of the value that follows the bytes of its
// form (Direct).
type rep struct {
	hash       uint64
	start, end int
	form       int
}

// whole is the form of representations that are told by all of their text.
const whole = -1

// reset empties the table.
func (r *reps) reset() {
	r.list = r.list[:0]
	clear(r.table)
}

// find returns the number of the representation of a form that is told by text, which may be a part of buf; -1 when there
// is none. The hash is for insert.
func (r *reps) find(buf, text []byte, form int) (int, uint64) {
	if 2*len(r.list) >= len(r.table) {
		r.grow()
	}
	h := maphash.Bytes(seed, text) + uint64(form)
	mask := uint64(len(r.table) - 1)
	for i := h & mask; r.table[i] != 0; i = (i + 1) & mask {
		n := r.table[i] - 1
		if e := &r.list[n]; e.hash == h && e.form == form && bytes.Equal(buf[e.start:e.end], text) {
			return int(n), h
		}
	}
	return -1, h
}

// insert adds a representation that find did not find just now, and returns its number.
func (r *reps) insert(one rep) int {
	mask := uint64(len(r.table) - 1)
	i := one.hash & mask
	for r.table[i] != 0 {
		i = (i + 1) & mask
	}
	r.list = append(r.list, one)
	r.table[i] = int32(len(r.list))
	return len(r.list) - 1
}

func (r *reps) grow() {
	r.table = make([]int32, max(64, 2*len(r.table)))
	mask := uint64(len(r.table) - 1)
	for n, e := range r.list {
		i := e.hash & mask
		for r.table[i] != 0 {
			i = (i + 1) & mask
		}
		r.table[i] = int32(n + 1)
	}
}

// trim drops a table that is too large to keep.
func (r *reps) trim() {
	if len(r.table) > 1<<14 {
		*r = reps{}
	}
}
