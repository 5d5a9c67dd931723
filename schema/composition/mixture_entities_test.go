package composition

import (
	"fmt"
	"strings"
)

// aspects are what mixtures are made of.
var aspects = []func(*mixture){
	nestedKeys, contexts, interfaceObjects, overrides, requirements, provisions, authorizations, entitiesOfOld,
	composedDirectives, executables, costs, hidden, abstracts, enums, inputs, values, operations,
}

// nestedKeys: one entity with several keys, also nested ones.
func nestedKeys(m *mixture) {
	keys := []string{"id", "ref { a b }", "id ref { a }", "ref { deep { c } }", "code"}
	for _, s := range m.some() {
		k := s.key(m.one(keys...))
		if m.chance(0.4) {
			k += s.key(m.one(keys...))
		}
		s.add("type Ref%s { a: Int b: Int%s deep: Deep%s }", s.shareable(), s.old(), s.marks())
		s.add("type Deep%s { c: Int }", s.shareable())
		s.add("type Nest%s%s { id: ID!%s code: Int%s ref: Ref%s n%s: Int }", k, s.marks(), s.shareable(), s.shareable(), s.shareable(), s.name)
		s.query("nest%s: Nest", s.name)
	}
}

// contexts: types that set contexts, and arguments that take their values from them.
func contexts(m *mixture) {
	for i, s := range m.some() {
		if !s.has("fromContext") {
			continue
		}
		name := m.odd("ctx", m.one("_x", "a b", "other"))
		field := m.one("$ctx { prop }", "$ctx { prop }", "$ctx { inner { x } }", "$ctx ... on Setter { prop }", "$ctx ... on Setter { prop } ... on Other { prop }")
		field = m.odd(field, m.one("$ctx { nope }", "{ prop }", "$none { prop }", "$ctx { prop inner { x } }", "$ctx { inner }", "$ctx"))
		typ := m.odd("Int", "String")
		argument := fmt.Sprintf("x: %s%s%s", typ, m.odd("", " = 1"), s.d("fromContext", fmt.Sprintf("field: %q", field)))
		s.add("type Inner%s { x: Int }", s.shareable())
		s.add("type Setter%s%s { id: ID! prop: Int%s inner: Inner%s uses: Use%s }", s.key("id"), s.d("context", fmt.Sprintf("name: %q", name)), s.shareable(), s.shareable(), s.shareable())
		s.add("type Other%s%s { id: ID! prop: Int%s inner: Inner%s uses: Use%s }", s.key("id"), s.sometimes(0.7, s.d("context", `name: "ctx"`)), s.shareable(), s.shareable(), s.shareable())
		s.add("type Use%s { id: ID! f%d(%s, y: Int): Int%s shared(%s): Int%s }", m.odd(s.key("id"), ""), i, argument, s.marks(), m.one("y: Int", argument), s.shareable())
		s.query("setter%s: Setter other%s: Other", s.name, s.name)
	}
}

// interfaceObjects: an interface with a key, known to some only as an object.
func interfaceObjects(m *mixture) {
	for i, s := range m.some() {
		if s.version >= 0 && !s.has("interfaceObject") && !s.rare() {
			continue
		}
		if i > 0 && s.has("interfaceObject") && m.chance(0.6) {
			s.add("type Media%s%s%s { id: ID! m%s: Int%s views: Int%s%s title: String%s need%s: Int%s }", s.d("interfaceObject"), m.odd(s.key("id"), ""), s.marks(),
				s.name, s.old(), m.odd(s.sometimes(0.9, s.shareable()), s.d("override", `from: "a"`)), s.marks(), m.odd(s.d("external"), s.shareable()), s.name, s.d("requires", `fields: "title"`))
			s.query("media%s: Media", s.name)
			continue
		}
		k := s.key("id")
		s.add("interface Media%s { id: ID! title: String%s }", s.odd(k, ""), s.old())
		s.add("type Book implements Media%s { id: ID! title: String%s pages: Int%s }", m.odd(k, s.key("title")), s.shareable(), s.shareable())
		if !s.rare() {
			s.add("type Film implements Media%s { id: ID! title: String%s%s }", k, s.shareable(), s.sometimes(0.2, " views: Int"+s.shareable()))
		}
		s.query("all%s: [Media!]", s.name)
	}
}

// overrides: fields that move, at once or by a label, also such as keys, requirements and interfaces need.
func overrides(m *mixture) {
	mover := m.r.IntN(len(m.all))
	from := m.all[(mover+1)%len(m.all)].name
	for i, s := range m.all {
		arguments := fmt.Sprintf("from: %q", m.odd(from, m.one("nobody", s.name)))
		if s.version >= 7 && m.chance(0.5) {
			arguments += fmt.Sprintf(", label: %q", m.odd(m.one("percent(5)", "beta", "percent(0.5)"), m.one("1a", "percent(101)")))
		}
		move := func(p float64) string {
			if i == mover && m.chance(p) || s.rare() {
				return s.d("override", arguments)
			}
			return ""
		}
		s.add("interface Movable { x: Int }")
		s.add("type Moved%s%s { id: ID!%s x: Int%s y: Int%s z: Sub%s w%s: Int%s }", m.one("", " implements Movable"), s.key("id"), move(0.05), m.odd(move(0.8)+s.sometimes(0.7, s.shareable()), s.d("external")),
			move(0.5)+s.shareable(), move(0.4)+s.shareable(), s.name, move(0.1))
		s.add("type Sub%s { a: Int%s b: Int%s }", s.shareable(), move(0.05), move(0.05))
		s.query("moved%s: Moved", s.name)
	}
}

