package identity

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

func TestMiddleware(t *testing.T) {
	for _, test := range []struct {
		name, subject, scopes string
		want                  Identity
	}{
		{"nobody", "", "", Identity{}},
		{"scopes without a subject", "", "inventory:write", Identity{}},
		{"a blank subject", "  ", "inventory:write", Identity{}},
		{"a subject", "alice", "", Identity{Subject: "alice", Scopes: []string{}}},
		{"scopes", "bob", " inventory:write  orders:write ", Identity{Subject: "bob", Scopes: []string{"inventory:write", "orders:write"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			request.Header.Set(SubjectHeader, test.subject)
			request.Header.Set(ScopesHeader, test.scopes)
			var got Identity
			Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = From(r.Context()) })).
				ServeHTTP(httptest.NewRecorder(), request)
			if got.Subject != test.want.Subject || !slices.Equal(got.Scopes, test.want.Scopes) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if got.Anonymous() != (test.want.Subject == "") {
				t.Errorf("anonymous = %t", got.Anonymous())
			}
		})
	}
}

func TestHas(t *testing.T) {
	id := Identity{Subject: "bob", Scopes: []string{"inventory:write"}}
	if !id.Has("inventory:write") || id.Has("inventory") || id.Has("") || (Identity{}).Has("inventory:write") {
		t.Error("Has does not tell the scopes that were granted")
	}
	if got := From(context.Background()); !got.Anonymous() {
		t.Errorf("a bare context carries %+v", got)
	}
}
