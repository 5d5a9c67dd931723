package server

import (
	"fmt"
	"net/http"
	"net/url"
	"unicode/utf8"
)

// params are the parameters of a GraphQL-over-HTTP request. variables and
// extensions are JSON objects, or nil, and share the memory of what was read.
type params struct {
	query         string
	operationName string
	variables     []byte
	extensions    []byte
}

// span is where a parameter's value lies in a body; end 0 is "not there".
type span struct {
	start, end int
	escaped    bool
}

func (s span) of(b []byte) []byte { return b[s.start:s.end] }

// absent tells a missing value and null: they mean the same (GraphQL over HTTP,
// "Request Parameters").
func (s span) absent(b []byte) bool { return s.end == 0 || b[s.start] == 'n' }

// parseBody reads the body of a POST: one JSON object, in one pass. Unknown keys
// are reserved by the specification and ignored; of a key that comes twice the
// last one counts, as everywhere in JSON.
func parseBody(body []byte) (params, *fault) {
	if !utf8.Valid(body) {
		return params{}, malformed("the body is not valid UTF-8")
	}
	i := skipSpace(body, 0)
	if i == len(body) {
		return params{}, malformed(`the body is empty; send a JSON object with a "query"`)
	}
	if body[i] == '[' {
		return params{}, &fault{http.StatusBadRequest, CodeBatchingNotEnabled,
			"the body is an array: batches of operations are not enabled here; send one request per operation"}
	}
	if body[i] != '{' {
		return params{}, malformed(`the body is not a JSON object; send one with a "query"`)
	}

	var query, operationName, variables, extensions span
	if err := scanMembers(body, i, func(key string, value span) {
		switch key {
		case "query":
			query = value
		case "operationName":
			operationName = value
		case "variables":
			variables = value
		case "extensions":
			extensions = value
		}
	}); err != nil {
		return params{}, malformed(fmt.Sprintf("the body is not valid JSON: %s (byte %d)", err.what, err.offset))
	}

	var p params
	if query.absent(body) {
		return p, malformed(`the body has no "query", which holds the GraphQL document`)
	}
	if body[query.start] != '"' {
		return p, wrongType("query", "a string", body[query.start])
	}
	p.query = unquote(query.of(body), query.escaped)
	if !operationName.absent(body) {
		if body[operationName.start] != '"' {
			return p, wrongType("operationName", "a string or null", body[operationName.start])
		}
		p.operationName = unquote(operationName.of(body), operationName.escaped)
	}
	var f *fault
	if p.variables, f = objectParam("variables", body, variables); f != nil {
		return p, f
	}
	p.extensions, f = objectParam("extensions", body, extensions)
	return p, f
}

// scanMembers reads the object that begins at i and is the whole of b, and hands
// out its members.
func scanMembers(b []byte, i int, member func(key string, value span)) *syntaxError {
	i = skipSpace(b, i+1)
	done := i < len(b) && b[i] == '}'
	if done {
		i++
	}
	for !done {
		keyStart := i
		keyEnd, keyEscaped, valueStart, err := skipKey(b, i)
		if err != nil {
			return err
		}
		value := span{start: valueStart}
		if valueStart < len(b) && b[valueStart] == '"' {
			value.end, value.escaped, err = skipString(b, valueStart)
		} else {
			value.end, err = skipValue(b, valueStart, 1)
		}
		if err != nil {
			return err
		}
		if key := b[keyStart:keyEnd]; keyEscaped {
			member(unquote(key, true), value)
		} else {
			member(knownKey(key[1:len(key)-1]), value)
		}
		if i, done, err = skipSeparator(b, value.end, '}'); err != nil {
			return err
		}
	}
	if i = skipSpace(b, i); i != len(b) {
		return &syntaxError{i, "something follows the object"}
	}
	return nil
}

// knownKey turns a key into a string without allocating one.
func knownKey(key []byte) string {
	switch string(key) {
	case "query":
		return "query"
	case "operationName":
		return "operationName"
	case "variables":
		return "variables"
	case "extensions":
		return "extensions"
	}
	return ""
}

func objectParam(name string, body []byte, value span) ([]byte, *fault) {
	if value.absent(body) {
		return nil, nil
	}
	if body[value.start] != '{' {
		return nil, wrongType(name, "an object or null", body[value.start])
	}
	return value.of(body), nil
}

func wrongType(name, want string, first byte) *fault {
	found := "a number"
	switch first {
	case '"':
		found = "a string"
	case '{':
		found = "an object"
	case '[':
		found = "an array"
	case 't', 'f':
		found = "a boolean"
	}
	return malformed(fmt.Sprintf("%q has to be %s; found %s", name, want, found))
}

// parseQueryString reads the parameters of a GET.
func parseQueryString(raw string) (params, *fault) {
	var p params
	values, err := url.ParseQuery(raw)
	if err != nil {
		return p, malformed("the URL's query component is not correctly encoded: percent-encode the parameters")
	}
	for _, name := range [...]string{"query", "operationName", "variables", "extensions"} {
		given := values[name]
		if len(given) == 0 {
			continue
		}
		if len(given) > 1 {
			return p, malformed("the URL has the parameter " + name + " more than once")
		}
		value := given[0]
		if !utf8.ValidString(value) {
			return p, malformed("the URL's parameter " + name + " is not valid UTF-8")
		}
		var f *fault
		switch name {
		case "query":
			p.query = value
		case "operationName":
			p.operationName = value
		case "variables":
			p.variables, f = objectFromURL(name, value)
		case "extensions":
			p.extensions, f = objectFromURL(name, value)
		}
		if f != nil {
			return p, f
		}
	}
	if p.query == "" {
		return p, malformed("the URL has no parameter query, which holds the GraphQL document")
	}
	return p, nil
}

// objectFromURL reads a parameter that holds JSON in a URL: an object, null or
// nothing.
func objectFromURL(name, value string) ([]byte, *fault) {
	b := []byte(value)
	start := skipSpace(b, 0)
	if start == len(b) {
		return nil, nil
	}
	end, err := skipValue(b, start, 0)
	if err == nil {
		if rest := skipSpace(b, end); rest != len(b) {
			err = &syntaxError{rest, "something follows the value"}
		}
	}
	if err != nil {
		return nil, malformed(fmt.Sprintf("the URL's parameter %s is not valid JSON: %s (byte %d)", name, err.what, err.offset))
	}
	return objectParam(name, b, span{start: start, end: end})
}
