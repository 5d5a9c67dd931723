package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/config/strict"
	"github.com/weft-gateway/weft/gateway/fetch"
	fetchhttp "github.com/weft-gateway/weft/gateway/fetch/http"
	"github.com/weft-gateway/weft/gateway/subscription"
)

// Subgraphs say how subgraphs are called.
type Subgraphs struct {
	All   SubgraphDefaults    `yaml:"all" doc:"How every subgraph is called."`
	Named map[string]Subgraph `yaml:"named" inherit:"true" doc:"What differs for single subgraphs, by the subgraph's name. What is left out is as in all."`
}

// SubgraphDefaults hold for every subgraph.
type SubgraphDefaults struct {
	Protocol       string            `yaml:"protocol" enum:"auto,http1,http2" default:"auto" doc:"Version of HTTP. auto is HTTP/1.1 for http and what TLS negotiates for https; http2 without TLS is h2c."`
	Timeout        strict.Duration   `yaml:"timeout" default:"30s" min:"1" doc:"Deadline of one call."`
	ConnectTimeout strict.Duration   `yaml:"connect_timeout" default:"5s" min:"1" doc:"Deadline of connecting."`
	MaxResponse    strict.Bytes      `yaml:"max_response" default:"64MiB" min:"1" doc:"The largest answer that is read."`
	MaxConnections int               `yaml:"max_connections" default:"1024" min:"1" doc:"The most connections to one subgraph; further calls wait."`
	MaxAge         strict.Duration   `yaml:"max_age" default:"10m" min:"1" doc:"How long a connection of HTTP/1.1 is used before a new one takes its place, so that new addresses of a host get their share."`
	Headers        map[string]string `yaml:"headers" doc:"Headers that are sent with every call."`
	TLS            TLS               `yaml:"tls" doc:"How https is verified."`
	Deduplicate    string            `yaml:"deduplicate" enum:"on,off" default:"on" doc:"on: equal queries of the same caller that are under way at the same time share one call. Mutations never do."`
	Batch          Batch             `yaml:"batch" doc:"How entity calls become one. Those that one request makes at the same moment always do."`
	Subscriptions  Subscriptions     `yaml:"subscriptions" doc:"How subscriptions are opened. What is not here is as for other calls."`
}

// Subgraph is what differs for one subgraph.
type Subgraph struct {
	URL    string `yaml:"url" doc:"Where the subgraph is called, instead of the URL that the supergraph names."`
	Socket string `yaml:"socket" doc:"Path of a Unix socket to connect to instead of the URL's host."`

	Protocol       string            `yaml:"protocol" enum:"http1,http2" doc:"Version of HTTP."`
	Timeout        strict.Duration   `yaml:"timeout" min:"1" doc:"Deadline of one call."`
	ConnectTimeout strict.Duration   `yaml:"connect_timeout" min:"1" doc:"Deadline of connecting."`
	MaxResponse    strict.Bytes      `yaml:"max_response" min:"1" doc:"The largest answer that is read."`
	MaxConnections int               `yaml:"max_connections" min:"1" doc:"The most connections; further calls wait."`
	MaxAge         strict.Duration   `yaml:"max_age" min:"1" doc:"How long a connection of HTTP/1.1 is used."`
	Headers        map[string]string `yaml:"headers" doc:"Headers that are sent with every call, instead of those of all."`
	TLS            TLS               `yaml:"tls" doc:"How https is verified, instead of as in all."`
	Deduplicate    string            `yaml:"deduplicate" enum:"on,off" doc:"Whether equal queries of the same caller share a call."`
	Batch          SubgraphBatch     `yaml:"batch" doc:"How entity calls become one, as far as it differs."`

	Subscriptions SubgraphSubscriptions `yaml:"subscriptions" doc:"How subscriptions are opened, as far as it differs."`
}

// TLS says how https is verified.
type TLS struct {
	CAFile     string `yaml:"ca_file" doc:"PEM file with the certificate authorities to trust, instead of the system's."`
	CertFile   string `yaml:"cert_file" doc:"PEM file with the certificate that the gateway shows."`
	KeyFile    string `yaml:"key_file" doc:"PEM file with that certificate's key."`
	ServerName string `yaml:"server_name" doc:"The name that the subgraph's certificate must be for, instead of the URL's host."`
}

// Batch says how entity calls become one.
type Batch struct {
	Window strict.Duration `yaml:"window" doc:"How long an entity call waits for those of other requests of the same caller, such as 250µs. 0: it waits for none."`
	Max    int             `yaml:"max" default:"500" min:"1" doc:"The most calls that become one."`
}

// SubgraphBatch is Batch for one subgraph.
type SubgraphBatch struct {
	Window strict.Duration `yaml:"window" min:"1" doc:"How long an entity call waits for those of other requests of the same caller."`
	Max    int             `yaml:"max" min:"1" doc:"The most calls that become one."`
}

// Subscriptions say how subscriptions are opened.
type Subscriptions struct {
	Protocol      string          `yaml:"protocol" enum:"auto,websocket,sse" default:"auto" doc:"How events come. auto tries a WebSocket, and server-sent events where the subgraph does not know what a WebSocket is."`
	AckTimeout    strict.Duration `yaml:"ack_timeout" default:"10s" min:"1" doc:"How long a subgraph may take to accept a subscription."`
	KeepAlive     strict.Duration `yaml:"keep_alive" default:"15s" min:"1" doc:"How often a subgraph is asked for a sign of life."`
	MaxEvent      strict.Bytes    `yaml:"max_event" default:"1MiB" min:"1" doc:"The largest event that is read."`
	MaxQueued     int             `yaml:"max_queued" default:"64" min:"1" doc:"How many events wait for a slow client."`
	MaxQueuedSize strict.Bytes    `yaml:"max_queued_size" default:"1MiB" min:"1" doc:"How large these events may be together."`
	Patience      strict.Duration `yaml:"patience" default:"10s" min:"1" doc:"How long a full queue is put up with before the subscription ends."`
}

