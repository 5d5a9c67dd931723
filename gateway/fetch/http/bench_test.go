package http

import (
	"bytes"
	"context"
	"io"
	"net"
	nethttp "net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// BenchmarkFetch asks a server in the same process for 9 kB over the loopback interface. The server's work is part of
// the figures: for HTTP/1.1 it is one of fasthttp, which does little.
func BenchmarkFetch(b *testing.B) {
	body := `{"data":{"a":"` + strings.Repeat("x", 9000) + `"}}`
	listen := func(network, address string) net.Listener {
		l, err := net.Listen(network, address)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = l.Close() })
		return l
	}
	socket := filepath.Join(b.TempDir(), "s")
	quick, local, standard := listen("tcp", "127.0.0.1:0"), listen("unix", socket), listen("tcp", "127.0.0.1:0")
	for _, l := range []net.Listener{quick, local} {
		go func() {
			_ = fasthttp.Serve(l, func(ctx *fasthttp.RequestCtx) {
				ctx.SetContentType("application/json")
				ctx.SetBodyString(body)
			})
		}()
	}
	server := &nethttp.Server{Protocols: new(nethttp.Protocols), Handler: nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	})}
	server.Protocols.SetUnencryptedHTTP2(true)
	go func() { _ = server.Serve(standard) }()
	for _, bench := range []struct {
		name    string
		options Options
	}{
		{"http1", Options{URL: "http://" + quick.Addr().String(), Protocol: HTTP1}},
		{"http1 over a unix socket", Options{URL: "http://subgraph", Socket: socket, Protocol: HTTP1}},
		{"http2", Options{URL: "http://" + standard.Addr().String(), Protocol: HTTP2}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			bench.options.Subgraph = "s"
			c, err := New(bench.options)
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
	// For comparison: the standard library's client with HTTP/1.1.
	b.Run("net/http", func(b *testing.B) {
		c := &nethttp.Client{Transport: &nethttp.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true}}
		defer c.CloseIdleConnections()
		var answer bytes.Buffer
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			res, err := c.Post("http://"+quick.Addr().String(), contentType, strings.NewReader(`{"query":"{a}"}`))
			if err != nil {
				b.Fatal(err)
			}
			answer.Reset()
			if _, err := answer.ReadFrom(res.Body); err != nil {
				b.Fatal(err)
			}
			_ = res.Body.Close()
		}
	})
}
