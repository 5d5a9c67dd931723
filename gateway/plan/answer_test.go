package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/weft-gateway/weft/internal/simulate"
)

// answer is a response as a client reads it.
type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message string
		Path    []any
	}
}

// sameAnswer compares a response with the monolith's. The data is the same, byte for byte. Each error leads to a null. Each
// null that errors of the monolith stand for has an error, or, where an entity stands at many places of the response, one of
// those has the same error.
func sameAnswer(got []byte, want *simulate.Result) error {
	var have, should answer
	if err := json.Unmarshal(got, &have); err != nil {
		return fmt.Errorf("the response is no JSON: %w\n%s", err, got)
	}
	if err := json.Unmarshal(want.JSON(), &should); err != nil {
		return err
	}
	var data, monolith any
	if json.Unmarshal(have.Data, &data) != nil || json.Unmarshal(should.Data, &monolith) != nil {
		return errors.New("the data is no JSON")
	}
	if !bytes.Equal(have.Data, should.Data) {
		return fmt.Errorf("the data is\n%s\nthe monolith's is\n%s", got, want.JSON())
	}
	for _, e := range have.Errors {
		if nullAt(data, e.Path) == "" {
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
