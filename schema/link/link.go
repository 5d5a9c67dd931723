package link

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Identities of the specifications that composition knows.
const (
	specs             = "https://specs.apollo.dev/"
	CoreSpec          = specs + "core"
	LinkSpec          = specs + "link"
	FederationSpec    = specs + "federation"
	JoinSpec          = specs + "join"
	TagSpec           = specs + "tag"
	InaccessibleSpec  = specs + "inaccessible"
	AuthenticatedSpec = specs + "authenticated"
	ScopesSpec        = specs + "requiresScopes"
	PolicySpec        = specs + "policy"
	ContextSpec       = specs + "context"
	CostSpec          = specs + "cost"
	CacheTagSpec      = specs + "cacheTag"
	ConnectSpec       = specs + "connect"
)

// Import is one element of @link's import argument. Names of directives keep their leading "@".
type Import struct {
	Name string
	As   string
}

// Link is one application of @link (or @core).
type Link struct {
	URL
	As      string // the as argument, or ""
	Renamed bool   // whether there is an as argument
	For     string // SECURITY, EXECUTION or ""
	Imports []Import
	Applied *ast.Directive
}

// Alias is the name under which the schema knows the specification.
func (l *Link) Alias() string {
	if l.As != "" {
		return l.As
	}
	return l.Name
}

// Directive is the name that the specification's directive has in the schema.
// A directive named as its specification needs neither import nor prefix.
func (l *Link) Directive(name string) string {
	for _, i := range l.Imports {
		if i.Name == "@"+name {
			return i.As[1:]
		}
	}
	if name == l.Name {
		return l.Alias()
	}
	return l.Alias() + "__" + name
}

// Type is the name that the specification's type has in the schema.
func (l *Link) Type(name string) string {
	for _, i := range l.Imports {
		if i.Name == name {
			return i.As
		}
	}
	return l.Alias() + "__" + name
}

// Links are the specifications that one schema uses, in the order of their @link applications.
type Links struct {
	// Bootstrap is the link of the link (or core) specification itself; nil in a schema without any link.
	Bootstrap *Link
	All       []*Link
}

// ByIdentity finds the link of a specification, or nil.
func (ls *Links) ByIdentity(identity string) *Link {
	for _, l := range ls.All {
		if l.Identity == identity {
			return l
		}
	}
	return nil
}

// Owner tells which specification brings the directive (without "@") or type that the schema knows as name,
// and what the specification calls it. It answers nil for the schema's own elements.
func (ls *Links) Owner(name string, directive bool) (*Link, string) {
	at := ""
	if directive {
		at = "@"
	}
	for _, l := range ls.All {
		for _, i := range l.Imports {
			if i.As == at+name {
				return l, strings.TrimPrefix(i.Name, "@")
			}
		}
	}
	for _, l := range ls.All {
		if rest, ok := strings.CutPrefix(name, l.Alias()+"__"); ok && l.Alias() != "" {
			return l, rest
		}
		if directive && name == l.Alias() && name != "" && !l.imports("@"+l.Name) {
			return l, l.Name
		}
	}
	return nil, ""
}

// Shadows finds the import of what a name would stand for, had it not been imported under another: "foo__Bar" beside an
// import of "Bar" from foo, "@foo__bar" and "@foo" beside imports of directives, which have their "@".
func (ls *Links) Shadows(name string) (*Link, Import, bool) {
	plain, isDirective := strings.CutPrefix(name, "@")
	if !isDirective && !strings.Contains(name, "__") {
		return nil, Import{}, false
	}
	for _, l := range ls.All {
		long, ok := strings.CutPrefix(plain, l.Alias()+"__")
		if isDirective && plain == l.Alias() {
			long, ok = l.Name, true
		}
		if !ok || l.Alias() == "" {
			continue
		}
		if isDirective {
			long = "@" + long
		}
		for _, i := range l.Imports {
			if i.Name == long && i.As != name {
				return l, i, true
			}
		}
	}
	return nil, Import{}, false
}

