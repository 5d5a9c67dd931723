package diff

import "github.com/vektah/gqlparser/v2/ast"

// specified are the directives that the GraphQL specification and its accepted proposals define; whether a
// schema spells them out says nothing.
var specified = map[string]bool{
	"skip": true, "include": true, "deprecated": true, "specifiedBy": true, "oneOf": true, "defer": true, "stream": true,
}

func (c *comparison) directives() {
	for _, name := range names(c.before.Directives, c.after.Directives) {
		if specified[name] {
			continue
		}
		coordinate := "@" + name
		before, after := c.before.Directives[name], c.after.Directives[name]
		switch {
		case after == nil:
			c.add(DirectiveRemoved, Breaking, coordinate, "directive %s was removed", coordinate)
		case before == nil:
			c.add(DirectiveAdded, Safe, coordinate, "directive %s was added", coordinate)
		default:
			c.arguments(coordinate, before.Arguments, after.Arguments)
			c.locations(coordinate, before.Locations, after.Locations)
			c.repeatable(coordinate, before.IsRepeatable, after.IsRepeatable)
			c.described(coordinate, before.Description, after.Description)
		}
	}
}

func (c *comparison) locations(coordinate string, before, after []ast.DirectiveLocation) {
	byName := func(l ast.DirectiveLocation) string { return string(l) }
	was, is := index(before, byName), index(after, byName)
	for _, name := range names(was, is) {
		_, had := was[name]
		_, has := is[name]
		switch {
		case had && !has:
			c.add(DirectiveLocationRemoved, Breaking, coordinate, "directive %s may no longer stand on %s", coordinate, name)
		case has && !had:
			c.add(DirectiveLocationAdded, Safe, coordinate, "directive %s may also stand on %s", coordinate, name)
		}
	}
}

func (c *comparison) repeatable(coordinate string, was, is bool) {
	switch {
	case was && !is:
		c.add(DirectiveRepeatableChanged, Breaking, coordinate, "directive %s may no longer be repeated", coordinate)
	case is && !was:
		c.add(DirectiveRepeatableChanged, Safe, coordinate, "directive %s may be repeated", coordinate)
	}
}
