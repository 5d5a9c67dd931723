package registryapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// MetadataPath is where a registry says whose tokens it takes (RFC 9728, OAuth 2.0 Protected Resource Metadata).
const MetadataPath = "/.well-known/oauth-protected-resource"

// metadata is the document, as far as it concerns a registry.
type metadata struct {
	Resource             string   `json:"resource"`
	AuthorizationServers []string `json:"authorization_servers"`
	ScopesSupported      []string `json:"scopes_supported"`
	BearerMethods        []string `json:"bearer_methods_supported"`
}

// Mount serves an API at Path, and at MetadataPath, to everybody, which issuers' tokens it takes.
func Mount(api http.Handler, issuers []string) http.Handler {
	describe := func(w http.ResponseWriter, r *http.Request) {
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		body, err := json.Marshal(metadata{
			Resource:             scheme + "://" + r.Host + Path,
			AuthorizationServers: append([]string{}, issuers...),
			ScopesSupported:      []string{ScopeWrite, ScopeCheck},
			BearerMethods:        []string{"header"},
		})
		if err != nil { // strings always encode
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", typeJSON)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(body) // the client went away
	}
	mux := http.NewServeMux()
	mux.Handle(Path, api)
	mux.HandleFunc("GET "+MetadataPath, describe)
	mux.HandleFunc("GET "+MetadataPath+Path, describe) // where RFC 9728, section 3.1, puts it
	return mux
}

// Bounds of asking for metadata.
const (
	metadataTimeout = 5 * time.Second
	maxMetadata     = 64 << 10
)

// Issuers asks the registry at an address whose tokens it takes.
func Issuers(ctx context.Context, address string) ([]string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is not the address of a registry: give one such as http://127.0.0.1:4010", address)
	}
	u.Path, u.RawQuery, u.Fragment = MetadataPath, "", ""
	ctx, cancel := context.WithTimeout(ctx, metadataTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxMetadata))
	if err != nil {
		return nil, err
	}
	var m metadata
	if response.StatusCode != http.StatusOK || json.Unmarshal(body, &m) != nil {
		return nil, fmt.Errorf("%s answers %s", u, response.Status)
	}
	if len(m.AuthorizationServers) == 0 {
		return nil, errors.New("the registry names no issuer")
	}
	return m.AuthorizationServers, nil
}