func (l *Link) imports(name string) bool {
	for _, i := range l.Imports {
		if i.Name == name {
			return true
		}
	}
	return false
}

// Problem is something wrong with an application of @link.
type Problem struct {
	Code    string // INVALID_LINK_DIRECTIVE_USAGE or INVALID_LINK_IDENTIFIER
	Message string
	At      *ast.Position
}

// Read reads the links among the directives applied to a schema. Problems make their link incomplete, not absent.
func Read(directives ast.DirectiveList) (*Links, []Problem) {
	links := &Links{}
	var problems []Problem
	name, urlArgument := bootstrap(directives)
	if name == "" {
		return links, nil
	}
	for _, d := range directives {
		if d.Name != name {
			continue
		}
		l, found := readLink(d, urlArgument)
		problems = append(problems, found...)
		if l == nil {
			continue
		}
		if links.Bootstrap == nil && (l.Identity == LinkSpec || l.Identity == CoreSpec) {
			links.Bootstrap = l
		}
		links.All = append(links.All, l)
	}
	problems = append(problems, links.check()...)
	return links, problems
}

// bootstrap finds the name under which @link is used. A schema names it by linking the link specification
// itself; subgraphs may leave that out and use the plain name.
func bootstrap(directives ast.DirectiveList) (name, urlArgument string) {
	plain := ""
	for _, d := range directives {
		for _, argument := range []string{"url", "feature"} {
			a := d.Arguments.ForName(argument)
			if a == nil || a.Value == nil || a.Value.Kind != ast.StringValue {
				continue
			}
			u, err := ParseURL(a.Value.Raw)
			if err != nil {
				if d.Name == "link" || d.Name == "core" {
					plain = d.Name
				}
				continue
			}
			own := u.Name
			if as := d.Arguments.ForName("as"); as != nil && as.Value != nil {
				own = as.Value.Raw
			}
			if (u.Identity == LinkSpec && argument == "url" || u.Identity == CoreSpec && argument == "feature") && renamed(d, u, own) == d.Name {
				return d.Name, argument
			}
			if d.Name == "link" && argument == "url" {
				plain = "link"
			}
		}
		if d.Name == "link" && plain == "" {
			plain = "link"
		}
	}
	if plain == "core" {
		return "core", "feature"
	}
	return plain, "url"
}

// renamed is the name that the bootstrap directive gives itself.
func renamed(d *ast.Directive, u URL, own string) string {
	l := &Link{URL: u, As: own}
	l.Imports, _ = readImports(d, u)
	return l.Directive(u.Name)
}

func readLink(d *ast.Directive, urlArgument string) (*Link, []Problem) {
	var problems []Problem
	fail := func(code, format string, args ...any) {
		problems = append(problems, Problem{code, fmt.Sprintf(format, args...), d.Position})
	}
	argument := d.Arguments.ForName(urlArgument)
	if argument == nil || argument.Value == nil || argument.Value.Kind == ast.NullValue {
		fail("INVALID_LINK_DIRECTIVE_USAGE", "@%s needs the argument %q with the URL of a specification", d.Name, urlArgument)
		return nil, problems
	}
	if k := argument.Value.Kind; k != ast.StringValue && k != ast.BlockValue {
		fail("INVALID_LINK_DIRECTIVE_USAGE", "the argument %q of @%s must be a string, found %s", urlArgument, d.Name, argument.Value)
		return nil, problems
	}
	u, err := ParseURL(argument.Value.Raw)
	if err != nil {
		fail("INVALID_LINK_IDENTIFIER", "%s", err)
		return nil, problems
	}
	l := &Link{URL: u, Applied: d}
	if as := d.Arguments.ForName("as"); as != nil && as.Value != nil && as.Value.Kind != ast.NullValue {
		l.As, l.Renamed = as.Value.Raw, true
	}
	if f := d.Arguments.ForName("for"); f != nil && f.Value != nil && f.Value.Kind != ast.NullValue {
		l.For = f.Value.Raw
	}
	imports, importProblems := readImports(d, u)
	l.Imports = imports
	return l, append(problems, importProblems...)
}
