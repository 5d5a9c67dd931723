package auth

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	// fetchInterval paces requests to an issuer. A token with an unknown key makes
	// go-oidc fetch the keys anew, which is how a rotation is noticed, and anyone
	// can send such tokens: without a pace they would be requests to the issuer.
	// A fetch that comes too early waits instead of failing, so that no valid token
	// is refused for somebody else's invalid ones.
	fetchInterval = time.Second
	// fetchTimeout bounds a request to an issuer with its wait.
	fetchTimeout = 10 * time.Second
	// maxDocumentBytes bounds what is read of a discovery document or key set.
	maxDocumentBytes = 1 << 20
)

// pacedClient is a client for one issuer: paced, bounded in time and size, and
// trusting the given certificate authorities if there are any.
func pacedClient(base *http.Client, caCert []byte) (*http.Client, error) {
	client := &http.Client{Timeout: fetchTimeout}
	if base != nil {
		*client = *base
		if client.Timeout <= 0 || client.Timeout > fetchTimeout {
			client.Timeout = fetchTimeout
		}
	}
	transport := client.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	if len(caCert) > 0 {
		t, ok := transport.(*http.Transport)
		if !ok {
			return nil, errors.New("a CA certificate cannot be added to an HTTP client with a transport of its own; trust it there")
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(caCert) {
			return nil, errors.New("the CA certificate holds no certificate in PEM form")
		}
		t = t.Clone()
		if t.TLSClientConfig == nil {
			return nil, errors.New("the HTTP client's transport has no TLS configuration to add a CA certificate to")
		}
		t.TLSClientConfig.RootCAs = pool
		transport = t
	}
	client.Transport = &pacedTransport{base: transport, interval: fetchInterval}
	return client, nil
}

// pacedTransport lets a request begin at most once per interval and path. Its
// table is bounded, since only the discovery document and the key set are fetched.
type pacedTransport struct {
	base     http.RoundTripper
	interval time.Duration

	mu   sync.Mutex
	next map[string]time.Time
}

// RoundTrip implements http.RoundTripper.
func (p *pacedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := p.wait(r.Context(), r.URL.String()); err != nil {
		return nil, err
	}
	resp, err := p.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxDocumentBytes)
	if resp.StatusCode != http.StatusOK && (resp.StatusCode < 300 || resp.StatusCode > 399) {
		// go-oidc would put the whole body into its error.
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%s answered %s", r.URL.Redacted(), resp.Status)
	}
	return resp, nil
}

func (p *pacedTransport) wait(ctx context.Context, address string) error {
	p.mu.Lock()
	now := time.Now()
	begin := p.next[address]
	if begin.Before(now) {
		begin = now
	}
	if p.next == nil || len(p.next) > 16 {
		p.next = make(map[string]time.Time, 2)
	}
	p.next[address] = begin.Add(p.interval)
	p.mu.Unlock()
	if begin.Equal(now) {
		return nil
	}
	timer := time.NewTimer(begin.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// observedKeys is go-oidc's remote key set; it also tells how a verification
// failed, which the verifier's error says in words only.
type observedKeys struct {
	remote *oidc.RemoteKeySet
}

// signatureOutcome is filled in by observedKeys during one Verify.
type signatureOutcome struct {
	// reached is set when the token was well formed enough to be held against keys.
	reached bool
	// unreachable is set when no key fitted and the keys could not be fetched.
	unreachable bool
	// failed is set when the signature was not verified, whatever the cause.
	failed bool
}

type outcomeKey struct{}

// VerifySignature implements oidc.KeySet.
func (k observedKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.remote.VerifySignature(ctx, jwt)
	if outcome, ok := ctx.Value(outcomeKey{}).(*signatureOutcome); ok {
		outcome.reached = true
		outcome.failed = err != nil
		// RemoteKeySet marks a fetch that failed with these words only.
		outcome.unreachable = err != nil && strings.HasPrefix(err.Error(), "fetching keys")
	}
	return payload, err
}
