package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/internal/simulate"
)

// answer is a response as a client reads it.
type answer struct {
	Data   json.RawMessage
	Errors []answerError
}

type answerError struct {
	Message    string
	Path       []any
	Extensions struct{ Code, Service string }
}

// lacking says whether it is about what was not asked for because an input is missing.
func (e answerError) lacking() bool { return e.Extensions.Code == response.CodeLacking }

// read reads a response, and the monolith's.
func read(got []byte, want *simulate.Result) (have, should answer, data, monolith any, err error) {
	if err = json.Unmarshal(got, &have); err != nil {
		return have, should, nil, nil, fmt.Errorf("the response is no JSON: %w\n%s", err, got)
	}
	if err = json.Unmarshal(want.JSON(), &should); err != nil {
		return have, should, nil, nil, err
	}
	if json.Unmarshal(have.Data, &data) != nil || json.Unmarshal(should.Data, &monolith) != nil {
		err = errors.New("the data is no JSON")
	}
	return have, should, data, monolith, err
}

// sameAnswer compares a response with the monolith's. The data is the same, byte for byte. Each error leads to a null, or is
// one of the data (see simulate.World) that the monolith did not come across, or came across elsewhere, where another error
// tells of it, and then it leads nowhere. Each null that errors of the monolith stand for has one of those errors, or, where
// an entity stands at many places of the response, one of those places has it.
func sameAnswer(got []byte, want *simulate.Result, world []byte) error {
	have, should, data, _, err := read(got, want)
	if err != nil {
		return err
	}
	if !bytes.Equal(have.Data, should.Data) {
		return fmt.Errorf("the data is\n%s\nthe monolith's is\n%s", got, want.JSON())
	}
	told, expected := tellings(data, have.Errors), tellings(data, should.Errors)
	for _, e := range have.Errors {
		unselected := len(e.Path) == 0 && bytes.Contains(world, strconv.AppendQuote(nil, e.Message)) &&
			(expected.copies[e.Message] == 0 || told.placed[e.Message])
		at, value := lead(data, e.Path)
		if !unselected && (at == "" || value != nil && !(e.lacking() && holdsNull(value))) {
			return fmt.Errorf("the errors tell of no null, %q: the response is\n%s\nthe monolith's is\n%s", e.Message, got, want.JSON())
		}
	}
	for _, e := range should.Errors {
		if !told.of(data, e) {
			return fmt.Errorf("the errors do not tell of %v: the response is\n%s\nthe monolith's is\n%s", e.Path, got, want.JSON())
		}
	}
	return nil
}

// tales are what errors tell: some answers have thousands.
type tales struct {
	copies map[string]int  // by message: an entity that stands at many places is told of at some
	placed map[string]bool // the messages with a path
	nulls  map[string]bool // the places of the nulls that they lead to
	routes map[string]bool // those, without indices, of messages that are told of as often as they may be
	lacks  []answerError
}

func tellings(data any, errors []answerError) *tales {
	t := &tales{copies: map[string]int{}, placed: map[string]bool{}, nulls: map[string]bool{}, routes: map[string]bool{}}
	for _, e := range errors {
		t.copies[e.Message]++
	}
	for _, e := range errors {
		at := nullAt(data, e.Path)
		if len(e.Path) > 0 {
			t.placed[e.Message], t.nulls[at] = true, true
		}
		if t.copies[e.Message] >= maxCopies {
			t.routes[withoutIndices(at)] = true
		}
		if e.lacking() {
			t.lacks = append(t.lacks, e)
		}
	}
	return t
}

// of reports whether they tell of an error.
func (t *tales) of(data any, e answerError) bool {
	if t.copies[e.Message] > 0 {
		return true
	}
	at := nullAt(data, e.Path)
	return t.nulls[at] || t.routes[withoutIndices(at)] || slices.ContainsFunc(t.lacks, func(l answerError) bool {
		return len(l.Path) <= len(e.Path) && slices.Equal(l.Path, e.Path[:len(l.Path)])
	})
}

