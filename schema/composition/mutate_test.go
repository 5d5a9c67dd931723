package composition

import (
	"flag"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
)

var mutations = flag.Int("mutations", 1000, "how many mutated compositions to try")

var token = regexp.MustCompile(`"[^"\n]*"|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[^\sA-Za-z0-9_]|\s+`)

// TestMutations composes golden files with words taken away, doubled and exchanged. Most of what comes out is still
// GraphQL, and wrong in ways that nobody thinks of. Nothing may panic, and a supergraph that composition answers must
// be one that can be read.
func TestMutations(t *testing.T) {
	var all [][]Subgraph
	var words []string
	for _, file := range golden.Files(t, "testdata/*.txtar") {
		subgraphs := subgraphsOf(file)
		all = append(all, subgraphs)
		for _, s := range subgraphs {
			for _, w := range token.FindAllString(s.SDL, -1) {
				if strings.TrimSpace(w) != "" && !slices.Contains(words, w) {
					words = append(words, w)
				}
			}
		}
	}
	for i := range *mutations {
		r := rand.New(rand.NewPCG(uint64(i), 3))
		subgraphs := slices.Clone(all[r.IntN(len(all))])
		for range 1 + r.IntN(3) {
			k := r.IntN(len(subgraphs))
			subgraphs[k].SDL = mutate(r, subgraphs[k].SDL, words)
		}
		compose(t, i, subgraphs)
	}
}

func compose(t *testing.T, i int, subgraphs []Subgraph) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("mutation %d panics: %v\n%v", i, p, subgraphs)
		}
	}()
	result := Compose(subgraphs)
	for _, e := range result.Errors {
		if e.Code == "INVALID_FEDERATION_SUPERGRAPH" {
			t.Errorf("mutation %d: %s\n%v", i, e.Message, subgraphs)
		}
	}
}

// mutate changes one word: it goes, comes twice, or another one takes its place.
func mutate(r *rand.Rand, sdl string, words []string) string {
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
		tokens[i] = words[r.IntN(len(words))]
	}
	return strings.Join(tokens, "")
}
