// Package playground is the page that the gateway serves to browsers: an editor for
// queries, a login, and a drawing of the plan by which the last query was answered.
//
// The page is a program of its own in web/, built into dist/, which is committed
// and embedded here: the gateway needs neither Node.js nor the internet to serve
// it. This package answers for its files, its settings and its security policy.
package playground

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// Prefix is the path below which everything but the page itself is served.
const Prefix = "/playground/"

const defaultEndpoint = "/graphql"

// Config is what the page is told about the gateway.
type Config struct {
	// Title names the graph.
	Title string
	// Endpoint is where GraphQL is served. Default /graphql.
	Endpoint string
	// Issuer is the OpenID issuer's URL that the page logs in at, with ClientID as
	// a public client. The page's own address, such as http://localhost:4000/, has
	// to be registered there as a redirect URI, and for logging out. Without an
	// Issuer there is no login.
	Issuer   string
	ClientID string
	// Scopes are asked for at the login. Default: openid and profile.
	Scopes []string
	// Examples are queries to begin with.
	Examples []Example
	// RegistryHint is a command that adds a subgraph; empty for none.
	RegistryHint string
	// ConnectOrigins are other origins that the page may call, such as that of a
	// token endpoint that does not lie where the issuer does.
	ConnectOrigins []string
}

// Example is a query to begin with.
type Example struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Query       string `json:"query"`
	// Variables is a JSON object, or empty.
	Variables string `json:"variables,omitempty"`
}

// Handler serves the page at /, and below [Prefix] its files and its settings. It
// fails on settings that the page could not work with.
func Handler(c Config) (http.Handler, error) {
	settings, err := c.settings()
	if err != nil {
		return nil, err
	}
	policy, err := c.contentSecurityPolicy()
	if err != nil {
		return nil, err
	}
	assets, err := findAssets(dist)
	if err != nil {
		return nil, err
	}
	return &handler{settings, policy, assets}, nil
}

// settings renders config.json.
func (c Config) settings() ([]byte, error) {
	if (c.Issuer == "") != (c.ClientID == "") {
		return nil, fmt.Errorf("playground: an issuer and a client id belong together; found issuer %q and client id %q", c.Issuer, c.ClientID)
	}
	if c.Endpoint == "" {
		c.Endpoint = defaultEndpoint
	}
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"openid", "profile"}
	}
	if c.Examples == nil {
		c.Examples = []Example{}
	}
	for _, e := range c.Examples {
		if e.Variables != "" && !json.Valid([]byte(e.Variables)) {
			return nil, fmt.Errorf("playground: the variables of the example %q are not JSON", e.Name)
		}
	}
	return json.Marshal(struct {
		Title          string    `json:"title"`
		Endpoint       string    `json:"endpoint"`
		Issuer         string    `json:"issuer"`
		ClientID       string    `json:"clientId"`
		Scopes         []string  `json:"scopes"`
		ExampleQueries []Example `json:"exampleQueries"`
		RegistryHint   string    `json:"registryHint"`
	}{c.Title, c.Endpoint, c.Issuer, c.ClientID, c.Scopes, c.Examples, c.RegistryHint})
}

// contentSecurityPolicy admits the page's own files, and calls of the gateway and
// the issuer. The editor sets styles on elements, which needs unsafe-inline for
// styles, and for styles only.
func (c Config) contentSecurityPolicy() (string, error) {
	connect := []string{"'self'"}
	addresses := c.ConnectOrigins
	if c.Issuer != "" {
		addresses = append([]string{c.Issuer}, addresses...)
	}
	if strings.Contains(c.Endpoint, "://") {
		addresses = append([]string{c.Endpoint}, addresses...)
	}
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.ContainsAny(u.Host, " ;,'\"") {
			return "", fmt.Errorf("playground: %q is not an address that a page can call; write it as http(s)://host[:port]", address)
		}
		connect = append(connect, u.Scheme+"://"+u.Host)
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"worker-src 'self'",
		"style-src 'self' 'unsafe-inline'",
		"font-src 'self'",
		"img-src 'self' data:",
		"connect-src " + strings.Join(connect, " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; "), nil
}

// handler answers for everything. It never changes.
type handler struct {
	settings []byte
	policy   string
	assets   map[string]func() *asset // by path below Prefix
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "the Playground is read by GET", http.StatusMethodNotAllowed)
		return
	}
	name, below := strings.CutPrefix(r.URL.Path, Prefix)
	switch {
	case r.URL.Path == "/" || below && name == "":
		h.servePage(w, r)
	case below && name == "config.json":
		header.Set("Content-Type", "application/json; charset=utf-8")
		header.Set("Cache-Control", "no-store")
		header.Set("Content-Length", strconv.Itoa(len(h.settings)))
		_, _ = w.Write(h.settings) // the browser went away
	case below && h.assets[name] != nil && name != pageName:
		// What lies in assets/ has a hash of its content in its name.
		if strings.HasPrefix(name, "assets/") {
			header.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			header.Set("Cache-Control", "no-cache")
		}
		h.assets[name]().serve(w, r)
	default:
		http.NotFound(w, r)
	}
}

const pageName = "index.html"

func (h *handler) servePage(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-cache") // it names the files of one build
	header.Set("Content-Security-Policy", h.policy)
	header.Set("Referrer-Policy", "no-referrer") // its address carries a code after a login
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.assets[pageName]().serve(w, r)
}

// asset is one file of the page.
type asset struct {
	contentType string
	etag        string
	body        []byte
	packed      func() []byte // gzip, made when it is first asked for; nil when it would not help
}

// findAssets finds the files of the page. Each is read when it is first asked for: most gateways never show the page, and
// need not hold its megabytes.
func findAssets(files fs.FS) (map[string]func() *asset, error) {
	assets := map[string]func() *asset{}
	err := fs.WalkDir(files, "dist", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		assets[strings.TrimPrefix(name, "dist/")] = sync.OnceValue(func() *asset {
			body, _ := fs.ReadFile(files, name) // it is part of the program
			return newAsset(name, body)
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("playground: %w", err)
	}
	if assets[pageName] == nil {
		return nil, fmt.Errorf("playground: dist has no %s: build the page in web", pageName)
	}
	return assets, nil
}

func newAsset(name string, body []byte) *asset {
	sum := sha256.Sum256(body)
	a := &asset{
		contentType: contentType(path.Ext(name)),
		etag:        `"` + hex.EncodeToString(sum[:12]) + `"`,
		body:        body,
	}
	if ext := path.Ext(name); ext != ".woff2" && len(body) > 1000 {
		a.packed = sync.OnceValue(func() []byte {
			var out bytes.Buffer
			z := gzip.NewWriter(&out)
			_, _ = z.Write(body) // a bytes.Buffer takes everything
			_ = z.Close()
			return out.Bytes()
		})
	}
	return a
}

// contentType is the same on every machine, unlike what the system's tables say.
func contentType(ext string) string {
	switch ext {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".ttf":
		return "font/ttf"
	case ".md":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("ETag", a.etag)
	header.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if a.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body = a.packed()
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("Content-Type", a.contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the browser went away
	}
}
