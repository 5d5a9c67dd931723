package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/subgraphs/inventory"
	"github.com/weft-gateway/weft/subgraphs/orders"
)

// actor is who publishes what the demo itself publishes. Whatever somebody else published is theirs.
var actor = registry.Actor{Subject: "weft demo"}

// publish registers orders and inventory at the first start. At later ones it only keeps up to date what is still as it
// published it: the ports may be others, and the schemas those of another release.
func (d *Demo) publish(ctx context.Context) error {
	own := []registry.Publication{
		{Name: "inventory", URL: d.addresses.Inventory + "/graphql", SDL: inventory.SDL()},
		{Name: "orders", URL: d.addresses.Orders + "/graphql", SDL: orders.SDL()},
	}
	published, err := d.registry.Subgraphs(ctx)
	if err != nil {
		return fmt.Errorf("registry: %w", err)
	}
	if len(published) == 0 {
		return d.publishAll(ctx, own)
	}
	var changed, moved []registry.Publication
	for _, p := range own {
		for _, r := range published {
			if r.Name != p.Name || r.By != actor || r.URL == p.URL && r.SDL == p.SDL {
				continue
			}
			changed = append(changed, p)
			moved = append(moved, registry.Publication{Name: p.Name, URL: p.URL, SDL: r.SDL})
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if err := d.publishAll(ctx, changed); err == nil {
		return nil
	}
	// The new schemas do not fit what was registered beside them. The old ones do: they were composed with it.
	return d.publishAll(ctx, moved)
}

func (d *Demo) publishAll(ctx context.Context, ps []registry.Publication) error {
	out, err := d.registry.PublishAll(ctx, ps, actor)
	if err != nil {
		return fmt.Errorf("registry: %w", err)
	}
	if out.Status == registry.Refused {
		texts := make([]string, len(out.Errors))
		for i, e := range out.Errors {
			texts[i] = e.Error()
		}
		return fmt.Errorf("the demo's own subgraphs do not compose: %s. An empty --data folder starts afresh", strings.Join(texts, "; "))
	}
	return nil
}
