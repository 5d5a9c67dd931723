package batch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/graph-gophers/dataloader/v7"

	"github.com/weft-gateway/weft/gateway/fetch"
)

const (
	// maxRepresentations bounds what one call asks for.
	maxRepresentations = 10_000
	// maxOperations bounds how many different operations one call combines.
	maxOperations = 16
)

type result = dataloader.Result[*fetch.Response]

// send is the loaders' batch function.
func (b *Batcher) send(_ context.Context, loads []*load) []*result {
	results := make([]*result, len(loads))
	place := make(map[*load]int, len(loads))
	for i, l := range loads {
		place[l] = i
		defer close(l.done)
	}
	var wg sync.WaitGroup
	parts := split(loads)
	for i, part := range parts {
		run := func() {
			for k, r := range b.answer(part) {
				results[place[part[k]]] = r
			}
		}
		if i == len(parts)-1 {
			run()
			break
		}
		wg.Go(run)
	}
	wg.Wait()
	return results
}

// split divides loads into those of one call each: of one caller, and within the bounds.
func split(loads []*load) [][]*load {
	sorted := slices.Clone(loads)
	slices.SortStableFunc(sorted, func(l, m *load) int {
		if l.caller.Key() != m.caller.Key() {
			if l.caller.Key() < m.caller.Key() {
				return -1
			}
			return 1
		}
		return l.compare(m)
	})
	var parts [][]*load
	count, operations := 0, 0
	for i, l := range sorted {
		n := l.representations()
		fresh := i == 0 || !l.same(sorted[i-1])
		if i == 0 || l.caller.Key() != sorted[i-1].caller.Key() || count+n > maxRepresentations ||
			fresh && operations == maxOperations {
			parts = append(parts, nil)
			count, operations, fresh = 0, 0, true
		}
		count += n
		if fresh {
			operations++
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], l)
	}
	return parts
}

// answer makes the call for loads of one caller.
func (b *Batcher) answer(loads []*load) (results []*result) {
	defer func() {
		if p := recover(); p != nil {
			results = all(loads, b.panicked(p))
		}
	}()
	if len(loads) == 1 {
		return b.each(loads)
	}
	m, err := b.documents.merge(loads)
	if err != nil {
		return b.byKind(loads)
	}
	res, err := b.call(loads, m.body)
	if err != nil {
		var e *fetch.Error
		switch refused := errors.As(err, &e) && e.Status >= 400 && e.Status < 500; {
		case refused && len(m.kinds) > 1:
			return b.byKind(loads)
		case refused && e.Status == http.StatusRequestEntityTooLarge:
			return b.each(loads)
		}
		return all(loads, err)
	}
	defer res.Release()
	answers, err := m.split(res.Body)
	if err != nil && len(m.kinds) > 1 {
		return b.byKind(loads)
	}
	if err != nil {
		return all(loads, &fetch.Error{Code: fetch.CodeMalformed, Subgraph: b.options.Subgraph, Status: res.Status, Err: err,
			Message: fmt.Sprintf("Subgraph %q did not answer with a GraphQL response: %v.", b.options.Subgraph, err)})
	}
	results = make([]*result, len(loads))
	for i := range loads {
		results[i] = &result{Data: &fetch.Response{Status: res.Status, Body: answers[i]}}
	}
	return results
}

// byKind makes a call for each operation among the loads. That is done when the subgraph refuses them together: the
// fault of one must not become the others', and a subgraph in trouble must not get a call for every load.
func (b *Batcher) byKind(loads []*load) []*result {
	results := make([]*result, len(loads))
	var wg sync.WaitGroup
	for from := 0; from < len(loads); {
		to := from + 1
		for to < len(loads) && loads[to].same(loads[from]) {
			to++
		}
		start, end := from, to
		wg.Go(func() { copy(results[start:end], b.answer(loads[start:end])) })
		from = to
	}
	wg.Wait()
	return results
}

// each makes a call for every load.
func (b *Batcher) each(loads []*load) []*result {
	results := make([]*result, len(loads))
	var wg sync.WaitGroup
	for i, l := range loads {
		one := func() {
			res, err := b.call(loads[i:i+1], body(&l.entities))
			results[i] = &result{Data: res, Error: err}
		}
		if i == len(loads)-1 {
			one()
			break
		}
		wg.Go(one)
	}
	wg.Wait()
	return results
}

// call makes one call, with the deadline of the most patient load.
func (b *Batcher) call(loads []*load, body []byte) (res *fetch.Response, err error) {
	// Calls are made in goroutines of their own, where a panic would end the process.
	defer func() {
		if p := recover(); p != nil {
			res, err = nil, b.panicked(p)
		}
	}()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := &call{cancel: cancel, waiting: 1}
	for _, l := range loads {
		l.join(c)
	}
	if !c.endless && !c.deadline.IsZero() {
		var stop context.CancelFunc
		ctx, stop = context.WithDeadline(ctx, c.deadline)
		defer stop()
	}
	c.leave() // the share that kept it alive while loads joined
	return b.next.Fetch(ctx, &fetch.Request{
		Body: body, Caller: loads[0].caller,
		Fresh: slices.ContainsFunc(loads, func(l *load) bool { return l.fresh }),
	})
}

// panicked makes an error of a panic.
func (b *Batcher) panicked(p any) *fetch.Error {
	return &fetch.Error{Code: fetch.CodeInternal, Subgraph: b.options.Subgraph,
		Message: fmt.Sprintf("The gateway failed to ask subgraph %q.", b.options.Subgraph),
		Err:     fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
}

// all answers every load with the same error.
func all(loads []*load, err error) []*result {
	results := make([]*result, len(loads))
	for i := range results {
		results[i] = &result{Error: err}
	}
	return results
}
