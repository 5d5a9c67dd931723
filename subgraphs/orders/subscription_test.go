package orders_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/weft-gateway/weft/subgraphs/orders"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

const orderStatusChanged = `subscription($id: ID!) { orderStatusChanged(id: $id) { id status total { amount } customer { name } } }`

const changed = `{"data":{"orderStatusChanged":{"id":"2001","status":"CANCELLED","total":{"amount":18900},"customer":{"name":"Alice Moreau"}}}}`

// frame is a message of the protocol graphql-transport-ws.
type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket opens a connection and subscribes to order 2001.
func socket(t *testing.T, c *servicetest.Client, id string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), c.URL, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	write(t, conn, frame{Type: "connection_init"})
	if ack := read(t, conn); ack.Type != "connection_ack" {
		t.Fatalf("got %+v, want connection_ack", ack)
	}
	payload, err := json.Marshal(map[string]any{"query": orderStatusChanged, "variables": map[string]any{"id": id}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, conn, frame{ID: "1", Type: "subscribe", Payload: payload})
	return conn
}

func write(t *testing.T, conn *websocket.Conn, f frame) {
	t.Helper()
	if err := wsjson.Write(t.Context(), conn, f); err != nil {
		t.Fatalf("write %s: %v", f.Type, err)
	}
}

// read returns the next message that is not a ping.
func read(t *testing.T, conn *websocket.Conn) frame {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		var f frame
		if err := wsjson.Read(ctx, conn, &f); err != nil {
			t.Fatalf("read: %v", err)
		}
		if f.Type != "ping" {
			return f
		}
	}
}

// untilSubscribed waits until the service has begun to look for the order, which it does after
// it has subscribed to its changes.
func untilSubscribed(t *testing.T, c *servicetest.Client, subscribe func()) {
	t.Helper()
	looked := func() bool {
		return len(c.Recorded("FROM orders WHERE id IN")) > 0
	}
	c.Forget()
	subscribe()
	for deadline := time.Now().Add(10 * time.Second); !looked(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the subscription did not begin")
		}
	}
}

func TestSubscriptionOverWebSocket(t *testing.T) {
	c := servicetest.Start(t, orders.New, "")
	c.Ask(alice, placeOrder, lines("TENT-2P", 1))
	var conn *websocket.Conn
	untilSubscribed(t, c, func() { conn = socket(t, c, "2001") })
	c.Ask(alice, cancelOrder, map[string]any{"id": "2001"})
	if f := read(t, conn); f.Type != "next" || f.ID != "1" || string(f.Payload) != changed {
		t.Errorf("got %s %s, want next %s", f.Type, f.Payload, changed)
	}
	c.Service.Drain()
	if f := read(t, conn); f.Type != "complete" {
		t.Errorf("after draining got %+v, want complete", f)
	}
}

func TestSubscriptionOfAnUnknownOrder(t *testing.T) {
	c := servicetest.Start(t, orders.New, "")
	for _, id := range []string{"9999", "no number"} {
		f := read(t, socket(t, c, id))
		if !strings.Contains(string(f.Payload), `"NOT_FOUND"`) {
			t.Errorf("order %q: got %s %s, want an error NOT_FOUND", id, f.Type, f.Payload)
		}
	}
}

func TestSubscriptionOverServerSentEvents(t *testing.T) {
	c := servicetest.Start(t, orders.New, "")
	c.Ask(alice, placeOrder, lines("TENT-2P", 1))
	body, err := json.Marshal(map[string]any{"query": orderStatusChanged, "variables": map[string]any{"id": "2001"}})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	var response *http.Response
	untilSubscribed(t, c, func() {
		if response, err = http.DefaultClient.Do(request); err != nil {
			t.Fatal(err)
		}
	})
	defer func() { _ = response.Body.Close() }()
	c.Ask(alice, cancelOrder, map[string]any{"id": "2001"})
	events := bufio.NewScanner(response.Body)
	var got []string
	for events.Scan() {
		line := events.Text()
		if line == "" || strings.HasPrefix(line, ":") {
			continue // a comment that keeps the connection alive
		}
		got = append(got, line)
		if line == "data: "+changed {
			c.Service.Drain()
		}
	}
	if want := "event: next\ndata: " + changed + "\nevent: complete"; strings.Join(got, "\n") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "\n"), want)
	}
}
