package batch

import (
	"strings"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/jsonstring"
	"github.com/weft-gateway/weft/gateway/response"
)

// merged is one request made of several loads, and how its answer is taken apart.
type merged struct {
	body  []byte
	names *response.Names
	kinds []kind
	of    []int // by load: the number of its kind
	loads []share
}

// kind is what several loads have in common: they differ in representations only.
type kind struct {
	groups []list
}

// list is the merged list of one `_entities` field.
type list struct {
	name  response.Name // the response name in the merged request
	own   string        // the response name in the loads' own requests
	items [][]byte
	index map[string]int32
}

// share is what is one load's: by group, the numbers of its representations in the merged list, in its own order.
type share [][]int32

// merge makes one request of the loads, which are sorted. Loads that differ in their representations only become one
// list, each representation once; others stand beside each other under aliases of their own.
func (d *documents) merge(loads []*load) (*merged, error) {
	m := &merged{names: response.NewNames(), of: make([]int, len(loads)), loads: make([]share, len(loads))}
	var firsts []*load // of each kind
	for i, l := range loads {
		if i == 0 || !l.same(loads[i-1]) {
			firsts = append(firsts, l)
			k := kind{groups: make([]list, len(l.entities.Groups))}
			for g := range k.groups {
				k.groups[g].index = map[string]int32{}
				k.groups[g].own = l.entities.Groups[g].Name
			}
			m.kinds = append(m.kinds, k)
		}
		m.of[i] = len(m.kinds) - 1
		k := &m.kinds[m.of[i]]
		m.loads[i] = make(share, len(k.groups))
		for g := range k.groups {
			m.loads[i][g] = k.groups[g].add(l.entities.Groups[g].Representations)
		}
	}
	return m, m.render(d, firsts)
}

// add adds representations and returns their numbers.
func (l *list) add(representations []byte) []int32 {
	var numbers []int32
	for _, item := range items(representations) {
		n, known := l.index[string(item)]
		if !known {
			n = int32(len(l.items))
			l.index[string(item)] = n
			l.items = append(l.items, item)
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// render writes the request.
func (m *merged) render(d *documents, firsts []*load) error {
	if len(firsts) == 1 {
		e := firsts[0].entities
		for g := range m.kinds[0].groups {
			l := &m.kinds[0].groups[g]
			l.name = m.names.Intern(l.own)
		}
		m.body = appendHead(nil, e.Operation, e.OperationName)
		m.body = append(m.variables(m.body, &m.kinds[0], &e, ""), "}}"...)
		return nil
	}
	var variables, selection, fragments strings.Builder
	for i, first := range firsts {
		p, err := d.piece(first.entities.Operation, i)
		if err != nil {
			return err
		}
		variables.WriteString(p.variables)
		selection.WriteString(p.selection)
		fragments.WriteString(p.fragments)
	}
	operation := "query(" + variables.String() + "){" + selection.String() + "}" + fragments.String()
	m.body = appendHead(nil, operation, "")
	for i, first := range firsts {
		for g := range m.kinds[i].groups {
			l := &m.kinds[i].groups[g]
			l.name = m.names.Intern(prefix(i) + l.own)
		}
		if i > 0 {
			m.body = append(m.body, ',')
		}
		m.body = m.variables(m.body, &m.kinds[i], &first.entities, prefix(i))
	}
	m.body = append(m.body, "}}"...)
	return nil
}

// variables writes the variables of one kind.
func (m *merged) variables(b []byte, k *kind, e *fetch.Entities, prefix string) []byte {
	for g := range k.groups {
		if g > 0 {
			b = append(b, ',')
		}
		b = append(jsonstring.Append(b, prefix+e.Groups[g].Variable), ":["...)
		for i, item := range k.groups[g].items {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, item...)
		}
		b = append(b, ']')
	}
	return appendVariables(b, e.Variables, prefix)
}

// body writes the request of one load.
func body(e *fetch.Entities) []byte {
	b := appendHead(nil, e.Operation, e.OperationName)
	for g := range e.Groups {
		if g > 0 {
			b = append(b, ',')
		}
		b = append(jsonstring.Append(b, e.Groups[g].Variable), ":["...)
		b = append(append(b, e.Groups[g].Representations...), ']')
	}
	return append(appendVariables(b, e.Variables, ""), "}}"...)
}

func appendHead(b []byte, operation, name string) []byte {
	b = jsonstring.Append(append(b, `{"query":`...), operation)
	if name != "" {
		b = jsonstring.Append(append(b, `,"operationName":`...), name)
	}
	return append(b, `,"variables":{`...)
}

// appendVariables writes variables after others.
func appendVariables(b []byte, list []fetch.Variable, prefix string) []byte {
	for _, v := range list {
		b = append(jsonstring.Append(append(b, ','), prefix+v.Name), ':')
		b = append(b, v.Value...)
	}
	return b
}

// items cuts a row of JSON objects, separated by commas, apart. They were written by the gateway from verified values.
func items(row []byte) [][]byte {
	var list [][]byte
	start, depth, quoted := 0, 0, false
	for i := 0; i < len(row); i++ {
		switch c := row[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',' && depth == 0:
			list = append(list, row[start:i])
			start = i + 1
		}
	}
	if start < len(row) {
		list = append(list, row[start:])
	}
	return list
}
