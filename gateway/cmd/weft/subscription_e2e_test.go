package main_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/gateway/subscription"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/subgraphs/inventory"
	"github.com/weft-gateway/weft/subgraphs/orders"
)

// statusChanges follows an order. What inventory adds is asked for with each event, and part of it needs what orders knows.
const statusChanges = `subscription($id: ID!) { orderStatusChanged(id: $id) {
	status customer { name } items { quantity product { name inStock } } fulfillable } }`

// TestSubscriptionOverTheDemoServices follows an order through the gateway while its customer cancels it, with each transport
// on either side.
func TestSubscriptionOverTheDemoServices(t *testing.T) {
	var looked atomic.Int64 // for the order, which the service does after it has subscribed to changes
	ordersService, err := orders.New(t.Context(), orders.Options{Observe: func(statement string) {
		if strings.Contains(statement, "FROM orders WHERE id IN") {
			looked.Add(1)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	inventoryService, err := inventory.New(t.Context(), inventory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ordersServer, inventoryServer := httptest.NewServer(ordersService), httptest.NewServer(inventoryService)
	t.Cleanup(func() {
		ordersService.Drain()
		ordersServer.Close()
		inventoryServer.Close()
		_, _ = ordersService.Close(), inventoryService.Close()
	})
	composed := composition.Compose([]composition.Subgraph{
		{Name: "orders", URL: ordersServer.URL + "/graphql", SDL: orders.SDL()},
		{Name: "inventory", URL: inventoryServer.URL + "/graphql", SDL: inventory.SDL()},
	})
	if len(composed.Errors) > 0 {
		t.Fatal(composed.Errors)
	}

	for _, upstream := range []subscription.Protocol{subscription.Auto, subscription.WebSocket, subscription.SSE} {
		for name, follow := range map[string]func(*testing.T, string, string) func() string{"websocket": overWebSocket, "sse": overEvents} {
			t.Run("from "+cmp.Or(string(upstream), "auto")+" to "+name, func(t *testing.T) {
				url := demoGateway(t, composed.SDL, upstream)
				order := placeOrder(t, url)
				before := looked.Load()
				next := follow(t, url, order)
				for deadline := time.Now().Add(10 * time.Second); looked.Load() == before; time.Sleep(time.Millisecond) {
					if time.Now().After(deadline) {
						t.Fatal("the subscription did not begin")
					}
				}
				post(t, url, `mutation($id: ID!) { cancelOrder(id: $id) { status } }`, map[string]any{"id": order})
				const want = `{"data":{"orderStatusChanged":{"status":"CANCELLED","customer":{"name":"Alice Moreau"},` +
					`"items":[{"quantity":2,"product":{"name":"Lerka Dome Tent, 2 persons","inStock":true}}],"fulfillable":true}}}`
				if got := next(); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
			})
		}
	}
}

// demoGateway serves the graph to alice.
func demoGateway(t *testing.T, sdl string, protocol subscription.Protocol) string {
	t.Helper()
	alice, err := auth.NewIdentity(auth.IdentityFields{Issuer: "test", Subject: "alice"})
	if err != nil {
		t.Fatal(err)
	}
	g, err := gateway.New(gateway.Options{
		Server:    server.Options{Authenticate: func(*http.Request) (any, *server.Denied) { return alice, nil }},
		Forward:   auth.ForwardOptions{All: auth.ForwardRules{Claims: []auth.ClaimHeader{{Header: "X-User-Id", Claim: "sub"}}}},
		Subgraphs: gateway.SubgraphOptions{Subscriptions: gateway.SubscriptionOptions{Protocol: protocol}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.SwapSDL(sdl); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(g)
	t.Cleanup(func() {
		_ = g.Close() // ends the streams, for which the server would wait
		srv.Close()
	})
	return srv.URL + "/graphql"
}

func requestBody(t *testing.T, query string, variables map[string]any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func send(t *testing.T, url, body, accept string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func post(t *testing.T, url, query string, variables map[string]any) []byte {
	t.Helper()
	answer, err := io.ReadAll(send(t, url, requestBody(t, query, variables), "application/json").Body)
	if err != nil || strings.Contains(string(answer), `"errors"`) {
		t.Fatalf("%s %v", answer, err)
	}
	return answer
}

func placeOrder(t *testing.T, url string) (id string) {
	t.Helper()
	var answer struct {
		Data struct{ PlaceOrder struct{ ID string } }
	}
	body := post(t, url, `mutation { placeOrder(input: {items: [{sku: "TENT-2P", quantity: 2}]}) { id } }`, nil)
	if err := json.Unmarshal(body, &answer); err != nil || answer.Data.PlaceOrder.ID == "" {
		t.Fatalf("%s %v", body, err)
	}
	return answer.Data.PlaceOrder.ID
}

// overEvents follows an order with server-sent events, and returns what gives the next one.
func overEvents(t *testing.T, url, order string) func() string {
	t.Helper()
	lines := bufio.NewScanner(send(t, url, requestBody(t, statusChanges, map[string]any{"id": order}), "text/event-stream").Body)
	return func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		return "the stream has ended"
	}
}

// overWebSocket does the same with a WebSocket.
func overWebSocket(t *testing.T, url, order string) func() string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	start := `{"id":"1","type":"subscribe","payload":` + requestBody(t, statusChanges, map[string]any{"id": order}) + `}`
	for _, text := range []string{`{"type":"connection_init"}`, start} {
		if err := conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return func() string {
		for {
			var m struct {
				Type    string
				Payload json.RawMessage
			}
			if err := wsjson.Read(ctx, conn, &m); err != nil {
				return err.Error()
			}
			if m.Type != "connection_ack" && m.Type != "ping" {
				return string(m.Payload)
			}
		}
	}
}
