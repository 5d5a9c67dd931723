package execute

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

func newPlan(fetches ...*plan.Fetch) *plan.Plan {
	p := &plan.Plan{Kind: ast.Query, Names: response.NewNames(), Conditions: make([]response.Condition, 1), Fetches: fetches}
	for i, f := range fetches {
		f.ID = i
		for _, d := range f.DependsOn {
			fetches[d].Dependents = append(fetches[d].Dependents, i)
		}
	}
	return p
}

func object(inherited int, fields ...response.Field) *response.Object {
	return &response.Object{Inherited: inherited, TypeName: response.Source{Slot: -1}, Cases: []response.Case{{Fields: fields}}}
}

func composite(p *plan.Plan, name string, t *response.Type, slot int, o *response.Object) response.Field {
	f := leaf(p, name, response.Any, t, slot)
	f.Kind, f.Object = response.Composite, o
	return f
}

// pets is `{ pets { __typename ...on Cat { lives } ...on Dog { tricks } } }` where tricks and lives are entities' fields:
// one fetch, a group for each type.
func pets() *plan.Plan {
	p := newPlan(
		&plan.Fetch{Name: "pets", Operation: "{pets}"},
		&plan.Fetch{Kind: plan.Entities, Subgraph: 1, Name: "facts", Operation: "query($c,$d){…}", DependsOn: []int{0}},
	)
	typename := response.Field{Name: "__typename", Key: []byte(`"__typename":`), Kind: response.TypeName, Type: nonNull, Coordinate: "Pet.__typename"}
	id := leaf(p, "id", response.ID, nonNull, 0)
	id.Hidden = true
	pet := &response.Object{Inherited: 1, TypeName: response.Source{Name: p.Names.Intern("__typename")}, Cases: []response.Case{
		{Types: []string{"Cat"}, Links: []response.Link{{Fetch: 1, Group: 0}}, Fields: []response.Field{typename, id, leaf(p, "lives", response.Int, nullable, 1)}},
		{Types: []string{"Dog", "Wolf"}, Links: []response.Link{{Fetch: 1, Group: 1}}, Fields: []response.Field{typename, id, leaf(p, "tricks", response.Any, nullable, 1)}},
	}}
	list := &response.Type{Elem: nullable}
	p.Root, p.Roots = object(1, composite(p, "pets", list, 0, pet)), []int{0}
	rep := &response.Representation{Cases: []response.RepresentationCase{
		{Constant: "Cat", Fields: []response.RepresentationField{{Key: []byte(`"id":`), Field: 1, Required: true}}},
		{Runtime: true, Fields: []response.RepresentationField{{Key: []byte(`"kind":`), Field: 0}, {Key: []byte(`"id":`), Field: 1, Required: true}}},
	}}
	for i, variable := range []string{"c", "d"} {
		p.Fetches[1].Groups = append(p.Fetches[1].Groups, plan.Group{Name: p.Names.Intern("e" + variable), Variable: variable, Targets: []plan.Target{{
			Route: response.Route{Steps: []response.Step{{}}, Case: i}, Slot: 1, Representation: rep}}})
	}
	return p
}

