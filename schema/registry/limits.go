package registry

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// Codes of what the registry itself has to say, beside those of composition and of the checks.
const (
	CodeInvalidURL        diagnostic.Code = "INVALID_ROUTING_URL"
	CodeSchemaTooLarge    diagnostic.Code = "SCHEMA_TOO_LARGE"
	CodeTooManySubgraphs  diagnostic.Code = "TOO_MANY_SUBGRAPHS"
	CodeDuplicateSubgraph diagnostic.Code = "DUPLICATE_SUBGRAPH"
	CodeUnknownSubgraph   diagnostic.Code = "UNKNOWN_SUBGRAPH"
	CodeLastSubgraph      diagnostic.Code = "LAST_SUBGRAPH"
	CodeUnknownVersion    diagnostic.Code = "UNKNOWN_VERSION"
	CodeNothingToPublish  diagnostic.Code = "NOTHING_TO_PUBLISH"
	CodeChangesUnknown    diagnostic.Code = "CHANGES_UNKNOWN"
)

// Limits bound what a publication may bring.
type Limits struct {
	MaxSDLBytes  int // of one subgraph's schema: 4 MiB by default
	MaxSubgraphs int // in a graph: 1,000 by default
}

func (l Limits) withDefaults() Limits {
	l.MaxSDLBytes = cmp.Or(l.MaxSDLBytes, 4<<20)
	l.MaxSubgraphs = cmp.Or(l.MaxSubgraphs, 1000)
	return l
}

const maxURLBytes = 2048

// A name appears in logs, metrics, file names and the addresses of the API, so it is kept to what needs no
// escaping in any of them.
var namePattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,63}$`)

// examine refuses what cannot be right whatever is published already. It reports everything it finds.
func (l Limits) examine(e edit) []diagnostic.Diagnostic {
	var errs []diagnostic.Diagnostic
	refuse := func(code diagnostic.Code, subgraph, format string, args ...any) {
		errs = append(errs, *refusal(code, subgraph, format, args...))
	}
	if len(e.publish) == 0 && e.remove == "" {
		refuse(CodeNothingToPublish, "", "no subgraph was named")
	}
	if len(e.publish) > l.MaxSubgraphs {
		refuse(CodeTooManySubgraphs, "", "%d subgraphs at once; a graph may have %d", len(e.publish), l.MaxSubgraphs)
		return errs
	}
	for i, p := range e.publish {
		if !namePattern.MatchString(p.Name) {
			refuse(diagnostic.InvalidSubgraphName, "", "%s is no subgraph name: use 1 to 64 letters, digits, '_', '-' or '.', "+
				"beginning with a letter or '_'", quote(p.Name))
			continue
		}
		if i > 0 && e.publish[i-1].Name == p.Name {
			refuse(CodeDuplicateSubgraph, p.Name, "subgraph %s is given more than once; a name stands for one subgraph", quote(p.Name))
		}
		if why := urlFault(p.URL); why != "" {
			refuse(CodeInvalidURL, p.Name, "the URL of subgraph %s %s; give the address the gateway calls it at, "+
				"such as http://localhost:4004/graphql", quote(p.Name), why)
		}
		if len(p.SDL) > l.MaxSDLBytes {
			refuse(CodeSchemaTooLarge, p.Name, "the schema of subgraph %s has %d bytes; at most %d are accepted",
				quote(p.Name), len(p.SDL), l.MaxSDLBytes)
			continue
		}
		if strings.TrimSpace(p.SDL) == "" {
			refuse(diagnostic.InvalidGraphQL, p.Name, "the schema of subgraph %s is empty", quote(p.Name))
		} else if at := textFault(p.SDL); at >= 0 {
			d := refusal(diagnostic.InvalidGraphQL, p.Name, "the schema of subgraph %s is not text: a byte here is not UTF-8, or is zero", quote(p.Name))
			d.Locations[0].Line, d.Locations[0].Column = position(p.SDL, at)
			errs = append(errs, *d)
		}
	}
	return errs
}

// next lays the edit over the members of the current version. Publications that change nothing are dropped
// from published and stay in kept.
func (l Limits) next(e edit, current []Revision) (members, *diagnostic.Diagnostic) {
	if len(e.publish) == 0 {
		return l.without(e.remove, current)
	}
	var m members
	m.kept = slices.Clone(current)
	for _, p := range e.publish {
		i, found := find(m.kept, p.Name)
		if found && m.kept[i].URL == p.URL && m.kept[i].SDL == p.SDL {
			continue
		}
		if found {
			m.kept = slices.Delete(m.kept, i, i+1)
		}
		m.published = append(m.published, NewRevision{Name: p.Name, URL: p.URL, SDL: p.SDL, SHA256: fingerprint(p.SDL)})
	}
	if n := len(m.kept) + len(m.published); n > l.MaxSubgraphs {
		return members{}, refusal(CodeTooManySubgraphs, "", "the graph would have %d subgraphs; it may have %d", n, l.MaxSubgraphs)
	}
	return m, nil
}

// find finds a name among members, which are ordered by name.
func find(members []Revision, name string) (int, bool) {
	return slices.BinarySearchFunc(members, name, func(r Revision, name string) int { return strings.Compare(r.Name, name) })
}

func (l Limits) without(name string, current []Revision) (members, *diagnostic.Diagnostic) {
	var m members
	var names []string
	for _, r := range current {
		names = append(names, r.Name)
		if r.Name != name {
			m.kept = append(m.kept, r)
		}
	}
	switch {
	case len(current) == 0:
		return members{}, refusal(CodeUnknownSubgraph, "", "there is no subgraph %s: nothing is published yet", quote(name))
	case len(m.kept) == len(current):
		return members{}, refusal(CodeUnknownSubgraph, "", "there is no subgraph %s; the graph consists of %s", quote(name), enumerate(names))
	case len(m.kept) == 0:
		return members{}, refusal(CodeLastSubgraph, name, "%s is the last subgraph: a graph without any has nothing to serve. "+
			"Publish its successor first", quote(name))
	}
	return m, nil
}

func refusal(code diagnostic.Code, subgraph, format string, args ...any) *diagnostic.Diagnostic {
	d := &diagnostic.Diagnostic{Code: code, Severity: diagnostic.Error, Message: fmt.Sprintf(format, args...)}
	if subgraph != "" {
		d.Locations = []diagnostic.Location{{Subgraph: subgraph}}
	}
	return d
}

// urlFault says what is wrong with a routing URL, "" when nothing is. Credentials in it would be shown to
// everyone who may read the registry.
func urlFault(text string) string {
	if text == "" {
		return "is missing"
	}
	if len(text) > maxURLBytes {
		return fmt.Sprintf("is longer than %d bytes", maxURLBytes)
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "cannot be read"
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Sprintf("(%s) does not begin with http:// or https://", quote(text))
	case u.Hostname() == "":
		return fmt.Sprintf("(%s) names no host", quote(text))
	case u.User != nil:
		return "holds credentials, which everyone who may read the registry would see"
	case u.Fragment != "":
		return fmt.Sprintf("(%s) has a fragment", quote(text))
	}
	return ""
}

// textFault is the offset of the first byte that is not UTF-8 or is zero, -1 when there is none.
func textFault(s string) int {
	if utf8.ValidString(s) {
		return strings.IndexByte(s, 0)
	}
	for i, r := range s {
		if r == 0 {
			return i
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

func position(s string, at int) (line, column int) {
	before := s[:at]
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
}

// quote quotes what a caller sent, shortened so that a message stays readable.
func quote(s string) string {
	const longest = 80
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}

func enumerate(names []string) string {
	const most = 20
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
