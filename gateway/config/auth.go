package config

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/config/strict"
)

// Auth says who callers are.
type Auth struct {
	Mode      string          `yaml:"mode" enum:"off,optional,required" default:"off" doc:"off: everybody is anonymous and no token is looked at. optional: requests without a token are anonymous, a token that is there must be valid. required: requests without a valid token are refused."`
	Issuers   []Issuer        `yaml:"issuers" doc:"The issuers whose tokens are accepted."`
	Realm     string          `yaml:"realm" default:"weft" doc:"Names the protected space in WWW-Authenticate."`
	Leeway    strict.Duration `yaml:"leeway" default:"30s" doc:"Difference between clocks that is tolerated on exp and nbf."`
	CacheSize int             `yaml:"cache_size" default:"4096" min:"1" doc:"How many verified tokens are remembered."`
	CacheTTL  strict.Duration `yaml:"cache_ttl" default:"5m" min:"1" doc:"How long a verified token is trusted without looking at its signature again. A token's own expiry is always kept."`
}

// Issuer is an OpenID provider.
type Issuer struct {
	URL          string   `yaml:"url" required:"true" doc:"The issuer identifier, exactly as tokens carry it in iss."`
	Audiences    []string `yaml:"audiences" required:"true" doc:"Audiences that are accepted; a token must name one of them in aud."`
	DiscoveryURL string   `yaml:"discovery_url" doc:"Where the issuer is reached when that is another address than url, as within a container network."`
	JWKSURL      string   `yaml:"jwks_url" doc:"Where its keys are; skips discovery."`
	Algorithms   []string `yaml:"algorithms" enum:"RS256,RS384,RS512,ES256,ES384,ES512,PS256,PS384,PS512,EdDSA" doc:"Signature algorithms accepted; those that discovery names, or RS256, when left out."`
	CAFile       string   `yaml:"ca_file" doc:"PEM file with the certificate authorities to trust for this issuer."`
	ScopeClaims  []string `yaml:"scope_claims" doc:"Claims that may hold the scopes, the first that is there counts; scope, then scp, when left out."`
	RolesClaim   string   `yaml:"roles_claim" doc:"Claim that holds roles: a name, or a path with dots such as realm_access.roles."`
}

// Forward says what subgraphs are told.
type Forward struct {
	All   ForwardRules            `yaml:"all" doc:"What every subgraph is told."`
	Named map[string]ForwardRules `yaml:"named" doc:"What single subgraphs are told beside that, by the subgraph's name."`
}

// ForwardRules is what a subgraph is told.
type ForwardRules struct {
	Authorization bool              `yaml:"authorization" doc:"Send the client's Authorization header on. Only for subgraphs that may act as the caller everywhere the token is good for. With auth.mode off it is sent on unverified."`
	Claims        map[string]string `yaml:"claims" doc:"Headers that carry claims of the verified token, such as X-User-Id: sub. What a client sends under these names never arrives."`
	Headers       []string          `yaml:"headers" doc:"Headers of the client's request that are sent on."`
}

func (a Auth) options(c *Config) (auth.Options, error) {
	issuers, err := issuerOptions(c, "auth.issuers", a.Issuers)
	return auth.Options{
		Mode: auth.Mode(a.Mode), Issuers: issuers, Realm: a.Realm, Leeway: orNone(a.Leeway),
		CacheSize: a.CacheSize, CacheTTL: a.CacheTTL.Std(),
	}, err
}

// RegistryAuth are the options of the registry API's own authentication: a token is optional for reading, and what a
// token may do its scopes say.
func (c *Config) RegistryAuth() (auth.Options, error) {
	o, err := c.Auth.options(c)
	if err != nil {
		return o, err
	}
	if len(c.Supergraph.Registry.Issuers) > 0 {
		if o.Issuers, err = issuerOptions(c, "supergraph.registry.issuers", c.Supergraph.Registry.Issuers); err != nil {
			return o, err
		}
	}
	o.Mode = auth.ModeOptional
	return o, nil
}

// AuthOptions are the options of the client endpoint's authentication.
func (c *Config) AuthOptions() (auth.Options, error) { return c.Auth.options(c) }

func issuerOptions(c *Config, path string, issuers []Issuer) ([]auth.Issuer, error) {
	var all []auth.Issuer
	for i, is := range issuers {
		one := auth.Issuer{
			URL: is.URL, Audiences: is.Audiences, DiscoveryURL: is.DiscoveryURL, JWKSURL: is.JWKSURL,
			Algorithms: is.Algorithms, ScopeClaims: is.ScopeClaims, RolesClaim: is.RolesClaim,
		}
		if is.CAFile != "" {
			pem, err := os.ReadFile(c.path(is.CAFile))
			if err != nil {
				return nil, c.document.Errorf(fmt.Sprintf("%s[%d].ca_file", path, i), "%v", err)
			}
			one.CACert = pem
		}
		all = append(all, one)
	}
	return all, nil
}

func (f Forward) options() auth.ForwardOptions {
	o := auth.ForwardOptions{All: f.All.options()}
	if len(f.Named) > 0 {
		o.Subgraphs = make(map[string]auth.ForwardRules, len(f.Named))
		for name, rules := range f.Named {
			o.Subgraphs[name] = rules.options()
		}
	}
	return o
}

func (r ForwardRules) options() auth.ForwardRules {
	o := auth.ForwardRules{Authorization: r.Authorization, Headers: r.Headers}
	for _, header := range slices.Sorted(maps.Keys(r.Claims)) {
		o.Claims = append(o.Claims, auth.ClaimHeader{Header: header, Claim: r.Claims[header]})
	}
	return o
}