// requirements: @requires with all kinds of field sets.
func requirements(m *mixture) {
	fields := []string{"w", "w h", "dim { l }", "box { ... on Crate { l } }", "box { l ... on Bag { s } }", "w dim { l r }", "arg(a: 1)", "... on Part { w }", "... { h }"}
	owner := m.all[0]
	share := owner.shareable()
	owner.add("type Part%s%s { id: ID!%s w: Int%s%s h: Int%s%s dim: Dim%s%s box: Box%s arg(a: Int): Int%s }", owner.key("id"), owner.marks(), share, share, owner.old(), share, owner.marks(), share, owner.marks(), share, share)
	owner.query("part: Part")
	boxes := func(s *mixed) {
		s.add("interface Box { l: Int }")
		s.add("type Crate implements Box%s { l: Int }", s.shareable())
		s.add("type Bag implements Box%s { l: Int s: Int }", s.shareable())
		s.add("type Dim%s { l: Int r: Int }", s.shareable())
	}
	boxes(owner)
	for _, s := range m.all[1:] {
		set := m.odd(m.one(fields...), m.one("nope", "w {", "w @foo", "id", "box { nope }", "w @skip(if: true)", `arg(a: "x")`))
		external := func(field string) string { // as the field set has it, mostly
			if strings.Contains(set, field) != s.rare() {
				return s.d("external")
			}
			return s.shareable()
		}
		boxes(s)
		s.add("type Part%s { id: ID!%s w: Int%s h: Int%s dim: Dim%s box: Box%s arg(a: Int): Int%s r%s: Int%s%s }", s.key("id"), s.shareable(), external("w"), external("h"),
			external("dim"), external("box"), external("arg"), s.name, s.d("requires", fmt.Sprintf("fields: %q", set)), s.marks())
		s.query("part%s: Part", s.name)
	}
}

// provisions: @provides with all kinds of field sets.
func provisions(m *mixture) {
	sets := []string{"n", "n s { a }", "s { a }", "... on Given { n }", "again { n }", "n n"}
	for i, s := range m.all {
		external := s.odd(s.d("external"), s.shareable())
		if i == 0 {
			external = s.shareable()
		}
		s.add("type Share%s { a: Int%s b: Int }", s.odd(s.shareable(), ""), s.sometimes(0.1, external))
		s.add("type Given%s { id: ID! n: Int%s s: Share%s again: Given%s }", s.key("id"), external, external, s.shareable())
		s.add("type Taken%s { id: ID! t: Int%s }", s.key("id"), external)
		s.add("union Either = Given | Taken")
		provided := func(set string) string {
			if i == 0 {
				return ""
			}
			return s.d("provides", fmt.Sprintf("fields: %q", m.odd(set, m.one("nope", "id", "n @tag(name: \"x\")", "t"))))
		}
		s.query("given%s: Given%s either%s: Either%s list%s: [[Given!]]%s bare%s: Given", s.name, provided("n s { a }"), s.name, provided("... on Given { n } ... on Taken { t }"), s.name, provided(m.one(sets...)), s.name)
	}
}

// authorizations: requirements of authorization on types, interfaces and fields, and @requires across them.
func authorizations(m *mixture) {
	auth := func(s *mixed, p float64) string {
		if !m.chance(p) {
			return ""
		}
		switch m.r.IntN(3) {
		case 0:
			return s.d("authenticated")
		case 1:
			return s.d("requiresScopes", "scopes: "+m.one(`[["a"]]`, `[["a", "b"]]`, `[["a"], ["c"]]`, `[]`))
		}
		return s.d("policy", "policies: "+m.one(`[["p"]]`, `[["p"], ["q"]]`))
	}
	for i, s := range m.some() {
		s.add("scalar Secret%s", auth(s, 0.1))
		s.add("enum Level%s { LOW HIGH }", auth(s, 0.2))
		s.add("interface Safe%s { id: ID! secret: Secret%s }", s.odd("", auth(s, 1)), s.odd("", auth(s, 1)))
		marks, needed := auth(s, 0.4)+s.sometimes(0.5, s.shareable()), ""
		if i > 0 {
			marks, needed = s.d("external"), s.d("requires", `fields: "secret"`)
		}
		s.add("type Vault implements Safe%s%s { id: ID! secret: Secret%s level: Level%s%s v%s: Int%s%s safe: Safe%s }", s.key("id"), auth(s, 0.2), marks, s.shareable(), auth(s, 0.2),
			s.name, needed, auth(s, 0.8), s.shareable())
		s.query("vault%s: Vault%s safe%s: Safe", s.name, auth(s, 0.2), s.name)
	}
}

// entitiesOfOld: how Federation 1 extended entities, and had them without any marks.
func entitiesOfOld(m *mixture) {
	for i, s := range m.all {
		extend, external := "type", ""
		if i > 0 && m.chance(0.7) {
			extend, external = m.one("extend type", "type"), s.d("external")
		}
		marks := ""
		if extend == "type" && i > 0 {
			marks = s.sometimes(0.5, s.d("extends"))
		}
		s.add("%s Old%s%s { id: ID!%s a: Int%s u%s: Int%s }", extend, marks, s.odd(s.d("key", `fields: "id"`), ""), external, s.sometimes(0.7, external+s.sometimes(0.3, s.marks())), s.name, s.sometimes(0.3, s.d("requires", `fields: "a"`)))
		s.add("type Plain { x: Int%s y: Int%s }", s.old(), s.odd("", s.d("external")))
		s.query("old%s: Old%s plain%s: Plain", s.name, s.sometimes(0.3, s.d("provides", `fields: "a"`)), s.name)
	}
}
