package auth

import "sync"

const cacheShards = 16

// tokenCache remembers verified tokens. Its keys are whole tokens, so that a hit
// is a comparison of all bytes and never of a digest. It is bounded: each shard
// keeps two generations of at most half its share, and drops the older one when
// the younger is full, which keeps what is in use at the cost of one map write
// per token and generation. Only tokens with a valid signature get in, so nobody
// without one can push others out.
type tokenCache struct {
	// perGeneration is the number of entries of one generation of one shard.
	perGeneration int
	shards        [cacheShards]cacheShard
}

type cacheShard struct {
	mu         sync.RWMutex
	young, old map[string]cacheEntry
}

type cacheEntry struct {
	id    *Identity
	until int64 // Unix nanoseconds
}

// newTokenCache makes a cache for at most size tokens, none if size is negative.
func newTokenCache(size int) *tokenCache {
	if size < 0 {
		return &tokenCache{}
	}
	return &tokenCache{perGeneration: max(1, size/(2*cacheShards))}
}

// shard spreads by two characters of the signature, which are as good as random.
func (c *tokenCache) shard(token string) *cacheShard {
	var b byte
	if n := len(token); n >= 8 {
		b = token[n-3]*31 + token[n-7]
	}
	return &c.shards[b%cacheShards]
}

// get gives the identity of a token that is still trusted at now, or nil. A hit
// in the younger generation allocates nothing and takes a read lock.
func (c *tokenCache) get(token string, now int64) *Identity {
	if c.perGeneration == 0 {
		return nil
	}
	s := c.shard(token)
	s.mu.RLock()
	e, young := s.young[token]
	var found bool
	if !young {
		e, found = s.old[token]
	}
	s.mu.RUnlock()
	if !young && !found || now >= e.until {
		return nil
	}
	if found {
		c.put(e.id.Token, e.id, e.until)
	}
	return e.id
}

func (c *tokenCache) put(token string, id *Identity, until int64) {
	if c.perGeneration == 0 {
		return
	}
	s := c.shard(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.young[token]; !there && len(s.young) >= c.perGeneration {
		s.old, s.young = s.young, nil
	}
	if s.young == nil {
		s.young = make(map[string]cacheEntry, min(c.perGeneration, 64))
	}
	s.young[token] = cacheEntry{id, until}
}

// len counts the entries, for tests of the bound.
func (c *tokenCache) len() int {
	n := 0
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.RLock()
		n += len(s.young) + len(s.old)
		s.mu.RUnlock()
	}
	return n
}
