package operation_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/internal/simulate/generate"
	"github.com/weft-gateway/weft/schema/composition"
)

const normalSDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
type Query { node: Node nodes(first: Int): [Node] any: [Any] user(name: String = "x"): User query: Query }
interface Node { id: ID! peer: Node }
interface Named implements Node { id: ID! peer: Node name(short: Boolean): String }
type User implements Node & Named { id: ID! peer: Node name(short: Boolean): String posts: [Post] kind: Kind size: Int }
type Shop implements Node & Named { id: ID! peer: Node name(short: Boolean): String owner: User! size: Int }
type Post implements Node { id: ID! peer: Post text: String size: String }
union Any = User | Post | Shop
enum Kind { A B }`

const normalData = `{
	"Query": {"node": "@User:1", "nodes": ["@User:1", "@Post:1", null, "@Shop:1"], "any": ["@Shop:1", "@Post:1", "@User:1"],
		"user": "@User:1", "query": "@Query"},
	"User:1": {"id": "u1", "peer": "@Shop:1", "name": "Ada", "posts": ["@Post:1"], "kind": "A", "size": 1},
	"Shop:1": {"id": "s1", "peer": "@Post:1", "name": "Shop", "owner": "@User:1", "size": null},
	"Post:1": {"id": "p1", "peer": "@Post:1", "text": "hi", "size": "L"}
}`

// normals normalises documents and executes them before and after.
type normals struct {
	schema    *operation.Schema
	validator *operation.Validator
	monolith  *simulate.Monolith
}

func newNormals(t testing.TB) *normals {
	result := composition.Compose([]composition.Subgraph{{Name: "a", URL: "http://a", SDL: normalSDL}})
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	world, err := simulate.ParseWorld([]byte(normalData))
	if err != nil {
		t.Fatal(err)
	}
	api := result.Supergraph.API
	return &normals{
		schema:    operation.NewSchema(result.Supergraph),
		validator: operation.NewValidator(api, operation.ValidatorOptions{Introspection: true}),
		monolith:  simulate.NewMonolith(world, api),
	}
}

// normalise normalises a document; nil when it is not valid or too large.
func (n *normals) normalise(t testing.TB, text string) *operation.Operation {
	doc, errs := operation.Parse(text, operation.DefaultLimits())
	if len(errs) > 0 || len(n.validator.Validate(doc)) > 0 || len(doc.Operations) != 1 {
		return nil
	}
	op, err := operation.Normalise(n.schema, doc, doc.Operations[0])
	if err != nil {
		t.Logf("%v", err)
		return nil
	}
	return op
}

// check holds that a document means the same when it is written down in its normal form, which is normal already.
func (n *normals) check(t testing.TB, text string) (valid bool) {
	op := n.normalise(t, text)
	if op == nil {
		return false
	}
	p := &normalPrinter{op: op}
	normal := p.print()
	if len(normal) > 64<<10 || strings.Contains(normal, "__schema") || strings.Contains(normal, "__type(") {
		return true
	}
	again := n.normalise(t, normal)
	if again == nil {
		t.Fatalf("the normal form is not valid:\n%s\n%s", text, normal)
	}
	if second := (&normalPrinter{op: again}).print(); second != normal {
		t.Fatalf("the normal form is not normal:\n%s\n%s\n%s", text, normal, second)
	}
	for _, values := range n.assignments(op) {
		before := n.monolith.Execute(simulate.Request{Query: text, OperationName: op.Name, Variables: values})
		after := n.monolith.Execute(simulate.Request{Query: normal, OperationName: op.Name, Variables: values})
		var a, b map[string]any
		if json.Unmarshal(before.JSON(), &a) != nil || json.Unmarshal(after.JSON(), &b) != nil {
			t.Fatal("the answer is no JSON")
		}
		if before.Data == nil {
			continue // variables that the document does not take
		}
		if err := n.collects(op, values); err != nil {
			t.Fatalf("for %v %v:\n%s\n%s", values, err, text, normal)
		}
		if len(op.ConditionVariables) == 0 && !bytes.Equal(before.JSON(), after.JSON()) {
			t.Fatalf("the order differs:\n%s\n%s\n%s\n%s", text, normal, before.JSON(), after.JSON())
		}
		if !reflect.DeepEqual(a["data"], b["data"]) {
			t.Fatalf("the meaning differs for %v:\n%s\n%s\n%s\n%s", values, text, normal, before.JSON(), after.JSON())
		}
	}
	return true
}

// assignments are values for the Boolean variables that conditions read: all of them where they are few, and some of them where
// they are not.
func (n *normals) assignments(op *operation.Operation) []map[string]any {
	names := op.ConditionVariables
	var out []map[string]any
	for i := range 1 << min(len(names), 5) {
		bits := i
		if len(names) > 5 {
			bits = i * 0x9E3779B97F4A7C1 >> 7
		}
		values := map[string]any{}
		for _, def := range op.Definition.VariableDefinitions {
			switch def.Type.Name() {
			case "Int":
				values[def.Variable] = 1
			case "String":
				values[def.Variable] = "v"
			case "Boolean":
				values[def.Variable] = false
			}
		}
		for i, name := range names {
			values[name] = bits>>i&1 == 1
		}
		out = append(out, values)
	}
	return out
}

// normalPrinter writes a normalised operation as a document.
type normalPrinter struct {
	strings.Builder
	op *operation.Operation
}

func (p *normalPrinter) print() string {
	p.WriteString(string(p.op.Kind))
	if p.op.Name != "" {
		p.WriteString(" " + p.op.Name)
	}
	p.set(p.op.Root)
	body := p.String()
	head, rest, _ := strings.Cut(body, "{")
	var variables []string
	for _, v := range p.op.Definition.VariableDefinitions {
		if !p.uses(v.Variable) {
			continue
		}
		text := "$" + v.Variable + ":" + v.Type.String()
		if v.DefaultValue != nil {
			text += "=" + v.DefaultValue.String()
		}
		variables = append(variables, text)
	}
	if len(variables) > 0 {
		head += "(" + strings.Join(variables, ",") + ")"
	}
	return head + "{" + rest
}

// uses reports whether the body written uses a variable.
func (p *normalPrinter) uses(name string) bool {
	body := p.String()
	for {
		i := strings.Index(body, "$"+name)
		if i < 0 {
			return false
		}
		body = body[i+1+len(name):]
		if body == "" || !strings.ContainsRune("_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", rune(body[0])) {
			return true
		}
	}
}

func (p *normalPrinter) set(s *operation.SelectionSet) {
	p.WriteString("{")
	written := p.Len()
	byType := map[string]*operation.Case{}
	var types []string
	for _, c := range s.Cases {
		for _, typ := range c.Types {
			byType[typ] = c
			types = append(types, typ)
		}
	}
	slices.Sort(types)
	for _, typ := range types {
		if len(byType[typ].Fields) == 0 {
			continue
		}
		if len(types) > 1 {
			p.WriteString("...on " + typ + "{")
		}
		for i, f := range byType[typ].Fields {
			if i > 0 {
				p.WriteString(" ")
			}
			p.field(f)
		}
		if len(types) > 1 {
			p.WriteString("}")
		}
	}
	if p.Len() == written {
		p.WriteString("__typename @skip(if:true)")
	}
	p.WriteString("}")
}

// field writes a field once for each way in which its condition can hold.
func (p *normalPrinter) field(f *operation.Field) {
	var terms []string
	for _, term := range p.op.Conditions[f.Cond].Terms {
		terms = append(terms, p.term(term))
	}
	slices.Sort(terms)
	if len(terms) == 0 {
		terms = []string{""}
	}
	for i, term := range terms {
		if i > 0 {
			p.WriteString(" ")
		}
		if term != "" {
			p.WriteString(term)
		}
		p.WriteString(f.Response + ":" + f.Name)
		for i, a := range f.Arguments {
			p.WriteString([]string{"(", ","}[min(i, 1)] + a.Name + ":" + a.Value.String())
		}
		if len(f.Arguments) > 0 {
			p.WriteString(")")
		}
		if f.Set != nil && p.Len() < 128<<10 {
			p.set(f.Set)
		}
		p.WriteString(strings.Repeat("}", strings.Count(term, "{")))
	}
}

func (p *normalPrinter) term(term []response.Literal) string {
	var parts []string
	for _, l := range term {
		directive := "@skip"
		if l.Want {
			directive = "@include"
		}
		parts = append(parts, fmt.Sprintf("...%s(if:$%s){", directive, p.op.ConditionVariables[l.Variable]))
	}
	slices.Sort(parts)
	return strings.Join(parts, "")
}

var normalDocuments = []string{
	`{ node { id ... on User { id name peer { id } } ... on Named { name peer { ... on Post { text } } } } }`,
	`query ($a: Boolean!, $b: Boolean!) { node @include(if: $a) { id } node @skip(if: $b) { peer { id @include(if: $b) } } }`,
	`query Q($a: Boolean!) { ...F any { ... on User @skip(if: $a) { n: name(short: true) } ...G } } fragment F on Query { query { user { size } } } fragment G on Any { __typename ... on Node @include(if: $a) { id } }`,
	`query ($a: Boolean = true, $n: Int) { nodes(first: $n) { id @skip(if: $a) @include(if: $a) ... @skip(if: false) { peer { id } } } }`,
	`query ($a: Boolean!) { user(name: "y") { posts { ... on Node { peer { id } } } posts @include(if: $a) { text } } x: user { kind } }`,
	`{ any { ... on User { size } ... on Shop { size } ... on Post { t: size } } }`,
}

func TestNormaliseKeepsMeaning(t *testing.T) {
	n := newNormals(t)
	for _, text := range normalDocuments {
		if !n.check(t, text) {
			t.Errorf("not valid: %s", text)
		}
	}
	valid := 0
	arguments := func(c *generate.Choices, _ string, f *ast.FieldDefinition) []generate.Argument {
		switch f.Arguments[0].Name {
		case "first":
			return []generate.Argument{{Name: "first", Type: "Int", Value: 2}}
		case "short":
			return []generate.Argument{{Name: "short", Type: "Boolean", Value: c.Below(2) == 1}}
		}
		return nil
	}
	for seed := range uint64(conditionalDocuments) {
		if text := conditionalDocument(generate.Seeded(seed)); !n.check(t, text) {
			t.Fatalf("seed %d is not valid, or too large:\n%s", seed, text)
		}
	}
	for seed := range uint64(1200) {
		text, _ := generate.Operation(generate.Seeded(seed), n.schema.API, generate.Options{Arguments: arguments})
		if n.check(t, text) {
			valid++
		}
	}
	if valid < 200 {
		t.Errorf("only %d random operations are valid", valid)
	}
}

// conditionalDocuments is how many documents full of conditions are tried.
const conditionalDocuments = 200

func FuzzNormalise(f *testing.F) {
	for _, text := range normalDocuments {
		f.Add(text)
	}
	n := newNormals(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 2000 {
			n.check(t, text)
		}
	})
}
