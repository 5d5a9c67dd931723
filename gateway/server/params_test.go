package server

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseBody(t *testing.T) {
	tests := []struct {
		name, body string
		query      string // when it parses
		message    string // when it does not: a part of it
	}{
		{"last key wins", `{"query":1,"query":"{a}"}`, "{a}", ""},
		{"escaped key", `{"\u0071uery":"{a}"}`, "{a}", ""},
		{"keys are told apart by case", `{"Query":"{a}"}`, "", `no "query"`},
		{"unknown keys", `{"x":[1,{"y":null}],"query":"{a}","z":-0.5e+3}`, "{a}", ""},
		{"half of a surrogate pair", `{"query":"\ud83dx"}`, "\uFFFDx", ""},
		{"two first halves", `{"query":"\ud83d\ud83d\ude00"}`, "\uFFFD😀", ""},
		{"all escapes", `{"query":"\"\\\/\b\f\n\r\t\u00e9"}`, "\"\\/\b\f\n\r\té", ""},
		{"null query", `{"query":null}`, "", `no "query"`},
		{"space around", " \n{ \"query\" : \"{a}\" }\t", "{a}", ""},
		{"empty", "", "", "empty"},
		{"blank", " ", "", "empty"},
		{"array", "[]", "", "batches"},
		{"string", `"x"`, "", "not a JSON object"},
		{"byte order mark", "\ufeff{}", "", "not a JSON object"},
		{"bad UTF-8", "{\"query\":\"\xff\"}", "", "UTF-8"},
		{"two objects", `{"query":"{a}"}{}`, "", "follows the object (byte 15)"},
		{"trailing comma", `{"query":"{a}",}`, "", "key in double quotes"},
		{"no colon", `{"query" "{a}"}`, "", "colon"},
		{"no comma", `{"query":"{a}" "x":1}`, "", "comma or }"},
		{"control character", "{\"query\":\"a\nb\"}", "", "control character"},
		{"bad escape", `{"query":"\x"}`, "", "no such escape"},
		{"short escape", `{"query":"\u12`, "", "hexadecimal"},
		{"open string", `{"query":"`, "", "ends inside a string"},
		{"open escape", `{"query":"\`, "", "ends inside a string"},
		{"leading zero", `{"query":"{a}","variables":{"a":01}}`, "", "comma or }"},
		{"bare minus", `{"query":"{a}","variables":{"a":-}}`, "", "digit"},
		{"too deep", `{"query":"{a}","variables":{"a":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}}`, "", "too deep"},
		{"variables in a string", `{"query":"{a}","variables":"{}"}`, "", "found a string"},
		{"a boolean", `{"query":true}`, "", "found a boolean"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, f := parseBody([]byte(test.body))
			switch {
			case f == nil && test.message != "":
				t.Errorf("it parses: %+v", p)
			case f == nil && p.query != test.query:
				t.Errorf("query %q, want %q", p.query, test.query)
			case f != nil && (test.message == "" || !strings.Contains(f.message, test.message)):
				t.Errorf("message %q, want %q", f.message, test.message)
			}
		})
	}
}

// oracle reads a body with encoding/json. ok is false for a malformed one.
func oracle(body []byte) (query, operationName string, variables, extensions []byte, ok bool) {
	var members map[string]json.RawMessage
	if !utf8.Valid(body) || json.Unmarshal(body, &members) != nil || members == nil {
		return
	}
	text := func(name string, into *string) bool {
		raw, given := members[name]
		return !given || json.Unmarshal(raw, into) == nil
	}
	object := func(name string, into *[]byte) bool {
		raw := bytes.TrimSpace(members[name])
		if len(raw) == 0 || string(raw) == "null" {
			return true
		}
		*into = raw
		return raw[0] == '{'
	}
	raw := bytes.TrimSpace(members["query"])
	ok = len(raw) > 0 && string(raw) != "null" && text("query", &query) && text("operationName", &operationName) &&
		object("variables", &variables) && object("extensions", &extensions)
	return
}

// FuzzParseBody compares the scan with encoding/json.
func FuzzParseBody(f *testing.F) {
	for _, seed := range []string{
		`{"query":"{a}"}`, `{"query":"{a}","operationName":"A","variables":{"a":[1,2.5e-3,true,null]},"extensions":{}}`,
		`{"query":1,"query":"\u0041\ud83d\ude00\ud800"}`, `[]`, ``, `{"query":`, `{"\u0071uery":"x","variables":null}`,
		`{"query":"a" , "x" : -0 }`, `{"query":"a","variables":[]}`, "{\"query\":\"\xff\"}", `{"query":"\/"}`, `{}{}`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) > maxNesting {
			return // the scan bounds nesting tighter than encoding/json
		}
		before := bytes.Clone(body)
		p, fault := parseBody(body)
		query, operationName, variables, extensions, ok := oracle(body)
		if ok != (fault == nil) {
			t.Fatalf("parsed: %v (%+v), encoding/json: %v", fault == nil, fault, ok)
		}
		if !bytes.Equal(before, body) {
			t.Fatal("the body was changed")
		}
		if !ok {
			return
		}
		if p.query != query || p.operationName != operationName || !bytes.Equal(p.variables, variables) || !bytes.Equal(p.extensions, extensions) {
			t.Fatalf("%+v, encoding/json: %q %q %s %s", p, query, operationName, variables, extensions)
		}
	})
}

// FuzzHeaders feeds what else is read from a client.
func FuzzHeaders(f *testing.F) {
	f.Add("application/json;q=0.5, */*", "gzip;q=0", "application/json; charset=utf-8", "query=%7Ba%7D&variables=%7B%7D")
	f.Fuzz(func(t *testing.T, accept, encoding, contentType, query string) {
		header := map[string][]string{"Accept": {accept}, "Accept-Encoding": {encoding}, "Content-Type": {contentType}}
		negotiate(header)
		acceptsGzip(header)
		checkContentType(header)
		if p, fault := parseQueryString(query); fault == nil && p.variables != nil && !json.Valid(p.variables) {
			t.Fatalf("variables are not JSON: %s", p.variables)
		}
	})
}
