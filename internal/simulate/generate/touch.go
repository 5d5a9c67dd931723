package generate

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"

	"github.com/weft-gateway/weft/internal/simulate"
)

// Some of what schemas can have is added to what has been generated, where it depends on nothing but the text: so the choices
// of a seed stay as they are.

// touch adds to the subgraphs of a graph.
func touch(sources []simulate.Source) {
	all := ""
	for _, s := range sources {
		all += s.SDL
	}
	if one(12, all) {
		hideType(sources, all)
	}
	for i := range sources {
		sources[i].SDL = renamedRoots(typesOfInputs(sources[i].SDL))
	}
}

// one says yes to one in so many texts.
func one(in uint32, text string) bool {
	hash := fnv.New32a()
	hash.Write([]byte(text))
	return hash.Sum32()>>8%in == 0
}

// hideType keeps the objects of a type that is a member of a union, and of no interface, from clients. Where something leads
// to them alone, the graph does not compose.
func hideType(sources []simulate.Source, all string) {
	for _, union := range unions.FindAllStringSubmatch(all, -1) {
		for _, name := range strings.Split(union[1], " | ") {
			if strings.Contains(all, "type "+name+" implements") {
				continue
			}
			head := regexp.MustCompile(`(?m)^type ` + name + `\b[^{\n]*`)
			for i, s := range sources {
				if strings.Contains(s.SDL, "federation/v2") && head.MatchString(s.SDL) {
					sources[i].SDL = head.ReplaceAllString(s.SDL, "$0@inaccessible ")
					return
				}
			}
		}
	}
}

var (
	unions   = regexp.MustCompile(`(?m)^union \w+ = ([\w |]+ \| [\w |]+)`)
	requires = regexp.MustCompile(`@requires\(fields: "[^"\n]*"`)
	nested   = regexp.MustCompile(`(\w(?:\([^)]*\))?) \{`)
)

// typesOfInputs has some @requires ask for the types of the objects in it.
func typesOfInputs(sdl string) string {
	return requires.ReplaceAllStringFunc(sdl, func(text string) string {
		if !one(4, sdl+text) {
			return text
		}
		return nested.ReplaceAllString(text, "$1 { __typename")
	})
}

// renamedRoots gives the root types of some subgraphs other names. What selects on root types by name keeps them.
func renamedRoots(sdl string) string {
	if !one(10, sdl) || strings.Contains(sdl, "on Query") || !strings.Contains(sdl, "type Query") {
		return sdl
	}
	var b strings.Builder
	b.WriteString("schema {\n")
	for _, name := range []string{"Query", "Mutation", "Subscription"} {
		if named := regexp.MustCompile(`\b` + name + `\b`); named.MatchString(sdl) {
			sdl = named.ReplaceAllString(sdl, "The"+name)
			fmt.Fprintf(&b, "  %s: The%s\n", strings.ToLower(name), name)
		}
	}
	return b.String() + "}\n\n" + sdl
}
