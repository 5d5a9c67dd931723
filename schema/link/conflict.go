package link

import (
	"fmt"
	"regexp"
	"strings"
)

// aliasPattern is what a specification may be called in a schema. With "." and "-" in its name, what it brings can
// only be imported.
var aliasPattern = regexp.MustCompile(`^[_A-Za-z][_0-9A-Za-z.-]*$`)

// check finds what is wrong between the links: the same specification twice, a name that can stand for two things.
func (ls *Links) check() []Problem { return check(ls.All) }

// Beside finds what is wrong between a link that no schema writes, and those that this one does.
func (ls *Links) Beside(unwritten *Link) []Problem {
	return check(append([]*Link{unwritten}, ls.All...)) // first, so that conflicts are found where something is written
}

func check(all []*Link) []Problem {
	c := &conflicts{identities: map[string]bool{}, aliases: map[string]*Link{}, imported: map[string]origin{}}
	for _, l := range all {
		if c.identities[l.Identity] {
			c.fail(l, "the specification %q is linked more than once", l.Identity)
			continue
		}
		c.identities[l.Identity] = true
		c.alias(l)
	}
	for _, l := range all {
		for _, i := range l.Imports {
			c.imports(l, i)
		}
	}
	return c.problems
}

// origin is where an imported name comes from.
type origin struct {
	link *Link
	name string
}

type conflicts struct {
	identities map[string]bool
	aliases    map[string]*Link
	imported   map[string]origin // by the name in the schema
	problems   []Problem
}

func (c *conflicts) fail(l *Link, format string, args ...any) {
	p := Problem{Code: "INVALID_LINK_DIRECTIVE_USAGE", Message: fmt.Sprintf(format, args...)}
	if l.Applied != nil {
		p.At = l.Applied.Position
	}
	c.problems = append(c.problems, p)
}

// alias holds that a specification's name can be told from other names.
func (c *conflicts) alias(l *Link) {
	name := l.Identity[strings.LastIndexByte(l.Identity, '/')+1:]
	if l.Renamed {
		name = l.As
	}
	const remedy = "give it another name with the argument \"as\""
	switch {
	case !aliasPattern.MatchString(name):
		c.fail(l, "the specification %q is linked as %q, which is no GraphQL name: %s", l.Identity, name, remedy)
	case strings.Contains(name, "__"):
		c.fail(l, "the specification %q is linked as %q, and that name cannot contain \"__\", which ends it in the names of what it brings: %s", l.Identity, name, remedy)
	case strings.HasSuffix(name, "_"):
		c.fail(l, "the specification %q is linked as %q, and that name cannot end in \"_\", as \"__\" follows it in the names of what it brings: %s", l.Identity, name, remedy)
	case c.aliases[name] != nil:
		c.fail(l, "the specifications %q and %q are both linked under the name %q: give one of them another name with the argument \"as\"", c.aliases[name].Identity, l.Identity, name)
	default:
		c.aliases[name] = l
	}
}

// imports holds that an imported name stands for nothing else.
func (c *conflicts) imports(l *Link, i Import) {
	what := fmt.Sprintf("the import of %q from %q", i.Name, l.Identity)
	if i.As != i.Name {
		what = fmt.Sprintf("the import of %q as %q from %q", i.Name, i.As, l.Identity)
	}
	const remedy = "give it another name with \"as\""
	name, isDirective := strings.CutPrefix(i.As, "@")
	if alias, rest, ok := strings.Cut(name, "__"); ok {
		switch owner := c.aliases[alias]; {
		case owner == l && rest != strings.TrimPrefix(i.Name, "@"):
			c.fail(l, "%s takes the name that %q of the same specification has without being imported: %s", what, rest, remedy)
		case owner != nil && owner != l:
			c.fail(l, "%s takes a name that belongs to %q: %s", what, owner.Identity, remedy)
		}
	}
	if owner := c.aliases[name]; isDirective && owner != nil && (owner != l || strings.TrimPrefix(i.Name, "@") != l.Name) {
		if l.Applied == nil {
			c.fail(owner, "%s takes the name under which %q is linked: give that another name with the argument \"as\"", what, owner.Identity)
			return
		}
		c.fail(l, "%s takes the name under which %q is linked: %s", what, owner.Identity, remedy)
	}
	own := origin{l, i.Name}
	if other, ok := c.imported[i.As]; ok && other != own {
		c.fail(l, "the name %q is imported for two things, %q of %q and %q of %q: give one of them another name with \"as\"",
			i.As, other.name, other.link.Identity, i.Name, l.Identity)
	}
	c.imported[i.As] = own
	for _, o := range l.Imports {
		if o == i {
			break
		}
		if o.Name == i.Name && o.As != i.As {
			c.fail(l, "%s takes what is imported as %q already: import it once", what, o.As)
		}
	}
}
