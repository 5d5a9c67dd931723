package response

import (
	"encoding/json"
	"fmt"
)

// SubgraphError is an entry of a subgraph's `errors`. Its locations are dropped: they refer to the subgraph's document.
type SubgraphError struct {
	Message string
	// Path is in the subgraph's own response names; nil when it gave none.
	Path Path
	// Extensions is the JSON object that came with it; nil when there was none.
	Extensions json.RawMessage
}

// envelope reads the whole body.
func (d *decoder) envelope() error {
	d.space()
	if d.pos < len(d.body) && d.body[d.pos] == '<' {
		return d.fail("the text looks like HTML, not like JSON")
	}
	if d.peek() != '{' {
		return d.unexpected("an object")
	}
	d.pos++
	var data, errors bool
	d.space()
	if d.peek() == '}' {
		return d.fail("the object has neither data nor errors")
	}
	for {
		d.space()
		if d.peek() != '"' {
			return d.unexpected("a member's name")
		}
		key, err := d.key()
		if err != nil {
			return err
		}
		if err := d.colon(); err != nil {
			return err
		}
		switch string(key) {
		case "data":
			data = true
			err = d.data()
		case "errors":
			errors, err = d.errors()
		default: // extensions are the subgraph's own
			err = d.ignored()
		}
		if err != nil {
			return err
		}
		d.space()
		if c := d.peek(); c == ',' {
			d.pos++
			continue
		} else if c != '}' {
			return d.unexpected("',' or '}'")
		}
		d.pos++
		break
	}
	d.space()
	if d.pos < len(d.body) {
		return d.fail("text after the end of the object")
	}
	if !data && !errors {
		return d.fail("the object has neither data nor errors")
	}
	return nil
}

// data reads the response's data.
func (d *decoder) data() error {
	d.nodes = d.nodes[:0]
	at := d.pos
	if err := d.value(0, 1); err != nil {
		return err
	}
	if k := d.nodes[0].kind; k != kindObject && k != kindNull {
		d.pos = at
		return d.fail("data is %s, not an object", k)
	}
	return nil
}

// ignored verifies a value and drops it.
func (d *decoder) ignored() error {
	keep := len(d.nodes)
	err := d.value(0, 1)
	d.nodes = d.nodes[:keep]
	return err
}

// errors reads the response's errors and says whether there is one.
func (d *decoder) errors() (bool, error) {
	keep, at := len(d.nodes), d.pos
	defer func() { d.nodes = d.nodes[:keep] }()
	if err := d.value(0, 1); err != nil {
		return false, err
	}
	d.Errors, d.More = nil, 0
	list := d.nodes[keep]
	if list.kind == kindNull {
		return false, nil
	}
	if list.kind != kindArray {
		d.pos = at
		return false, d.fail("errors is %s, not a list", list.kind)
	}
	for c := int32(keep + 1); c < list.next; c = d.nodes[c].next {
		if len(d.Errors) >= d.limits.Errors {
			d.More++
			continue
		}
		d.Errors = append(d.Errors, parseError(d.raw(c)))
	}
	return list.next > int32(keep+1), nil
}

// parseError reads one error as far as it is understood: a subgraph that reports an error badly still reports one.
func parseError(raw []byte) SubgraphError {
	var fields map[string]json.RawMessage
	e := SubgraphError{}
	if json.Unmarshal(raw, &fields) == nil {
		_ = json.Unmarshal(fields["message"], &e.Message)
		var path []any
		if json.Unmarshal(fields["path"], &path) == nil {
			e.Path = parsePath(path)
		}
		if x := fields["extensions"]; len(x) > 0 && x[0] == '{' {
			e.Extensions = x
		}
	}
	if e.Message == "" {
		e.Message = "The subgraph reported an error without a message."
	}
	return e
}

// parsePath reads a path up to the first element that cannot be part of one.
func parsePath(list []any) Path {
	var path Path
	for _, e := range list {
		switch e := e.(type) {
		case string:
			if e == "" {
				return path
			}
			path = append(path, PathElement{Name: e})
		case float64:
			i := int(e)
			if e < 0 || float64(i) != e {
				return path
			}
			path = append(path, PathElement{Index: i})
		default:
			return path
		}
	}
	return path
}

// EntitiesError says that an `_entities` field did not answer what was asked.
type EntitiesError struct {
	Want, Got int // numbers of entities; Got is -1 when there is no list at all
}

// Error implements error.
func (e *EntitiesError) Error() string {
	if e.Got < 0 {
		return fmt.Sprintf("the answer to _entities is not a list; %d entities were asked for", e.Want)
	}
	return fmt.Sprintf("_entities answered %d entities; %d were asked for", e.Got, e.Want)
}
