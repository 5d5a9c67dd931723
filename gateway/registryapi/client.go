package registryapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/weft-gateway/weft/schema/registry"
)

// ClientOptions configure a Client. Only URL is required.
type ClientOptions struct {
	// URL is the address of the API: http://127.0.0.1:4010, with Path added where it has none.
	URL string

	// Token answers the access token to send, "" for none. It is asked for each call.
	Token func(context.Context) (string, error)

	// Timeout bounds a call, composition included: 90 s by default, which is longer than the server takes.
	Timeout time.Duration

	// HTTP makes the calls; a client of its own by default. Redirects are never followed.
	HTTP *http.Client
}

// Client calls a registry API. It answers the registry's own types; what it does not ask for (schemas in
// listings) is left empty. Its errors are written for the person at the terminal.
type Client struct {
	url     string
	token   func(context.Context) (string, error)
	timeout time.Duration
	http    http.Client
}

// maxAnswerBytes bounds what a Client reads of an answer.
const maxAnswerBytes = 64 << 20

// NewClient makes a client.
func NewClient(o ClientOptions) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("%q is not the address of a registry: give one such as http://127.0.0.1:4010", o.URL)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = Path
	}
	c := &Client{url: u.String(), token: o.Token, timeout: cmp.Or(o.Timeout, 90*time.Second)}
	if o.HTTP != nil {
		c.http = *o.HTTP
	}
	// A redirected POST arrives as a GET, and the token is meant for this address alone.
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c, nil
}

// Publish publishes a subgraph. A refusal is an Outcome, not an error.
func (c *Client) Publish(ctx context.Context, p registry.Publication) (registry.Outcome, error) {
	return c.change(ctx, publishDocument, map[string]any{"name": p.Name, "url": p.URL, "sdl": p.SDL})
}

// PublishAll publishes several subgraphs as one version.
func (c *Client) PublishAll(ctx context.Context, ps []registry.Publication) (registry.Outcome, error) {
	subgraphs := make([]map[string]any, len(ps))
	for i, p := range ps {
		subgraphs[i] = map[string]any{"name": p.Name, "url": p.URL, "sdl": p.SDL}
	}
	return c.change(ctx, publishAllDocument, map[string]any{"subgraphs": subgraphs})
}

// Check answers what Publish would. Without a URL, that of the current revision is taken.
func (c *Client) Check(ctx context.Context, p registry.Publication) (registry.Outcome, error) {
	input := map[string]any{"name": p.Name, "sdl": p.SDL}
	if p.URL != "" {
		input["url"] = p.URL
	}
	return c.change(ctx, checkDocument, input)
}

// Remove takes a subgraph out of the graph.
func (c *Client) Remove(ctx context.Context, name string) (registry.Outcome, error) {
	return c.change(ctx, removeDocument, map[string]any{"name": name})
}

// Rollback returns to an earlier version.
func (c *Client) Rollback(ctx context.Context, version int) (registry.Outcome, error) {
	return c.change(ctx, rollbackDocument, map[string]any{"version": version})
}

// Subgraphs lists the current revisions, ordered by name.
func (c *Client) Subgraphs(ctx context.Context) ([]registry.RevisionInfo, error) {
	var data struct {
		Subgraphs []struct{ Revision wireRevision }
	}
	if err := c.call(ctx, subgraphsDocument, nil, &data); err != nil {
		return nil, err
	}
	all := make([]registry.RevisionInfo, len(data.Subgraphs))
	for i, s := range data.Subgraphs {
		all[i] = s.Revision.domain()
	}
	return all, nil
}

// Supergraph is the current version with its SDL, or registry.ErrNotFound when nothing is published.
func (c *Client) Supergraph(ctx context.Context) (registry.Version, error) {
	var data struct{ Supergraph *wireVersion }
	if err := c.call(ctx, supergraphDocument, nil, &data); err != nil {
		return registry.Version{}, err
	}
	if data.Supergraph == nil {
		return registry.Version{}, registry.ErrNotFound
	}
	v := registry.Version{VersionInfo: data.Supergraph.domain(), SDL: data.Supergraph.SDL}
	for _, h := range data.Supergraph.Hints {
		v.Hints = append(v.Hints, h.domain())
	}
	return v, nil
}

// change makes a mutation, whose field every document of this package calls "outcome".
func (c *Client) change(ctx context.Context, document string, input map[string]any) (registry.Outcome, error) {
	var data struct{ Outcome wireOutcome }
	if err := c.call(ctx, document, map[string]any{"input": input}, &data); err != nil {
		return registry.Outcome{}, err
	}
	return data.Outcome.domain(), nil
}

func (c *Client) call(ctx context.Context, document string, variables map[string]any, data any) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return fmt.Errorf("registry request: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("registry request: %w", err)
	}
	request.Header.Set("Content-Type", typeJSON)
	request.Header.Set("Accept", typeGraphQL)
	if c.token != nil {
		token, err := c.token(ctx)
		if err != nil {
			return fmt.Errorf("no access token for the registry: %w", err)
		}
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
	}
	response, err := c.http.Do(request)
	if err != nil {
		return c.unreachable(ctx, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes+1))
	switch {
	case err != nil:
		return c.unreachable(ctx, err)
	case len(answer) > maxAnswerBytes:
		return fmt.Errorf("the registry at %s answered with more than %d bytes", c.url, maxAnswerBytes)
	}
	return c.read(response, answer, data)
}

// read decodes an answer, or says what is wrong with it.
func (c *Client) read(response *http.Response, answer []byte, data any) error {
	var result struct {
		Data   json.RawMessage
		Errors []wireError
	}
	if err := json.Unmarshal(answer, &result); err != nil || (len(result.Data) == 0 && len(result.Errors) == 0) {
		return c.noRegistry(response)
	}
	if len(result.Errors) > 0 {
		return c.refused(response, result.Errors)
	}
	if response.StatusCode != http.StatusOK {
		return c.noRegistry(response)
	}
	if err := json.Unmarshal(result.Data, data); err != nil {
		return errors.Join(c.noRegistry(response), err)
	}
	return nil
}
