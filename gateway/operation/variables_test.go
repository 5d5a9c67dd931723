package operation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"
)

const inputSchema = `
type Query { field(a: Everything): Int }
scalar JSON
enum Size { SMALL MEDIUM LARGE }
input Everything {
  int: Int
  float: Float
  string: String
  boolean: Boolean
  id: ID
  size: Size
  json: JSON
  ints: [Int!]
  grid: [[Int]]
  ids: [ID]
  nested: Everything
  items: [Line!]
  pick: Pick
  withDefault: Int = 7
  requiredWithDefault: Size! = LARGE
}
input Line {
  quantity: Int!
  note: String = "say \"hi\""
  extra: Extra = {tags: "a"}
}
input Extra {
  tags: [String!]
  ratio: Float = 0.5
  id: ID = 3
  json: JSON = {a: [1, B, null]}
}
input Pick @oneOf { id: ID line: Line sizes: [Size!] }
`

func compile(t testing.TB, schema, definitions string) (*ast.Schema, *InputTypes, *VariableProgram) {
	t.Helper()
	api := loadSchema(t, schema)
	types := NewInputTypes(api)
	if len(types.Faults) > 0 {
		t.Fatal(types.Faults)
	}
	doc, errs := Parse("query Q("+definitions+") { __typename }", Limits{})
	if errs != nil {
		t.Fatal(errs)
	}
	program, errs := types.Compile(doc.Operations[0])
	if errs != nil {
		t.Fatal(errs)
	}
	return api, types, program
}

