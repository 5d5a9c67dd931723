package composition

import (
	"strings"
	"testing"
)

// TestKeyForms holds that a Federation 1 key means the same however it is written, also beside @external. The reference does
// not have it so, which docs/federation.md tells of.
func TestKeyForms(t *testing.T) {
	compose := func(key string) string {
		r := Compose([]Subgraph{
			{Name: "a", URL: "http://a", SDL: `type Query { t: T } type T @key(fields: "id") { id: ID! x: ID! }`},
			{Name: "b", URL: "http://b", SDL: `extend type T @key(fields: ` + key + `) { id: ID! @external x: ID! @external b: Int @requires(fields: "x") }`},
		})
		if len(r.Errors) > 0 {
			t.Errorf("%s: %v", key, r.Errors)
		}
		return r.SDL
	}
	quoted := compose(`"id"`)
	if !strings.Contains(quoted, `@join__type(graph: B, key: "id")`) {
		t.Errorf("without the key:\n%s", quoted)
	}
	for _, key := range []string{`id`, `["id"]`, `[id]`} {
		if got := compose(key); got != quoted {
			t.Errorf("%s:\n%s\nwant:\n%s", key, got, quoted)
		}
	}
}
