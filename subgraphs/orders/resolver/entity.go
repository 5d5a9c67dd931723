package resolver

import (
	"context"

	"github.com/weft-gateway/weft/subgraphs/orders/generated"
	"github.com/weft-gateway/weft/subgraphs/orders/store"
	"github.com/weft-gateway/weft/subgraphs/serial"
)

// entity resolves what the gateway asks for by key, all entities of a type in one call. An
// entity that there is none of is null.
type entity struct{}

func (entity) FindOrder(ctx context.Context, reps []*generated.OrderRepresentation) ([]*store.Order, error) {
	numbers := make([]int64, len(reps))
	for i, rep := range reps {
		numbers[i] = serial.Parse(*rep.ID)
	}
	return loadersOf(ctx).orders.LoadAll(ctx, numbers)
}

func (entity) FindCustomer(ctx context.Context, reps []*generated.CustomerRepresentation) ([]*store.Customer, error) {
	ids := make([]string, len(reps))
	for i, rep := range reps {
		ids[i] = *rep.ID
	}
	return loadersOf(ctx).customers.LoadAll(ctx, ids)
}