// values shows all variables of a request as one JSON object.
func values(p *VariableProgram, v *Variables) string {
	var out []string
	for i := range p.Len() {
		if value, ok := v.At(i); ok {
			out = append(out, strconv.Quote(p.Name(i))+":"+string(value))
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

func TestCoerce(t *testing.T) {
	tests := []struct{ definitions, raw, want string }{
		{`$a: Int`, ``, `{}`},
		{`$a: Int`, `null`, `{}`},
		{`$a: Int`, " {\t} ", `{}`},
		{`$a: Int`, `{"b": 1, "c": {"a": 2}}`, `{}`},
		{`$a: Int`, `{"a": 2147483647}`, `{"a":2147483647}`},
		{`$a: Int`, `{"a": -2147483648}`, `{"a":-2147483648}`},
		{`$a: Int`, `{"a": 2147483648}`, `BAD_USER_INPUT: $a: Int cannot represent 2147483648: it is not a 32-bit integer.`},
		{`$a: Int`, `{"a": -2147483649}`, `BAD_USER_INPUT: $a: Int cannot represent -2147483649: it is not a 32-bit integer.`},
		{`$a: Int`, `{"a": 1.0}`, `{"a":1}`},
		{`$a: Int`, `{"a": 1e3}`, `{"a":1000}`},
		{`$a: Int`, `{"a": 1.5}`, `BAD_USER_INPUT: $a: expected a value of type "Int", found 1.5.`},
		{`$a: Int`, `{"a": 1e10}`, `BAD_USER_INPUT: $a: expected a value of type "Int", found 1e10.`},
		{`$a: Int`, `{"a": "1"}`, `BAD_USER_INPUT: $a: expected a value of type "Int", found a string.`},
		{`$a: Int`, `{"a": null}`, `{"a":null}`},
		{`$a: Int!`, `{"a": null}`, `BAD_USER_INPUT: $a: expected a value of type "Int!", found null.`},
		{`$a: Int!`, `{}`, `BAD_USER_INPUT: Variable "$a" of required type "Int!" was not provided.`},
		{`$a: Int! = 3`, `{}`, `{"a":3}`},
		{`$a: Int! = 3`, `{"a": null}`, `BAD_USER_INPUT: $a: expected a value of type "Int!", found null.`},
		{`$a: Int = 3`, `{"a": null}`, `{"a":null}`},
		{`$a: Int = null`, `{}`, `{"a":null}`},
		{`$a: Float`, `{"a": 3}`, `{"a":3}`},
		{`$a: Float`, `{"a": 1e400}`, `BAD_USER_INPUT: $a: 1e400 is out of the range of 64-bit floating point.`},
		{`$a: Float`, `{"a": true}`, `BAD_USER_INPUT: $a: expected a value of type "Float", found true.`},
		{`$a: String`, `{"a": "x\u00e9\n"}`, `{"a":"x\u00e9\n"}`},
		{`$a: String`, `{"a": 1}`, `BAD_USER_INPUT: $a: expected a value of type "String", found 1.`},
		{`$a: Boolean!`, `{"a": false}`, `{"a":false}`},
		{`$a: Boolean!`, `{"a": 0}`, `BAD_USER_INPUT: $a: expected a value of type "Boolean!", found 0.`},
		{`$a: ID`, `{"a": 12345678901234567890}`, `{"a":"12345678901234567890"}`},
		{`$a: ID`, `{"a": 4.0}`, `{"a":"4"}`},
		{`$a: ID`, `{"a": 4.5}`, `BAD_USER_INPUT: $a: expected a value of type "ID", found 4.5.`},
		{`$a: ID`, `{"a": "x"}`, `{"a":"x"}`},
		{`$a: Size`, `{"a": "SM\u0041LL"}`, `{"a":"SM\u0041LL"}`},
		{`$a: Size`, `{"a": "small"}`, `BAD_USER_INPUT: $a: value "small" does not exist in enum "Size".`},
		{`$a: Size`, `{"a": 0}`, `BAD_USER_INPUT: $a: expected a value of type "Size", found 0.`},
		{`$a: JSON`, `{"a": {"x": [1, {"x": 2, "x": 3}]}}`, `{"a":{"x": [1, {"x": 2, "x": 3}]}}`},
		{`$a: [Int]`, `{"a": 1}`, `{"a":[1]}`},
		{`$a: [Int]`, `{"a": [1, null, 2.0]}`, `{"a":[1, null, 2]}`},
		{`$a: [Int]`, `{"a": null}`, `{"a":null}`},
		{`$a: [Int!]`, `{"a": [1, null]}`, `BAD_USER_INPUT: $a[1]: expected a value of type "Int!", found null.`},
		{`$a: [[ID]]`, `{"a": 1}`, `{"a":[["1"]]}`},
		{`$a: [[ID]]`, `{"a": [1, ["b", 2], null]}`, `{"a":[["1"], ["b", "2"], null]}`},
		{`$a: Size = SMALL, $b: [Size] = SMALL, $c: ID = 1, $d: Line = {quantity: 1}`, `{"b": "LARGE"}`,
			`{"a":"SMALL","b":["LARGE"],"c":"1","d":{"quantity":1,"note":"say \"hi\"","extra":{"tags":["a"],"ratio":0.5,"id":"3","json":{"a":[1,"B",null]}}}}`},
		{`$a: Line!`, `{"a": {"quantity": 2, "note": null}}`, `{"a":{"quantity": 2, "note": null,"extra":{"tags":["a"],"ratio":0.5,"id":"3","json":{"a":[1,"B",null]}}}}`},
		{`$a: Extra`, `{"a": { } }`, `{"a":{ "ratio":0.5,"id":"3","json":{"a":[1,"B",null]}}}`},
		{`$a: Extra`, `{"a": {"tags": "x", "id": 4, "ratio": 1, "json": 1}}`, `{"a":{"tags": ["x"], "id": "4", "ratio": 1, "json": 1}}`},
		{`$input: Everything`, `{"input": {"items": [{"quantity": 1}, {"quantity": 1}, {"quantity": "x"}]}}`, `BAD_USER_INPUT: $input.items[2].quantity: expected a value of type "Int!", found a string.`},
		{`$input: Everything`, `{"input": {"nested": {"items": {"note": "x"}}}}`, `BAD_USER_INPUT: $input.nested.items: field "quantity" of required type "Int!" is missing.`},
		{`$input: Everything`, `{"input": {"nope": 1}}`, `BAD_USER_INPUT: $input: field "nope" is not defined by type "Everything".`},
		{`$input: Everything`, `{"input": {"int": 1, "i\u006et": 2}}`, `BAD_USER_INPUT: $input: field "int" is given twice.`},
		{`$input: Everything`, `{"input": {"requiredWithDefault": null}}`, `BAD_USER_INPUT: $input.requiredWithDefault: expected a value of type "Size!", found null.`},
		{`$input: Everything`, `{"input": "x"}`, `BAD_USER_INPUT: $input: expected a value of type "Everything", found a string.`},
		{`$input: Everything`, `{"input": [{}]}`, `BAD_USER_INPUT: $input: expected a value of type "Everything", found a list.`},
		{`$a: Pick`, `{"a": {"id": 1}}`, `{"a":{"id": "1"}}`},
		{`$a: Pick`, `{"a": {}}`, `BAD_USER_INPUT: $a: OneOf Input Object "Pick" must specify exactly one key; 0 are given.`},
		{`$a: Pick`, `{"a": {"id": 1, "sizes": "SMALL"}}`, `BAD_USER_INPUT: $a: OneOf Input Object "Pick" must specify exactly one key; 2 are given.`},
		{`$a: Pick`, `{"a": {"id": null}}`, `BAD_USER_INPUT: $a.id: the field of a OneOf Input Object must be non-null.`},
		{`$a: Int, $b: Int!, $c: Int!`, `{"a": "x", "b": "y"}`, "BAD_USER_INPUT: $a: expected a value of type \"Int\", found a string.\nBAD_USER_INPUT: $b: expected a value of type \"Int!\", found a string."},
		{`$a: Int`, `{"a": 1, "a": 2}`, `BAD_USER_INPUT: Variable "$a" is given twice.`},
		{`$a: Int`, `[1]`, `BAD_USER_INPUT: The variables must be a JSON object.`},
		{`$a: Int`, `{"a": 1`, `BAD_USER_INPUT: The variables are not valid JSON: unexpected end at byte 8.`},
		{`$a: Int`, `{"a": 01}`, `BAD_USER_INPUT: The variables are not valid JSON: ',' or '}' is expected at byte 8.`},
		{`$a: Int`, `{"a": 1,}`, `BAD_USER_INPUT: The variables are not valid JSON: a quoted name is expected at byte 9.`},
		{`$a: Int`, `{"a": 1} x`, `BAD_USER_INPUT: The variables are not valid JSON: unexpected data after the value at byte 10.`},
		{`$a: String`, "{\"a\": \"\xff\"}", `BAD_USER_INPUT: The variables are not valid JSON: a string that is not UTF-8 at byte 8.`},
		{`$a: String`, "{\"a\": \"\n\"}", `BAD_USER_INPUT: The variables are not valid JSON: a control character in a string at byte 8.`},
		{`$a: JSON`, `{"a": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`, `BAD_USER_INPUT: The variables are not valid JSON: values nest more than 200 levels deep at byte 206.`},
	}
	var v Variables
	for _, test := range tests {
		_, _, program := compile(t, inputSchema, test.definitions)
		got := ""
		if errs := program.Coerce([]byte(test.raw), &v); errs != nil {
			for _, err := range errs {
				err.Locations = nil
			}
			got = strings.ReplaceAll(strings.TrimSpace(listing(errs)), "\n ", "\n")
			if len(v.values) > 0 && v.values[0] != nil {
				t.Errorf("%s %s: values are left after errors", test.definitions, test.raw)
			}
		} else {
			got = values(program, &v)
		}
		if got != test.want {
			t.Errorf("(%s) %s\n got %s\nwant %s", test.definitions, test.raw, got, test.want)
		}
	}
}

func TestVariablesLookup(t *testing.T) {
	_, _, program := compile(t, inputSchema, `$yes: Boolean!, $no: Boolean, $null: Boolean, $absent: Boolean, $some: Boolean = true`)
	var v Variables
	if _, ok := v.Get("yes"); ok || v.Bool("yes") {
		t.Error("an empty set of variables has some")
	}
	if errs := program.Coerce([]byte(`{"yes": true, "no": false, "null": null}`), &v); errs != nil {
		t.Fatal(errs)
	}
	for name, want := range map[string]bool{"yes": true, "no": false, "null": false, "absent": false, "some": true, "unknown": false} {
		if v.Bool(name) != want {
			t.Errorf("%s is %v", name, !want)
		}
	}
	if _, ok := v.Get("absent"); ok {
		t.Error("absent is there")
	}
	if value, ok := v.Get("null"); !ok || string(value) != "null" {
		t.Error("null is not there")
	}
	if program.Index("no") != 1 || program.Index("unknown") != -1 {
		t.Error("wrong numbers")
	}
}

func TestInputTypesFaults(t *testing.T) {
	types := NewInputTypes(loadSchema(t, `
type Query { field(a: A, many: Many, wrong: Wrong): Int }
input A { a: A = {} b: Int = 1 }
input Wrong { a: Int = "x" b: Int = 2 }
input Many { `+func() string {
		s := "z: String "
		for i := range 20 {
			s += fmt.Sprintf("f%d: M%d = {} ", i, i)
		}
		return s
	}()+`}
`+func() string {
		s := ""
		for i := range 20 {
			s += fmt.Sprintf("input M%d { a: M%d = {} b: M%d = {} }\n", i, i+1, i+1)
		}
		return s + "input M20 { x: Int = 1 }"
	}()))
	if len(types.Faults) < 3 {
		t.Errorf("faults: %v", types.Faults)
	}
	doc, _ := Parse(`query ($a: A, $w: Wrong = {}) { __typename }`, Limits{})
	program, errs := types.Compile(doc.Operations[0])
	if errs != nil {
		t.Fatal(errs)
	}
	var v Variables
	if errs := program.Coerce([]byte(`{"a": {}}`), &v); errs != nil {
		t.Fatal(errs)
	}
	if got := values(program, &v); got != `{"a":{"b":1},"w":{"b":2}}` {
		t.Error(got)
	}
}

func TestCoerceGrowthIsBounded(t *testing.T) {
	_, _, program := compile(t, `type Query { f: Int } input A { a: String = "`+strings.Repeat("x", 50_000)+`" }`, `$a: [A]`)
	var v Variables
	errs := program.Coerce([]byte(`{"a": [`+strings.Repeat("{},", 1_000)+`{}]}`), &v)
	if len(errs) != 1 || !strings.Contains(errs[0].Message, "grow by more than") {
		t.Error(errs)
	}
}

// reference coerces decoded JSON the plain way.
type reference struct{ schema *ast.Schema }

func (r reference) coerce(value any, typ *ast.Type) (any, bool) {
	if value == nil {
		return nil, !typ.NonNull
	}
	if typ.Elem != nil {
		items, ok := value.([]any)
		if !ok {
			items = []any{value}
		}
		out := make([]any, len(items))
		for i, item := range items {
			var ok bool
			if out[i], ok = r.coerce(item, typ.Elem); !ok {
				return nil, false
			}
		}
		return out, true
	}
	def := r.schema.Types[typ.NamedType]
	switch def.Kind {
	case ast.Enum:
		s, ok := value.(string)
		return s, ok && def.EnumValues.ForName(s) != nil
	case ast.InputObject:
		object, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		return r.object(object, def)
	}
	switch number, isNumber := value.(json.Number); def.Name {
	case "Int", "ID":
		s, ok := value.(string)
		if def.Name == "ID" && ok {
			return s, true
		}
		f, err := number.Float64()
		if !isNumber || err != nil || f != math.Trunc(f) {
			return nil, false
		}
		text := number.String()
		if strings.ContainsAny(text, ".eE") {
			if math.Abs(f) > 1<<53 {
				return nil, false
			}
			text = strconv.FormatInt(int64(f), 10)
		}
		if def.Name == "ID" {
			return text, true
		}
		return json.Number(text), f >= math.MinInt32 && f <= math.MaxInt32
	case "Float":
		_, err := number.Float64()
		return value, isNumber && err == nil
	case "String":
		_, ok := value.(string)
		return value, ok
	case "Boolean":
		_, ok := value.(bool)
		return value, ok
	}
	return value, true
}

func (r reference) object(object map[string]any, def *ast.Definition) (any, bool) {
	out := map[string]any{}
	for name := range object {
		if def.Fields.ForName(name) == nil {
			return nil, false
		}
	}
	for _, f := range def.Fields {
		value, ok := object[f.Name]
		switch {
		case ok:
			if out[f.Name], ok = r.coerce(value, f.Type); !ok {
				return nil, false
			}
		case f.DefaultValue != nil:
			if out[f.Name], ok = r.coerce(r.literal(f.DefaultValue), f.Type); !ok {
				return nil, false
			}
		case f.Type.NonNull:
			return nil, false
		}
	}
	if isOneOf(def) {
		if len(object) != 1 {
			return nil, false
		}
		for _, value := range object {
			if value == nil {
				return nil, false
			}
		}
	}
	return out, true
}

func (r reference) literal(v *ast.Value) any {
	switch v.Kind {
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw)
	case ast.BooleanValue:
		return v.Raw == "true"
	case ast.NullValue:
		return nil
	case ast.ListValue:
		out := []any{}
		for _, child := range v.Children {
			out = append(out, r.literal(child.Value))
		}
		return out
	case ast.ObjectValue:
		out := map[string]any{}
		for _, child := range v.Children {
			out[child.Name] = r.literal(child.Value)
		}
		return out
	}
	return v.Raw
}

// decode reads JSON with encoding/json, numbers kept as text.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	err := d.Decode(&value)
	if err == nil && d.More() {
		err = fmt.Errorf("more")
	}
	return value, err
}

// agree holds one coercion against the reference. It reports what is wrong, "" when nothing is.
func agree(program *VariableProgram, schema *ast.Schema, definitions ast.VariableDefinitionList, raw []byte) string {
	var v Variables
	before := bytes.Clone(raw)
	errs := program.Coerce(raw, &v)
	if !bytes.Equal(before, raw) {
		return "the request was changed"
	}
	if !json.Valid(raw) && len(trimSpace(raw)) > 0 {
		if errs == nil {
			return "invalid JSON was accepted"
		}
		return ""
	}
	if errs != nil && (strings.Contains(errs[0].Message, "given twice") || strings.Contains(errs[0].Message, "levels deep") ||
		strings.Contains(errs[0].Message, "not UTF-8")) {
		return "" // stricter than encoding/json, by intent
	}
	input := map[string]any{}
	if decoded, err := decode(raw); err == nil && decoded != nil {
		object, ok := decoded.(map[string]any)
		if !ok {
			if errs == nil {
				return "not an object, but accepted"
			}
			return ""
		}
		input = object
	}
	valid := true
	want := map[string]any{}
	r := reference{schema}
	for _, def := range definitions {
		value, ok := input[def.Variable]
		if !ok && def.DefaultValue != nil {
			value, ok = r.literal(def.DefaultValue), true
		}
		if !ok {
			valid = valid && !def.Type.NonNull
			continue
		}
		coerced, ok := r.coerce(value, def.Type)
		valid = valid && ok
		want[def.Variable] = coerced
	}
	if valid != (errs == nil) {
		return fmt.Sprintf("valid is %v, errors are %v", valid, errs)
	}
	if !valid {
		return ""
	}
	text := values(program, &v)
	got, err := decode([]byte(text))
	if err != nil {
		return fmt.Sprintf("%v in %s", err, text)
	}
	if !reflect.DeepEqual(got, any(want)) {
		return fmt.Sprintf("got %v, want %v", got, want)
	}
	return ""
}

// anyJSON draws JSON that mostly fits a type.
func anyJSON(t *rapid.T, schema *ast.Schema, typ *ast.Type, depth int) string {
	if rapid.IntRange(0, 19).Draw(t, "wild") == 0 {
		return rapid.SampledFrom([]string{"null", "1", "1.5", `"x"`, "[]", "{}", "true", "1e2", "[1]", `{"a": 1}`, "3000000000", `"SMALL"`}).Draw(t, "any")
	}
	if typ.Elem != nil {
		if rapid.IntRange(0, 3).Draw(t, "single") == 0 {
			return anyJSON(t, schema, typ.Elem, depth)
		}
		var items []string
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			items = append(items, anyJSON(t, schema, typ.Elem, depth))
		}
		return "[ " + strings.Join(items, " ,") + "]"
	}
	def := schema.Types[typ.NamedType]
	switch {
	case def.Kind == ast.InputObject:
		var members []string
		for _, f := range def.Fields {
			if depth > 0 && (f.Type.NonNull && f.DefaultValue == nil || rapid.IntRange(0, 3).Draw(t, "give") == 0) {
				members = append(members, strconv.Quote(f.Name)+" : "+anyJSON(t, schema, f.Type, depth-1))
			}
		}
		return "{" + strings.Join(members, ", ") + "\n}"
	case def.Kind == ast.Enum:
		return rapid.SampledFrom([]string{`"SMALL"`, `"LARGE"`, `"\u004cARGE"`}).Draw(t, "enum")
	}
	return map[string]*rapid.Generator[string]{
		"Int":     rapid.SampledFrom([]string{"0", "-5", "2147483647", "7.0", "-1E1"}),
		"Float":   rapid.SampledFrom([]string{"0", "-5.5e-3", "1e300"}),
		"String":  rapid.SampledFrom([]string{`""`, `"a\"b\\"`, `"\ud83d\ude00é"`, `"]}"`}),
		"Boolean": rapid.SampledFrom([]string{"true", "false"}),
		"ID":      rapid.SampledFrom([]string{`"a"`, "5", "-7", "123456789012345678901234567890"}),
		"JSON":    rapid.SampledFrom([]string{`{"a": [1, {}]}`, "null", "[[]]", `"x"`}),
	}[def.Name].Draw(t, "leaf")
}

