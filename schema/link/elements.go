package link

import (
	"slices"
	"strings"
)

// Elements lists what a schema can import from a specification of which the definitions are known: directives with
// their "@", and types. The second result is whether they are known; a specification or a version that is not may
// bring anything.
func Elements(u URL) ([]string, bool) {
	switch u.Identity {
	case FederationSpec:
		if !KnownFederation(u.Version) {
			return nil, false
		}
		return append(ats(FederationDirectives(u.Version)), FederationScalars(u.Version)...), true
	case LinkSpec:
		return []string{"@link", "Import", "Purpose"}, u.Version == Version{Major: 1}
	case JoinSpec:
		return nil, joinNeeds(u.Version) != Version{} // what it brings is for supergraphs
	case ConnectSpec:
		if !KnownConnect(u.Version) {
			return nil, false
		}
		doc := connectDocument()
		var elements []string
		for _, d := range doc.Directives {
			elements = append(elements, "@"+d.Name)
		}
		for _, d := range doc.Definitions {
			elements = append(elements, strings.TrimPrefix(d.Name, "connect__"))
		}
		return elements, true
	}
	f, ok := FeatureByIdentity(u.Identity)
	if !ok || !f.Known(u.Version) {
		return nil, false
	}
	return append(ats(f.Directives), SupergraphScalars(f.Name)...), true
}

func ats(directives []string) []string {
	directives = slices.Clone(directives)
	for i, d := range directives {
		directives[i] = "@" + d
	}
	return directives
}
