package devissuer

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

//go:embed page.html style.css
var assets embed.FS

var page = template.Must(template.ParseFS(assets, "page.html"))

// view is what page.html shows: the users to choose from, or a message.
type view struct {
	Title   string
	Base    string // path of the issuer, without a slash at its end
	Message string

	Request string
	Client  string
	Users   []choice
}

// choice is a user with what a login as them would grant of what is asked for
// besides the common scopes.
type choice struct {
	User
	Granted, Refused []string
	Suggested        bool
}

func (i *Issuer) showLogin(w http.ResponseWriter, r *http.Request) {
	l, err := i.store.login(r.URL.Query().Get("request"))
	if err != nil || l.done {
		i.showError(w, errNoLogin)
		return
	}
	v := view{Title: "Log in", Request: l.id, Client: l.client}
	if j := slices.IndexFunc(i.options.Clients, func(c Client) bool { return c.ID == l.client }); j >= 0 && i.options.Clients[j].Name != "" {
		v.Client = i.options.Clients[j].Name
	}
	for _, u := range i.store.users {
		c := choice{User: u, Suggested: l.hint != "" && (l.hint == u.ID || l.hint == u.Email)}
		for _, scope := range l.scopes {
			switch {
			case slices.Contains(commonScopes, scope):
			case slices.Contains(u.Scopes, scope):
				c.Granted = append(c.Granted, scope)
			default:
				c.Refused = append(c.Refused, scope)
			}
		}
		v.Users = append(v.Users, c)
	}
	slices.SortStableFunc(v.Users, func(a, b choice) int {
		switch {
		case a.Suggested == b.Suggested:
			return 0
		case a.Suggested:
			return -1
		default:
			return 1
		}
	})
	i.show(w, http.StatusOK, v, l.redirectURI)
}

// login takes the choice. Going on is the provider's part again: its callback
// hands the code to the client.
func (i *Issuer) login(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		i.showError(w, errors.New("the form cannot be read"))
		return
	}
	id := r.PostForm.Get("request")
	if r.PostForm.Has("cancel") {
		l, err := i.store.login(id)
		if err != nil {
			i.showError(w, err)
			return
		}
		_ = i.store.DeleteAuthRequest(r.Context(), id)
		op.AuthRequestError(w, r, l, oidc.ErrAccessDenied().WithDescription("The login was cancelled."), i.provider)
		return
	}
	if err := i.store.complete(id, r.PostForm.Get("user")); err != nil {
		i.showError(w, err)
		return
	}
	ctx := op.ContextWithIssuer(r.Context(), i.options.Issuer)
	http.Redirect(w, r, op.AuthCallbackURL(i.provider)(ctx, id), http.StatusSeeOther)
}

func (i *Issuer) showLoggedOut(w http.ResponseWriter, _ *http.Request) {
	i.show(w, http.StatusOK, view{Title: "Logged out", Message: "You are logged out. You can close this page."}, "")
}

func (i *Issuer) showError(w http.ResponseWriter, err error) {
	i.show(w, http.StatusBadRequest, view{Title: "This did not work", Message: strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + "."}, "")
}

// show writes the page. The browser may send its form here and follow the answer
// to where the login came from; some browsers hold redirects against form-action.
func (i *Issuer) show(w http.ResponseWriter, status int, v view, redirectURI string) {
	v.Base = strings.TrimSuffix(i.url.Path, "/")
	var body bytes.Buffer
	if err := page.Execute(&body, v); err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	target := ""
	if u, err := url.Parse(redirectURI); err == nil && u.Host != "" {
		target = " " + u.Scheme + "://" + u.Host
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"+target)
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

func (i *Issuer) style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=300")
	http.ServeFileFS(w, r, assets, "style.css")
}
