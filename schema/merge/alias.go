package merge

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// A supergraph links more specifications than any one subgraph, and under names that no subgraph chose. Two of them may
// be called the same, or one as what another imports: then it is linked under a name of its own. What it brings keeps
// its name, by being imported.

// imported is one directive that a linked specification imports: its own name, and the one in the supergraph.
type imported struct{ original, local string }

// linked is a specification that the supergraph links, and the directives that it takes from it.
type linked struct {
	url     link.URL
	imports []imported
}

// aliases finds the names under which the supergraph links its specifications, by their identities.
func (m *merger) aliases() map[string]string {
	specs := []linked{{url: link.URL{Identity: link.LinkSpec, Name: "link"}}, {url: link.URL{Identity: link.JoinSpec, Name: "join"}}}
	fixed := len(specs)
	for _, f := range m.used {
		s := linked{url: link.URL{Identity: f.Identity, Name: f.Name}}
		for _, name := range f.Directives {
			if local, ok := f.names[name]; ok {
				s.imports = append(s.imports, imported{name, local})
			}
		}
		specs = append(specs, s)
	}
	if m.keepsCacheTags {
		specs = append(specs, linked{url: link.URL{Identity: link.CacheTagSpec, Name: "cacheTag"}})
	}
	for _, spec := range m.composed {
		s := linked{url: spec.url}
		for _, c := range spec.directives {
			s.imports = append(s.imports, imported{c.original, c.name})
		}
		specs = append(specs, s)
	}
	names := map[string]string{}
	taken := map[string]bool{}
	prefix, next := "", 0
	for i, s := range specs {
		alias := s.url.Identity[strings.LastIndexByte(s.url.Identity, '/')+1:]
		if i >= fixed && (taken[alias] || !plainName(alias) || mistakable(alias, s.url.Identity, specs)) {
			if prefix == "" {
				prefix = m.unusedPrefix(specs)
			}
			alias = prefix + strconv.Itoa(next) + notLetter.ReplaceAllString(alias, "")
			next++
		}
		taken[alias], names[s.url.Identity] = true, alias
	}
	return names
}

var (
	graphqlName = regexp.MustCompile(`^[_A-Za-z][_0-9A-Za-z]*$`)
	notLetter   = regexp.MustCompile(`[^A-Za-z]`)
)

// plainName reports whether a specification can be linked under a name, which "__" follows in the names of what it brings.
func plainName(alias string) bool {
	return graphqlName.MatchString(alias) && !strings.Contains(alias, "__") && !strings.HasSuffix(alias, "_")
}

// mistakable reports whether something that is imported would be taken for what a specification linked as alias brings
// without being imported.
func mistakable(alias, identity string, specs []linked) bool {
	for _, s := range specs {
		own := s.url.Identity == identity
		for _, i := range s.imports {
			if before, rest, ok := strings.Cut(i.local, "__"); ok && before == alias && (!own || rest != i.original) {
				return true
			}
			if i.local == alias && (!own || i.original != s.url.Name) {
				return true
			}
		}
	}
	return false
}

// unusedPrefix is the shortest beginning of a name that nothing in the subgraphs and among the specifications has.
func (m *merger) unusedPrefix(specs []linked) string {
	const (
		letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		first   = "_" + letters
		further = letters + "0123456789"
	)
	names := m.namesInUse(specs)
	used := func(prefix string) bool {
		i, _ := slices.BinarySearch(names, prefix)
		return i < len(names) && strings.HasPrefix(names[i], prefix)
	}
	// A prefix that is used is the beginning of a name, so there are no more of them than characters in names.
	for queue := []string{""}; ; queue = queue[1:] {
		characters := further
		if queue[0] == "" {
			characters = first
		}
		for _, c := range characters {
			prefix := queue[0] + string(c)
			if !used(prefix) {
				return prefix
			}
			queue = append(queue, prefix)
		}
	}
}

func (m *merger) namesInUse(specs []linked) []string {
	var names []string
	for _, s := range m.members {
		for _, t := range s.Types {
			if !strings.HasPrefix(t.Name, "__") && t.Name != "_FieldSet" {
				names = append(names, t.Name)
			}
		}
		for _, d := range s.Directives {
			names = append(names, d.Name)
		}
	}
	for _, s := range specs {
		names = append(names, s.url.Name)
		for _, i := range s.imports {
			names = append(names, i.local)
		}
	}
	slices.Sort(names)
	return names
}

// checkNamesakes refuses types that a field or a type shows and that carry the name of a specification which the
// supergraph links: whoever reads it takes them for the specification's.
func (m *merger) checkNamesakes() {
	owner := map[string]string{}
	for identity, alias := range m.named {
		owner[alias] = identity
	}
	refused := map[string]bool{}
	check := func(name, coordinate string, at []diagnostic.Location) {
		alias, _, ok := strings.Cut(name, "__")
		if !ok || owner[alias] == "" || refused[name] || m.types[name] == nil {
			return
		}
		refused[name] = true
		m.fail(diagnostic.ReferencedInaccessible, coordinate, at,
			"%q refers to the type %q, which the supergraph takes for one of %s, as it links that under the name %q: name the type otherwise", coordinate, name, owner[alias], alias)
	}
	for _, name := range m.order {
		if alias, _, ok := strings.Cut(name, "__"); ok && owner[alias] != "" {
			continue
		}
		d := m.types[name]
		for _, other := range slices.Concat(d.Interfaces, d.Types) {
			check(other, name, m.places(name, ""))
		}
		for _, f := range d.Fields {
			check(subgraph.NamedType(f.Type), name+"."+f.Name, m.places(name, f.Name))
			for _, a := range f.Arguments {
				check(subgraph.NamedType(a.Type), name+"."+f.Name+"("+a.Name+":)", m.places(name, f.Name))
			}
		}
	}
}

// linkAs is the @link of a specification in the supergraph, under another name than its own where it needs one.
func (m *merger) linkAs(u link.URL) *ast.Directive {
	d := linkTo(u, "")
	if alias := m.named[u.Identity]; alias != "" && u.Identity[strings.LastIndexByte(u.Identity, '/')+1:] != alias {
		d.Arguments = append(d.Arguments, text("as", alias))
	}
	return d
}
