// Package api serves a registry as GraphQL: the resolvers of schema/registry/api.graphql. It knows nothing of
// HTTP and checks no rights; gateway/registryapi does both.
package api

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/api/generated"
)

// Resolver holds what the resolvers need.
type Resolver struct {
	registry *registry.Registry
}

// New makes the executable schema of a registry. Mutations need an actor in their context, see WithActor.
func New(r *registry.Registry) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{
		Resolvers:  &Resolver{registry: r},
		Complexity: complexity(),
	})
}

// MaxComplexity is the complexity, as gqlgen counts it with the weights of this schema, that one operation
// may have. It admits a page of 100 versions with their members, and a page of 40 with their supergraphs.
const MaxComplexity = 10_000

// complexity weighs the fields that cost more than their place in the document shows: pages by their size,
// lists of subgraphs by a usual size, and schemas by what it takes to read and to send them.
func complexity() (c generated.ComplexityRoot) {
	const (
		usualSubgraphs = 20
		schema         = 200
	)
	page := func(child, first int, _ *string) int { return min(max(first, 1), registry.MaxPage) * child }
	list := func(child int) int { return usualSubgraphs * child }
	c.Query.Versions = page
	c.Subgraph.Revisions = page
	c.Query.Subgraphs = list
	c.SupergraphVersion.Subgraphs = list
	c.SubgraphRevision.Sdl = func(int) int { return schema }
	c.SupergraphVersion.Sdl = func(int) int { return schema }
	return c
}

type actorKey struct{}

// WithActor says who makes the mutations of a context.
func WithActor(ctx context.Context, a registry.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

func actor(ctx context.Context) (registry.Actor, error) {
	a, known := ctx.Value(actorKey{}).(registry.Actor)
	if !known {
		return a, failure("UNAUTHENTICATED", "a mutation needs someone who makes it")
	}
	return a, nil
}

// failure is an error for the client to read as it is.
func failure(code, format string, args ...any) error {
	err := gqlerror.Errorf(format, args...)
	err.Extensions = map[string]any{"code": code}
	return err
}

// member is the subgraph of a version, null when the version has none of that name.
func (r *Resolver) member(ctx context.Context, v registry.VersionInfo, name string) (*generated.Subgraph, error) {
	for _, m := range v.Members {
		if m.Name == name {
			revision, err := r.registry.Revision(ctx, m.Name, m.Number)
			subgraph := subgraphOf(revision.RevisionInfo)
			return &subgraph, err
		}
	}
	return nil, nil
}