const manyDefinitions = `$a: Everything, $b: [Line!] = {quantity: 1}, $c: Pick, $d: [[Int!]]!, $e: ID! = 3, $f: Boolean, $g: Float`

func TestCoerceAgreesWithReference(t *testing.T) {
	schema, _, program := compile(t, inputSchema, manyDefinitions)
	doc, _ := Parse("query ("+manyDefinitions+") { a }", Limits{})
	definitions := doc.Operations[0].VariableDefinitions
	rapid.Check(t, func(t *rapid.T) {
		var members []string
		for _, def := range definitions {
			if rapid.IntRange(0, 4).Draw(t, "give") > 0 {
				members = append(members, strconv.Quote(def.Variable)+":"+anyJSON(t, schema, def.Type, 4))
			}
		}
		raw := "{" + strings.Join(members, ",") + "}"
		if fault := agree(program, schema, definitions, []byte(raw)); fault != "" {
			t.Fatalf("%s\n%s", raw, fault)
		}
	})
}

func FuzzCoerce(f *testing.F) {
	for _, seed := range []string{
		`{"a": {"int": 1, "items": [{"quantity": 2}], "json": {"x": [null]}}, "d": 1}`,
		`{"b": [{"quantity": 1e0, "extra": {"tags": "x"}}], "c": {"id": 12}, "d": [[1], 2]}`,
		`{"d": [], "e": "x", "f": true, "g": 1.25e-7}`, `null`, ``, `{"d": "\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	schema, _, program := compile(f, inputSchema, manyDefinitions)
	doc, _ := Parse("query ("+manyDefinitions+") { a }", Limits{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if fault := agree(program, schema, doc.Operations[0].VariableDefinitions, raw); fault != "" {
			t.Fatalf("%s\n%s", raw, fault)
		}
	})
}

func BenchmarkCoerce(b *testing.B) {
	_, _, program := compile(b, inputSchema, manyDefinitions)
	for _, bench := range []struct{ name, raw string }{
		{"as sent", `{"d": [[1, 2, 3], [4, 5, 6]], "e": "order-123456", "f": true, "g": 12.5, "b": [{"quantity": 1, "note": "x", "extra": null}]}`},
		{"rewritten", `{"d": [1, 2], "e": 123456, "b": {"quantity": 1}}`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var v Variables
			raw := []byte(bench.raw)
			b.ReportAllocs()
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if errs := program.Coerce(raw, &v); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}
