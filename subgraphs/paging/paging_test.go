package paging

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/subgraphs/failure"
)

func badInput(t *testing.T, what string, err error) {
	t.Helper()
	if told, ok := errors.AsType[*failure.Error](err); !ok || told.Code != failure.BadUserInput {
		t.Errorf("%s: error = %v, want one of bad user input", what, err)
	}
}

func TestSize(t *testing.T) {
	if n, err := Size(nil, 20); n != 20 || err != nil {
		t.Errorf("without first: %d, %v, want 20", n, err)
	}
	for _, first := range []int32{1, 50, 100} {
		if n, err := Size(&first, 20); n != int(first) || err != nil {
			t.Errorf("first %d: %d, %v", first, n, err)
		}
	}
	for _, first := range []int32{0, -1, 101, 1<<31 - 1, -1 << 31} {
		_, err := Size(&first, 20)
		badInput(t, strconv.Itoa(int(first)), err)
	}
}

func TestCursorsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringN(1, 40, 160).Draw(t, "key")
		cursor := Cursor("things", key)
		if got, err := After("things", &cursor); got != key || err != nil {
			t.Fatalf("After(Cursor(%q)) = %q, %v", key, got, err)
		}
		if _, err := After("others", &cursor); err == nil {
			t.Fatal("a cursor of another list is accepted")
		}
	})
}

func TestForeignCursors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cursor := rapid.String().Draw(t, "cursor")
		key, err := After("things", &cursor)
		if err == nil && cursor != "" && Cursor("things", key) != cursor {
			// Base64 leaves the last character some freedom; the text must be ours all the same.
			text, _ := base64.RawURLEncoding.DecodeString(cursor)
			if string(text) != "things:"+key {
				t.Fatalf("After(%q) = %q", cursor, key)
			}
		}
	})
	for _, cursor := range []string{"x", "%%%", Cursor("things", ""), Cursor("things", strings.Repeat("a", 1000))} {
		_, err := After("things", &cursor)
		badInput(t, cursor, err)
	}
	for _, key := range []string{"0", "-1", "one", "99999999999999999999"} {
		cursor := Cursor("things", key)
		_, err := NumberAfter("things", &cursor)
		badInput(t, key, err)
	}
}

func TestCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Int(), 0, 12).Draw(t, "entries")
		size := rapid.IntRange(1, 11).Draw(t, "size")
		page, info := Cut(entries, size, true, strconv.Itoa)
		if len(page) != min(len(entries), size) || info.HasNextPage != (len(entries) > size) || !info.HasPreviousPage {
			t.Fatalf("%d entries cut to %d: %d, %+v", len(entries), size, len(page), info)
		}
		if len(page) == 0 {
			if info.StartCursor != nil || info.EndCursor != nil {
				t.Fatalf("an empty page has cursors: %+v", info)
			}
			return
		}
		if *info.StartCursor != strconv.Itoa(page[0]) || *info.EndCursor != strconv.Itoa(page[len(page)-1]) {
			t.Fatalf("cursors of %v are %q and %q", page, *info.StartCursor, *info.EndCursor)
		}
	})
}
