package response

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/weft-gateway/weft/gateway/jsonstring"
)

// The codes of errors that arise while the response is put together.
const (
	CodeDownstream  = "DOWNSTREAM_SERVICE_ERROR" // a subgraph reported an error and gave it no code of its own
	CodeNull        = "NON_NULL_VIOLATION"       // null where the schema has a non-null type
	CodeInvalid     = "INVALID_SUBGRAPH_VALUE"   // a value that the field's type cannot be
	CodeUnknownType = "UNKNOWN_RUNTIME_TYPE"     // an object of a type that cannot stand there
	CodeLacking     = "MISSING_INPUT"            // a subgraph was not asked: an input of what it was to tell is unknown
	CodeTooMany     = "TOO_MANY_ERRORS"          // errors beyond the bound were left out
	CodeTooLarge    = "RESPONSE_TOO_LARGE"       // the response would be longer than the bound
)

// PathElement is one element of a response path: a response name, or an index into a list when Name is empty.
type PathElement struct {
	Name  string
	Index int
}

// Path is a response path (GraphQL specification, section 7.1.2).
type Path []PathElement

// String prints the path as `orders[2].total`.
func (p Path) String() string {
	var b []byte
	for _, e := range p {
		if e.Name == "" {
			b = append(strconv.AppendInt(append(b, '['), int64(e.Index), 10), ']')
			continue
		}
		if len(b) > 0 {
			b = append(b, '.')
		}
		b = append(b, e.Name...)
	}
	return string(b)
}

// Error is one entry of the response's errors.
type Error struct {
	Message string
	Path    Path
	// Code is extensions.code; when empty it is the code in Extensions, or else CodeDownstream.
	Code string
	// Service is the name of the subgraph that the error comes from; "" for the gateway itself.
	Service string
	// Extensions are further members of the error's extensions: a JSON object or nil.
	Extensions json.RawMessage
}

// Error implements error.
func (e *Error) Error() string {
	if len(e.Path) == 0 {
		return e.Message
	}
	return fmt.Sprintf("%s: %s", e.Path, e.Message)
}

// append writes the error as JSON.
func (e *Error) append(dst []byte) []byte {
	dst = jsonstring.Append(append(dst, `{"message":`...), e.Message)
	if len(e.Path) > 0 {
		dst = append(dst, `,"path":[`...)
		for i, el := range e.Path {
			if i > 0 {
				dst = append(dst, ',')
			}
			if el.Name != "" {
				dst = jsonstring.Append(dst, el.Name)
			} else {
				dst = strconv.AppendInt(dst, int64(el.Index), 10)
			}
		}
		dst = append(dst, ']')
	}
	dst = append(dst, `,"extensions":{"code":`...)
	more := map[string]json.RawMessage{}
	if e.Extensions != nil {
		// What cannot be read is left out: the error itself must not get lost.
		_ = json.Unmarshal(e.Extensions, &more)
	}
	code, given := more["code"]
	switch {
	case e.Code != "":
		dst = jsonstring.Append(dst, e.Code)
	case given:
		dst = append(dst, code...)
	default:
		dst = jsonstring.Append(dst, CodeDownstream)
	}
	delete(more, "code")
	if e.Service != "" {
		dst = jsonstring.Append(append(dst, `,"service":`...), e.Service)
		delete(more, "service")
	}
	for _, key := range slices.Sorted(maps.Keys(more)) {
		dst = append(jsonstring.Append(append(dst, ','), key), ':')
		dst = append(dst, more[key]...)
	}
	return append(dst, "}}"...)
}

// Errors collects the errors of one response, up to a bound.
type Errors struct {
	list    []Error
	max     int
	dropped int
}

// Reset empties the collection and sets its bound.
func (e *Errors) Reset(bound int) {
	clear(e.list)
	*e = Errors{list: e.list[:0], max: bound}
}

// Add adds an error, or counts it when the bound is reached.
func (e *Errors) Add(err Error) {
	if e.full() {
		e.dropped++
		return
	}
	e.list = append(e.list, err)
}

// addAt adds an error for each of some places; one without a path where there are none.
func (e *Errors) addAt(paths []Path, err Error) {
	if len(paths) == 0 {
		e.Add(err)
	}
	for _, p := range paths {
		err.Path = p
		e.Add(err)
	}
}

// Len returns the number of errors kept.
func (e *Errors) Len() int { return len(e.list) }

// List returns the errors kept. It is valid until the next Reset.
func (e *Errors) List() []Error { return e.list }

func (e *Errors) full() bool { return len(e.list) >= e.max }

// append writes the errors as a JSON list.
func (e *Errors) append(dst []byte) []byte {
	dst = append(dst, '[')
	for i := range e.list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = e.list[i].append(dst)
	}
	if e.dropped > 0 {
		if len(e.list) > 0 {
			dst = append(dst, ',')
		}
		more := Error{Message: fmt.Sprintf("%d more errors were left out.", e.dropped), Code: CodeTooMany}
		dst = more.append(dst)
	}
	return append(dst, ']')
}
