package link

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

func TestParseURL(t *testing.T) {
	for text, want := range map[string]URL{
		"https://specs.apollo.dev/federation/v2.3": {"https://specs.apollo.dev/federation", "federation", Version{2, 3}},
		"https://example.com/a/b/v0.1/":            {"https://example.com/a/b", "b", Version{0, 1}},
		"http://localhost:8080/x-y/v1.0?q#f":       {"http://localhost:8080/x-y", "", Version{1, 0}},
	} {
		got, err := ParseURL(text)
		if err != nil || got != want {
			t.Errorf("ParseURL(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "foo", "https://example.com", "https://example.com/x", "https://example.com/v1.2", "https://example.com/x/2.0", "https://example.com/x/v2", "https://example.com/x/v02.1", "://x/v1.0"} {
		if got, err := ParseURL(text); err == nil {
			t.Errorf("ParseURL(%q) = %+v, want an error", text, got)
		}
	}
}

func TestVersionOrder(t *testing.T) {
	versions := []Version{{2, 10}, {1, 0}, {2, 9}, {0, 3}}
	slices.SortFunc(versions, Version.Compare)
	if want := []Version{{0, 3}, {1, 0}, {2, 9}, {2, 10}}; !slices.Equal(versions, want) {
		t.Errorf("sorted: %v, want %v", versions, want)
	}
}

// read reads the links of a schema extension.
func read(t *testing.T, sdl string) (*Links, []Problem) {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return Read(doc.SchemaExtension[0].Directives)
}

func TestNames(t *testing.T) {
	links, problems := read(t, `extend schema
		@link(url: "https://specs.apollo.dev/link/v1.0")
		@link(url: "https://specs.apollo.dev/federation/v2.3", as: "fed", import: ["@tag", {name: "@key", as: "@k"}, "FieldSet"])
		@link(url: "https://example.com/cost/v0.1")`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if links.Bootstrap == nil || links.Bootstrap.Identity != LinkSpec {
		t.Errorf("bootstrap: %+v", links.Bootstrap)
	}
	federation := links.ByIdentity(FederationSpec)
	for name, want := range map[string]string{"tag": "tag", "key": "k", "shareable": "fed__shareable"} {
		if got := federation.Directive(name); got != want {
			t.Errorf("@%s is @%s, want @%s", name, got, want)
		}
	}
	if a, b := federation.Type("FieldSet"), federation.Type("Scope"); a != "FieldSet" || b != "fed__Scope" {
		t.Errorf("types: %s, %s", a, b)
	}
	if got := links.ByIdentity("https://example.com/cost").Directive("cost"); got != "cost" {
		t.Errorf("@cost is @%s: a directive that is called as its specification needs no import", got)
	}
	for local, want := range map[string]string{"k": "key", "fed__external": "external", "cost": "cost", "key": "", "other": ""} {
		if _, got := links.Owner(local, true); got != want {
			t.Errorf("@%s comes from %q, want %q", local, got, want)
		}
	}
}

func TestRenamedLink(t *testing.T) {
	links, problems := read(t, `extend schema
		@use(url: "https://specs.apollo.dev/link/v1.0", as: "use")
		@use(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])`)
	if len(problems) > 0 || links.ByIdentity(FederationSpec) == nil {
		t.Errorf("links: %+v, problems: %v", links, problems)
	}
}

func TestProblems(t *testing.T) {
	for sdl, code := range map[string]string{
		`extend schema @link(url: "nonsense")`:                                                                                      "INVALID_LINK_IDENTIFIER",
		`extend schema @link(import: [])`:                                                                                           "INVALID_LINK_DIRECTIVE_USAGE",
		`extend schema @link(url: 3)`:                                                                                               "INVALID_LINK_DIRECTIVE_USAGE",
		`extend schema @link(url: "https://x.y/z/v1.0", import: "@a")`:                                                              "",
		`extend schema @link(url: "https://x.y/z/v1.0", import: [{name: "@a", as: "b"}])`:                                           "INVALID_LINK_DIRECTIVE_USAGE",
		`extend schema @link(url: "https://x.y/z/v1.0", import: [{name: "@"}])`:                                                     "INVALID_LINK_DIRECTIVE_USAGE",
		`extend schema @link(url: "https://x.y/z/v1.0", as: "a__b")`:                                                                "INVALID_LINK_DIRECTIVE_USAGE",
		`extend schema @link(url: "https://x.y/z/v1.0") @link(url: "https://x.y/z/v1.1")`:                                           "INVALID_LINK_DIRECTIVE_USAGE",
		`extend schema @link(url: "https://x.y/z/v1.0") @link(url: "https://o.y/z/v1.1")`:                                           "INVALID_LINK_DIRECTIVE_USAGE",
		`extend schema @link(url: "https://x.y/a/v1.0", import: ["@q"]) @link(url: "https://x.y/b/v1.1", import: ["@q"])`:           "INVALID_LINK_DIRECTIVE_USAGE",
		`extend schema @link(url: "https://x.y/a/v1.0", import: ["@q", "@q"]) @link(url: "https://x.y/b/v1.1", import: ["@other"])`: "",
	} {
		_, problems := read(t, sdl)
		got := ""
		if len(problems) > 0 {
			got = problems[0].Code
		}
		if got != code {
			t.Errorf("%s: %q, want %q", sdl, got, code)
		}
	}
}

// The tables of this package hold SDL: all of it parses, in every version.
func TestDefinitionsParse(t *testing.T) {
	for minor := range LatestFederation.Minor + 1 {
		v := Version{2, minor}
		if !KnownFederation(v) {
			t.Errorf("%v is not known", v)
		}
		for _, name := range FederationDirectives(v) {
			d := FederationDirective(name, v, "local", func(s string) string { return "own_" + s })
			if d == nil || d.Name != "local" {
				t.Errorf("%v: @%s does not parse", v, name)
			}
		}
	}
	if KnownFederation(Version{2, LatestFederation.Minor + 1}) || KnownFederation(Version{3, 0}) {
		t.Error("versions of the future are not known")
	}
	if slices.Contains(FederationDirectives(Version{2, 2}), InterfaceObject) || !slices.Contains(FederationDirectives(Version{2, 3}), InterfaceObject) {
		t.Error("@interfaceObject came with v2.3")
	}
	if _, err := parser.ParseSchema(&ast.Source{Input: JoinSDL}); err != nil {
		t.Error(err)
	}
	if d := Bootstrap("use", nil); d == nil || d.Name != "use" {
		t.Error("@link does not parse")
	}
	for _, f := range Features {
		for _, name := range f.Directives {
			if SupergraphDirective(name, name, LatestFederation, nil) == nil {
				t.Errorf("@%s is in no version", name)
			}
		}
	}
}
