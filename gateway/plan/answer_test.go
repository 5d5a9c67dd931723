package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

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
// error of the monolith is told of: at its place, above or below it, or, where an entity stands at many places of the
// response, at one of those.
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
		if len(e.Path) == 0 || !leadsToNull(data, e.Path) {
			return fmt.Errorf("the errors tell of no null, %q: the response is\n%s\nthe monolith's is\n%s", e.Message, got, want.JSON())
		}
	}
	for _, e := range should.Errors {
		told := false
		for _, h := range have.Errors {
			told = told || h.Message == e.Message || touches(h.Path, e.Path)
		}
		if !told {
			return fmt.Errorf("the errors do not tell of %v: the response is\n%s\nthe monolith's is\n%s", e.Path, got, want.JSON())
		}
	}
	return nil
}

// leadsToNull reports whether a null is at the end of a path or on the way there.
func leadsToNull(data any, path []any) bool {
	for _, step := range path {
		switch v := data.(type) {
		case nil:
			return true
		case map[string]any:
			name, _ := step.(string)
			member, ok := v[name]
			if !ok {
				return false
			}
			data = member
		case []any:
			i, ok := step.(float64)
			if !ok || int(i) >= len(v) {
				return false
			}
			data = v[int(i)]
		default:
			return false
		}
	}
	return data == nil
}

// touches reports whether one path begins with the other.
func touches(a, b []any) bool {
	n := min(len(a), len(b))
	return strings.HasPrefix(fmt.Sprint(a[:n]...)+" ", fmt.Sprint(b[:n]...)+" ")
}
