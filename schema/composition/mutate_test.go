package composition

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
)

var mutations = flag.Int("mutations", 1000, "how many mutated compositions to try")

// TestMutations composes mutated golden files. Nothing may panic, and a supergraph that composition answers must be one that
// can be read.
func TestMutations(t *testing.T) {
	m := newMutator(t)
	for i := range *mutations {
		composeMutated(t, i, m.subgraphs(uint64(i)))
	}
}

func composeMutated(t *testing.T, i int, subgraphs []Subgraph) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("mutation %d panics: %v\n%v", i, p, subgraphs)
		}
	}()
	for _, e := range Compose(subgraphs).Errors {
		if e.Code == "INVALID_FEDERATION_SUPERGRAPH" {
			t.Errorf("mutation %d: %s\n%v", i, e.Message, subgraphs)
		}
	}
}

var (
	token       = regexp.MustCompile(`"[^"\n]*"|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[^\sA-Za-z0-9_]|\s+`)
	application = regexp.MustCompile(` @\w+(\((?:[^()"]|"[^"]*")*\))?`)
	version     = regexp.MustCompile(`federation/v2\.\d+`)
	afterType   = regexp.MustCompile(`: \[*\w+[\]!]*`)
)

// mutator changes golden files a little: most of what comes out is still GraphQL, and wrong in ways that nobody thinks of.
type mutator struct {
	all          [][]Subgraph
	words        []string
	applications []string // of directives
}

func newMutator(t *testing.T) *mutator {
	t.Helper()
	m := &mutator{}
	var all [][]Subgraph
	for _, file := range golden.Files(t, "testdata/*.txtar") {
		all = append(all, subgraphsOf(file))
	}
	for _, file := range golden.Files(t, "testdata/codes/*/*.txtar") {
		all = append(all, side(file, "raises"), side(file, "passes"))
	}
	for _, subgraphs := range all {
		if len(subgraphs) == 0 {
			continue
		}
		m.all = append(m.all, subgraphs)
		for _, s := range subgraphs {
			for _, w := range token.FindAllString(s.SDL, -1) {
				if strings.TrimSpace(w) != "" {
					m.words = append(m.words, w)
				}
			}
			m.applications = append(m.applications, application.FindAllString(s.SDL, -1)...)
		}
	}
	slices.Sort(m.words)
	m.words = slices.Compact(m.words)
	slices.Sort(m.applications)
	m.applications = slices.Compact(m.applications)
	return m
}

// subgraphs are those of a golden file with some changes: words taken away, doubled and exchanged; lines gone or come from
// another subgraph; directives gone or applied where they were not; another version of the federation specification.
func (m *mutator) subgraphs(seed uint64) []Subgraph {
	r := rand.New(rand.NewPCG(seed, 3))
	subgraphs := slices.Clone(m.all[r.IntN(len(m.all))])
	for range 1 + r.IntN(3) {
		s := &subgraphs[r.IntN(len(subgraphs))]
		switch r.IntN(6) {
		case 0:
			s.SDL = m.word(r, s.SDL)
		case 1:
			s.SDL = dropOne(r, s.SDL, regexp.MustCompile(`(?m)^.*\n`))
		case 2:
			s.SDL = copyLine(r, subgraphs[r.IntN(len(subgraphs))].SDL, s.SDL)
		case 3:
			s.SDL = dropOne(r, s.SDL, application)
		case 4:
			s.SDL = m.apply(r, s.SDL)
		case 5:
			s.SDL = version.ReplaceAllString(s.SDL, fmt.Sprintf("federation/v2.%d", r.IntN(15)))
		}
	}
	return subgraphs
}

// word changes one word: it goes, comes twice, or another one takes its place.
func (m *mutator) word(r *rand.Rand, sdl string) string {
	tokens := token.FindAllString(sdl, -1)
	if len(tokens) == 0 {
		return sdl
	}
	i := r.IntN(len(tokens))
	for range 20 {
		if strings.TrimSpace(tokens[i]) != "" {
			break
		}
		i = r.IntN(len(tokens))
	}
	switch r.IntN(5) {
	case 0:
		tokens[i] = ""
	case 1:
		tokens[i] += " " + tokens[i]
	case 2:
		tokens[i] = tokens[r.IntN(len(tokens))]
	default:
		tokens[i] = m.words[r.IntN(len(m.words))]
	}
	return strings.Join(tokens, "")
}

// apply applies a directive, as it is applied somewhere, to a field, an argument or an input field.
func (m *mutator) apply(r *rand.Rand, sdl string) string {
	places := afterType.FindAllStringIndex(sdl, -1)
	if len(places) == 0 {
		return sdl
	}
	at := places[r.IntN(len(places))][1]
	return sdl[:at] + m.applications[r.IntN(len(m.applications))] + sdl[at:]
}

// dropOne takes away something that matches.
func dropOne(r *rand.Rand, sdl string, what *regexp.Regexp) string {
	found := what.FindAllStringIndex(sdl, -1)
	if len(found) == 0 {
		return sdl
	}
	at := found[r.IntN(len(found))]
	return sdl[:at[0]] + sdl[at[1]:]
}

// copyLine adds a line of one schema to another, preferably after a line that both have.
func copyLine(r *rand.Rand, from, to string) string {
	source, target := strings.SplitAfter(from, "\n"), strings.SplitAfter(to, "\n")
	i := r.IntN(len(source))
	at := r.IntN(len(target))
	if i > 0 {
		if common := slices.Index(target, source[i-1]); common >= 0 {
			at = common + 1
		}
	}
	return strings.Join(slices.Insert(target, at, source[i]), "")
}
