package supergraph

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// readAccess collects @authenticated, @requiresScopes and @policy.
func (r *reader) readAccess() {
	authenticated := directiveName(r.Features, "authenticated", "authenticated")
	scopes := directiveName(r.Features, "requiresScopes", "requiresScopes")
	policy := directiveName(r.Features, "policy", "policy")
	r.access = map[string]Access{}
	if authenticated == "" && scopes == "" && policy == "" {
		return
	}
	read := func(coordinate string, directives ast.DirectiveList) {
		var a Access
		for _, d := range directives {
			switch d.Name {
			case "":
			case authenticated:
				a.Authenticated = true
			case scopes:
				a.Scopes = nestedStrings(d, "scopes")
			case policy:
				a.Policies = nestedStrings(d, "policies")
			}
		}
		if !a.IsZero() {
			r.access[coordinate] = a
		}
	}
	for _, def := range r.doc.Definitions {
		read(def.Name, def.Directives)
		for _, f := range def.Fields {
			read(def.Name+"."+f.Name, f.Directives)
		}
	}
}

func nestedStrings(d *ast.Directive, name string) [][]string {
	arg := d.Arguments.ForName(name)
	out := [][]string{}
	if arg == nil || arg.Value == nil {
		return out
	}
	for _, item := range arg.Value.Children {
		all := []string{}
		for _, s := range item.Value.Children {
			all = append(all, s.Value.Raw)
		}
		if item.Value.Kind == ast.StringValue {
			all = append(all, item.Value.Raw)
		}
		out = append(out, all)
	}
	return out
}