// lead follows a path into data. It returns the place that it leads to, or that of a null on the way there, and the value
// there; "" where the path leads nowhere.
func lead(data any, path []any) (at string, value any) {
	if len(path) == 0 {
		return "", nil
	}
	at = "data"
	for _, step := range path {
		switch v := data.(type) {
		case nil:
			return at, nil
		case map[string]any:
			name, _ := step.(string)
			member, ok := v[name]
			if !ok {
				return "", nil
			}
			data = member
		case []any:
			i, ok := step.(float64)
			if !ok || int(i) >= len(v) {
				return "", nil
			}
			data = v[int(i)]
		default:
			return "", nil
		}
		at += fmt.Sprint(" ", step)
	}
	return at, data
}

// nullAt is the place of the null that a path leads to, at its end or on the way there; "" when there is none.
func nullAt(data any, path []any) string {
	if at, value := lead(data, path); value == nil {
		return at
	}
	return ""
}

func holdsNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), holdsNull)
	case []any:
		return slices.ContainsFunc(v, holdsNull)
	}
	return false
}

// degradedAnswer compares a response with the monolith's where subgraphs have failed. What is there is right, and no null is
// there in the place of something without an error that tells of it: that leads there, or to an object around it that a
// failed call was to get more of. An error leads somewhere, or has no path, and then explains nothing.
func degradedAnswer(got []byte, want *simulate.Result, p *plan.Plan) error {
	have, _, data, monolith, err := read(got, want)
	if err != nil {
		return err
	}
	told, copies := map[string]bool{}, map[string]int{}
	for _, e := range have.Errors {
		if len(e.Path) == 0 {
			continue
		}
		at, _ := lead(data, e.Path)
		if at == "" {
			return fmt.Errorf("an error leads nowhere, %q: the response is\n%s", e.Message, got)
		}
		told[at] = true
		// An entity that stands at many places is told of at some.
		if copies[e.Message]++; copies[e.Message] >= maxCopies {
			for _, route := range routes(p, e.Extensions.Service) {
				told[route] = true
			}
		}
	}
	if err := degraded("data", data, monolith, told, false); err != nil {
		return fmt.Errorf("%w: the response is\n%s\nthe monolith's is\n%s", err, got, want.JSON())
	}
	return nil
}

// maxCopies is how many places the gateway names for one error.
const maxCopies = 8

// routes are where in the response entities of a subgraph stand, without the indices of lists.
func routes(p *plan.Plan, subgraph string) []string {
	var out []string
	for _, n := range p.Explain().Plan {
		if n.Subgraph != subgraph {
			continue
		}
		for _, at := range n.At {
			out = append(out, "data "+strings.ReplaceAll(strings.ReplaceAll(at.Path, "[]", ""), ".", " "))
		}
	}
	return out
}

func withoutIndices(at string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(at), func(step string) bool { return step[0] >= '0' && step[0] <= '9' }), " ")
}

// degraded compares a value; told are the places that errors tell of, around says whether one of them is around the value.
func degraded(at string, have, want any, told map[string]bool, around bool) error {
	around = around || told[at] || told[withoutIndices(at)]
	if have == nil && want != nil {
		if !around {
			return fmt.Errorf("no error tells of the null, at %s", at)
		}
		return nil
	}
	switch have := have.(type) {
	case map[string]any:
		want, ok := want.(map[string]any)
		if !ok || len(have) != len(want) {
			return fmt.Errorf("something else, at %s", at)
		}
		for name := range have {
			if err := degraded(at+" "+name, have[name], want[name], told, around); err != nil {
				return err
			}
		}
		return nil
	case []any:
		want, ok := want.([]any)
		if !ok || len(have) != len(want) {
			return fmt.Errorf("something else, at %s", at)
		}
		for i := range have {
			if err := degraded(fmt.Sprint(at, " ", i), have[i], want[i], told, around); err != nil {
				return err
			}
		}
		return nil
	}
	if have != want {
		return fmt.Errorf("something else, at %s", at)
	}
	return nil
}
