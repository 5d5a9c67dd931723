package fetch

import "sync"

// Memo keeps what the first of several receivers of one answer made of it, for the others. It lives as long as the answer:
// what it gives may be used until the receiver's Response is released.
type Memo struct {
	mu   sync.Mutex
	key  any
	made Made
	err  error
}

// Made is something made of an answer. It must not change any more.
type Made interface {
	// Free gives its memory back, once nobody uses it.
	Free()
}

// Make returns what was made for the key, a comparable value that stands for all that it depends on besides the answer. The
// first key is the memo's; for others it says false.
func (m *Memo) Make(key any, make func() (Made, error)) (made Made, ok bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.key == nil {
		m.key = key
		m.made, m.err = make()
	}
	if m.key != key {
		return nil, false, nil
	}
	return m.made, true, m.err
}

// Free gives the memory of what was made back.
func (m *Memo) Free() {
	if m.made != nil {
		m.made.Free()
	}
	m.made = nil
}