func TestCases(t *testing.T) {
	facts := answers(`{"data":{"ec":[{"lives":9}],"ed":[{"tricks":["sit"]},null]},"errors":[{"message":"wild","path":["ed",1,"tricks"]}]}`)
	got := run1(t, pets(), &Request{}, answers(`{"data":{"pets":[{"__typename":"Dog","id":1},null,{"__typename":"Cat","id":"2"},{"__typename":"Wolf","id":3},{"__typename":"Fox","id":4},{"id":5},7]}}`), facts)
	equal(t, got, `{"data":{"pets":[{"__typename":"Dog","tricks":["sit"]},null,{"__typename":"Cat","lives":9},{"__typename":"Wolf","tricks":null},null,null,null]},"errors":[`+
		`{"message":"wild","path":["pets",3,"tricks"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"facts"}},`+
		`{"message":"An object of T.pets has a type that cannot stand there.","path":["pets",4],"extensions":{"code":"UNKNOWN_RUNTIME_TYPE"}},`+
		`{"message":"The type of an object of T.pets is not known: no subgraph told its __typename.","path":["pets",5],"extensions":{"code":"UNKNOWN_RUNTIME_TYPE"}},`+
		`{"message":"The subgraph's value of T.pets is not an object.","path":["pets",6],"extensions":{"code":"INVALID_SUBGRAPH_VALUE"}}]}`)
	equal(t, facts.asked[0], `{"query":"query($c,$d){…}","variables":{"c":[{"__typename":"Cat","id":"2"}],"d":[{"__typename":"Dog","kind":"Dog","id":1},{"__typename":"Wolf","kind":"Wolf","id":3}]}}`)
}

func TestNoEntitiesNoCall(t *testing.T) {
	facts := answers(``)
	got := run1(t, pets(), &Request{}, answers(`{"data":{"pets":[{"__typename":"Dog","id":null}]}}`), facts)
	equal(t, got, `{"data":{"pets":[{"__typename":"Dog","tricks":null}]}}`)
	if len(facts.asked) != 0 {
		t.Errorf("asked %s", facts.asked)
	}
}

func TestEntitiesAnswers(t *testing.T) {
	for _, tc := range []struct{ answer, errors string }{
		{`{"data":{"ec":[{"lives":1},{"lives":2}]}}`, `Subgraph \"facts\" did not answer with a GraphQL response: _entities answered 2 entities; 1 were asked for.`},
		{`{"data":{"ec":7}}`, `Subgraph \"facts\" did not answer with a GraphQL response: the answer to _entities is not a list; 1 entities were asked for.`},
		{`{"data":{}}`, `Subgraph \"facts\" did not answer with a GraphQL response: the answer to _entities is not a list; 1 entities were asked for.`},
		{`{"data":null,"errors":[{"message":"all wrong"}]}`, `all wrong`},
		{`{"errors":[{"message":"all wrong"}]}`, `all wrong`},
		{``, `Subgraph \"facts\" did not answer with a GraphQL response: at byte 0: the text ends where an object is expected.`},
	} {
		got := run1(t, pets(), &Request{}, answers(`{"data":{"pets":[{"__typename":"Cat","id":1}]}}`), answers(tc.answer))
		if !strings.HasPrefix(got, `{"data":{"pets":[{"__typename":"Cat","lives":null}]},"errors":[{"message":"`+tc.errors+`","path":["pets"]`) {
			t.Errorf("%s: %s", tc.answer, got)
		}
	}
}

// TestRefused: an answer without data nulls all that was asked for, so its errors are told at each place of that.
func TestRefused(t *testing.T) {
	const list = `{"data":{"pets":[{"__typename":"Dog","id":1},{"__typename":"Cat","id":"2"}]}}`
	const told = `"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"facts"}}`
	for _, tc := range []struct{ answer, errors string }{
		{`{"errors":[{"message":"no"},{"message":"never"}]}`,
			`{"message":"no","path":["pets"],` + told + `,{"message":"never","path":["pets"],` + told},
		{`{"data":null,"errors":[{"message":"no","path":["ec",0,"lives"]}]}`,
			`{"message":"no","path":["pets",1,"lives"],` + told + `,{"message":"no","path":["pets"],` + told},
		{`{"data":{"ec":null,"ed":[{"tricks":1}]},"errors":[{"message":"no cats","path":["ec"]}]}`, `{"message":"no cats","path":["pets"],` + told},
	} {
		got := run1(t, pets(), &Request{}, answers(list), answers(tc.answer))
		if !strings.HasSuffix(got, `"errors":[`+tc.errors+`]}`) {
			t.Errorf("%s: %s", tc.answer, got)
		}
	}
}

