package operation

import (
	"context"
	"fmt"
	"hash/maphash"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// CacheKey is what a prepared operation depends on besides the schema: the document as the client wrote it, the operation
// asked for, and bits for whatever else chooses among variants of its plan.
type CacheKey struct {
	Text      string
	Operation string
	Variant   uint64
}

// CacheOptions bound a Cache. Zero values take the defaults given here.
type CacheOptions struct {
	Entries int           // entries kept: 10,000
	Bytes   int           // size of all keys and values kept: 128 MiB
	Timeout time.Duration // of one preparation: 10 s
	// Preparing is how many preparations run at a time; more wait. By default one per CPU, so that a burst of new documents
	// delays itself rather than the requests that are already prepared.
	Preparing int
}

// Cache remembers what prepare made of a key. It is safe for use by many goroutines.
//
// A hit takes a hash, a read lock of one shard and a comparison of the whole key (a hash alone never decides), and
// allocates nothing. A key that is not there is prepared once, in a goroutine of its own, however many requests ask for it
// meanwhile, and one that gives up does not take it away from the others. Nothing of a request reaches the preparation but
// the key, since what it makes is given to everyone.
//
// Errors are told to those who wait and are not remembered: a deadline that passed or a panic says nothing about the next
// attempt. A verdict that will not change, such as validation errors, belongs in V.
//
// When full, the cache evicts by SIEVE: entries stand in the order they came, and a hand that moves from old to new drops
// the first that was not used since the hand last passed. Documents that are sent once so leave before those that return.
type Cache[V any] struct {
	prepare func(ctx context.Context, key CacheKey) (V, error)
	size    func(V) int
	timeout time.Duration
	slots   chan struct{}
	seed    maphash.Seed
	shards  []cacheShard[V]
}

// shardCount is a power of two.
const shardCount = 16

type cacheShard[V any] struct {
	mu       sync.RWMutex
	entries  map[uint64]*cacheEntry[V] // by hash; entries of one hash are chained by next
	flights  map[uint64]*flight[V]     // likewise
	newest   *cacheEntry[V]
	oldest   *cacheEntry[V]
	hand     *cacheEntry[V]
	count    int
	bytes    int
	maxCount int
	maxBytes int

	hits      atomic.Uint64
	misses    atomic.Uint64
	shared    atomic.Uint64
	evictions atomic.Uint64
	failures  atomic.Uint64
}

type cacheEntry[V any] struct {
	key          CacheKey
	hash         uint64
	value        V
	bytes        int
	used         atomic.Bool // since the hand last passed
	uses         atomic.Uint64
	next         *cacheEntry[V] // of the same hash
	newer, older *cacheEntry[V]
}

// flight is a preparation that has not ended. Its fields but value and err are guarded by the shard's lock; value and err
// are written before done is closed.
type flight[V any] struct {
	key     CacheKey
	next    *flight[V] // of the same hash
	waiting int
	started bool
	left    chan struct{} // closed when nobody waits any more for a preparation that has not started
	done    chan struct{}
	value   V
	err     error
}

// NewCache makes a cache of what prepare makes. size says what a value adds to CacheOptions.Bytes beyond its key; nil is 0.
// prepare must return when its context ends.
func NewCache[V any](options CacheOptions, size func(V) int, prepare func(ctx context.Context, key CacheKey) (V, error)) *Cache[V] {
	if options.Entries <= 0 {
		options.Entries = 10_000
	}
	if options.Bytes <= 0 {
		options.Bytes = 128 << 20
	}
	if options.Timeout <= 0 {
		options.Timeout = 10 * time.Second
	}
	if options.Preparing <= 0 {
		options.Preparing = runtime.GOMAXPROCS(0)
	}
	if size == nil {
		size = func(V) int { return 0 }
	}
	n := shardCount
	if options.Entries < 16*shardCount {
		n = 1 // so few entries would spread unevenly
	}
	c := &Cache[V]{
		prepare: prepare,
		size:    size,
		timeout: options.Timeout,
		slots:   make(chan struct{}, options.Preparing),
		seed:    maphash.MakeSeed(),
		shards:  make([]cacheShard[V], n),
	}
	for i := range c.shards {
		s := &c.shards[i]
		s.entries = map[uint64]*cacheEntry[V]{}
		s.flights = map[uint64]*flight[V]{}
		s.maxCount = max(1, options.Entries/n)
		s.maxBytes = max(1, options.Bytes/n)
	}
	return c
}

// Get returns what prepare makes of the key. The key's strings may point into memory that is reused after Get returns. An
// error is that of ctx, of the preparation, or a *PanicError.
func (c *Cache[V]) Get(ctx context.Context, key CacheKey) (V, error) {
	hash := c.hash(key)
	s := &c.shards[hash&uint64(len(c.shards)-1)]
	s.mu.RLock()
	e := s.find(hash, key)
	s.mu.RUnlock()
	if e != nil {
		return s.hit(e), nil
	}
	return c.join(ctx, s, hash, key)
}

func (c *Cache[V]) hash(key CacheKey) uint64 {
	h := maphash.String(c.seed, key.Text)
	if key.Operation != "" {
		h = h*0x9E3779B97F4A7C15 + maphash.String(c.seed, key.Operation)
	}
	return h ^ key.Variant*0xD6E8FEB86659FD93
}

func (s *cacheShard[V]) find(hash uint64, key CacheKey) *cacheEntry[V] {
	for e := s.entries[hash]; e != nil; e = e.next {
		if e.key == key {
			return e
		}
	}
	return nil
}

func (s *cacheShard[V]) hit(e *cacheEntry[V]) V {
	if !e.used.Load() { // mostly true: do not take the cache line from other CPUs to write what is there
		e.used.Store(true)
	}
	e.uses.Add(1)
	s.hits.Add(1)
	return e.value
}

// join waits for the preparation of a key, starting it if nobody did.
func (c *Cache[V]) join(ctx context.Context, s *cacheShard[V], hash uint64, key CacheKey) (V, error) {
	s.mu.Lock()
	if e := s.find(hash, key); e != nil { // prepared between the locks
		s.mu.Unlock()
		return s.hit(e), nil
	}
	f := s.flights[hash]
	for f != nil && f.key != key {
		f = f.next
	}
	if f == nil {
		s.misses.Add(1)
		key.Text, key.Operation = strings.Clone(key.Text), strings.Clone(key.Operation)
		f = &flight[V]{key: key, next: s.flights[hash], left: make(chan struct{}), done: make(chan struct{})}
		s.flights[hash] = f
		go c.fly(s, hash, f)
	} else {
		s.shared.Add(1)
	}
	f.waiting++
	s.mu.Unlock()

	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
	}
	s.mu.Lock()
	if f.waiting--; f.waiting == 0 && !f.started {
		s.remove(hash, f)
		close(f.left)
	}
	s.mu.Unlock()
	var none V
	return none, fmt.Errorf("preparing the operation: %w", context.Cause(ctx))
}

