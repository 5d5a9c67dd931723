package registryapi

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/auth/devissuer"
	"github.com/weft-gateway/weft/schema/registry"
)

// The way a person publishes: a token of an issuer, the client, the API, the registry.
func TestPublishWithTokens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	issuerURL := "http://" + listener.Addr().String()
	issuer, err := devissuer.New(devissuer.Options{Issuer: issuerURL})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(issuer)
	server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	verifier, err := auth.New(t.Context(), auth.Options{
		Mode:    auth.ModeOptional,
		Issuers: []auth.Issuer{{URL: issuerURL, Audiences: []string{devissuer.DefaultAudience}}},
		Logger:  slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := newRegistry(t)
	url := serve(t, Options{Registry: r, Authenticate: BearerTokens(verifier), AllowAnonymousRead: true})

	as := func(user string) *Client {
		c, err := NewClient(ClientOptions{URL: url, Token: func(ctx context.Context) (string, error) {
			grant, err := devissuer.Token(ctx, issuerURL, user)
			if err != nil {
				return "", err
			}
			return grant.AccessToken, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	p := registry.Publication{Name: "a", URL: "http://a", SDL: "one"}
	if _, err := as("alice").Publish(ctx, p); !errors.Is(err, ErrForbidden) {
		t.Errorf("alice publishes: %v", err)
	}
	if _, err := as("nobody").Publish(ctx, p); err == nil || !strings.Contains(err.Error(), `no user "nobody"`) {
		t.Errorf("somebody who is not there publishes: %v", err)
	}
	out, err := as("operator").Publish(ctx, p)
	if err != nil || out.Status != registry.Accepted || out.Version.By != (registry.Actor{Subject: "operator", Issuer: issuerURL}) {
		t.Errorf("the operator publishes: %+v, %v", out, err)
	}
	if subgraphs, err := client(t, url, "").Subgraphs(ctx); err != nil || len(subgraphs) != 1 {
		t.Errorf("anyone reads: %v, %v", subgraphs, err)
	}
	response, answer := post(t, url, "not.a.token", "", readAll)
	if response.StatusCode != http.StatusUnauthorized || !strings.Contains(response.Header.Get("WWW-Authenticate"), "invalid_token") || strings.Contains(answer, `"data"`) {
		t.Errorf("with a broken token: %s %s", response.Status, answer)
	}
}
