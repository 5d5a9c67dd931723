package response

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// plain reads a value of a part the way encoding/json would give it.
func (p *Part) plain(names *Names, i int32) any {
	n := p.nodes[i]
	switch n.kind {
	case kindNull:
		return nil
	case kindFalse, kindTrue:
		return n.kind == kindTrue
	case kindNumber:
		return json.Number(p.raw(i))
	case kindString:
		return string(p.text(i))
	case kindArray:
		list := []any{}
		for c := i + 1; c < n.next; c = p.nodes[c].next {
			list = append(list, p.plain(names, c))
		}
		return list
	}
	object := map[string]any{}
	for c := i + 1; c < n.next; c = p.nodes[c].next {
		if name := p.nodes[c].name; name != 0 {
			if _, twice := object[names.Text(name)]; twice {
				panic("a name that occurs twice in an object")
			}
			object[names.Text(name)] = p.plain(names, c)
		}
	}
	return object
}

// intern adds all member names of v.
func intern(names *Names, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, m := range v {
			if key != "" {
				names.Intern(key)
			}
			intern(names, m)
		}
	case []any:
		for _, m := range v {
			intern(names, m)
		}
	}
}

// without drops the members called "", which cannot be names.
func without(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "")
		for _, m := range v {
			without(m)
		}
	case []any:
		for _, m := range v {
			without(m)
		}
	}
	return v
}

func depth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, m := range v {
			deepest = max(deepest, depth(m))
		}
	case []any:
		for _, m := range v {
			deepest = max(deepest, depth(m))
		}
	default:
		return 0
	}
	return deepest + 1
}

// compare holds Decode against encoding/json.
func compare(t *testing.T, body []byte) {
	t.Helper()
	var want map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	valid := json.Valid(body) && utf8.Valid(body) && d.Decode(&want) == nil && want != nil
	names := NewNames()
	data, hasData := want["data"]
	intern(names, data)
	limits := DefaultLimits()
	p, err := Decode(body, names, limits)
	if err != nil {
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(body) {
			t.Fatalf("%q: bad error %v", body, err)
		}
		list, isList := want["errors"].([]any)
		_, isObject := data.(map[string]any)
		sound := valid && (!hasData || data == nil || isObject) && (want["errors"] == nil || isList) &&
			(hasData || len(list) > 0) && depth(want) <= limits.Depth
		// Members that are superseded must be sound too; encoding/json does not show them.
		if sound && bytes.Count(body, []byte(`"data"`)) < 2 && bytes.Count(body, []byte(`"errors"`)) < 2 && !bytes.Contains(body, []byte(`\u00`)) &&
			!strings.Contains(err.Error(), "deeper") {
			t.Fatalf("%q is refused: %v", body, err)
		}
		return
	}
	defer p.Release()
	if !valid {
		t.Fatalf("%q is taken", body)
	}
	if !hasData {
		return
	}
	if got := p.plain(names, 0); !reflect.DeepEqual(got, without(data)) {
		t.Fatalf("%q\ngot  %#v\nwant %#v", body, got, data)
	}
}

