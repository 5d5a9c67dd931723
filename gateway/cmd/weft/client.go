package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/auth/devissuer"
	"github.com/weft-gateway/weft/gateway/cmd/weft/demo"
	"github.com/weft-gateway/weft/gateway/registryapi"
)

// registryFlags say which registry is called, and as whom.
type registryFlags struct{ url, token string }

func (f *registryFlags) add(cmd *cobra.Command) {
	address := cmp.Or(os.Getenv("WEFT_REGISTRY"), fmt.Sprintf("http://localhost:%d", demo.DefaultPorts().Registry))
	cmd.Flags().StringVar(&f.url, "registry", address, "`address` of the registry (or $WEFT_REGISTRY)")
	cmd.Flags().StringVar(&f.token, "token", "", "access `token` (or $WEFT_TOKEN); not needed for weft demo on this machine")
}

// client calls the registry with the token given, or else as the operator of the development issuer.
func (f *registryFlags) client() (*registryapi.Client, error) {
	return registryapi.NewClient(registryapi.ClientOptions{URL: f.url, Token: func(ctx context.Context) (string, error) {
		if given := cmp.Or(f.token, os.Getenv("WEFT_TOKEN")); given != "" {
			return given, nil
		}
		return developmentToken(ctx, f.url), nil
	}})
}

// maxIssuers bounds how many issuers are asked.
const maxIssuers = 4

// developmentToken is a token for the demo's registry: it is on this machine and takes the tokens of a development issuer
// on this machine, which gives them to everybody. Everywhere else it is empty, and the registry says what it wants.
func developmentToken(ctx context.Context, registry string) string {
	if !onThisMachine(registry) {
		return ""
	}
	issuers, err := registryapi.Issuers(ctx, registry)
	if err != nil {
		return ""
	}
	for _, issuer := range issuers[:min(maxIssuers, len(issuers))] {
		if !onThisMachine(issuer) {
			continue
		}
		if grant, err := devissuer.Token(ctx, issuer, userWith([]string{registryapi.ScopeWrite}), registryapi.ScopeWrite); err == nil {
			return grant.AccessToken
		}
	}
	return ""
}

func onThisMachine(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	return u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
}

// explain adds to a refusal what the person at the terminal can do.
func (f *registryFlags) explain(ctx context.Context, err error) error {
	if !errors.Is(err, registryapi.ErrUnauthenticated) && !errors.Is(err, registryapi.ErrForbidden) {
		return err
	}
	issuers, discovery := registryapi.Issuers(ctx, f.url)
	if discovery != nil || len(issuers) == 0 {
		return fmt.Errorf("%w. Give an access token with --token or WEFT_TOKEN", err)
	}
	return fmt.Errorf("%w. Give an access token of %s with the scope %s, with --token or WEFT_TOKEN",
		err, strings.Join(issuers, " or "), registryapi.ScopeWrite)
}
