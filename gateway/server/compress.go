package server

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// gzipWriter is a compressor and where it writes to; both are used again.
type gzipWriter struct {
	*gzip.Writer
	out bytes.Buffer
}

// compresses says whether an answer goes out as gzip.
func (s *Server) compresses(x *exchange, body []byte) bool {
	return x.acceptsGzip && len(body) >= s.options.Compress.MinBytes
}

// writeCompressed writes an answer as gzip. The headers of its media type are set.
func (s *Server) writeCompressed(w http.ResponseWriter, status int, body []byte) {
	z, ok := s.gzips.Get().(*gzipWriter)
	if !ok {
		z = &gzipWriter{}
		z.Writer, _ = gzip.NewWriterLevel(&z.out, s.options.Compress.Level) // New checked the level
	}
	z.out.Reset()
	z.Reset(&z.out)
	_, _ = z.Write(body) // a bytes.Buffer takes everything
	_ = z.Close()
	header := w.Header()
	header.Set("Content-Encoding", "gzip")
	header.Set("Content-Length", strconv.Itoa(z.out.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(z.out.Bytes()) // the client went away; the access log has what was written
	if z.out.Cap() <= maxKept {
		s.gzips.Put(z)
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3).
func acceptsGzip(header http.Header) bool {
	for _, value := range header["Accept-Encoding"] {
		for value != "" {
			var item string
			item, value, _ = strings.Cut(value, ",")
			name, quality, _ := acceptItem(item)
			if strings.EqualFold(name, "gzip") {
				return quality > 0
			}
		}
	}
	return false
}
