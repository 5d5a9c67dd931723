package mock

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: `
	type Query { users: [User!]! user(id: ID!): User _entities(representations: [_Any!]!): [_Entity]! }
	type User { id: ID! name: String! age: Int! friend: User! }
	scalar _Any
	union _Entity = User
`})

func server() *Server {
	return New(schema, &Data{Keys: map[string]string{"User": "id"}, Population: map[string]int{"User": 5}, Lengths: map[string]int{"Query.users": 2}})
}

func ask(t *testing.T, s *Server, query, variables string) (string, error) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": json.RawMessage(variables)})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Answer(body)
	return string(answer), err
}

// An entity is the same whichever way it is reached: by a root field, by a representation, by another server.
func TestEntitiesAreTheSameEverywhere(t *testing.T) {
	one, err := ask(t, server(), `{ user(id: "3") { ...F } } fragment F on User { id name age friend { id name } }`, `{}`)
	if err != nil {
		t.Fatal(err)
	}
	var user struct {
		Data struct{ User json.RawMessage }
	}
	if err := json.Unmarshal([]byte(one), &user); err != nil {
		t.Fatal(err)
	}
	const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id name age friend { id name } } } }`
	two, err := ask(t, server(), query, `{"r":[{"__typename":"User","id":"3"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"data":{"_entities":[` + string(user.Data.User) + `]}}`; two != want {
		t.Errorf("by representation: %s\nby root field: %s", two, want)
	}
}

func TestSelectionsMerge(t *testing.T) {
	got, err := ask(t, server(), `{ a: user(id: "2") { id ...F } a: user(id: "2") { friend { __typename } } missing: user(id: "6") { id } } fragment F on User { id friend { id } }`, `{}`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got, `{"data":{"a":{"id":"2","friend":{"id":"`) || !strings.HasSuffix(got, `","__typename":"User"}},"missing":null}}`) {
		t.Errorf("answer: %s", got)
	}
}

func TestRefusals(t *testing.T) {
	const entities = `query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }`
	for _, c := range []struct{ name, query, variables, want string }{
		{"a field that there is not", `{ nobody }`, `{}`, "nobody"},
		{"a condition", `{ users @skip(if: false) { id } }`, `{}`, "conditions are not supported"},
		{"a key that there is not", entities, `{"r":[{"__typename":"User","id":"9"}]}`, "there is no User"},
		{"an unknown type", entities, `{"r":[{"__typename":"Cat","id":"1"}]}`, `no entity "Cat"`},
		{"no key", entities, `{"r":[{"__typename":"User"}]}`, "User.id"},
		{"a field of another entity", entities, `{"r":[{"__typename":"User","id":"1","age":-1}]}`, "User.age is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ask(t, server(), c.query, c.variables)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("answer %s, error %v: does not say %q", got, err, c.want)
			}
		})
	}
}
