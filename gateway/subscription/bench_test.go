package subscription

import (
	"bytes"
	"strings"
	"testing"
)

// payload is an event of some 9 kB.
var payload = `{"data":{"changed":"` + strings.Repeat("x", 9000) + `"}}`

func BenchmarkMessage(b *testing.B) {
	text := []byte(event(modernDialect, payload))
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := modernDialect.read(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEventStream(b *testing.B) {
	text := []byte(strings.Repeat("event: next\ndata: "+payload+"\n\n", 100))
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		e := newEventStream(bytes.NewReader(text), 1<<20)
		for range 100 {
			if _, _, err := e.next(); err != nil {
				b.Fatal(err)
			}
		}
	}
}
