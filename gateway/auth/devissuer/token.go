package devissuer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Grant is an access token that was got without a browser.
type Grant struct {
	// AccessToken is to be sent as a bearer token.
	AccessToken string
	// Scopes that were granted; those asked for and not here are the ones the user
	// may not have.
	Scopes []string
	// Expires is when the token ends.
	Expires time.Time
}

// tokenTimeout bounds a Token call whose context has no end.
const tokenTimeout = 10 * time.Second

// Token gets an access token for a user from the development issuer at the URL,
// with the scopes, or with all that the user may have if none are named. It is the
// client credentials grant with the user as client and UserSecret as secret, which
// no other issuer will answer.
func Token(ctx context.Context, issuerURL, user string, scopes ...string) (*Grant, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	ctx = oidc.ClientContext(ctx, &http.Client{Timeout: tokenTimeout})
	provider, err := oidc.NewProvider(ctx, issuerURL)
	if err != nil {
		return nil, fmt.Errorf("devissuer: no development issuer answers at %s; is the demo running? %w", issuerURL, err)
	}
	config := clientcredentials.Config{
		ClientID: user, ClientSecret: UserSecret, TokenURL: provider.Endpoint().TokenURL,
		Scopes: scopes, AuthStyle: oauth2.AuthStyleInHeader,
	}
	token, err := config.Token(ctx)
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) && refused.ErrorCode == "invalid_client" {
			return nil, fmt.Errorf("devissuer: the development issuer at %s has no user %q", issuerURL, user)
		}
		return nil, fmt.Errorf("devissuer: asking %s for a token: %w", provider.Endpoint().TokenURL, err)
	}
	grant := &Grant{AccessToken: token.AccessToken, Expires: token.Expiry}
	if scope, ok := token.Extra("scope").(string); ok {
		grant.Scopes = strings.Fields(scope)
	}
	return grant, nil
}
