package service

import "github.com/weft-gateway/weft/subgraphs/paging"

// Repeated returns the complexity of a list with at most count entries, each of which costs
// what is selected of it. The product is held at a bound beyond the limit, so that nested lists
// cannot overflow it.
func Repeated(count, each int) int {
	const bound = 1 << 30
	each = min(max(each, 1), bound)
	if count > bound/each {
		return bound
	}
	return 1 + max(count, 0)*each
}

// Page returns the complexity of one page of a list, as Repeated does. A page size that will be
// refused counts as the largest that is allowed.
func Page(first *int32, fallback, each int) int {
	size, err := paging.Size(first, fallback)
	if err != nil {
		size = paging.Max
	}
	return Repeated(size, each)
}
