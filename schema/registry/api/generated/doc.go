// Package generated is what gqlgen makes of schema/registry/api.graphql by the gqlgen.yml at the root; nothing
// else in it is written by hand.
package generated