// fly prepares. Once started it runs to its end even if everyone left: those who gave up will be back.
func (c *Cache[V]) fly(s *cacheShard[V], hash uint64, f *flight[V]) {
	select {
	case c.slots <- struct{}{}:
	case <-f.left:
		return
	}
	defer func() {
		<-c.slots
		if f.started { // who waits hears of it last, so that nothing of a preparation goes on after its answer
			close(f.done)
		}
	}()
	s.mu.Lock()
	if f.waiting == 0 {
		s.mu.Unlock() // left in the same moment
		return
	}
	f.started = true
	s.mu.Unlock()

	f.err = errPreparationExited // unless call says otherwise
	bytes := 0
	defer func() {
		s.mu.Lock()
		s.remove(hash, f)
		if f.err == nil {
			s.insert(&cacheEntry[V]{key: f.key, hash: hash, value: f.value, bytes: bytes})
		} else {
			s.failures.Add(1)
		}
		s.mu.Unlock()
	}()
	f.value, bytes, f.err = c.call(f.key)
}

var errPreparationExited = fmt.Errorf("preparing the operation: the preparation ended without a result")

// PanicError is a panic of a preparation, told to those who waited for it.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("preparing the operation: panic: %v", e.Value)
}

// call prepares and measures the value.
func (c *Cache[V]) call(key CacheKey) (value V, bytes int, err error) {
	// Not the context of a request: it would end with the request, and carry its identity into what others receive.
	ctx, cancel := context.WithTimeout(context.Background(), c.timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	if value, err = c.prepare(ctx, key); err != nil {
		return value, 0, err
	}
	return value, entryBytes(key) + c.size(value), nil
}

// remove takes a flight from those that can be joined.
func (s *cacheShard[V]) remove(hash uint64, f *flight[V]) {
	first := s.flights[hash]
	if first == f {
		if f.next == nil {
			delete(s.flights, hash)
		} else {
			s.flights[hash] = f.next
		}
		return
	}
	for at := first; at != nil; at = at.next {
		if at.next == f {
			at.next = f.next
			return
		}
	}
}

// CacheStats are counts since the cache was made, and what it holds.
type CacheStats struct {
	Hits      uint64 // answered at once
	Misses    uint64 // preparations begun
	Shared    uint64 // requests that waited for a preparation another one began
	Failures  uint64 // preparations that ended with an error
	Evictions uint64
	Entries   int
	Bytes     int
	Preparing int // preparations running
}

// Stats adds up the shards; while the cache is used the numbers are of slightly different moments.
func (c *Cache[V]) Stats() CacheStats {
	stats := CacheStats{Preparing: len(c.slots)}
	for i := range c.shards {
		s := &c.shards[i]
		stats.Hits += s.hits.Load()
		stats.Misses += s.misses.Load()
		stats.Shared += s.shared.Load()
		stats.Failures += s.failures.Load()
		stats.Evictions += s.evictions.Load()
		s.mu.RLock()
		stats.Entries += s.count
		stats.Bytes += s.bytes
		s.mu.RUnlock()
	}
	return stats
}

// Hottest lists the keys that were used most, at most n: what a new cache should be warmed with.
func (c *Cache[V]) Hottest(n int) []CacheKey {
	type used struct {
		key  CacheKey
		uses uint64
	}
	var all []used
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.RLock()
		for e := s.newest; e != nil; e = e.older {
			all = append(all, used{e.key, e.uses.Load()})
		}
		s.mu.RUnlock()
	}
	slices.SortFunc(all, func(a, b used) int {
		switch {
		case a.uses > b.uses:
			return -1
		case a.uses < b.uses:
			return 1
		}
		if byText := strings.Compare(a.key.Text, b.key.Text); byText != 0 {
			return byText
		}
		return strings.Compare(a.key.Operation, b.key.Operation)
	})
	keys := make([]CacheKey, 0, min(max(n, 0), len(all)))
	for _, u := range all[:cap(keys)] {
		keys = append(keys, u.key)
	}
	return keys
}
