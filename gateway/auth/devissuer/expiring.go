package devissuer

import "time"

// expiring is a map whose entries end after a fixed time, bounded in number: the
// oldest gives way to a new one. Its owner guards it.
type expiring[V any] struct {
	ttl     time.Duration
	max     int
	entries map[string]expiringEntry[V]
	// order holds the keys as they were added, and so as they end; keys that were
	// removed stay until they come to the front.
	order []string
}

type expiringEntry[V any] struct {
	value V
	ends  time.Time
}

func newExpiring[V any](ttl time.Duration, limit int) *expiring[V] {
	return &expiring[V]{ttl: ttl, max: limit, entries: make(map[string]expiringEntry[V])}
}

// add sets a value under a key that was never used before.
func (e *expiring[V]) add(key string, value V, now time.Time) {
	for len(e.order) > 0 {
		entry, there := e.entries[e.order[0]]
		if there && now.Before(entry.ends) && len(e.order) < e.max {
			break
		}
		delete(e.entries, e.order[0])
		e.order = e.order[1:]
	}
	e.entries[key] = expiringEntry[V]{value, now.Add(e.ttl)}
	e.order = append(e.order, key)
}

func (e *expiring[V]) get(key string, now time.Time) (V, bool) {
	entry, ok := e.entries[key]
	if !ok || !now.Before(entry.ends) {
		var none V
		return none, false
	}
	return entry.value, true
}

// replace changes the value of a key that is there; when it ends does not change.
func (e *expiring[V]) replace(key string, value V) {
	if entry, ok := e.entries[key]; ok {
		entry.value = value
		e.entries[key] = entry
	}
}

func (e *expiring[V]) remove(key string) {
	delete(e.entries, key)
}

// removeAll removes the entries that match.
func (e *expiring[V]) removeAll(match func(V) bool) {
	for key, entry := range e.entries {
		if match(entry.value) {
			delete(e.entries, key)
		}
	}
}
