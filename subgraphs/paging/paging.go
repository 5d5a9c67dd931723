// Package paging holds what the connections of the demo services have in common: bounded page
// sizes, opaque cursors and the page information of the Relay connection specification.
//
// A cursor names the sort key of the entry that it belongs to, not a position. Entries added or
// removed while a client pages neither repeat nor hide others.
package paging

import (
	"encoding/base64"
	"strings"

	"github.com/weft-gateway/weft/subgraphs/failure"
)

// Max is the largest page that a client may ask for.
const Max = 100

// maxCursor bounds a cursor before it is decoded; ours are far shorter.
const maxCursor = 256

// Info is the GraphQL type PageInfo.
type Info struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Size returns the page size for the argument first, or fallback where the client gave none.
func Size(first *int32, fallback int) (int, error) {
	if first == nil {
		return fallback, nil
	}
	if *first < 1 || *first > Max {
		return 0, failure.New(failure.BadUserInput,
			"first is %d: a page has 1 to %d entries", *first, Max)
	}
	return int(*first), nil
}

// Cursor returns the cursor of the entry with this sort key in a list of this kind.
func Cursor(kind, key string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + key))
}

// After returns the sort key that a cursor names, "" where the client gave no cursor. A cursor
// of another kind of list is refused.
func After(kind string, cursor *string) (string, error) {
	if cursor == nil || *cursor == "" {
		return "", nil
	}
	if len(*cursor) <= maxCursor {
		if text, err := base64.RawURLEncoding.DecodeString(*cursor); err == nil {
			if key, ok := strings.CutPrefix(string(text), kind+":"); ok && key != "" {
				return key, nil
			}
		}
	}
	return "", badCursor(kind)
}

func badCursor(kind string) error {
	return failure.New(failure.BadUserInput,
		"after is no cursor of a list of %s: pass the endCursor or an edge's cursor as it was received", kind)
}

// Cut shortens a list that was read with one entry more than size, and tells what page it is.
// cursor gives an entry's cursor; continued says that the page follows a cursor.
func Cut[T any](entries []T, size int, continued bool, cursor func(T) string) ([]T, Info) {
	info := Info{HasPreviousPage: continued}
	if len(entries) > size {
		info.HasNextPage = true
		entries = entries[:size]
	}
	if len(entries) > 0 {
		first, last := cursor(entries[0]), cursor(entries[len(entries)-1])
		info.StartCursor, info.EndCursor = &first, &last
	}
	return entries, info
}
