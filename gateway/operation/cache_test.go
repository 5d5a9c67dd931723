package operation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

func echo(_ context.Context, key CacheKey) (string, error) {
	return fmt.Sprintf("%s|%s|%d", key.Text, key.Operation, key.Variant), nil
}

func TestCacheKeepsKeysApart(t *testing.T) {
	c := NewCache(CacheOptions{}, nil, echo)
	keys := []CacheKey{{"a", "", 0}, {"a", "b", 0}, {"b", "a", 0}, {"", "a", 0}, {"a", "", 1}, {"a", "b", 1 << 63}, {"ab", "", 0}}
	for range 2 {
		for _, key := range keys {
			want, _ := echo(context.Background(), key)
			if got, err := c.Get(context.Background(), key); err != nil || got != want {
				t.Errorf("%v: got %q, %v", key, got, err)
			}
		}
	}
	if s := c.Stats(); s.Hits != 7 || s.Misses != 7 || s.Entries != 7 || s.Preparing != 0 {
		t.Errorf("%+v", s)
	}
}

// TestCacheComparesKeys puts every entry under one hash.
func TestCacheComparesKeys(t *testing.T) {
	s := &cacheShard[int]{entries: map[uint64]*cacheEntry[int]{}, maxCount: 3, maxBytes: 1 << 20}
	key := func(i int) CacheKey { return CacheKey{Text: fmt.Sprint(i)} }
	for i := range 10 {
		s.insert(&cacheEntry[int]{key: key(i), hash: 42, value: i, bytes: 10})
	}
	for i := range 10 {
		e := s.find(42, key(i))
		if (e != nil) != (i >= 7) || e != nil && e.value != i {
			t.Errorf("%d: %v", i, e)
		}
	}
	if s.count != 3 || s.bytes != 30 {
		t.Errorf("%d entries, %d bytes", s.count, s.bytes)
	}
}

func TestCacheCopiesKeys(t *testing.T) {
	c := NewCache(CacheOptions{}, nil, echo)
	buffer := []byte("query")
	text := unsafe.String(&buffer[0], len(buffer))
	if _, err := c.Get(context.Background(), CacheKey{Text: text}); err != nil {
		t.Fatal(err)
	}
	copy(buffer, "xxxxx")
	if _, err := c.Get(context.Background(), CacheKey{Text: "query"}); err != nil {
		t.Fatal(err)
	}
	if s := c.Stats(); s.Hits != 1 || c.Hottest(1)[0].Text != "query" {
		t.Errorf("%+v %v", s, c.Hottest(1))
	}
}

func TestCachePreparesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		c := NewCache(CacheOptions{Timeout: time.Minute}, nil, func(ctx context.Context, key CacheKey) (string, error) {
			runs.Add(1)
			time.Sleep(time.Second)
			return echo(ctx, key)
		})
		var group sync.WaitGroup
		for i := range 50 {
			group.Go(func() {
				ctx := context.Background()
				if i%2 == 0 { // half of them, also the first, give up
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, 500*time.Millisecond)
					defer cancel()
				}
				got, err := c.Get(ctx, CacheKey{Text: "a"})
				if i%2 == 0 {
					if !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("got %q, %v", got, err)
					}
				} else if err != nil || got != "a||0" {
					t.Errorf("got %q, %v", got, err)
				}
			})
		}
		group.Wait()
		if s := c.Stats(); runs.Load() != 1 || s.Misses != 1 || s.Shared != 49 || s.Entries != 1 {
			t.Errorf("%d runs, %+v", runs.Load(), s)
		}
	})
}

func TestCacheFinishesForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCache(CacheOptions{Preparing: 1}, nil, func(ctx context.Context, key CacheKey) (string, error) {
			time.Sleep(time.Second)
			return echo(ctx, key)
		})
		short, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		var group sync.WaitGroup
		for i := range 5 { // one starts, the others wait for the only slot
			group.Go(func() {
				if _, err := c.Get(short, CacheKey{Variant: uint64(i)}); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		}
		group.Wait()
		time.Sleep(time.Minute)
		// What had started was finished and kept, what had not was dropped.
		if s := c.Stats(); s.Entries != 1 || s.Misses != 5 || s.Preparing != 0 {
			t.Errorf("%+v", s)
		}
		for i := range c.shards {
			if n := len(c.shards[i].flights); n != 0 {
				t.Errorf("%d flights are left", n)
			}
		}
	})
}

