package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/weft-gateway/weft/internal/simulate"
)

// answer is a response as a client reads it.
type answer struct {
	Data   json.RawMessage
	Errors []answerError
}

type answerError struct {
	Message string
	Path    []any
}

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
// one of the data (see simulate.World) that the monolith did not come across, and then it leads nowhere. Each
// null that errors of the monolith stand for has an error, or, where an entity stands at many places of the response, one of
// those has the same error.
func sameAnswer(got []byte, want *simulate.Result, world []byte) error {
	have, should, data, _, err := read(got, want)
	if err != nil {
		return err
	}
	if !bytes.Equal(have.Data, should.Data) {
		return fmt.Errorf("the data is\n%s\nthe monolith's is\n%s", got, want.JSON())
	}
	for _, e := range have.Errors {
		unselected := len(e.Path) == 0 && bytes.Contains(world, strconv.AppendQuote(nil, e.Message)) &&
			!slices.ContainsFunc(should.Errors, func(s answerError) bool { return s.Message == e.Message })
		if !unselected && nullAt(data, e.Path) == "" {
			return fmt.Errorf("the errors tell of no null, %q: the response is\n%s\nthe monolith's is\n%s", e.Message, got, want.JSON())
		}
	}
	for _, e := range should.Errors {
		told := false
		for _, h := range have.Errors {
			told = told || h.Message == e.Message || nullAt(data, h.Path) == nullAt(data, e.Path)
		}
		if !told {
			return fmt.Errorf("the errors do not tell of %v: the response is\n%s\nthe monolith's is\n%s", e.Path, got, want.JSON())
		}
	}
	return nil
}

// nullAt is the place of the null that a path leads to, at its end or on the way there; "" when there is none.
func nullAt(data any, path []any) string {
	at := "data"
	for _, step := range path {
		switch v := data.(type) {
		case nil:
			return at
		case map[string]any:
			name, _ := step.(string)
			member, ok := v[name]
			if !ok {
				return ""
			}
			data = member
		case []any:
			i, ok := step.(float64)
			if !ok || int(i) >= len(v) {
				return ""
			}
			data = v[int(i)]
		default:
			return ""
		}
		at += fmt.Sprint(" ", step)
	}
	if data != nil || len(path) == 0 {
		return ""
	}
	return at
}

// degradedAnswer compares a response with the monolith's where subgraphs have failed. What is there is right, and no null is
// there in the place of something without an error that tells of it: that leads there, or to an object around it that a
// failed call was to get more of, or that has no place of its own.
func degradedAnswer(got []byte, want *simulate.Result) error {
	have, _, data, monolith, err := read(got, want)
	if err != nil {
		return err
	}
	told, copies := map[string]bool{}, map[string]int{}
	for _, e := range have.Errors {
		told[nullAt(data, e.Path)] = true
		at, everywhere := "data", "data" // an error without a path tells of all
		for _, step := range e.Path {
			at += fmt.Sprint(" ", step)
			if name, ok := step.(string); ok {
				everywhere += " " + name
			}
		}
		told[at] = true
		// An entity that stands at many places is told of at some.
		if copies[e.Message+everywhere]++; copies[e.Message+everywhere] >= fewCopies {
			told[everywhere] = true
		}
	}
	if err := degraded("data", data, monolith, told, false); err != nil {
		return fmt.Errorf("%w: the response is\n%s\nthe monolith's is\n%s", err, got, want.JSON())
	}
	return nil
}

// fewCopies is less than how many places the gateway names for one error.
const fewCopies = 6

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
