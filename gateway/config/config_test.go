package config

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/config/strict"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/gateway/server"
)

var update = flag.Bool("update", false, "rewrite the generated files in docs")

const docs = "../../docs"

func parse(text string) (*Config, error) {
	return Parse("weft.yaml", []byte(text), func(name string) (string, bool) { return "", false })
}

func TestExampleIsValid(t *testing.T) {
	c, err := Load(filepath.Join(docs, "weft.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Gateway()
	if err != nil {
		t.Fatal(err)
	}
	inventory := o.Subgraph["inventory"]
	if inventory.Timeout != 2*time.Second || inventory.Batch.Window != 250*time.Microsecond || inventory.Batch.Max != 0 || inventory.MaxResponse != 0 {
		t.Errorf("inventory: %+v", inventory)
	}
	if inventory.Headers[0].Value != "Bearer none" {
		t.Errorf("headers: %+v", inventory.Headers)
	}
	rules := o.Forward.Subgraphs["billing"]
	if !rules.Authorization || len(o.Forward.All.Claims) != 2 || o.Forward.All.Claims[0] != (auth.ClaimHeader{Header: "X-User-Id", Claim: "sub"}) {
		t.Errorf("forward: %+v", o.Forward)
	}
	if got := c.Unknown([]string{"inventory", "orders"}); !reflect.DeepEqual(got, []string{"billing"}) {
		t.Errorf("unknown: %v", got)
	}
	if c.RegistryFile() != filepath.Join(docs, ".weft", "weft.db") {
		t.Errorf("registry: %s", c.RegistryFile())
	}
	ra, err := c.RegistryAuth()
	if err != nil || ra.Mode != auth.ModeOptional || len(ra.Issuers) != 1 {
		t.Errorf("%+v, %v", ra, err)
	}
	if o.Plans(nil) {
		t.Error("anonymous callers may see plans")
	}
	reader, err := auth.NewIdentity(auth.IdentityFields{Subject: "x", Scopes: []string{"plans:read"}})
	if err != nil || !o.Plans(reader) {
		t.Error("callers with the scope may not see plans", err)
	}
}

// TestDefaults holds the defaults that the file shows against those of the packages.
func TestDefaults(t *testing.T) {
	c, err := parse("")
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Gateway()
	if err != nil {
		t.Fatal(err)
	}
	if o.Operations != operation.DefaultLimits() {
		t.Errorf("operations: %+v", o.Operations)
	}
	deduplicate := true
	want := gateway.SubgraphOptions{
		Deduplicate: &deduplicate,
		Timeout:     30 * time.Second, ConnectTimeout: 5 * time.Second, MaxResponse: 64 << 20, MaxConnections: 1024,
		MaxAge: 10 * time.Minute,
		Batch:  gateway.BatchOptions{Max: 500},
		Subscriptions: gateway.SubscriptionOptions{
			AckTimeout: 10 * time.Second, KeepAlive: 15 * time.Second, MaxMessage: 1 << 20, MaxQueued: 64,
			MaxQueuedBytes: 1 << 20, Patience: 10 * time.Second,
		},
	}
	if !reflect.DeepEqual(o.Subgraphs, want) || o.MaxSubscriptions != 10_000 {
		t.Errorf("subgraphs: %+v", o.Subgraphs)
	}
	if o.NoIntrospection || o.HideErrors || o.Plans != nil || o.Server.Playground == nil {
		t.Errorf("%+v", o)
	}
	a, err := c.AuthOptions()
	if err != nil || a.Mode != auth.ModeOff || a.Leeway != auth.DefaultLeeway || a.CacheSize != auth.DefaultCacheSize ||
		a.CacheTTL != auth.DefaultCacheTTL || a.Realm != auth.DefaultRealm {
		t.Errorf("%+v, %v", a, err)
	}
	timeouts := server.Timeouts{
		Request: 30 * time.Second, ReadHeader: 10 * time.Second, Read: 30 * time.Second, Write: time.Minute,
		Idle: 2 * time.Minute, Shutdown: 30 * time.Second, KeepAlive: 15 * time.Second, StreamWrite: 30 * time.Second,
	}
	if o.Answers != response.DefaultLimits() || o.MaxErrors != 100 || o.OverrideLabels != nil {
		t.Errorf("%+v, %d errors", o.Answers, o.MaxErrors)
	}
	if o.Server.Timeouts != timeouts || o.Server.Limits.BodyBytes != 1<<20 || o.Server.Limits.HeaderBytes != 64<<10 {
		t.Errorf("%+v", o.Server)
	}
	if d := Default(); d.Listen != c.Listen || d.Log != c.Log {
		t.Errorf("Default: %+v", d)
	}
	if _, err := gateway.New(o); err != nil {
		t.Error(err)
	}
}

func TestMistakes(t *testing.T) {
	issuer := "issuers: [{url: http://localhost:1, audiences: weft}]"
	for _, test := range []struct{ name, text, want string }{
		{"unknown", "sever: {}\n", "weft.yaml:1:1: sever: there is no such key (is server meant?)"},
		{"two sources", "supergraph:\n  file: a\n  subgraphs: b\n", "weft.yaml:1:1: supergraph: the supergraph comes from file and subgraphs; keep one of them"},
		{"registry without data", "supergraph: {registry: {poll: 2s}}\n", "a registry needs data"},
		{"registry without issuers", "supergraph: {registry: {data: x}}\n", "nobody could publish"},
		{"watched registry", "supergraph: {watch: true, registry: {data: x}}\nauth: {" + issuer + "}\n", "a registry is always watched"},
		{"address", "listen: 4000\n", `weft.yaml:1:1: listen: "4000" is no address to listen on: write host:port`},
		{"debug address", "debug: {listen: 6060}\n", `debug.listen: "6060" is no address to listen on`},
		{"mode", "auth: {mode: required}\n", "weft.yaml:1:8: auth.mode: the mode required needs at least one issuer"},
		{"issuer", "auth:\n  mode: required\n  issuers: [{url: ftp://x, audiences: [a]}]\n", `weft.yaml:1:1: auth: auth: issuer "ftp://x"`},
		{"audience", "auth:\n  issuers:\n    - url: http://localhost:1\n", "weft.yaml:3:10: auth.issuers[0].audiences: it is required"},
		{"CA", "auth:\n  issuers:\n    - {url: http://localhost:1, audiences: a, ca_file: none.pem}\n", "auth.issuers[0].ca_file: open none.pem"},
		{"plans", "operations: {plans: {allow: everyone, scope: x}}\n", "a scope goes together with allow: authenticated"},
		{"plans off", "operations: {plans: {allow: authenticated}}\n", "with auth.mode off nobody is ever authenticated"},
		{"level", "server: {compression: {level: 12}}\n", "12 is too large"},
		{"depth", "operations: {responses: {depth: 10001}}\n", "10001 is too large"},
		{"percentage", "operations: {override_labels: {percent(5): true}}\n", "percent(5) says itself"},
		{"label", "operations: {override_labels: {beta: perhaps}}\n", "operations.override_labels.beta"},
		{"CORS", "server: {cors: {origins: [example.com]}}\n", "weft.yaml:1:1: server: server: CORS origin"},
		{"path", "server: {path: graphql}\n", "has to start with /"},
		{"forward", "forward: {all: {claims: {X-User-Id: sub}, headers: [X-User-Id]}}\n", "weft.yaml:1:1: forward: "},
		{"playground", "playground: {issuer: http://x}\n", "an issuer and a client id belong together"},
		{"TLS", "subgraphs: {named: {a: {tls: {cert_file: x}}}}\n", "subgraphs.named.a.tls: cert_file and key_file belong together"},
		{"TLS CA", "subgraphs: {all: {tls: {ca_file: nothing.pem}}}\n", "open nothing.pem"},
		{"subscriptions", "subgraphs: {named: {a: {subscriptions: {protocol: carrier-pigeon}}}}\n", "it is one of websocket, sse"},
		{"timeout", "subgraphs: {all: {timeout: 0s}}\n", `"0s" is too small`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := parse(test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got\n%v\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestResponsesAndLabels(t *testing.T) {
	c, err := parse("operations: {responses: {depth: 9, values: 8, answer_errors: 7, errors: 6, objects: 5, size: 4}, override_labels: {beta: true, gamma: false}}\n" +
		"subgraphs: {named: {a: {max_age: 1m}}}\nserver: {timeouts: {stream_write: 3s}}\n")
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Gateway()
	if err != nil {
		t.Fatal(err)
	}
	if want := (response.Limits{Depth: 9, Nodes: 8, Errors: 7, Objects: 5, Bytes: 4}); o.Answers != want || o.MaxErrors != 6 {
		t.Errorf("%+v, %d errors", o.Answers, o.MaxErrors)
	}
	for label, active := range map[string]bool{"beta": true, "gamma": false, "delta": false} {
		if o.OverrideLabels(label, nil, nil) != active {
			t.Errorf("%s is not %v", label, active)
		}
	}
	if age := o.Subgraph["a"].MaxAge; age != time.Minute || o.Server.Timeouts.StreamWrite != 3*time.Second {
		t.Errorf("max_age %s, stream_write %s", age, o.Server.Timeouts.StreamWrite)
	}
}

// TestAuthenticator makes an Authenticator of what a file says: it must be acceptable to the package.
func TestAuthenticator(t *testing.T) {
	c, err := parse("auth: {mode: required, leeway: 0s, issuers: [{url: 'http://localhost:1', audiences: weft, jwks_url: 'http://localhost:1/keys'}]}\n")
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.AuthOptions()
	if err != nil || o.Leeway >= 0 {
		t.Fatalf("%+v, %v", o, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := auth.New(ctx, o); err != nil {
		t.Error(err)
	}
}

func TestSchemaIsKept(t *testing.T) {
	got, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join(docs, "weft.schema.json"), string(got))
}

const (
	begin = "<!-- The keys below are written by: go test ./gateway/config -update -->\n"
	end   = "<!-- end of the keys -->\n"
)

func TestReferenceIsKept(t *testing.T) {
	file := filepath.Join(docs, "configuration.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatal("docs/configuration.md lacks the marks around its keys")
	}
	golden(t, file, before+begin+reference()+end+after)
}

// reference lists every key, a table for each section.
func reference() string {
	var b strings.Builder
	section := ""
	for _, k := range strict.Keys(reflect.TypeFor[Config]()) {
		if k.Doc == "" {
			b.WriteString("undocumented: " + k.Path + "\n")
		}
		top, _, below := strings.Cut(k.Path, ".")
		if !below && k.Type == "" {
			b.WriteString("\n### " + top + "\n\n" + k.Doc + "\n\n| key | value | default | |\n|---|---|---|---|\n")
			section = top
			continue
		}
		if top != section {
			b.WriteString("\n### " + top + "\n\n| key | value | default | |\n|---|---|---|---|\n")
			section = top
		}
		def := ""
		switch {
		case k.Default != "":
			def = "`" + k.Default + "`"
		case k.Required:
			def = "required"
		}
		b.WriteString("| `" + k.Path + "` | " + k.Type + " | " + def + " | " + k.Doc + " |\n")
	}
	b.WriteByte('\n')
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is out of date: run go test ./gateway/config -update", file)
	}
}
