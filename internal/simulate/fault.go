package simulate

import (
	"fmt"
	"hash/fnv"
)

// Fault is how a subgraph fails to answer a request.
type Fault int

// The faults.
const (
	None      Fault = iota
	Down            // there is no answer
	Refused         // errors and no data
	Malformed       // no GraphQL response
	Partial         // the first root field, or the first entity, is null, and an error says so where it may be
	Failing         // some of the fields that may be null fail
)

func (f Fault) String() string {
	return [...]string{"none", "down", "refused", "malformed", "partial", "failing"}[f]
}

// message tells of a fault in other words for each call, and for each place in its answer.
func (f Fault) message(call Call, path []any) string {
	return fmt.Sprintf("fault %v %08x", f, hashed(call.text(), path))
}

func hashed(v ...any) uint32 {
	hash := fnv.New32a()
	fmt.Fprint(hash, v...)
	return hash.Sum32()
}

// fails says whether a field at a path of the answer fails.
func (x *execution) fails(path []any) bool {
	return x.failing != nil && hashed(x.failing.text(), path)>>8%4 == 0
}

// spoil makes a fault's answer of a right one; nil is none at all.
func (f Fault) spoil(r *Result, call Call) []byte {
	message := f.message(call, nil)
	switch f {
	case Down:
		return nil
	case Refused:
		return (&Result{Errors: []Error{{Message: message}}}).JSON()
	case Malformed:
		return []byte(`{"data":{"a":[1,`)
	case Partial:
		if r.Data != nil && len(r.Data.names) > 0 {
			name := r.Data.names[0]
			path := []any{name}
			if list, ok := r.Data.values[name].([]any); ok && name == "_entities" && len(list) > 0 {
				list[0] = nil
				path = append(path, 0)
			} else {
				r.Data.values[name] = nil
			}
			r.Errors = append(r.Errors, Error{Message: message, Path: path})
		}
	}
	return r.JSON()
}
