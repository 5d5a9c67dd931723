package config

import (
	"github.com/weft-gateway/weft/gateway/config/strict"
	"github.com/weft-gateway/weft/gateway/server"
)

// Server is the client endpoint.
type Server struct {
	Path        string      `yaml:"path" default:"/graphql" doc:"Where GraphQL is served."`
	Limits      Limits      `yaml:"limits" doc:"What one request may make the gateway hold."`
	Timeouts    Timeouts    `yaml:"timeouts" doc:"How long things may take."`
	CORS        CORS        `yaml:"cors" doc:"Which pages of other origins may call the gateway from a browser."`
	Compression Compression `yaml:"compression" doc:"Compression of answers with gzip. It costs more CPU time than everything else that is done with an answer; often a proxy in front does it already."`
}

// Limits bound requests.
type Limits struct {
	Body    strict.Bytes `yaml:"body" default:"1MiB" min:"1" doc:"The largest body of a request."`
	Headers strict.Bytes `yaml:"headers" default:"64KiB" min:"1" doc:"The largest request line and headers, and so the largest query sent by GET."`

	Subscriptions int `yaml:"subscriptions" default:"10000" min:"0" doc:"How many subscriptions run at once; 0: none do."`
}

// Timeouts bound how long things take.
type Timeouts struct {
	Request     strict.Duration `yaml:"request" default:"30s" min:"1" doc:"Deadline of one query or mutation."`
	ReadHeader  strict.Duration `yaml:"read_header" default:"10s" min:"1" doc:"Reading a request's headers."`
	Read        strict.Duration `yaml:"read" default:"30s" min:"1" doc:"Reading a whole request."`
	Write       strict.Duration `yaml:"write" default:"60s" min:"1" doc:"From the end of a request's headers to the end of its answer."`
	Idle        strict.Duration `yaml:"idle" default:"120s" min:"1" doc:"How long a connection is kept without a request."`
	Drain       strict.Duration `yaml:"drain" doc:"How long a stopping gateway still accepts requests while /health/ready already says no, so that load balancers look elsewhere first."`
	Shutdown    strict.Duration `yaml:"shutdown" default:"30s" min:"1" doc:"How long requests in flight may take after that."`
	KeepAlive   strict.Duration `yaml:"keep_alive" default:"15s" min:"1" doc:"Interval of the signs of life on streams."`
	StreamWrite strict.Duration `yaml:"stream_write" default:"30s" min:"1" doc:"How long a client of a WebSocket or an event stream may take to take what is written to it; one that takes longer is cut off."`
}

// CORS admits pages of other origins.
type CORS struct {
	Origins       []string        `yaml:"origins" doc:"Origins such as https://app.example.com, or the single entry \"*\" for all."`
	AllowHeaders  []string        `yaml:"allow_headers" doc:"Request headers that a page may set, instead of the usual ones."`
	ExposeHeaders []string        `yaml:"expose_headers" doc:"Response headers that a page may read, instead of X-Request-Id."`
	Credentials   bool            `yaml:"credentials" doc:"Admit cookies and other credentials that the browser holds. Not together with \"*\"."`
	MaxAge        strict.Duration `yaml:"max_age" default:"1h" doc:"How long a browser remembers the answer."`
}

// Compression of answers.
type Compression struct {
	Enabled bool         `yaml:"enabled" doc:"Compress answers for clients that accept it."`
	MinSize strict.Bytes `yaml:"min_size" default:"1400" min:"1" doc:"The smallest answer that is worth it."`
	Level   int          `yaml:"level" default:"1" min:"1" doc:"1, the fastest, to 9, the smallest."`
}

// options are those of the server package that stand in the file's section server.
func (s Server) options() server.Options {
	t := s.Timeouts
	return server.Options{
		Path:   s.Path,
		Limits: server.Limits{BodyBytes: int64(s.Limits.Body), HeaderBytes: int(s.Limits.Headers)},
		Timeouts: server.Timeouts{
			Request: t.Request.Std(), ReadHeader: t.ReadHeader.Std(), Read: t.Read.Std(), Write: t.Write.Std(),
			Idle: t.Idle.Std(), Drain: t.Drain.Std(), Shutdown: t.Shutdown.Std(), KeepAlive: t.KeepAlive.Std(),
			StreamWrite: t.StreamWrite.Std(),
		},
		CORS: server.CORS{
			Origins: s.CORS.Origins, AllowHeaders: s.CORS.AllowHeaders, ExposeHeaders: s.CORS.ExposeHeaders,
			Credentials: s.CORS.Credentials, MaxAge: s.CORS.MaxAge.Std(),
		},
		Compress: server.Compression{
			Enabled: s.Compression.Enabled, MinBytes: int(s.Compression.MinSize), Level: s.Compression.Level,
		},
	}
}
