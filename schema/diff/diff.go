// Package diff says what changed for clients between two API schemas, and what each change means to them.
//
// The levels follow one question: what happens to an operation that was valid against the schema before?
// Breaking: it may be refused now, or answered in a way its author was promised could not happen, or the
// client's generated code no longer builds. Dangerous: it stays valid, and may be answered with something
// its author did not foresee. Safe: nothing.
//
// Built-in scalars, introspection and the directives of the GraphQL specification are left out. Where a
// whole type appears or disappears, its fields are not listed one by one.
package diff

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Level is what a change means to clients.
type Level string

// The levels, from bad to good.
const (
	Breaking  Level = "BREAKING"
	Dangerous Level = "DANGEROUS"
	Safe      Level = "SAFE"
)

func (l Level) rank() int {
	switch l {
	case Breaking:
		return 0
	case Dangerous:
		return 1
	default:
		return 2
	}
}

// Change is one difference. Coordinate is a schema coordinate: "Type", "Type.field", "Type.field(argument:)",
// "Enum.VALUE", "@directive", "@directive(argument:)", or "schema" for a root operation.
type Change struct {
	Kind       Kind
	Level      Level
	Coordinate string
	Message    string // a sentence without a full stop
}

// Schemas lists what changed from one API schema to another: breaking changes first, then dangerous, then
// safe ones, each ordered by coordinate. A nil schema counts as an empty one.
func Schemas(before, after *ast.Schema) []Change {
	if before == nil {
		before = &ast.Schema{}
	}
	if after == nil {
		after = &ast.Schema{}
	}
	c := &comparison{before: before, after: after, answered: answeredTypes(after)}
	c.roots()
	c.types()
	c.directives()
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(a.Level.rank(), b.Level.rank()),
			strings.Compare(a.Coordinate, b.Coordinate),
			strings.Compare(string(a.Kind), string(b.Kind)),
		)
	})
	return c.changes
}

// Worst is the worst level among changes, Safe when there are none.
func Worst(changes []Change) Level {
	worst := Safe
	for _, c := range changes {
		if c.Level.rank() < worst.rank() {
			worst = c.Level
		}
	}
	return worst
}

type comparison struct {
	before, after *ast.Schema
	answered      map[string]bool // names of the types that fields of the schema after answer with
	changes       []Change
}

func (c *comparison) add(kind Kind, level Level, coordinate, format string, args ...any) {
	c.changes = append(c.changes, Change{Kind: kind, Level: level, Coordinate: coordinate, Message: fmt.Sprintf(format, args...)})
}

func (c *comparison) roots() {
	for _, root := range []struct {
		operation     ast.Operation
		before, after *ast.Definition
	}{
		{ast.Query, c.before.Query, c.after.Query},
		{ast.Mutation, c.before.Mutation, c.after.Mutation},
		{ast.Subscription, c.before.Subscription, c.after.Subscription},
	} {
		switch {
		case root.before == nil && root.after == nil:
		case root.before == nil:
			c.add(RootTypeChanged, Safe, "schema", "%s operations became possible", root.operation)
		case root.after == nil:
			c.add(RootTypeChanged, Breaking, "schema", "%s operations are no longer possible", root.operation)
		case root.before.Name != root.after.Name:
			c.add(RootTypeChanged, Breaking, "schema", "the type of %s operations changed from %s to %s; fragments on it no longer apply",
				root.operation, root.before.Name, root.after.Name)
		}
	}
}

// described reports a changed description.
func (c *comparison) described(coordinate, before, after string) {
	switch {
	case before == after:
	case before == "":
		c.add(DescriptionChanged, Safe, coordinate, "%s got a description", coordinate)
	case after == "":
		c.add(DescriptionChanged, Safe, coordinate, "%s lost its description", coordinate)
	default:
		c.add(DescriptionChanged, Safe, coordinate, "%s has another description", coordinate)
	}
}

// deprecated reports an element that became deprecated, or is no longer, or for another reason.
func (c *comparison) deprecated(coordinate string, before, after ast.DirectiveList) {
	was, is := before.ForName("deprecated"), after.ForName("deprecated")
	switch {
	case was == nil && is == nil:
	case was == nil:
		c.add(Deprecated, Safe, coordinate, "%s is deprecated: %s", coordinate, reason(is))
	case is == nil:
		c.add(DeprecationRemoved, Safe, coordinate, "%s is no longer deprecated", coordinate)
	case reason(was) != reason(is):
		c.add(DeprecationReasonChanged, Safe, coordinate, "%s is deprecated for another reason: %s", coordinate, reason(is))
	}
}

func reason(d *ast.Directive) string {
	if a := d.Arguments.ForName("reason"); a != nil && a.Value != nil && a.Value.Raw != "" {
		return a.Value.Raw
	}
	return "No longer supported" // the default of the specification, 3.13.3
}

// answeredTypes are the types that a client may receive values of. What is only ever sent by clients can
// grow without surprising them.
func answeredTypes(s *ast.Schema) map[string]bool {
	answered := map[string]bool{}
	for _, def := range s.Types {
		if def.Kind != ast.Object && def.Kind != ast.Interface {
			continue
		}
		for _, f := range def.Fields {
			answered[f.Type.Name()] = true
		}
	}
	return answered
}

// names are the keys of both maps, ordered, each once.
func names[V any](before, after map[string]V) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(before)), maps.Keys(after))
	slices.Sort(all)
	return slices.Compact(all)
}

// index makes a map of a list, for names; the first of two with one name counts.
func index[V any](list []V, name func(V) string) map[string]V {
	m := make(map[string]V, len(list))
	for _, v := range list {
		if _, taken := m[name(v)]; !taken {
			m[name(v)] = v
		}
	}
	return m
}

func self(s string) string { return s }