var bodies = []string{
	`{"data":{"a":1}}`, ` { "data" : { "a" : [ 1 , -2.5e+3 , "x" , true , false , null , { } , [ ] ] } } `,
	`{"data":{"a":1,"b":2,"a":3}}`, `{"data":{"a":{"a":1,"a":2},"a":{"b":[{"a":1,"a":2},{"a":3}]}}}`,
	`{"data":{"l":[{"id":1,"n":"a"},{"id":2,"n":"b"},{"n":"c","id":3},{"id":4,"x":5,"n":"d"}]}}`,
	`{"data":{"\u0061":1,"b":2}}`, `{"data":{"a":"\u00e9\n\\\"\/\b\f\r\t\ud83d\ude00\ud83d x\ude00"}}`,
	`{"data":{"a":"é😀 longer text to pass the eight byte steps, ümlaut"}}`, `{"data":null,"errors":[{"message":"x"}]}`,
	`{"errors":[{"message":"x"}]}`, `{"errors":[]}`, `{"errors":null}`, `{}`, `[]`, `null`, ``, ` `, `{`, `{"data"`, `{"data":`, `{"data":{`,
	`{"data":{"a"`, `{"data":{"a":`, `{"data":{"a":1`, `{"data":{"a":1,`, `{"data":{"a":1}`, `{"data":{"a":1}}x`, `{"data":{"a":1,}}`,
	`{"data":{"a":[1,]}}`, `{"data":{"a":[1 2]}}`, `{"data":{"a":01}}`, `{"data":{"a":1.}}`, `{"data":{"a":.5}}`, `{"data":{"a":-}}`,
	`{"data":{"a":1e}}`, `{"data":{"a":+1}}`, `{"data":{"a":tru}}`, `{"data":{"a":nul}}`, `{"data":{"a":NaN}}`, `{"data":{'a':1}}`,
	"{\"data\":{\"a\":\"\n\"}}", "{\"data\":{\"a\":\"\xff\"}}", "{\"data\":{\"a\":\"12345678\xc3\"}}", `{"data":{"a":"\x"}}`, `{"data":{"a":"\u12"}}`,
	`{"data":{"a":"\`, `{"data":{"a":"\u`, `{"data":1}`, `{"data":[1]}`, `{"data":{},"errors":{}}`, `{"data":{},"extensions":{"a":[1]}}`,
	`{"data":{"a":1},"data":{"a":2}}`, `{"data":{"a":0,"b":-0,"c":0.0,"d":1E400,"e":12345678901234567890}}`, "\ufeff{\"data\":{}}", `{"data":{"":1,"a":{"":2}}}`,
	`<!DOCTYPE html>`, `{"data":` + strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300) + `}`, strings.Repeat("[", 100000),
	`{"x":` + strings.Repeat("[", 250) + strings.Repeat("]", 250) + `,"data":{}}`,
}

func TestDecode(t *testing.T) {
	for _, body := range bodies {
		compare(t, []byte(body))
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range bodies {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) { compare(t, body) })
}

func TestDecodeUnknownMembersAreDropped(t *testing.T) {
	names := NewNames()
	names.Intern("a")
	p, err := Decode([]byte(`{"data":{"x":{"a":[1,2,3]},"a":1,"y":[{"a":1}]}}`), names, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if p.Nodes() != 2 {
		t.Errorf("%d nodes", p.Nodes())
	}
}

func TestDecodeLimits(t *testing.T) {
	names := NewNames()
	names.Intern("a")
	for _, tc := range []struct {
		body   string
		limits Limits
		want   string
	}{
		{`{"data":{"a":[[1]]}}`, Limits{Depth: 3, Nodes: 100}, "nest deeper than 3"},
		{`{"data":{"a":[1,2,3]}}`, Limits{Depth: 10, Nodes: 4}, "more than 4 values"},
		{`{"data":{"a":1` + strings.Repeat(`,"a":1`, 1000) + `}}`, DefaultLimits(), ""},
		{`{"data":{"a":1` + strings.Repeat(`,"a":1`, 100000) + `}}`, DefaultLimits(), "too many repeated members"},
	} {
		p, err := Decode([]byte(tc.body), names, tc.limits)
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%.40s: %v", tc.body, err)
		}
		p.Release()
	}
}

// TestDecodeWideObjects: many members whose names look alike to the filter do not count as repeated.
func TestDecodeWideObjects(t *testing.T) {
	names := NewNames()
	var object []string
	for i := range 400 {
		name := "n" + strings.Repeat("x", i)
		names.Intern(name)
		object = append(object, `"`+name+`":{"n":1}`)
	}
	names.Intern("list")
	one := "{" + strings.Join(object, ",") + "}"
	body := []byte(`{"data":{"list":[` + one + strings.Repeat(","+one, 50) + `]}}`)
	p, err := Decode(body, names, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 + 51*(1+2*400); p.Nodes() != want {
		t.Errorf("%d nodes, not %d", p.Nodes(), want)
	}
}

func TestSubgraphErrors(t *testing.T) {
	body := `{"data":null,"errors":[
		{"message":"m","path":["a",0,"b"],"locations":[{"line":1,"column":1}],"extensions":{"code":"C"}},
		{"message":"m","path":["a",-1,"b"]},{"message":"m","path":["a",1.5]},{"message":"m","path":["",1]},{"message":"m","path":"a"},
		{"message":7,"extensions":[1]},"text",null,{}]}`
	p, err := Decode([]byte(body), NewNames(), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range p.Errors {
		got = append(got, e.Message+"|"+e.Path.String()+"|"+string(e.Extensions))
	}
	const unsaid = "The subgraph reported an error without a message.||"
	want := []string{`m|a[0].b|{"code":"C"}`, "m|a|", "m|a|", "m||", "m||", unsaid, unsaid, unsaid, unsaid}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}
