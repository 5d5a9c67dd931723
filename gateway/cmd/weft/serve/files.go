package serve

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/weft-gateway/weft/gateway/config/subgraphlist"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// pollFiles is how often watched files are looked at.
const pollFiles = 500 * time.Millisecond

// files is a supergraph that lies on disk, composed or as a list of subgraphs.
type files struct {
	composed string // a file of supergraph SDL
	list     string // or one in Rover's format
	logger   *slog.Logger
}

// CompositionError is why a list of subgraphs gives no supergraph.
type CompositionError struct{ subgraphlist.Composition }

func (e *CompositionError) Error() string {
	texts := make([]string, len(e.Errors))
	for i, d := range e.Errors {
		texts[i] = d.Error()
	}
	return "the subgraphs do not compose: " + strings.Join(texts, "; ")
}

// load reads the supergraph, and tells what it depends on even if it cannot be read.
func (f files) load(ctx context.Context) (*supergraph.Supergraph, []string, error) {
	if f.composed != "" {
		depends := []string{f.composed}
		text, err := os.ReadFile(f.composed)
		if err != nil {
			return nil, depends, fmt.Errorf("supergraph: %w", err)
		}
		s, err := supergraph.Read(string(text))
		if err != nil {
			return nil, depends, fmt.Errorf("%s is no supergraph that can be served: %w", f.composed, err)
		}
		return s, depends, nil
	}
	list, err := subgraphlist.Read(f.list)
	if err != nil {
		return nil, []string{f.list}, err
	}
	composed, err := list.Compose(ctx)
	switch {
	case err != nil:
		return nil, list.Files(), err
	case len(composed.Errors) > 0:
		return nil, list.Files(), &CompositionError{composed}
	}
	f.logger.InfoContext(ctx, "composed", "subgraphs", len(composed.Subgraphs), "hints", len(composed.Hints))
	return composed.Supergraph, list.Files(), nil
}

// watch loads the supergraph again each time that one of the files changes, until ctx ends. depends are the files that
// the supergraph served now was read from, seen what they looked like then.
func (f files) watch(ctx context.Context, depends []string, seen []stamp, swap func(*supergraph.Supergraph) error) {
	tick := time.NewTicker(pollFiles)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := stamps(depends)
		if equal(now, seen) {
			continue
		}
		s, loaded, err := f.load(ctx)
		if err == nil {
			err = swap(s)
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			f.logger.ErrorContext(ctx, "the changed supergraph cannot be served; the one before it is served on", "error", err)
		} else {
			f.logger.InfoContext(ctx, "serving the changed supergraph")
		}
		// Of a file that was written while it was read, the stamp from before is the one to compare with. Files that came
		// into the list only now have no such stamp.
		seen = restamp(depends, now, loaded)
		depends = loaded
	}
}

// stamp tells two states of a file apart.
type stamp struct {
	modified time.Time
	size     int64
	missing  bool
}

func stamps(paths []string) []stamp {
	out := make([]stamp, len(paths))
	for i, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			out[i].missing = true
			continue
		}
		out[i] = stamp{modified: info.ModTime(), size: info.Size()}
	}
	return out
}

func restamp(paths []string, known []stamp, next []string) []stamp {
	out := stamps(next)
	for i, path := range next {
		for j, before := range paths {
			if before == path {
				out[i] = known[j]
			}
		}
	}
	return out
}

func equal(a, b []stamp) bool {
	for i := range a {
		if a[i].size != b[i].size || a[i].missing != b[i].missing || !a[i].modified.Equal(b[i].modified) {
			return false
		}
	}
	return true
}