func TestCacheErrorsAreNotKept(t *testing.T) {
	attempt := 0
	c := NewCache(CacheOptions{Timeout: time.Millisecond}, nil, func(ctx context.Context, key CacheKey) (string, error) {
		switch attempt++; attempt {
		case 1:
			return "", errors.New("bad luck")
		case 2:
			panic("bug")
		case 3:
			<-ctx.Done()
			return "", ctx.Err()
		case 4:
			runtime.Goexit()
		}
		return "fine", nil
	})
	for i, check := range []func(error) bool{
		func(err error) bool { return err.Error() == "bad luck" },
		func(err error) bool {
			var p *PanicError
			return errors.As(err, &p) && p.Value == "bug" && strings.Contains(string(p.Stack), "cache_test.go")
		},
		func(err error) bool { return errors.Is(err, context.DeadlineExceeded) },
		func(err error) bool { return errors.Is(err, errPreparationExited) },
	} {
		if _, err := c.Get(context.Background(), CacheKey{}); err == nil || !check(err) {
			t.Errorf("attempt %d: %v", i+1, err)
		}
	}
	if got, err := c.Get(context.Background(), CacheKey{}); got != "fine" || err != nil {
		t.Error(got, err)
	}
	if s := c.Stats(); s.Failures != 4 || s.Entries != 1 {
		t.Errorf("%+v", s)
	}
}

func TestCacheEviction(t *testing.T) {
	c := NewCache(CacheOptions{Entries: 10}, nil, echo)
	get := func(text string) {
		if _, err := c.Get(context.Background(), CacheKey{Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		for range 5 - i {
			get(fmt.Sprintf("hot%d", i))
		}
	}
	for i := range 1_000 {
		get(fmt.Sprintf("once%d", i))
		for j := range 5 {
			get(fmt.Sprintf("hot%d", j))
		}
	}
	s := c.Stats()
	if s.Entries != 10 || s.Misses != 1_005 || s.Evictions != 995 {
		t.Errorf("the entries in use were evicted: %+v", s)
	}
	for i, key := range c.Hottest(5) {
		if key.Text != fmt.Sprintf("hot%d", i) {
			t.Errorf("%d: %v", i, key)
		}
	}
}

func TestCacheBytes(t *testing.T) {
	c := NewCache(CacheOptions{Entries: 100, Bytes: 10_000}, func(v string) int { return 2 * len(v) }, echo)
	for i := range 1_000 {
		text := strings.Repeat("x", i%50) + fmt.Sprint(i)
		if _, err := c.Get(context.Background(), CacheKey{Text: text}); err != nil {
			t.Fatal(err)
		}
		if s := c.Stats(); s.Bytes > 10_000 || s.Entries == 0 {
			t.Fatalf("%+v", s)
		}
	}
	before := c.Stats()
	huge := CacheKey{Text: strings.Repeat("x", 10_000)}
	if got, err := c.Get(context.Background(), huge); err != nil || !strings.HasPrefix(got, huge.Text) {
		t.Error(err)
	}
	if s := c.Stats(); s.Entries != before.Entries {
		t.Errorf("an entry beyond the bound was kept or pushed others out: %+v", s)
	}
}

// TestCacheConcurrent is for the race detector, and holds the shards' books.
func TestCacheConcurrent(t *testing.T) {
	c := NewCache(CacheOptions{Entries: 300, Bytes: 100_000}, func(v string) int { return len(v) }, echo)
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(g)))
			for range 3_000 {
				key := CacheKey{Text: fmt.Sprint(r.IntN(30) * r.IntN(30)), Operation: "o", Variant: uint64(r.IntN(2))}
				ctx, cancel := context.WithCancel(context.Background())
				if r.IntN(20) == 0 {
					cancel()
				}
				want, _ := echo(ctx, key)
				if got, err := c.Get(ctx, key); err == nil && got != want {
					t.Errorf("%v: %q", key, got)
				}
				cancel()
			}
		})
	}
	group.Wait()
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		count, bytes := 0, 0
		for e := s.newest; e != nil; e = e.older {
			count++
			bytes += e.bytes
			if s.find(e.hash, e.key) != e {
				t.Errorf("%v is in the list only", e.key)
			}
		}
		if count != s.count || bytes != s.bytes || count > s.maxCount || bytes > s.maxBytes {
			t.Errorf("shard %d: %d entries of %d bytes, counted %d of %d", i, count, bytes, s.count, s.bytes)
		}
		s.mu.Unlock()
	}
}

func TestCacheHitAllocatesNothing(t *testing.T) {
	c := NewCache(CacheOptions{}, nil, echo)
	key := CacheKey{Text: strings.Repeat("query ", 100), Operation: "Q"}
	ctx := context.Background()
	get := func() {
		if _, err := c.Get(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	get()
	if n := testing.AllocsPerRun(100, get); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCacheHit(b *testing.B) {
	for _, size := range []int{100, 5_000} {
		b.Run(fmt.Sprintf("%d bytes", size), func(b *testing.B) {
			c := NewCache(CacheOptions{}, nil, echo)
			key := CacheKey{Text: strings.Repeat("x", size), Operation: "Q"}
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := c.Get(context.Background(), key); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func BenchmarkCacheMiss(b *testing.B) {
	c := NewCache(CacheOptions{}, nil, func(context.Context, CacheKey) (int, error) { return 1, nil })
	b.ReportAllocs()
	var i uint64
	for b.Loop() {
		i++
		if _, err := c.Get(context.Background(), CacheKey{Text: "query", Variant: i}); err != nil {
			b.Fatal(err)
		}
	}
}