// SubgraphSubscriptions are Subscriptions of one subgraph.
type SubgraphSubscriptions struct {
	URL           string          `yaml:"url" doc:"Where subscriptions are opened, instead of the subgraph's URL: http, https, ws or wss."`
	Protocol      string          `yaml:"protocol" enum:"websocket,sse" doc:"How events come."`
	AckTimeout    strict.Duration `yaml:"ack_timeout" min:"1" doc:"How long the subgraph may take to accept a subscription."`
	KeepAlive     strict.Duration `yaml:"keep_alive" min:"1" doc:"How often the subgraph is asked for a sign of life."`
	MaxEvent      strict.Bytes    `yaml:"max_event" min:"1" doc:"The largest event that is read."`
	MaxQueued     int             `yaml:"max_queued" min:"1" doc:"How many events wait for a slow client."`
	MaxQueuedSize strict.Bytes    `yaml:"max_queued_size" min:"1" doc:"How large these events may be together."`
	Patience      strict.Duration `yaml:"patience" min:"1" doc:"How long a full queue is put up with before the subscription ends."`
}

func (s SubgraphSubscriptions) options() gateway.SubscriptionOptions {
	o := gateway.SubscriptionOptions{
		URL: s.URL, Protocol: subscription.Protocol(s.Protocol), AckTimeout: s.AckTimeout.Std(), KeepAlive: s.KeepAlive.Std(),
		MaxMessage: int(s.MaxEvent), MaxQueued: s.MaxQueued, MaxQueuedBytes: int(s.MaxQueuedSize), Patience: s.Patience.Std(),
	}
	if s.Protocol == "auto" {
		o.Protocol = subscription.Auto
	}
	return o
}

func (s Subgraphs) options(c *Config) (all gateway.SubgraphOptions, named map[string]gateway.SubgraphOptions, err error) {
	a := s.All
	// The defaults are those of a subgraph without an address.
	all, err = Subgraph{
		Protocol: a.Protocol, Timeout: a.Timeout, ConnectTimeout: a.ConnectTimeout, MaxResponse: a.MaxResponse,
		MaxConnections: a.MaxConnections, MaxAge: a.MaxAge, Headers: a.Headers, TLS: a.TLS,
		Deduplicate: a.Deduplicate, Batch: SubgraphBatch(a.Batch),
		Subscriptions: SubgraphSubscriptions{
			Protocol: a.Subscriptions.Protocol, AckTimeout: a.Subscriptions.AckTimeout, KeepAlive: a.Subscriptions.KeepAlive,
			MaxEvent: a.Subscriptions.MaxEvent, MaxQueued: a.Subscriptions.MaxQueued,
			MaxQueuedSize: a.Subscriptions.MaxQueuedSize, Patience: a.Subscriptions.Patience,
		},
	}.options(c, "subgraphs.all")
	if err != nil {
		return all, nil, err
	}
	named = make(map[string]gateway.SubgraphOptions, len(s.Named))
	for _, name := range slices.Sorted(maps.Keys(s.Named)) {
		if named[name], err = s.Named[name].options(c, "subgraphs.named."+name); err != nil {
			return all, nil, err
		}
	}
	return all, named, nil
}

func (s Subgraph) options(c *Config, path string) (gateway.SubgraphOptions, error) {
	o := gateway.SubgraphOptions{
		URL:            s.URL,
		Socket:         c.path(s.Socket),
		Protocol:       fetchhttp.Protocol(s.Protocol),
		Timeout:        s.Timeout.Std(),
		ConnectTimeout: s.ConnectTimeout.Std(),
		MaxResponse:    int(s.MaxResponse),
		MaxConnections: s.MaxConnections,
		MaxAge:         s.MaxAge.Std(),
		Batch:          gateway.BatchOptions{Window: s.Batch.Window.Std(), Max: s.Batch.Max},
		Subscriptions:  s.Subscriptions.options(),
	}
	if s.Protocol == "auto" {
		o.Protocol = fetchhttp.Auto
	}
	if s.Deduplicate != "" {
		on := s.Deduplicate == "on"
		o.Deduplicate = &on
	}
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		o.Headers = append(o.Headers, fetch.Header{Name: name, Value: s.Headers[name]})
	}
	var err error
	if o.TLS, err = s.TLS.config(c); err != nil {
		return o, c.document.Errorf(path+".tls", "%v", err)
	}
	return o, nil
}

// config is nil when nothing is set: the system's defaults.
func (t TLS) config(c *Config) (*tls.Config, error) {
	if t == (TLS{}) {
		return nil, nil
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName}
	if t.CAFile != "" {
		pem, err := os.ReadFile(c.path(t.CAFile))
		if err != nil {
			return nil, err
		}
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate in PEM", t.CAFile)
		}
	}
	if (t.CertFile == "") != (t.KeyFile == "") {
		return nil, errors.New("cert_file and key_file belong together")
	}
	if t.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.path(t.CertFile), c.path(t.KeyFile))
		if err != nil {
			return nil, err
		}
		out.Certificates = []tls.Certificate{pair}
	}
	return out, nil
}

// orNone makes a duration of 0 one that is not taken for the default.
func orNone(d strict.Duration) time.Duration {
	if d == 0 {
		return -1
	}
	return d.Std()
}
