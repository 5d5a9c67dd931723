package resolver

import (
	"context"

	"github.com/weft-gateway/weft/subgraphs/orders/generated"
	"github.com/weft-gateway/weft/subgraphs/orders/store"
)

// entity resolves what the gateway asks for by key, all entities of a type in one call. An
// entity that there is none of is null.
type entity struct{}

func (entity) FindOrder(ctx context.Context, reps []*generated.OrderRepresentation) ([]*store.Order, error) {
	orders := make([]*store.Order, len(reps))
	var numbers []int64
	var places []int
	for i, rep := range reps {
		if number, ok := store.ParseID(*rep.ID); ok {
			numbers, places = append(numbers, number), append(places, i)
		}
	}
	found, err := loadersOf(ctx).orders.LoadAll(ctx, numbers)
	if err != nil {
		return nil, err
	}
	for i, place := range places {
		orders[place] = found[i]
	}
	return orders, nil
}

func (entity) FindCustomer(ctx context.Context, reps []*generated.CustomerRepresentation) ([]*store.Customer, error) {
	ids := make([]string, len(reps))
	for i, rep := range reps {
		ids[i] = *rep.ID
	}
	return loadersOf(ctx).customers.LoadAll(ctx, ids)
}
