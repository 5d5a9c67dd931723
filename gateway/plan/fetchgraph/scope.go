package fetchgraph

import "strconv"

// scope hands out response names for the objects at one place of one answer, so that one name never has two meanings
// (GraphQL specification, section 5.3.2): the same field with other arguments, or of another type on another object
// type, gets an alias.
type scope struct {
	names    map[string]string // response name → meaning
	children map[string]*scope
}

func newScope() *scope {
	return &scope{names: map[string]string{"__typename": "__typename"}, children: map[string]*scope{}}
}

// name returns the response name for a field: the wanted one, or an alias.
func (s *scope) name(wanted, field, args, typ string) string {
	meaning := field + "(" + args + ")" + typ
	name := wanted
	for i := 0; ; i++ {
		if have, taken := s.names[name]; !taken || have == meaning {
			s.names[name] = meaning
			return name
		}
		name = wanted + "__" + strconv.Itoa(i)
	}
}

// child is the scope of the objects that a composite field leads to.
func (s *scope) child(name string) *scope {
	c := s.children[name]
	if c == nil {
		c = newScope()
		s.children[name] = c
	}
	return c
}
