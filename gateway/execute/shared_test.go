package execute

import (
	"testing"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// TestEntitiesInCommon: what lies behind an entity that stands at several places is the same everywhere, but an error of
// it is told with each place's own path.
func TestEntitiesInCommon(t *testing.T) {
	p := newPlan(
		&plan.Fetch{Name: "people", Operation: "{all{id}}", Dependents: []int{1}},
		&plan.Fetch{ID: 1, Kind: plan.Entities, Subgraph: 1, Name: "friends", Operation: "{_entities}", DependsOn: []int{0}},
	)
	p.Fetches[1].Groups = []plan.Group{{Name: p.Names.Intern("_entities"), Variable: "r", Targets: []plan.Target{{
		Route: response.Route{Case: -1, Steps: []response.Step{{}}}, Slot: 1,
		Representation: &response.Representation{Cases: []response.RepresentationCase{{
			Constant: "P", Fields: []response.RepresentationField{{Key: []byte(`"id":`), Field: 0, Required: true}},
		}}},
	}}}}
	friend := object(1, leaf(p, "name", response.String, &response.Type{NonNull: true}, 0))
	person := object(1, leaf(p, "id", response.ID, nullable, 0), composite(p, "friends", &response.Type{Elem: nullable}, 1, friend))
	person.Links = []response.Link{{Fetch: 1}}
	p.Root, p.Roots = object(1, composite(p, "all", &response.Type{Elem: nullable}, 0, person)), []int{0}

	entities := answers(`{"data":{"_entities":[{"friends":[{"name":"A"},{"name":"B"}]},{"friends":[{"name":"C"},{"name":null}]},null]}}`)
	got := run1(t, p, &Request{}, answers(`{"data":{"all":[{"id":"1"},{"id":"2"},{"id":"1"},{"id":"3"},{"id":"2"},{"id":"1"}]}}`), entities)
	const (
		whole   = `{"id":"1","friends":[{"name":"A"},{"name":"B"}]}`
		part    = `{"id":"2","friends":[{"name":"C"},null]}`
		missing = `{"id":"3","friends":null}`
		message = `"message":"Cannot return null for non-nullable field `
	)
	equal(t, got, `{"data":{"all":[`+whole+`,`+part+`,`+whole+`,`+missing+`,`+part+`,`+whole+`]},"errors":[`+
		`{`+message+friend.Cases[0].Fields[0].Coordinate+`.","path":["all",1,"friends",1,"name"],"extensions":{"code":"`+response.CodeNull+`"}},`+
		`{`+message+friend.Cases[0].Fields[0].Coordinate+`.","path":["all",4,"friends",1,"name"],"extensions":{"code":"`+response.CodeNull+`"}}]}`)
	if len(entities.asked) != 1 {
		t.Errorf("%d calls", len(entities.asked))
	}
}