// TestNestedQuery: an entity's field leads back to Query, whose field another subgraph has.
func TestNestedQuery(t *testing.T) {
	p := newPlan(
		&plan.Fetch{Name: "a", Operation: "{a{id}}"},
		&plan.Fetch{Subgraph: 1, Name: "b", Operation: "query($n:Int){top(n:$n)}", Variables: []string{"n"}, DependsOn: []int{0},
			Groups: []plan.Group{{Targets: []plan.Target{{Route: response.Route{Steps: []response.Step{{}, {}}, Case: -1}, Slot: 1}}}}},
	)
	query := object(1, leaf(p, "top", response.Int, nullable, 1))
	query.Links = []response.Link{{Fetch: 1}}
	p.Root, p.Roots = object(1, composite(p, "a", &response.Type{Elem: nullable}, 0, object(1, composite(p, "query", nonNull, 0, query)))), []int{0}
	a, b := answers(`{"data":{"a":[{"query":{}},{"query":{}}]}}`), answers(`{"data":{"top":5}}`)
	equal(t, run1(t, p, &Request{Variables: vars{"n": "1"}}, a, b), `{"data":{"a":[{"query":{"top":5}},{"query":{"top":5}}]}}`)
	equal(t, strings.Join(b.asked, " "), `{"query":"query($n:Int){top(n:$n)}","variables":{"n":1}}`)
	b = answers(`{"data":{"top":null},"errors":[{"message":"no","path":["top"]}]}`)
	equal(t, run1(t, p, &Request{}, a, b), `{"data":{"a":[{"query":{"top":null}},{"query":{"top":null}}]},"errors":[`+
		`{"message":"no","path":["a",0,"query","top"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"b"}},`+
		`{"message":"no","path":["a",1,"query","top"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"b"}}]}`)
	equal(t, run1(t, p, &Request{}, answers(`{"data":{"a":[]}}`), answers(``)), `{"data":{"a":[]}}`)
}

// TestTranslatedPaths: what a subgraph says of its own response names is told in the client's, as far as it makes sense.
func TestTranslatedPaths(t *testing.T) {
	p := newPlan(&plan.Fetch{Name: "a", Operation: "{…}"})
	// The client's "rows" is asked as "rows_1"; "secret" is a key that the client does not see.
	cell := leaf(p, "cell", response.Any, nullable, 0)
	secret := composite(p, "secret", nullable, 0, object(1, leaf(p, "id", response.ID, nullable, 0)))
	secret.Hidden = true
	rows := composite(p, "rows", &response.Type{Elem: &response.Type{Elem: nullable}}, 0, object(1, cell, secret))
	rows.Sources[0].Name = p.Names.Intern("rows_1")
	p.Root, p.Roots = object(1, rows), []int{0}
	for from, want := range map[string]string{
		`["rows_1",1,0,"cell"]`:           `["rows",1,0,"cell"]`,
		`["rows_1",1,0,"cell",5,"x"]`:     `["rows",1,0,"cell"]`,
		`["rows_1",1,0,"secret","id"]`:    `["rows",1,0]`,
		`["rows_1",1,0,"unknown","id"]`:   `["rows",1,0]`,
		`["rows_1",1,0,7,"cell"]`:         `["rows",1,0]`,
		`["rows_1"]`:                      `["rows"]`,
		`[3,"rows_1"]`:                    `["rows"]`,
		`["unknown"]`:                     `["rows"]`,
		`"rows_1"`:                        `["rows"]`,
		`["rows_1",99999999999999999999]`: `["rows"]`,
	} {
		got := run1(t, p, &Request{}, answers(`{"data":{"rows_1":null},"errors":[{"message":"m","path":`+from+`}]}`))
		equal(t, got, `{"data":{"rows":null},"errors":[{"message":"m","path":`+want+`,"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"a"}}]}`)
	}
}
