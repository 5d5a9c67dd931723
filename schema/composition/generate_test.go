package composition

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator makes random sets of subgraphs that mostly compose: all of them draw on one universe of types, and a
// little of what they say is noise.
type generator struct {
	r *rand.Rand
	// noise is how likely a subgraph says something else than the universe does.
	noise float64
	// modern is how likely a subgraph is written for Federation 2 rather than 1.
	modern float64
}

// universeField is a field as the universe has it. Its type is a format with one verb for what may follow.
type universeField struct{ name, arguments, typ string }

var universe = map[string][]universeField{
	"E1":    {{"id", "", "ID!"}, {"a", "", "Int"}, {"b", "(x: Int, n: N1)", "String"}, {"v", "", "V1"}, {"e2", "", "E2"}, {"i", "", "I1"}},
	"E2":    {{"id", "", "ID!"}, {"a", "", "Int"}, {"c", "", "N1"}, {"e1s", "", "[E1!]"}, {"u", "", "U1"}, {"v", "", "V2"}},
	"E3":    {{"id", "", "ID!"}, {"k", "", "String!"}, {"a", "", "Int"}, {"d", "(p: P1 = {x: 1})", "Float"}},
	"V1":    {{"x", "", "Int"}, {"y", "", "String"}, {"n", "", "N1"}},
	"V2":    {{"x", "", "Int"}, {"e3", "", "E3"}, {"s", "", "S1"}},
	"Query": {{"e1", "(id: ID!)", "E1"}, {"e2", "", "E2"}, {"i1", "", "I1"}, {"u1", "", "U1"}, {"v1", "(n: N1)", "V1"}, {"p", "(p: P1)", "Int"}},
}

var (
	objects  = []string{"E1", "E2", "E3", "V1", "V2", "Query"}
	entities = []string{"E1", "E2", "E3"}
)

func (g *generator) chance(p float64) bool { return g.r.Float64() < p }
func (g *generator) rare() bool            { return g.chance(g.noise) }

func (g *generator) subgraphs() []Subgraph {
	n := 2 + g.r.IntN(2)
	var all []Subgraph
	for i := range n {
		name := string(rune('a' + i))
		all = append(all, Subgraph{Name: name, URL: "http://" + name, File: name + ".graphql", SDL: g.schema(name, n)})
	}
	return all
}

