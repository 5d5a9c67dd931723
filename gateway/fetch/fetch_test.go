package fetch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCallerKeys: two callers have the same key only if identity and headers are the same.
func TestCallerKeys(t *testing.T) {
	type who struct {
		identity string
		headers  []Header
	}
	// Texts that could be taken for each other when they are put together carelessly.
	text := rapid.SampledFrom([]string{"", "a", "b", "1:", ":", "0:", "1:a", "a1:b", "\n", "a: b"})
	draw := rapid.Custom(func(t *rapid.T) who {
		w := who{identity: text.Draw(t, "identity")}
		for range rapid.IntRange(0, 3).Draw(t, "headers") {
			w.headers = append(w.headers, Header{text.Draw(t, "name"), text.Draw(t, "value")})
		}
		return w
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		same := fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b)
		if keys := NewCaller(a.identity, a.headers).Key() == NewCaller(b.identity, b.headers).Key(); keys != same {
			t.Fatalf("%q and %q: same key %v", a, b, keys)
		}
	})
	if NewCaller("", []Header{{"X-A", "1"}}).Key() != NewCaller("", []Header{{"x-a", "1"}}).Key() {
		t.Error("the case of a header's name makes a difference")
	}
}

func TestFailed(t *testing.T) {
	own := &Error{Code: CodeOverload, Message: "busy"}
	for _, tc := range []struct {
		err  error
		code string
	}{
		{own, CodeOverload},
		{fmt.Errorf("more: %w", own), CodeOverload},
		{fmt.Errorf("read tcp 10.0.0.7:80: %w", context.DeadlineExceeded), CodeTimeout},
		{context.Canceled, CodeCancelled},
		{errors.New("dial tcp 10.0.0.7:80: connection refused"), CodeHTTP},
	} {
		e := Failed("shop", tc.err)
		if e.Code != tc.code || !errors.Is(e, tc.err) && e != own {
			t.Errorf("%v: %v", tc.err, e)
		}
		if strings.Contains(e.Message, "10.0.0.7") {
			t.Errorf("the message for clients tells an address: %s", e.Message)
		}
	}
}

type freed int

func (f *freed) Free() { *f++ }

func TestRelease(t *testing.T) {
	var none *Response
	none.Release()
	var n freed
	r := &Response{Body: []byte("x"), Free: &n}
	r.Release()
	r.Release()
	if n != 1 || r.Body != nil {
		t.Errorf("freed %d times", n)
	}
}

func TestMemo(t *testing.T) {
	var m Memo
	var n freed
	made := 0
	get := func(key any, result Made, failure error) (Made, bool, error) {
		return m.Make(key, func() (Made, error) { made++; return result, failure })
	}
	for range 3 {
		if got, ok, err := get("a", &n, nil); got != Made(&n) || !ok || err != nil {
			t.Errorf("%v %v %v", got, ok, err)
		}
	}
	if got, ok, err := get("b", &n, nil); got != nil || ok || err != nil {
		t.Errorf("for another key: %v %v %v", got, ok, err)
	}
	if m.Free(); n != 1 || made != 1 {
		t.Errorf("made %d times, freed %d times", made, n)
	}
	m = Memo{}
	for range 2 {
		if got, ok, err := get("a", nil, context.Canceled); got != nil || !ok || err != context.Canceled {
			t.Errorf("a failure: %v %v %v", got, ok, err)
		}
	}
	m.Free()
}
