package composition

import (
	"fmt"
	"strings"
)

// composedDirectives: directives of the subgraphs' own specifications, carried into the supergraph.
func composedDirectives(m *mixture) {
	for _, s := range m.some() {
		if !s.has("composeDirective") {
			continue
		}
		version := m.one("v1.0", "v1.1", "v1.2", m.odd("v1.0", "v2.0"))
		imported, local := `"@note"`, "note"
		if m.chance(0.15) {
			imported, local = m.odd(`{name: "@note", as: "@remark"}`, `"@other"`), "remark"
		}
		s.head("extend schema @link(url: \"https://specs.example.com/notes/%s\", import: [%s])%s", version, imported, s.d("composeDirective", fmt.Sprintf("name: %q", m.odd("@"+local, m.one(local, "@tag", "@nope")))))
		s.head("directive @%s(text: String%s%s)%s on %s", local, m.odd("", "!"), s.sometimes(0.2, ", n: Int = 1"), m.one(" repeatable", ""), m.one("OBJECT | FIELD_DEFINITION", "OBJECT | FIELD_DEFINITION | ENUM", "FIELD_DEFINITION | OBJECT | QUERY"))
		s.add("type Noted%s @%s(text: %q) { a: Int @%s(text: \"a\") n%s: Int @%s(text: \"n\") }", s.shareable(), local, m.one("x", "y"), local, s.name, local)
		s.query("noted%s: Noted", s.name)
	}
}

// executables: directives for operations, which the supergraph has where all subgraphs have them.
func executables(m *mixture) {
	for _, s := range m.all {
		if m.rare() {
			continue
		}
		s.head("%sdirective @live(%severy: Int%s%s)%s on %s", s.about("live"), s.about("argument"), m.odd("", "!"), s.sometimes(0.2, " by: Unit"), m.one("", m.odd("", " repeatable")), m.one("QUERY | FIELD", "QUERY", m.odd("QUERY | FIELD | OBJECT", "FIELD"), m.odd("QUERY", "OBJECT")))
		s.add("enum Unit { SECOND%s%s }", s.marks(), s.sometimes(0.3, " MINUTE"))
		s.query("unit%s: Unit", s.name)
	}
}

// costs: what requests cost.
func costs(m *mixture) {
	for _, s := range m.some() {
		weight := func(p float64) string { return s.sometimes(p, s.d("cost", fmt.Sprintf("weight: %d", m.r.IntN(5)))) }
		s.add("scalar Heavy%s", weight(0.3))
		s.add("enum Kind%s { A B }", weight(0.3))
		s.add("input Filter { n: Int%s h: Heavy%s }", weight(0.3), weight(0.1))
		size := m.one("assumedSize: 10", `slicingArguments: ["first"]`, `slicingArguments: ["first", "last"], requireOneSlicingArgument: false`, `sizedFields: ["items"], slicingArguments: ["first"]`, "assumedSize: 3, requireOneSlicingArgument: true")
		size = m.odd(size, m.one("assumedSize: -1", `slicingArguments: ["nope"]`, `slicingArguments: ["kind"]`, `sizedFields: ["nope"]`, `sizedFields: ["n"]`))
		s.add("type Page%s%s { items: [Int]%s n: Int%s }", weight(0.3), s.shareable(), weight(0.2), weight(0.2))
		s.add("interface Priced { n: Int%s }", s.odd("", weight(1)))
		typ := "[Int!]"
		if strings.Contains(size, "sizedFields") {
			typ = "Page"
		}
		s.query("costly(first: Int%s, last: Int, kind: Kind, by: Filter): %s%s%s%s", weight(0.2), m.odd(typ, "Int"), s.sometimes(0.7, s.d("listSize", size)), weight(0.3), s.shareable())
		s.query("heavy%s(h: Heavy%s): Page", s.name, weight(0.2))
	}
}

// hidden: what is inaccessible, and what refers to it.
func hidden(m *mixture) {
	for _, s := range m.some() {
		hide := func(p float64) string { return s.sometimes(p, s.d("inaccessible")) }
		s.add("enum Mood { GOOD BAD%s UGLY%s }", hide(0.2), hide(m.noise))
		s.add("input Want%s { a: Int%s b: Mood%s c: Int%s%s d: Mood = %s }", hide(m.noise), hide(0.2), hide(0.1), m.odd(" = 1", "!"), hide(0.05), m.one("GOOD", "BAD"))
		s.add("interface Seen%s { a: Int%s b(x: Int%s): Int }", hide(m.noise), hide(0.05), hide(0.1))
		s.add("type Show implements Seen%s%s { a: Int%s b(x: Int%s): Int c: Ghost%s }", s.shareable(), hide(m.noise), hide(0.1), hide(0.1), hide(0.9))
		s.add("type Ghost%s%s { g: Int h: Int%s }", s.shareable(), hide(0.9), hide(0.1))
		s.add("union Any = Show | Ghost")
		s.query("show%s(want: Want%s, mood: Mood%s): Show seen%s: Seen any%s: Any", s.name, hide(0.1), m.one("", " = GOOD", " = BAD"), s.name, s.name)
	}
}

