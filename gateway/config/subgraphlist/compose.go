package subgraphlist

import (
	"context"

	"github.com/weft-gateway/weft/schema/composition"
)

// Composition is what became of a list.
type Composition struct {
	composition.Result
	// Subgraphs are what was composed, with their schemas, for showing where diagnostics point.
	Subgraphs []composition.Subgraph
}

// Compose gets the schemas of a list and composes them. That they do not compose is a Result; the error is about the list
// and its files.
func (l *List) Compose(ctx context.Context) (Composition, error) {
	subgraphs, failed, err := l.Schemas(ctx)
	if err != nil {
		return Composition{}, err
	}
	c := Composition{Subgraphs: subgraphs}
	if c.Errors = failed; len(failed) == 0 {
		c.Result = composition.Compose(subgraphs)
	}
	return c, nil
}
