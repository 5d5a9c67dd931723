package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CORS says which pages of other origins may call the gateway from a browser. The
// zero value admits none: the Playground needs nothing, it is of the same origin.
type CORS struct {
	// Origins are scheme://host[:port], compared as they are, or the single entry
	// "*" for every origin.
	Origins []string
	// AllowHeaders are the request headers that a page may set. Default:
	// Authorization, Content-Type and the headers that name clients and requests.
	AllowHeaders []string
	// ExposeHeaders are the response headers that a page may read. Default:
	// X-Request-Id.
	ExposeHeaders []string
	// Credentials admits cookies and other credentials that the browser holds.
	// It cannot go together with "*".
	Credentials bool
	// MaxAge is how long a browser remembers the answer. Default 1 h.
	MaxAge time.Duration
}

var (
	defaultAllowHeaders = []string{
		"Authorization", "Content-Type", "X-Request-Id", "X-Requested-With", "X-Weft-Plan",
		"GraphQL-Client-Name", "GraphQL-Client-Version", "Apollo-Require-Preflight",
	}
	defaultExposeHeaders = []string{"X-Request-Id"}
)

func (c CORS) check() error {
	for _, origin := range c.Origins {
		if origin == "*" {
			if len(c.Origins) > 1 {
				return errors.New(`server: CORS origins: "*" admits everyone, so it has to stand alone`)
			}
			if c.Credentials {
				return errors.New(`server: CORS: credentials cannot be admitted for every origin; name the origins instead of "*"`)
			}
			continue
		}
		u, err := url.Parse(origin)
		if err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			return fmt.Errorf("server: CORS origin %q: write it as a browser sends it, such as https://app.example.com, with no path", origin)
		}
	}
	return nil
}

// allows says whether pages of an origin may call.
func (c *CORS) allows(origin string) bool {
	return len(c.Origins) == 1 && c.Origins[0] == "*" || slices.Contains(c.Origins, origin)
}

// cors holds what is answered to other origins, rendered once.
type cors struct {
	CORS
	allowHeaders  string
	exposeHeaders string
	maxAge        string
}

func newCORS(c CORS) *cors {
	if len(c.AllowHeaders) == 0 {
		c.AllowHeaders = defaultAllowHeaders
	}
	if len(c.ExposeHeaders) == 0 {
		c.ExposeHeaders = defaultExposeHeaders
	}
	if c.MaxAge == 0 {
		c.MaxAge = time.Hour
	}
	return &cors{
		CORS:          c,
		allowHeaders:  strings.Join(c.AllowHeaders, ", "),
		exposeHeaders: strings.Join(c.ExposeHeaders, ", "),
		maxAge:        strconv.Itoa(int(c.MaxAge.Seconds())),
	}
}

// annotate lets a page of an admitted origin read the answer.
func (c *cors) annotate(header http.Header, origin string) {
	if len(c.Origins) == 0 {
		return
	}
	if c.Origins[0] == "*" {
		header.Set("Access-Control-Allow-Origin", "*")
	} else {
		header.Add("Vary", "Origin")
		if !c.allows(origin) {
			return
		}
		header.Set("Access-Control-Allow-Origin", origin)
	}
	if c.Credentials {
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	header.Set("Access-Control-Expose-Headers", c.exposeHeaders)
}

// preflight answers OPTIONS. To an origin that is not admitted it answers the
// same without the headers that admit, and the browser says why it stops.
func (c *cors) preflight(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Allow", allowedMethods)
	origin := r.Header.Get("Origin")
	if origin != "" && r.Header.Get("Access-Control-Request-Method") != "" {
		c.annotate(header, origin)
		if c.allows(origin) {
			header.Set("Access-Control-Allow-Methods", allowedMethods)
			header.Set("Access-Control-Allow-Headers", c.allowHeaders)
			header.Set("Access-Control-Max-Age", c.maxAge)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// checkCrossSite refuses what a page of another site made a browser send without
// asking first. A POST has to be application/json, for which browsers do ask; so
// it is GETs that need care, and the handshakes of WebSockets. Browsers say in
// Sec-Fetch-Site where a request comes from; other clients do not send it, cannot
// be made to act for someone, and pass. A header that pages cannot set without
// asking shows that the browser asked.
func (c *cors) checkCrossSite(r *http.Request) *fault {
	header := r.Header
	origin := header.Get("Origin")
	if origin != "" && c.allows(origin) {
		return nil
	}
	if isWebSocket(r) {
		if origin != "" && !sameHost(origin, r.Host) {
			return &fault{http.StatusForbidden, CodeCrossSiteRequest,
				"pages of " + quoteShort(origin) + " may not open WebSockets here; add the origin to the gateway's CORS origins"}
		}
		return nil
	}
	if r.Method != http.MethodGet {
		return nil
	}
	switch header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return nil
	}
	if header.Get("X-Requested-With") != "" || header.Get("Apollo-Require-Preflight") != "" ||
		strings.HasPrefix(header.Get("Content-Type"), typeJSON) {
		return nil
	}
	return &fault{http.StatusForbidden, CodeCrossSiteRequest,
		"this GET comes from a page of another site; send the header X-Requested-With or use POST, and add the page's origin to the gateway's CORS origins"}
}

func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, host)
}
