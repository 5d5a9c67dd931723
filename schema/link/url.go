// Package link reads the @link and @core directives of schemas: which specifications a schema uses, in
// which version, and under which names. It also holds the definitions that those specifications bring.
//
// Everything here is immutable once built, and nothing here knows of subgraphs or of composition.
package link

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Version is a specification's version. Versions of the same major number are compatible upwards,
// except that below 1.0 no two versions are.
type Version struct{ Major, Minor int }

func (v Version) String() string { return fmt.Sprintf("v%d.%d", v.Major, v.Minor) }

// Compare orders versions: negative when v is older than w, 0 when equal, positive when newer.
func (v Version) Compare(w Version) int {
	if v.Major != w.Major {
		return v.Major - w.Major
	}
	return v.Minor - w.Minor
}

// AtLeast reports whether v is w or newer.
func (v Version) AtLeast(w Version) bool { return v.Compare(w) >= 0 }

var versionPattern = regexp.MustCompile(`^v(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$`)

// ParseVersion reads a version such as "v2.3".
func ParseVersion(text string) (Version, error) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return Version{}, fmt.Errorf("expected a version such as v1.2, found %q", text)
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return Version{major, minor}, nil
}

// URL is a specification's address taken apart. "https://specs.apollo.dev/federation/v2.3" has the identity
// "https://specs.apollo.dev/federation", the name "federation" and the version v2.3.
type URL struct {
	Identity string
	Name     string
	Version  Version
}

func (u URL) String() string { return u.Identity + "/" + u.Version.String() }

var namePattern = regexp.MustCompile(`^[_A-Za-z][_0-9A-Za-z]*$`)

// ParseURL reads the url argument of @link. Name is empty when the last part of the path is no GraphQL name.
func ParseURL(text string) (URL, error) {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme == "" || parsed.Host == "" {
		return URL{}, fmt.Errorf("expected the URL of a specification, such as \"https://specs.apollo.dev/federation/v2.9\", found %q", text)
	}
	path := strings.Trim(parsed.Path, "/")
	head, last := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		head, last = path[:i], path[i+1:]
	}
	version, err := ParseVersion(last)
	if err != nil {
		return URL{}, fmt.Errorf("the URL %q of a specification must end in its version: %w", text, err)
	}
	if head == "" {
		return URL{}, fmt.Errorf("the URL %q must name a specification before its version, such as \"https://example.com/name/v1.0\"", text)
	}
	name := head
	if i := strings.LastIndexByte(head, '/'); i >= 0 {
		name = head[i+1:]
	}
	if !namePattern.MatchString(name) || strings.HasPrefix(name, "__") {
		name = ""
	}
	return URL{Identity: parsed.Scheme + "://" + parsed.Host + "/" + head, Name: name, Version: version}, nil
}
