package composition

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/schema/link"
)

// A mixture is a random set of subgraphs that is made of a few aspects: each writes types of its own into all of the
// subgraphs, about one part of the specification. Most mixtures compose; what they say otherwise than it fits is noise.
type mixture struct {
	r     *rand.Rand
	noise float64
	all   []*mixed
}

// mixed is one subgraph of a mixture.
type mixed struct {
	*mixture
	name    string
	version int // minor version of the federation specification; -1: Federation 1
	alias   string
	imports map[string]string // federation's name → "" or "as"
	heads   []string          // what stands before the types
	types   []string
	queries []string
	root    string // what the query type is called
}

func newMixture(seed uint64) []Subgraph {
	m := &mixture{r: rand.New(rand.NewPCG(seed, 5)), noise: []float64{0, 0.005, 0.02, 0.06}[seed%4]}
	modern := []float64{1, 1, 0.8, 0.6, 0.2}[m.r.IntN(5)]
	for i := range 2 + m.r.IntN(3) {
		s := &mixed{mixture: m, name: string(rune('a' + i)), version: -1, imports: map[string]string{}, root: "Query"}
		if m.chance(modern) {
			s.version = []int{14, 14, 14, 12, 9, 8, 5, 3, 1, 0}[m.r.IntN(10)]
		}
		if m.chance(0.1) {
			s.alias = []string{"fed", "f"}[m.r.IntN(2)]
		}
		if m.chance(0.1) {
			s.root = "RootOf" + strings.ToUpper(s.name)
		}
		m.all = append(m.all, s)
	}
	for _, i := range m.r.Perm(len(aspects))[:1+m.r.IntN(3)] {
		aspects[i](m)
	}
	var out []Subgraph
	for _, s := range m.all {
		out = append(out, Subgraph{Name: s.name, URL: "http://" + s.name, File: s.name + ".graphql", SDL: s.sdl()})
	}
	return out
}

func (m *mixture) chance(p float64) bool { return m.r.Float64() < p }
func (m *mixture) rare() bool            { return m.chance(m.noise) }

// one chooses an alternative; the first ones are the usual.
func (m *mixture) one(alternatives ...string) string {
	if m.chance(0.5) {
		return alternatives[0]
	}
	return alternatives[m.r.IntN(len(alternatives))]
}

// odd is what is mostly right, or what is mostly wrong.
func (m *mixture) odd(right, wrong string) string {
	if m.rare() {
		return wrong
	}
	return right
}

// sometimes is a text or nothing.
func (m *mixture) sometimes(p float64, text string) string {
	if m.chance(p) {
		return text
	}
	return ""
}

// some are those of the subgraphs that an aspect is about: at least the first of them, in random order.
func (m *mixture) some() []*mixed {
	all := slices.Clone(m.all)
	m.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+m.r.IntN(len(all))]
}

func (s *mixed) has(directive string) bool {
	v := link.Federation1
	if s.version >= 0 {
		v = link.Version{Major: 2, Minor: s.version}
	}
	return slices.Contains(link.FederationDirectives(v), directive)
}

// d applies a federation directive by the name that the subgraph has for it; mostly only where its version has it.
func (s *mixed) d(directive string, arguments ...string) string {
	if !s.has(directive) && !s.chance(s.noise/4) {
		return ""
	}
	text := " @" + s.local(directive)
	if len(arguments) > 0 {
		text += "(" + strings.Join(arguments, ", ") + ")"
	}
	return text
}

// local imports a federation directive, in one of the ways to do that.
func (s *mixed) local(directive string) string {
	if s.version < 0 {
		return directive
	}
	as, imported := s.imports[directive]
	if !imported {
		switch {
		case s.chance(0.05):
			as = "my" + strings.ToUpper(directive[:1]) + directive[1:]
		case s.chance(0.05):
			as = "__" // not imported at all
		}
		s.imports[directive] = as
	}
	switch as {
	case "":
		return directive
	case "__":
		return s.prefix() + "__" + directive
	}
	return as
}

func (s *mixed) prefix() string {
	if s.alias != "" {
		return s.alias
	}
	return "federation"
}

func (s *mixed) add(format string, args ...any) {
	s.types = append(s.types, fmt.Sprintf(format, args...))
}
func (s *mixed) query(format string, args ...any) {
	s.queries = append(s.queries, fmt.Sprintf(format, args...))
}
func (s *mixed) head(format string, args ...any) {
	s.heads = append(s.heads, fmt.Sprintf(format, args...))
}

func (s *mixed) shareable() string { return s.odd(s.d("shareable"), "") }
func (s *mixed) key(fields string) string {
	return s.d("key", fmt.Sprintf("fields: %q", fields)+s.sometimes(0.05, ", resolvable: false"))
}

// marks are directives that may stand on nearly everything, or nothing.
func (s *mixed) marks() string {
	switch {
	case s.chance(0.04):
		return s.d("tag", fmt.Sprintf(`name: "t%d"`, s.r.IntN(3)))
	case s.rare():
		return s.d("inaccessible")
	}
	return ""
}

// old marks what may be deprecated.
func (s *mixed) old() string {
	if s.chance(0.05) {
		return s.one(" @deprecated", ` @deprecated(reason: "gone")`, ` @deprecated(reason: "old")`)
	}
	return s.marks()
}

func (s *mixed) about(name string) string {
	if s.chance(0.05) {
		return fmt.Sprintf("%q ", s.one("The "+name, "A "+name))
	}
	return ""
}

func (s *mixed) sdl() string {
	var b strings.Builder
	if s.version >= 0 {
		var imports []string
		for _, name := range sorted(s.imports) {
			switch as := s.imports[name]; as {
			case "":
				imports = append(imports, fmt.Sprintf(`"@%s"`, name))
			case "__":
			default:
				imports = append(imports, fmt.Sprintf(`{name: "@%s", as: "@%s"}`, name, as))
			}
		}
		as := ""
		if s.alias != "" {
			as = fmt.Sprintf(", as: %q", s.alias)
		}
		fmt.Fprintf(&b, "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.%d\"%s, import: [%s])\n", s.version, as, strings.Join(imports, ", "))
	}
	for _, h := range s.heads {
		b.WriteString(h + "\n")
	}
	if s.root != "Query" {
		fmt.Fprintf(&b, "schema { query: %s }\n", s.root)
	}
	fmt.Fprintf(&b, "type %s {\n  own%s: Int\n", s.root, strings.ToUpper(s.name))
	for _, q := range s.queries {
		b.WriteString("  " + q + "\n")
	}
	b.WriteString("}\n")
	for _, t := range s.types {
		b.WriteString(t + "\n")
	}
	return b.String()
}

func sorted(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
