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

type rep struct {
	hash       uint64
	start, end int
}

// reset empties the table.
func (r *reps) reset() {
	r.list = r.list[:0]
	clear(r.table)
}

// add returns the number of the representation at buf[start:], and whether it is a new one.
func (r *reps) add(buf []byte, start int) (int, bool) {
	if 2*len(r.list) >= len(r.table) {
		r.grow()
	}
	text := buf[start:]
	h := maphash.Bytes(seed, text)
	mask := uint64(len(r.table) - 1)
	i := h & mask
	for ; r.table[i] != 0; i = (i + 1) & mask {
		n := r.table[i] - 1
		if e := &r.list[n]; e.hash == h && bytes.Equal(buf[e.start:e.end], text) {
			return int(n), false
		}
	}
	r.list = append(r.list, rep{h, start, len(buf)})
	r.table[i] = int32(len(r.list))
	return len(r.list) - 1, true
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
