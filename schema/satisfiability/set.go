package satisfiability

import "math/bits"

// set is a set of small numbers. Sets of one universe have the same length.
type set []uint64

func newSet(universe int) set { return make(set, (universe+63)/64) }

func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s set) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s set) remove(i int) { s[i/64] &^= 1 << (i % 64) }

func (s set) addAll(o set) {
	for i, word := range o {
		s[i] |= word
	}
}

// addCommon adds what two other sets have in common.
func (s set) addCommon(a, b set) {
	for i := range s {
		s[i] |= a[i] & b[i]
	}
}

// within reports whether all of s is in o.
func (s set) within(o set) bool {
	for i, word := range s {
		if word&^o[i] != 0 {
			return false
		}
	}
	return true
}

func (s set) meets(o set) bool {
	for i, word := range s {
		if word&o[i] != 0 {
			return true
		}
	}
	return false
}

// members iterates over the members in ascending order.
func (s set) members(yield func(int) bool) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			if !yield(i*64 + bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}