// schema makes one subgraph. Types are added until everything that is named is defined.
func (g *generator) schema(name string, n int) string {
	s := &generated{generator: g, name: name, others: n, federation2: g.chance(g.modern), done: map[string]bool{}}
	if s.federation2 {
		s.b.WriteString(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@tag", "@inaccessible", "@override", "@authenticated", "@requiresScopes", "@interfaceObject"])` + "\n")
	}
	s.need("Query")
	if s.chance(0.3) {
		s.need("W")
	}
	if s.chance(0.2) {
		s.printf("type Mutation { do%s(p: P1!): E1%s }\n", name, s.authorization())
		s.need("P1")
		s.need("E1")
	}
	for _, t := range objects {
		if g.chance(0.4) {
			s.need(t)
		}
	}
	for len(s.todo) > 0 {
		t := s.todo[0]
		s.todo = s.todo[1:]
		s.define(t)
	}
	return s.b.String()
}

type generated struct {
	*generator
	b           strings.Builder
	name        string
	others      int
	federation2 bool
	todo        []string
	done        map[string]bool
}

func (s *generated) need(t string) {
	t = strings.Trim(t, "[]!")
	if !s.done[t] && !slices.Contains([]string{"Int", "String", "ID", "Float", "Boolean"}, t) {
		s.done[t] = true
		s.todo = append(s.todo, t)
	}
}

func (s *generated) printf(format string, args ...any) { fmt.Fprintf(&s.b, format, args...) }

func (s *generated) define(t string) {
	description := ""
	if s.chance(0.1) {
		description = fmt.Sprintf("%q\n", "About "+t+[]string{"", " there"}[s.r.IntN(2)])
	}
	if !slices.Contains(objects, t) {
		s.printf("%s", description)
	}
	switch t {
	case "I1":
		s.printf("interface I1%s { a: Int%s }\n", s.tags(), []string{"", "", " id: ID!"}[s.r.IntN(3)])
		s.need("E1")
	case "U1":
		members := []string{"E1"}
		for _, m := range []string{"E2", "V1"} {
			if s.chance(0.5) {
				members = append(members, m)
			}
		}
		for _, m := range members {
			s.need(m)
		}
		s.printf("union U1%s = %s\n", s.tags(), strings.Join(members, " | "))
	case "N1":
		s.printf("enum N1%s { A%s", s.tags(), s.tags())
		if !s.rare() {
			s.printf(" B%s", s.tags())
		}
		if s.rare() {
			s.printf(" C @deprecated")
		}
		s.printf(" }\n")
	case "P1":
		s.printf("input P1 { x: Int%s", []string{"", "", "", " = 5", "!"}[s.r.IntN(5)])
		if s.chance(0.7) {
			s.printf(" y: String%s", s.tags())
		}
		if s.rare() {
			s.printf(" n: N1!")
			s.need("N1")
		}
		s.printf(" }\n")
	case "W":
		s.face()
	case "S1":
		s.printf("scalar S1%s\n", []string{"", "", ` @specifiedBy(url: "http://s1")`}[s.r.IntN(3)])
	default:
		s.object(t, description)
	}
}

// face writes an interface with a key and its implementations, or the interface as an object.
func (s *generated) face() {
	s.need("V1")
	if s.federation2 && s.name != "a" && s.chance(0.6) {
		s.printf("type W @interfaceObject @key(fields: \"id\")%s { id: ID! m%s: Int%s v: V1 @shareable%s", s.tags(), s.name, s.authorization(), s.tags())
		if s.chance(0.3) {
			s.printf(" base: Int @external r: Int @requires(fields: \"base\")")
		}
		s.printf(" }\n")
		return
	}
	if s.federation2 {
		s.printf("interface W @key(fields: \"id\")%s { id: ID! base: Int }\n", s.tags())
	} else {
		s.printf("interface W { id: ID! base: Int }\n")
	}
	shared := ""
	if s.federation2 {
		shared = " @shareable"
	}
	for _, t := range []string{"W1", "W2"} {
		if t == "W2" && s.rare() {
			continue
		}
		s.printf("type %s implements W @key(fields: \"id\")%s { id: ID! base: Int%s%s", t, s.authorization(), shared, s.authorization())
		if s.rare() {
			s.printf(" v: V1%s", shared)
		}
		s.printf(" own%s: Int }\n", s.name)
	}
	s.printf("extend type Query { w%s: W ws%s: [W!]%s }\n", s.name, s.name, s.tags())
}

// tags is a directive that may stand anywhere, or nothing.
func (s *generated) tags() string {
	switch {
	case s.chance(0.05):
		return fmt.Sprintf(` @tag(name: "t%d")`, s.r.IntN(3))
	case s.federation2 && s.chance(0.03):
		return " @inaccessible"
	}
	return ""
}

func (s *generated) object(t, description string) {
	entity := slices.Contains(entities, t)
	extension := !s.federation2 && s.name != "a" && s.chance(0.4) || s.federation2 && s.rare()
	if extension {
		s.printf("extend ")
	} else {
		s.printf("%s", description)
	}
	s.printf("type %s", t)
	if t == "E1" || t == "E2" && s.chance(0.5) {
		s.printf(" implements I1")
		s.need("I1")
	}
	keys := []string{"id"}
	if t == "E3" && s.chance(0.5) {
		keys = []string{"k"}
		if s.chance(0.4) {
			keys = append(keys, "id")
		}
	}
	if entity && !s.rare() {
		for _, k := range keys {
			s.printf(" @key(fields: %q)", k)
		}
	}
	shareType := s.federation2 && !entity && t != "Query" && !s.rare()
	if shareType {
		s.printf(" @shareable")
	}
	s.printf("%s {\n", s.tags())
	external := ""
	for _, f := range universe[t] {
		must := entity && slices.Contains(keys, f.name) || (t == "E1" || t == "E2") && (f.name == "a" || f.name == "id")
		if !must && f.name != universe[t][0].name && s.chance(0.5) {
			continue
		}
		if ext := s.field(t, f, shareType, must, extension && slices.Contains(keys, f.name)); ext {
			external = f.name
		}
	}
	if entity {
		s.printf("  own%s: Int", strings.ToUpper(s.name))
		if external != "" {
			s.printf(" @requires(fields: %q)", external)
		}
		s.printf("%s\n", s.authorization())
	}
	s.printf("}\n")
}

func (s *generated) authorization() string {
	switch {
	case s.federation2 && s.chance(0.05):
		return " @authenticated"
	case s.federation2 && s.rare():
		return fmt.Sprintf(` @requiresScopes(scopes: [["s%d"]])`, s.r.IntN(3))
	}
	return ""
}

// field writes one field, and reports whether it is @external and a leaf.
func (s *generated) field(t string, f universeField, shared, must, keyOfExtension bool) bool {
	typ, arguments := f.typ, f.arguments
	if s.rare() {
		if strings.HasSuffix(typ, "!") {
			typ = strings.TrimSuffix(typ, "!")
		} else {
			typ += "!"
		}
	}
	if s.rare() && arguments == "" && !must {
		arguments = "(z: Int)"
	}
	s.need(typ)
	for _, n := range []string{"N1", "P1"} {
		if strings.Contains(arguments, n) {
			s.need(n)
		}
	}
	if s.chance(0.05) {
		s.printf("  %q\n", "The "+f.name)
	}
	s.printf("  %s%s: %s%s", f.name, arguments, typ, s.tags())
	leaf := slices.Contains([]string{"Int", "Int!", "Float", "N1"}, typ) && arguments == ""
	external := false
	switch {
	case keyOfExtension && !s.federation2:
		s.printf(" @external")
	case slices.Contains(entities, t) && !must && leaf && s.chance(0.2):
		external = true
		s.printf(" @external")
	case s.federation2 && !shared && !s.chance(s.noise/4):
		s.printf(" @shareable")
	}
	if from := string(rune('a' + s.r.IntN(s.others))); !external && s.federation2 && s.rare() && (from != s.name || s.rare()) {
		s.printf(" @override(from: %q)", from)
	}
	if slices.Contains([]string{"E2", "[E1!]", "E3", "U1"}, typ) && s.chance(s.noise*4) {
		s.printf(" @provides(fields: %q)", []string{"a", "c", "id", "... on E2 { c }", "v { x }"}[s.r.IntN(5)])
	}
	if s.rare() {
		s.printf(" @deprecated(reason: %q)", []string{"old", "gone"}[s.r.IntN(2)])
	}
	s.printf("\n")
	return external
}
