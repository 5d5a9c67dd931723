package subscription

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// errEventTooLarge says that an event is larger than it may be.
var errEventTooLarge = errors.New("an event is too large")

// eventStream reads the format text/event-stream (HTML Standard, section 9.2.6). Of its fields only event and data matter
// here: ids and retry times are for clients that reconnect.
type eventStream struct {
	r    *bufio.Reader
	most int
	text []byte // the line being read
	// begun is set after the first line, and afterCR when a line ended with a carriage return, so that a line feed that
	// follows belongs to it.
	begun, afterCR bool
}

func newEventStream(r io.Reader, most int) *eventStream {
	return &eventStream{r: bufio.NewReader(r), most: most}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// next returns the next event that has a name or data. Unlike a browser it does not pass over events without data: the
// event complete needs none. The data is the caller's. At the end of the stream the error is io.EOF; an event that was not
// finished is dropped, as the standard wants it.
func (e *eventStream) next() (name string, data []byte, err error) {
	lines := 0
	for {
		line, err := e.line()
		if err != nil {
			return "", nil, err
		}
		if len(line) == 0 {
			if name == "" && lines == 0 {
				continue
			}
			return name, data, nil
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			name = string(value)
		case "data":
			if len(data)+len(value) >= e.most {
				return "", nil, errEventTooLarge
			}
			if lines++; lines > 1 {
				data = append(data, '\n')
			}
			data = append(data, value...)
		}
	}
}

// line returns the next line without its end. It is valid until the next call.
func (e *eventStream) line() ([]byte, error) {
	e.text = e.text[:0]
	for {
		if _, err := e.r.Peek(1); err != nil {
			return nil, err
		}
		chunk, err := e.r.Peek(e.r.Buffered())
		if err != nil {
			return nil, err
		}
		if e.afterCR {
			e.afterCR = false
			if chunk[0] == '\n' {
				if _, err := e.r.Discard(1); err != nil {
					return nil, err
				}
				continue
			}
		}
		end := bytes.IndexAny(chunk, "\r\n")
		n := end + 1
		if end < 0 {
			end, n = len(chunk), len(chunk)
		} else {
			e.afterCR = chunk[end] == '\r'
		}
		if len(e.text)+end > e.most+len("data: ") {
			return nil, errEventTooLarge
		}
		e.text = append(e.text, chunk[:end]...)
		complete := n > end
		if _, err := e.r.Discard(n); err != nil {
			return nil, err
		}
		if complete {
			break
		}
	}
	if !e.begun {
		e.begun = true
		return bytes.TrimPrefix(e.text, byteOrderMark), nil
	}
	return e.text, nil
}
