package registryapi

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

func TestMount(t *testing.T) {
	issuers := []string{"http://one", "http://two"}
	registry, _ := newRegistry(t)
	server := httptest.NewServer(Mount(Handler(Options{Registry: registry, AllowAnonymousRead: true}), issuers))
	defer server.Close()

	got, err := Issuers(t.Context(), server.URL)
	if err != nil || !reflect.DeepEqual(got, issuers) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err = Issuers(t.Context(), server.URL+Path); err != nil || len(got) != 2 {
		t.Errorf("with a path: %v, %v", got, err)
	}
	r, err := http.NewRequest(http.MethodGet, server.URL+MetadataPath+Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, body := do(t, r)
	var m metadata
	if err := json.Unmarshal([]byte(body), &m); err != nil || m.Resource != server.URL+Path || response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s, %v", body, err)
	}
	if subgraphs, err := client(t, server.URL, "").Subgraphs(t.Context()); err != nil || len(subgraphs) != 0 {
		t.Errorf("the API: %v, %v", subgraphs, err)
	}
}

func TestIssuersOfWhatIsNoRegistry(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"not found": http.NotFound,
		"no JSON":   func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) },
		"no issuer": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) },
	} {
		server := httptest.NewServer(handler)
		if got, err := Issuers(t.Context(), server.URL); err == nil {
			t.Errorf("%s: %v", name, got)
		}
		server.Close()
	}
	if _, err := Issuers(t.Context(), "localhost"); err == nil || !strings.Contains(err.Error(), "not the address") {
		t.Errorf("%v", err)
	}
}
