package registryapi

import (
	"net/http"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// authorize says whether somebody may execute an operation, and answers those who may not: 401 who is not
// known, 403 who is. Queries were decided at the door. Mutations need an identity with the scopes that their
// fields ask for.
func authorize(w http.ResponseWriter, id *Identity, op *ast.OperationDefinition) bool {
	if op.Operation == ast.Query {
		return true
	}
	if id == nil {
		unauthenticated(w, "to change what is published")
		return false
	}
	for _, field := range rootFields(op.SelectionSet, nil) {
		needed := requiredScopes(field.Definition)
		if len(needed) == 0 && field.Name != "__typename" {
			// A mutation whose rights were forgotten is nobody's.
			forbidden(w, field.Name, [][]string{{ScopeWrite}})
			return false
		}
		if len(needed) > 0 && !holdsAny(id, needed) {
			forbidden(w, field.Name, needed)
			return false
		}
	}
	return true
}

func holdsAny(id *Identity, alternatives [][]string) bool {
	for _, scopes := range alternatives {
		if id.has(scopes) {
			return true
		}
	}
	return false
}

// rootFields appends the fields that an operation selects on its root type. What @skip and @include leave
// out counts too: rights do not depend on variables. Validation has refused fragments that contain themselves.
func rootFields(set ast.SelectionSet, fields []*ast.Field) []*ast.Field {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			fields = append(fields, s)
		case *ast.InlineFragment:
			fields = rootFields(s.SelectionSet, fields)
		case *ast.FragmentSpread:
			fields = rootFields(s.Definition.SelectionSet, fields)
		}
	}
	return fields
}

// requiredScopes reads @requiresScopes: the scopes of one of the lists are needed. None without it.
func requiredScopes(field *ast.FieldDefinition) [][]string {
	if field == nil {
		return nil
	}
	directive := field.Directives.ForName("requiresScopes")
	if directive == nil {
		return nil
	}
	scopes := directive.Arguments.ForName("scopes")
	if scopes == nil {
		return nil
	}
	var alternatives [][]string
	for _, list := range scopes.Value.Children {
		var all []string
		for _, scope := range list.Value.Children {
			all = append(all, scope.Value.Raw)
		}
		alternatives = append(alternatives, all)
	}
	return alternatives
}

func unauthenticated(w http.ResponseWriter, purpose string) {
	challenge(w, "")
	if purpose == "" {
		purpose = "to use the registry"
	}
	refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", "%s, send an access token: Authorization: Bearer …", purpose)
}

func forbidden(w http.ResponseWriter, field string, alternatives [][]string) {
	choices := make([]string, len(alternatives))
	for i, scopes := range alternatives {
		choices[i] = strings.Join(scopes, " ")
	}
	challenge(w, `error="insufficient_scope", scope="`+choices[len(choices)-1]+`"`)
	refuse(w, http.StatusForbidden, "FORBIDDEN", "%s needs an access token with scope %s", field, strings.Join(choices, " or "))
}

// challenge sets the header that tells a client how to authenticate (RFC 6750, section 3).
func challenge(w http.ResponseWriter, parameters string) {
	value := "Bearer"
	if parameters != "" {
		value += " " + parameters
	}
	w.Header().Set("WWW-Authenticate", value)
}
