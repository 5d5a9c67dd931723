package subscription

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/weft-gateway/weft/gateway/jsonstring"
)

// The names of the WebSocket subprotocols.
const (
	modern = "graphql-transport-ws"
	legacy = "graphql-ws"
)

// dialect is how a subprotocol calls its messages. Both have connection_init, connection_ack and complete.
type dialect struct {
	name string
	// start and stop are what a client sends to begin and to end a subscription; next is an event.
	start, stop, next string
}

var (
	modernDialect = &dialect{name: modern, start: "subscribe", stop: "complete", next: "next"}
	legacyDialect = &dialect{name: legacy, start: "start", stop: "stop", next: "data"}
)

// dialectOf returns the dialect of the subprotocol that a server chose, nil for any other.
func dialectOf(subprotocol string) *dialect {
	for _, d := range []*dialect{modernDialect, legacyDialect} {
		if d.name == subprotocol {
			return d
		}
	}
	return nil
}

// theID names the one subscription of a connection.
const theID = "1"

// kind is what a message of a server means.
type kind uint8

const (
	kindAck     kind = iota // the connection is accepted
	kindRefusal             // the connection is not accepted
	kindAlive               // nothing but a sign of life
	kindPing                // to be answered with pong
	kindEvent
	kindFailure // errors instead of events; the end
	kindEnd
)

// message is one message of a server. What it holds points into the bytes that it was read from.
type message struct {
	kind    kind
	payload json.RawMessage
}

// read reads a message of a server. Nothing but a well-formed one that belongs to the subprotocol and, where it speaks of a
// subscription, to ours is accepted.
func (d *dialect) read(text []byte) (message, error) {
	var raw struct {
		Type    string          `json:"type"`
		ID      *string         `json:"id"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return message{}, fmt.Errorf("a message is not one of %s: %w", d.name, err)
	}
	m := message{payload: raw.Payload}
	ours := false
	switch {
	case raw.Type == "connection_ack":
		m.kind = kindAck
	case raw.Type == d.next:
		m.kind, ours = kindEvent, true
	case raw.Type == "error":
		m.kind, ours = kindFailure, true
	case raw.Type == "complete":
		m.kind, ours = kindEnd, true
	case d == modernDialect && raw.Type == "ping":
		m.kind = kindPing
	case d == modernDialect && raw.Type == "pong", d == legacyDialect && raw.Type == "ka":
		m.kind = kindAlive
	case d == legacyDialect && raw.Type == "connection_error":
		m.kind = kindRefusal
	default:
		return message{}, fmt.Errorf("%s has no message of type %q from a server", d.name, clip(raw.Type))
	}
	if ours && (raw.ID == nil || *raw.ID != theID) {
		return message{}, fmt.Errorf("a message of type %q is of a subscription that was not asked for", raw.Type)
	}
	if m.kind == kindEvent && (len(m.payload) == 0 || m.payload[0] != '{') {
		return message{}, errors.New("the payload of an event is not an object")
	}
	return m, nil
}

// clip bounds what of a foreign text goes into an error.
func clip(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}

// unexplained stands for errors that a subgraph announced and did not send.
const unexplained = `{"message":"The subgraph ended the subscription with an error that it did not describe."}`

// failure makes a GraphQL response of the payload of a message of type error: a list of errors, in the older subprotocol one
// error alone.
func failure(payload json.RawMessage) []byte {
	payload = bytes.TrimSpace(payload)
	switch {
	case len(payload) > 0 && payload[0] == '{':
		return append(append([]byte(`{"errors":[`), payload...), "]}"...)
	case len(payload) > 0 && payload[0] == '[' && len(bytes.TrimSpace(payload[1:])) > 1:
		return append(append([]byte(`{"errors":`), payload...), '}')
	}
	return []byte(`{"errors":[` + unexplained + `]}`)
}

// begin is the first message of a connection. Its payload has the headers that the subscription is opened with, several of
// one name joined as HTTP joins them (RFC 9110, section 5.2).
func begin(header [][2]string) []byte {
	b := []byte(`{"type":"connection_init","payload":{`)
	for i, h := range header {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(jsonstring.Append(b, h[0]), ':')
		b = jsonstring.Append(b, h[1])
	}
	return append(b, "}}"...)
}

// startMessage begins the subscription that the body, a GraphQL request, asks for.
func (d *dialect) startMessage(body []byte) []byte {
	b := make([]byte, 0, len(body)+64)
	b = append(append(b, `{"id":"`+theID+`","type":"`...), d.start...)
	return append(append(append(b, `","payload":`...), body...), '}')
}

// stopMessage ends it.
func (d *dialect) stopMessage() []byte {
	return []byte(`{"id":"` + theID + `","type":"` + d.stop + `"}`)
}

var pong = []byte(`{"type":"pong"}`)
