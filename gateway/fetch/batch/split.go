package batch

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/weft-gateway/weft/gateway/jsonstring"
	"github.com/weft-gateway/weft/gateway/response"
)

// maxErrors bounds the errors of an answer that are told apart.
const maxErrors = 2000

// split takes the answer apart: for each load the answer that its own request would have got.
func (m *merged) split(body []byte) ([][]byte, error) {
	limits := response.DefaultLimits()
	limits.Errors = min(limits.Errors*len(m.loads), maxErrors)
	part, err := response.Decode(body, m.names, limits)
	if err != nil {
		return nil, err
	}
	defer part.Release()
	if !part.HasData() {
		return m.refused(part.Errors)
	}
	entities := make([][][][]byte, len(m.kinds)) // by kind, group and number: the entity's bytes
	for k := range m.kinds {
		entities[k] = make([][][]byte, len(m.kinds[k].groups))
		for g := range m.kinds[k].groups {
			l := &m.kinds[k].groups[g]
			found, ok := part.Items(make([][]byte, 0, len(l.items)), l.name)
			if !ok || len(found) != len(l.items) {
				return nil, fmt.Errorf("%d entities were asked for and %d are there", len(l.items), len(found))
			}
			entities[k][g] = found
		}
	}
	answers := make([][]byte, len(m.loads))
	for i := range m.loads {
		answers[i], err = m.answer(i, entities[m.of[i]], part.Errors)
		if err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// refused writes the answers when the subgraph answered nothing but errors. When loads of several kinds were sent, that
// is an error: each kind is to be sent alone, to find out whom the errors concern.
func (m *merged) refused(errs []response.SubgraphError) ([][]byte, error) {
	if len(m.kinds) > 1 {
		return nil, errors.New("the answer has no data")
	}
	answers := make([][]byte, len(m.loads))
	for i := range m.loads {
		own, err := json.Marshal(m.errors(i, errs))
		if err != nil {
			return nil, err
		}
		answers[i] = append(append([]byte(`{"data":null,"errors":`), own...), '}')
	}
	return answers, nil
}

// answer writes what load i would have got.
func (m *merged) answer(i int, entities [][][]byte, errs []response.SubgraphError) ([]byte, error) {
	k := &m.kinds[m.of[i]]
	size := 64
	for g, numbers := range m.loads[i] {
		for _, n := range numbers {
			size += len(entities[g][n]) + 1
		}
	}
	b := append(make([]byte, 0, size), `{"data":{`...)
	for g, numbers := range m.loads[i] {
		if g > 0 {
			b = append(b, ',')
		}
		b = append(jsonstring.Append(b, k.groups[g].own), ":["...)
		for j, n := range numbers {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(b, entities[g][n]...)
		}
		b = append(b, ']')
	}
	b = append(b, '}')
	own, err := json.Marshal(m.errors(i, errs))
	if err != nil {
		return nil, err
	}
	if string(own) != "null" {
		b = append(append(b, `,"errors":`...), own...)
	}
	return append(b, '}'), nil
}

// plainError is an error as a subgraph writes it.
type plainError struct {
	Message    string          `json:"message"`
	Path       []any           `json:"path,omitempty"`
	Extensions json.RawMessage `json:"extensions,omitempty"`
}

// errors returns the errors that concern load i, their paths as in its own request. Those that belong to no entity
// concern all.
func (m *merged) errors(i int, errs []response.SubgraphError) []plainError {
	var own []plainError
	for _, e := range errs {
		k, g, n, placed := m.place(e.Path)
		if !placed {
			own = append(own, plainError{Message: e.Message, Extensions: e.Extensions})
			continue
		}
		if k != m.of[i] {
			continue
		}
		at := slices.Index(m.loads[i][g], n)
		if at < 0 {
			continue
		}
		path := []any{m.kinds[k].groups[g].own, at}
		for _, el := range e.Path[2:] {
			if el.Name != "" {
				path = append(path, el.Name)
			} else {
				path = append(path, el.Index)
			}
		}
		own = append(own, plainError{Message: e.Message, Path: path, Extensions: e.Extensions})
	}
	return own
}

// place finds the kind, group and number of the representation that an error path points to.
func (m *merged) place(path response.Path) (k, g int, n int32, ok bool) {
	if len(path) < 2 || path[1].Name != "" {
		return 0, 0, 0, false
	}
	name := m.names.Lookup(path[0].Name)
	for k := range m.kinds {
		for g := range m.kinds[k].groups {
			if l := &m.kinds[k].groups[g]; name != 0 && l.name == name && path[1].Index < len(l.items) {
				return k, g, int32(path[1].Index), true
			}
		}
	}
	return 0, 0, 0, false
}
