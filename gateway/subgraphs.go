package gateway

import (
	"crypto/tls"
	"fmt"
	"reflect"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/fetch/batch"
	"github.com/weft-gateway/weft/gateway/fetch/deduplicate"
	fetchhttp "github.com/weft-gateway/weft/gateway/fetch/http"
	"github.com/weft-gateway/weft/gateway/subscription"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// SubgraphOptions say how a subgraph is called. Zero values stand for the defaults.
type SubgraphOptions struct {
	// URL is used instead of the one the supergraph names.
	URL      string
	Socket   string
	Protocol fetchhttp.Protocol
	TLS      *tls.Config
	Headers  []fetch.Header
	// Timeout bounds each call.
	Timeout        time.Duration
	ConnectTimeout time.Duration
	MaxResponse    int
	MaxConnections int
	// MaxAge is how long a connection of HTTP/1.1 is used.
	MaxAge time.Duration
	// Deduplicate lets equal queries of the same caller that are under way at the same time share one call; nil: they do.
	Deduplicate *bool
	// Batch says how entity calls of several requests become one.
	Batch BatchOptions
	// Subscriptions say what differs where subscriptions are concerned.
	Subscriptions SubscriptionOptions
}

// BatchOptions say how entity calls become one. Calls that one request makes at the same moment always do.
type BatchOptions struct {
	// Window is how long a call waits for others of the same caller; 0: it does not wait for other requests.
	Window time.Duration
	// Max is the most calls that become one; 0 stands for 500.
	Max int
}

// SubscriptionOptions say how a subgraph's subscriptions are opened; see subscription.Options. What is not here is as for
// other calls.
type SubscriptionOptions struct {
	// URL is used instead of the subgraph's URL and socket: http, https, ws or wss.
	URL                       string
	Protocol                  subscription.Protocol
	AckTimeout, KeepAlive     time.Duration
	MaxMessage                int
	MaxQueued, MaxQueuedBytes int
	Patience                  time.Duration
}

// or fills what is not set from the defaults.
func (o SubgraphOptions) or(defaults SubgraphOptions) SubgraphOptions {
	fill(reflect.ValueOf(&o).Elem(), reflect.ValueOf(defaults))
	return o
}

// fill sets the fields of a struct that are not set, also within structs.
func fill(own, defaults reflect.Value) {
	for i := range own.NumField() {
		switch field := own.Field(i); {
		case field.Kind() == reflect.Struct:
			fill(field, defaults.Field(i))
		case field.IsZero():
			field.Set(defaults.Field(i))
		}
	}
}

// client is how a subgraph is called, kept from Snapshot to Snapshot while nothing about it changes.
type client struct {
	fetch.Fetcher
	url    string
	http   fetchhttp.Client
	source *subscription.Source
}

func (c *client) Close() {
	c.http.Close()
	c.source.Close()
}

// client returns the client for a subgraph, the one there is if it still fits.
func (g *Gateway) client(sub *supergraph.Graph) (*client, error) {
	o := g.options.Subgraph[sub.Name].or(g.options.Subgraphs)
	url := sub.URL
	if o.URL != "" {
		url = o.URL
	}
	if have := g.clients[sub.Name]; have != nil && have.url == url {
		return have, nil
	}
	if url == "" {
		return nil, fmt.Errorf("subgraph %s: %w", sub.Name, errNoURL)
	}
	transport, err := fetchhttp.New(fetchhttp.Options{
		Subgraph:       sub.Name,
		URL:            url,
		Socket:         o.Socket,
		Protocol:       o.Protocol,
		TLS:            o.TLS,
		Headers:        o.Headers,
		Timeout:        o.Timeout,
		ConnectTimeout: o.ConnectTimeout,
		MaxResponse:    o.MaxResponse,
		MaxConnections: o.MaxConnections,
		MaxAge:         o.MaxAge,
	})
	if err != nil {
		return nil, fmt.Errorf("subgraph %s: %w", sub.Name, err)
	}
	var calls fetch.Fetcher
	if o.Deduplicate == nil || *o.Deduplicate {
		calls = deduplicate.New(transport, deduplicate.Options{Subgraph: sub.Name, Mutations: &g.mutations})
	} else {
		calls = g.mutations.Counted(transport)
	}
	batcher := batch.New(calls, batch.Options{Subgraph: sub.Name, Window: o.Batch.Window, Max: o.Batch.Max})
	source, err := o.source(sub.Name, url)
	if err != nil {
		return nil, err
	}
	return &client{Fetcher: batcher, url: url, http: transport, source: source}, nil
}

// source is where the subgraph at the URL serves subscriptions.
func (o SubgraphOptions) source(name, url string) (*subscription.Source, error) {
	own, socket := o.Subscriptions, o.Socket
	if own.URL != "" {
		url, socket = own.URL, ""
	}
	return subscription.New(subscription.Options{
		Subgraph:       name,
		URL:            url,
		Socket:         socket,
		Protocol:       own.Protocol,
		TLS:            o.TLS,
		Headers:        o.Headers,
		ConnectTimeout: o.ConnectTimeout,
		AckTimeout:     own.AckTimeout,
		KeepAlive:      own.KeepAlive,
		MaxMessage:     own.MaxMessage,
		MaxQueued:      own.MaxQueued,
		MaxQueuedBytes: own.MaxQueuedBytes,
		Patience:       own.Patience,
	})
}
