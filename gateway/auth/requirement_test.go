package auth

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRequirementSatisfied(t *testing.T) {
	anyone := (*Identity)(nil)
	clerk := identity(t, IdentityFields{Subject: "bob", Scopes: []string{"inventory:write", "openid"}})
	for _, c := range []struct {
		name     string
		r        Requirement
		id       *Identity
		policies Policies
		want     bool
	}{
		{"nothing asked", Requirement{}, anyone, nil, true},
		{"login, anonymous", Requirement{Authenticated: true}, anyone, nil, false},
		{"login", Requirement{Authenticated: true}, clerk, nil, true},
		{"scope, anonymous", Requirement{Scopes: [][]string{{"openid"}}}, anyone, nil, false},
		{"scope", Requirement{Scopes: [][]string{{"openid"}}}, clerk, nil, true},
		{"both scopes", Requirement{Scopes: [][]string{{"openid", "inventory:write"}}}, clerk, nil, true},
		{"one of both missing", Requirement{Scopes: [][]string{{"openid", "admin"}}}, clerk, nil, false},
		{"the other list", Requirement{Scopes: [][]string{{"admin"}, {"openid"}}}, clerk, nil, true},
		{"no lists: nobody", Requirement{Scopes: [][]string{}}, clerk, nil, false},
		{"an empty list: everybody", Requirement{Scopes: [][]string{{}}}, anyone, nil, true},
		{"policy", Requirement{Policies: [][]string{{"p"}}}, anyone, Policies{"p": true}, true},
		{"policy not granted", Requirement{Policies: [][]string{{"p"}}}, clerk, Policies{"p": false}, false},
		{"no policies known", Requirement{Policies: [][]string{{"p"}}}, clerk, nil, false},
		{"scope and policy", Requirement{Scopes: [][]string{{"openid"}}, Policies: [][]string{{"p"}}}, clerk, nil, false},
	} {
		if got := c.r.Satisfied(c.id, c.policies); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
		if got := c.r.Canonical().Satisfied(c.id, c.policies); got != c.want {
			t.Errorf("%s, canonical: %t", c.name, got)
		}
	}
}

func TestRequirementString(t *testing.T) {
	for want, r := range map[string]Requirement{
		"":               {},
		"@authenticated": {Authenticated: true},
		`@authenticated @requiresScopes(scopes: [["c"], ["a", "b"]])`: {Authenticated: true, Scopes: [][]string{{"b", "a", "b"}, {"c"}, {"b", "c"}}},
		`@requiresScopes(scopes: []) @policy(policies: [["p"]])`:      {Scopes: [][]string{}, Policies: [][]string{{"p"}, {"p"}}},
		`@requiresScopes(scopes: [[]])`:                               {Scopes: [][]string{{"a"}, {}}},
	} {
		if got := r.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	both := All(Requirement{Scopes: [][]string{{"a"}}}, Requirement{}, Requirement{Authenticated: true}, Requirement{Scopes: [][]string{{"a"}, {"a", "b"}}})
	if got, want := both.String(), `@authenticated & @requiresScopes(scopes: [["a"]])`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if All().String() != "" || !All().Satisfied(nil, nil) {
		t.Error("nothing asks something")
	}
}

var lists = rapid.Ptr(rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[abc]`), 0, 3), 0, 3), true)

var anyRequirement = rapid.Custom(func(t *rapid.T) Requirement {
	r := Requirement{Authenticated: rapid.Bool().Draw(t, "authenticated")}
	if l := lists.Draw(t, "scopes"); l != nil {
		r.Scopes = *l
	}
	if l := lists.Draw(t, "policies"); l != nil {
		r.Policies = *l
	}
	return r
})

// Equal texts must mean equal decisions, and the other way round: plan variants
// are shared by them.
func TestEqualTextsAreEqualDecisions(t *testing.T) {
	var everyone []*Identity
	var everyPolicies []Policies
	for set := range 8 {
		var scopes []string
		policies := Policies{}
		for i, s := range []string{"a", "b", "c"} {
			if set>>i&1 == 1 {
				scopes = append(scopes, s)
				policies[s] = true
			}
		}
		everyone = append(everyone, identity(t, IdentityFields{Subject: "s", Scopes: scopes}))
		everyPolicies = append(everyPolicies, policies)
	}
	everyone = append(everyone, nil)
	decisions := func(r Requirement) (out []bool) {
		for _, id := range everyone {
			for _, p := range everyPolicies {
				out = append(out, r.Satisfied(id, p))
			}
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRequirement.Draw(t, "a"), anyRequirement.Draw(t, "b")
		if !slices.Equal(decisions(a), decisions(a.Canonical())) {
			t.Fatalf("%s decides unlike %+v", a, a)
		}
		if a.String() == b.String() && !slices.Equal(decisions(a), decisions(b)) {
			t.Fatalf("%+v and %+v decide differently under one text", a, b)
		}
		shuffled := Requirement{Authenticated: a.Authenticated, Scopes: slices.Clone(a.Scopes), Policies: slices.Clone(a.Policies)}
		slices.Reverse(shuffled.Scopes)
		slices.Reverse(shuffled.Policies)
		if shuffled.String() != a.String() {
			t.Fatalf("order decides: %s and %s", shuffled, a)
		}
	})
}

func TestDenial(t *testing.T) {
	for _, c := range []struct {
		rs   Requirements
		want string
	}{
		{All(Requirement{Authenticated: true}), "Not authorized to access Query.me: it needs a login."},
		{All(Requirement{Scopes: [][]string{{"inventory:write"}}}), `Not authorized to access Query.me: it needs the scope "inventory:write".`},
		{All(Requirement{Scopes: [][]string{{"a", "b"}, {"c"}}}), `Not authorized to access Query.me: it needs the scope "c" or "a" and "b".`},
		{All(Requirement{Policies: [][]string{{"p"}}}, Requirement{Scopes: [][]string{{"x"}}}), `Not authorized to access Query.me: it needs the policy "p", and the scope "x".`},
		{All(Requirement{Scopes: [][]string{}}), "Not authorized to access Query.me: it needs a scope that nobody can have."},
		{nil, "Not authorized to access Query.me."},
	} {
		if got := Denial("Query.me", c.rs); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	var many [][]string
	for i := range 100 {
		many = append(many, []string{fmt.Sprintf("s%d", i)})
	}
	if got := Denial("Query.me", All(Requirement{Scopes: many})); !strings.Contains(got, "95 other combinations") || len(got) > 200 {
		t.Errorf("got %s", got)
	}
}

func TestCanonicalLeavesItsInputAlone(t *testing.T) {
	in := [][]string{{"b", "a"}, {"a"}}
	Requirement{Scopes: in}.Canonical()
	if !reflect.DeepEqual(in, [][]string{{"b", "a"}, {"a"}}) {
		t.Errorf("input became %v", in)
	}
}
