package server

import "testing"

func TestCORS(t *testing.T) {
	const app = "https://app.example.com"
	s, _ := newTest(t, func(o *Options) { o.CORS = CORS{Origins: []string{app}, Credentials: true} })

	w := do(s, "OPTIONS", "/graphql", "", "Origin: "+app, "Access-Control-Request-Method: POST")
	header := w.Header()
	if w.Code != 204 || header.Get("Access-Control-Allow-Origin") != app || header.Get("Access-Control-Allow-Credentials") != "true" ||
		header.Get("Access-Control-Allow-Methods") == "" || header.Get("Access-Control-Max-Age") != "3600" || header.Get("Vary") != "Origin" {
		t.Error(w.Code, header)
	}
	w = do(s, "OPTIONS", "/graphql", "", "Origin: https://evil.example", "Access-Control-Request-Method: POST")
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Origin") != "" || w.Header().Get("Access-Control-Allow-Methods") != "" {
		t.Error(w.Code, w.Header())
	}
	if w = do(s, "OPTIONS", "/graphql", ""); w.Code != 204 || w.Header().Get("Allow") == "" {
		t.Error(w.Code, w.Header())
	}
	w = do(s, "POST", "/graphql", `{"query":"{invalid"`, jsonType, "Origin: "+app)
	if w.Code != 400 || w.Header().Get("Access-Control-Allow-Origin") != app {
		t.Error("a page has to be able to read why its request is malformed", w.Code, w.Header())
	}

	everyone, _ := newTest(t, func(o *Options) { o.CORS = CORS{Origins: []string{"*"}} })
	if w = do(everyone, "POST", "/graphql", `{"query":"{hello}"}`, jsonType, "Origin: "+app); w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Error(w.Header())
	}
	nobody, _ := newTest(t)
	if w = do(nobody, "POST", "/graphql", `{"query":"{hello}"}`, jsonType, "Origin: "+app); w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error(w.Header())
	}
}

func TestCrossSiteRequests(t *testing.T) {
	const app = "https://app.example.com"
	s, _ := newTest(t, func(o *Options) { o.CORS = CORS{Origins: []string{app}} })
	tests := []struct {
		name    string
		headers []string
		status  int
	}{
		{"a client that is no browser", nil, 200},
		{"typed by a person", []string{"Sec-Fetch-Site: none"}, 200},
		{"a page of ours", []string{"Sec-Fetch-Site: same-origin"}, 200},
		{"another site", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"a neighbour", []string{"Sec-Fetch-Site: same-site"}, 403},
		{"another site with an origin", []string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"}, 403},
		{"an admitted page", []string{"Sec-Fetch-Site: cross-site", "Origin: " + app}, 200},
		{"the browser has asked", []string{"Sec-Fetch-Site: cross-site", "Apollo-Require-Preflight: 1"}, 200},
		{"the browser has asked for a type", []string{"Sec-Fetch-Site: cross-site", jsonType}, 200},
		{"a form's type", []string{"Sec-Fetch-Site: cross-site", "Content-Type: text/plain"}, 403},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if w := do(s, "GET", get("{hello}"), "", test.headers...); w.Code != test.status {
				t.Errorf("status %d, want %d: %s", w.Code, test.status, w.Body)
			}
		})
	}
}

func TestNegotiate(t *testing.T) {
	tests := []struct {
		accept string
		want   accepted
	}{
		{"", accepted{media: mediaJSON}},
		{"application/json", accepted{media: mediaJSON}},
		{"APPLICATION/JSON", accepted{media: mediaJSON}},
		{"application/graphql-response+json", accepted{media: mediaGraphQL}},
		{"application/json, application/graphql-response+json", accepted{media: mediaJSON}},
		{"application/json;q=0.9, application/graphql-response+json", accepted{media: mediaGraphQL}},
		{"application/graphql-response+json;q=0.2,application/json;q=0.3", accepted{media: mediaJSON}},
		{"*/*, application/graphql-response+json", accepted{media: mediaGraphQL}},
		{"application/json;q=0, */*", accepted{media: mediaGraphQL}},
		{"application/json;q=0, application/graphql-response+json;q=0, */*", accepted{}},
		{"text/html, */*;q=0.1", accepted{media: mediaJSON}},
		{"text/html", accepted{}},
		{"application/json;q=2", accepted{}},
		{"application/json;q=NaN", accepted{}},
		{"application/json ; charset=\"utf-8\"", accepted{media: mediaJSON}},
		{"text/event-stream", accepted{stream: true, streamFirst: true}},
		{"application/json, text/event-stream", accepted{media: mediaJSON, stream: true}},
		{"application/json;q=0.5, text/event-stream", accepted{media: mediaJSON, stream: true, streamFirst: true}},
		{",;,;;q=", accepted{}},
	}
	for _, test := range tests {
		header := map[string][]string{}
		if test.accept != "" {
			header["Accept"] = []string{test.accept}
		}
		if got := negotiate(header); got != test.want {
			t.Errorf("%q: %+v, want %+v", test.accept, got, test.want)
		}
	}
}
