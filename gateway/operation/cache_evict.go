package operation

// entryOverhead is about what an entry takes beside its texts and value.
const entryOverhead = 200

func entryBytes(key CacheKey) int { return len(key.Text) + len(key.Operation) + entryOverhead }

// insert adds an entry as the newest and evicts until the shard is within its bounds. An entry that alone exceeds them is
// not kept. The shard is locked.
func (s *cacheShard[V]) insert(e *cacheEntry[V]) {
	if e.bytes > s.maxBytes {
		return
	}
	for s.count >= s.maxCount || s.bytes+e.bytes > s.maxBytes {
		s.evict()
	}
	e.next = s.entries[e.hash]
	s.entries[e.hash] = e
	e.older = s.newest
	if s.newest != nil {
		s.newest.newer = e
	} else {
		s.oldest = e
	}
	s.newest = e
	s.count++
	s.bytes += e.bytes
}

// evict drops one entry: the first from the hand on, towards newer ones, that was not used since the hand last passed it.
// The shard is locked and not empty.
func (s *cacheShard[V]) evict() {
	e := s.hand
	if e == nil {
		e = s.oldest
	}
	for e.used.Load() {
		e.used.Store(false)
		if e = e.newer; e == nil {
			e = s.oldest
		}
	}
	s.hand = e.newer
	s.unlink(e)
	s.evictions.Add(1)
}

func (s *cacheShard[V]) unlink(e *cacheEntry[V]) {
	if first := s.entries[e.hash]; first != e {
		for first.next != e {
			first = first.next
		}
		first.next = e.next
	} else if e.next != nil {
		s.entries[e.hash] = e.next
	} else {
		delete(s.entries, e.hash)
	}
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		s.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		s.oldest = e.newer
	}
	e.next, e.newer, e.older = nil, nil, nil
	s.count--
	s.bytes -= e.bytes
}
