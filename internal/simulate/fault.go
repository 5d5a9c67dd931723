package simulate

import "fmt"

// Fault is how a subgraph fails to answer a request.
type Fault int

// The faults.
const (
	None      Fault = iota
	Down            // there is no answer
	Refused         // errors and no data
	Malformed       // no GraphQL response
	Partial         // the first root field, or the first entity, is null, and an error says so where it may be
)

func (f Fault) String() string {
	return [...]string{"none", "down", "refused", "malformed", "partial"}[f]
}

// spoil makes a fault's answer of a right one; nil is none at all.
func (f Fault) spoil(r *Result) []byte {
	message := fmt.Sprintf("fault %v", f)
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
