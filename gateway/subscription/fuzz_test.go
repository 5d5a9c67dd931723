package subscription

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func FuzzMessage(f *testing.F) {
	for _, seed := range []string{
		`{"type":"connection_ack"}`, `{"id":"1","type":"next","payload":{"data":1}}`, `{"id":"1","type":"error","payload":[{"message":"x"}]}`,
		`{"id":"1","type":"error","payload":{}}`, `{"id":"1","type":"complete"}`, `{"type":"ping","payload":{}}`, `{"type":"ka"}`,
		`{"id":"1","type":"data","payload":{}}`, `{"type":"connection_error","payload":"no"}`, `{"id":1,"type":"next"}`, `[]`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, d := range dialects {
			m, err := d.read(text)
			if err != nil {
				continue
			}
			if !json.Valid(text) {
				t.Fatalf("%s reads %q", d.name, text)
			}
			switch m.kind {
			case kindEvent:
				if !json.Valid(m.payload) || m.payload[0] != '{' {
					t.Errorf("event %q", m.payload)
				}
			case kindFailure:
				var response struct{ Errors []json.RawMessage }
				made := failure(m.payload)
				if json.Unmarshal(made, &response) != nil || len(response.Errors) == 0 {
					t.Errorf("failure %q of %q", made, m.payload)
				}
			}
		}
	})
}

// readAll reads a stream of events to its end.
func readAll(r io.Reader, most int) (all []string, err error) {
	e := newEventStream(r, most)
	for {
		name, data, err := e.next()
		if err != nil {
			return all, err
		}
		all = append(all, name+"|"+string(data))
	}
}

func TestEventStream(t *testing.T) {
	for text, want := range map[string]string{
		"\xef\xbb\xbfdata: a\n\n":                        "|a",
		"data: a\ndata:b\ndata:  c\ndata\n\n":            "|a\nb\n c\n",
		"event: x\nevent: y\ndata: a\rdata: b\r\rdata\n": "y|a\nb",
		"id: 1\nretry: 3\nother: 4\n\ndata: a\r\n\r\n":   "|a",
		": data: a\n\n\n\ndata:\n\n":                     "|",
		"event: complete\r\n\r\nevent: z\n\n":            "complete| z|",
		"data: a":                                        "",
	} {
		got, err := readAll(strings.NewReader(text), 100)
		if err != io.EOF || strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

// FuzzEventStream holds that neither how the bytes arrive nor how lines end changes what is read, and that nothing larger
// than the bound comes out.
func FuzzEventStream(f *testing.F) {
	for _, seed := range []string{"data: a\n\n", "event: next\r\ndata: {}\r\n\r\n", "\xef\xbb\xbfdata\r\rdata: 1\ndata: 2\n\n", ":\n\nevent: complete\n\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		const most = 64
		whole, wholeErr := readAll(bytes.NewReader(text), most)
		slow, slowErr := readAll(iotest.OneByteReader(bytes.NewReader(text)), most)
		plain := strings.ReplaceAll(strings.ReplaceAll(string(text), "\r\n", "\n"), "\r", "\n")
		same, sameErr := readAll(strings.NewReader(plain), most)
		for _, other := range [][]string{slow, same} {
			if strings.Join(whole, "\x00") != strings.Join(other, "\x00") {
				t.Fatalf("%q: %q and %q", text, whole, other)
			}
		}
		if wholeErr != slowErr || wholeErr != sameErr {
			t.Fatalf("%q: %v, %v and %v", text, wholeErr, slowErr, sameErr)
		}
		for _, event := range whole {
			if len(event) > 2*most+len("data: |") { // a name and data
				t.Errorf("an event of %d bytes", len(event))
			}
		}
	})
}