// abstracts: interfaces and unions that are not the same everywhere.
func abstracts(m *mixture) {
	for _, s := range m.some() {
		share := s.shareable()
		extra := s.sometimes(0.2, " c: Int")
		parent := s.sometimes(0.3, " implements Base")
		s.add("interface Base { a: Int%s }", s.marks())
		s.add("interface Shape%s { a: %s b: Int%s%s }", parent, m.odd("Int", "Int!"), s.old(), extra)
		other := parent
		if other != "" {
			other = " & Base"
		}
		s.add("type Circle implements Shape%s%s { a: %s b: Int%s%s r(x: Int%s): Int%s }", other, share, m.one("Int", "Int!"), s.old(), extra, m.odd("", "!"), s.marks())
		members := "Circle"
		if m.chance(0.6) {
			s.add("type Square implements Shape%s%s { a: Int b: Int%s s: Shape }", other, share, extra)
			members += " | Square"
		}
		s.add("%sunion Figure%s = %s", s.about("figure"), s.marks(), members)
		s.query("shape: %s%s figure: %s%s shapes: [Shape%s]%s shape%s: Shape", m.one("Shape", "Circle", "Shape!"), share, m.one("Figure", "Circle"), share, m.one("", "!"), share, s.name)
	}
}

// enums: enums of input, of output and of both, with different values.
func enums(m *mixture) {
	for _, s := range m.some() {
		values := func(p float64) string {
			text := "ONE" + s.old()
			for _, v := range []string{"TWO", "THREE"} {
				text += s.sometimes(p, " "+s.about(v)+v+s.old())
			}
			return text
		}
		s.add("%senum Out%s { %s }", s.about("out"), s.marks(), values(0.6))
		s.add("enum In { %s }", values(0.7))
		s.add("enum Both { %s }", values(1-m.noise*3))
		s.add("enum Unused { %s }", values(0.5))
		s.query("out%s(in: In%s): Out both%s(b: Both): Both", s.name, m.one("", " = ONE", "!"), s.name)
		s.query("same(in: %s): %s%s", m.one("In", "In!"), m.one("Out", "Out!"), s.shareable())
	}
}

// inputs: input types, arguments and default values that differ.
func inputs(m *mixture) {
	for _, s := range m.some() {
		s.head("directive @oneOf on INPUT_OBJECT")
		field := func(p float64, text string) string { return s.sometimes(p, " "+s.about("field")+text+s.old()) }
		s.add("input Point { x: Int%s%s%s%s }", m.one("", m.odd("", "!"), " = 1"), field(0.7, "y: Float"), field(m.noise, "z: Int!"), field(0.5, "near: Near"))
		s.add("input Near { %s: [Int!] deep: Point }", m.odd("list", "lists"))
		s.add("input Choice%s { a: Int b: String%s }", m.odd(" @oneOf", ""), field(0.3, "c: Point"))
		s.query("point(p: Point%s, c: Choice, n: Int%s%s): Int%s", m.one("", m.odd("", "!"), " = {x: 1}"), m.one("", " = 3", m.odd(" = 3", " = 4"), m.odd("", "!")), s.sometimes(0.2, ", only: Int"+m.odd("", "!")), s.shareable())
		s.query("near%s(near: Near = {list: [1, 2]}): Int", s.name)
	}
}

// values: value types, scalars, descriptions and lists.
func values(m *mixture) {
	for _, s := range m.some() {
		s.add("%sscalar When%s%s", s.about("when"), m.one("", ` @specifiedBy(url: "https://when")`, ` @specifiedBy(url: "https://then")`), s.marks())
		s.add("%stype Money%s%s { %samount(in: String%s): Int%s%s%s at: When%s more: [[Money%s]] }", s.about("money"), s.odd(s.shareable(), ""), s.sometimes(0.05, s.d("cacheTag", `format: "m"`)), s.about("amount"), s.old(),
			m.one("", "!"), s.old(), s.sometimes(0.2, s.shareable()), s.odd("", " cur: String"), m.one("", "!"))
		if m.chance(0.2) {
			s.add("extend type Money%s { ext%s: Int%s }", s.sometimes(0.3, s.d("tag", `name: "ext"`)), s.name, s.odd("", s.d("external")))
		}
		s.query("money%s(at: When): Money%s", s.name, s.sometimes(0.1, s.d("cacheTag", `format: "q"`)))
	}
}

// operations: mutations and subscriptions, also where only some have them.
func operations(m *mixture) {
	for _, s := range m.some() {
		s.add("type Result%s { ok: Boolean%s r%s: Int }", s.key("ok"), s.shareable(), s.name)
		s.add("type Mutation { do%s(n: Int!): Result%s any: Int%s }", s.name, s.marks(), s.odd(s.shareable(), ""))
		if m.chance(0.5) {
			s.add("type Subscription { on%s: Result tick: Int%s }", s.name, s.odd(s.shareable(), ""))
		}
	}
}
