package http

import (
	"context"
	"io"
	"net"
	nethttp "net/http"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// BenchmarkFetch asks a server in the same process for 9 kB over the loopback interface. The server's work is part of
// the figures: for HTTP/1.1 it is one of fasthttp, which does little.
func BenchmarkFetch(b *testing.B) {
	body := `{"data":{"a":"` + strings.Repeat("x", 9000) + `"}}`
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		return l
	}
	quick, standard := listen(), listen()
	defer quick.Close()
	defer standard.Close()
	go func() {
		_ = fasthttp.Serve(quick, func(ctx *fasthttp.RequestCtx) {
			ctx.SetContentType("application/json")
			ctx.SetBodyString(body)
		})
	}()
	server := &nethttp.Server{Protocols: new(nethttp.Protocols), Handler: nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	})}
	server.Protocols.SetUnencryptedHTTP2(true)
	go func() { _ = server.Serve(standard) }()
	for _, bench := range []struct {
		protocol Protocol
		at       net.Listener
	}{{HTTP1, quick}, {HTTP2, standard}} {
		b.Run(string(bench.protocol), func(b *testing.B) {
			c, err := New(Options{Subgraph: "s", URL: "http://" + bench.at.Addr().String(), Protocol: bench.protocol})
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			req := request(`{"query":"{a}"}`)
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				res, err := c.Fetch(ctx, req)
				if err != nil {
					b.Fatal(err)
				}
				res.Release()
			}
		})
	}
}
