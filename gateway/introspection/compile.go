package introspection

import (
	"encoding/json"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// selection is what is selected of objects of one type, in response order. All types of introspection are object types,
// so a selection is the same for all objects it is applied to and is worked out once.
type selection []field

type field struct {
	key        []byte // `"name":`
	name       string
	deprecated bool   // argument includeDeprecated
	typeName   string // argument name of __type
	sub        selection
}

// compiler resolves fragments, conditions and arguments of one request.
type compiler struct {
	fragments   map[string]*ast.FragmentDefinition
	definitions ast.VariableDefinitionList
	variables   Variables
	depth       int
	visited     int
}

// An operation that was validated has neither fragment cycles nor selections beyond the limits, but nothing here depends
// on that.
const (
	maxDepth   = 200
	maxVisited = 200_000
)

// results are the types of introspection's fields that are objects.
var results = map[string]map[string]string{
	"__Schema": {
		"types": "__Type", "queryType": "__Type", "mutationType": "__Type", "subscriptionType": "__Type",
		"directives": "__Directive", "description": "",
	},
	"__Type": {
		"kind": "", "name": "", "description": "", "specifiedByURL": "", "isOneOf": "", "fields": "__Field",
		"interfaces": "__Type", "possibleTypes": "__Type", "enumValues": "__EnumValue", "inputFields": "__InputValue",
		"ofType": "__Type",
	},
	"__Field": {
		"name": "", "description": "", "args": "__InputValue", "type": "__Type", "isDeprecated": "", "deprecationReason": "",
	},
	"__InputValue": {
		"name": "", "description": "", "type": "__Type", "defaultValue": "", "isDeprecated": "", "deprecationReason": "",
	},
	"__EnumValue": {"name": "", "description": "", "isDeprecated": "", "deprecationReason": ""},
	"__Directive": {"name": "", "description": "", "isRepeatable": "", "locations": "", "args": "__InputValue"},
}

var rootResults = map[string]string{"__schema": "__Schema", "__type": "__Type"}

// merged is the fields of one response name.
type merged struct {
	first *ast.Field
	sets  []ast.SelectionSet
}

// compile merges the selections of one object type (specification section 6.3.2). Types that are not introspection's are
// the query root.
func (c *compiler) compile(sets []ast.SelectionSet, typ string) (selection, error) {
	if c.depth++; c.depth > maxDepth {
		return nil, fmt.Errorf("fields nest more than %d levels deep", maxDepth)
	}
	defer func() { c.depth-- }()
	g := grouping{compiler: c, typ: typ, index: map[string]int{}, seen: map[string]bool{}}
	for _, set := range sets {
		if err := g.collect(set); err != nil {
			return nil, err
		}
	}
	fields, ok := results[typ]
	if !ok {
		fields = rootResults
	}
	made := make(selection, 0, len(g.groups))
	for _, group := range g.groups {
		f, err := c.field(group, typ, fields)
		if err != nil {
			return nil, err
		}
		made = append(made, f)
	}
	return made, nil
}

func (c *compiler) field(group merged, typ string, fields map[string]string) (field, error) {
	first := group.first
	key, err := json.Marshal(first.Alias)
	if err != nil {
		return field{}, err
	}
	f := field{key: append(key, ':'), name: first.Name}
	if first.Name == "__typename" {
		return f, nil
	}
	result, ok := fields[first.Name]
	if !ok {
		return field{}, fmt.Errorf("type %q has no field %q that introspection answers", typ, first.Name)
	}
	if arg := first.Arguments.ForName("includeDeprecated"); arg != nil {
		if f.deprecated, err = c.boolean(arg.Value); err != nil {
			return field{}, fmt.Errorf("argument includeDeprecated of %s.%s: %w", typ, first.Name, err)
		}
	}
	if first.Name == "__type" {
		arg := first.Arguments.ForName("name")
		if arg == nil {
			return field{}, fmt.Errorf("argument name of __type is missing")
		}
		if f.typeName, err = c.text(arg.Value); err != nil {
			return field{}, fmt.Errorf("argument name of __type: %w", err)
		}
	}
	if result == "" {
		return f, nil
	}
	if f.sub, err = c.compile(group.sets, result); err != nil {
		return field{}, err
	}
	if len(group.sets) == 0 {
		return field{}, fmt.Errorf("field %s.%s needs a selection of subfields", typ, first.Name)
	}
	return f, nil
}

// grouping collects the fields of an object by response name.
type grouping struct {
	*compiler
	typ    string
	groups []merged
	index  map[string]int
	seen   map[string]bool // fragments
}

func (g *grouping) collect(set ast.SelectionSet) error {
	for _, sel := range set {
		if g.visited++; g.visited > maxVisited {
			return fmt.Errorf("more than %d selections", maxVisited)
		}
		switch sel := sel.(type) {
		case *ast.Field:
			if ok, err := g.included(sel.Directives); !ok || err != nil {
				if err != nil {
					return err
				}
				continue
			}
			at, ok := g.index[sel.Alias]
			if !ok {
				at = len(g.groups)
				g.index[sel.Alias] = at
				g.groups = append(g.groups, merged{first: sel})
			}
			if len(sel.SelectionSet) > 0 {
				g.groups[at].sets = append(g.groups[at].sets, sel.SelectionSet)
			}
		case *ast.InlineFragment:
			if err := g.fragment(sel.TypeCondition, sel.Directives, sel.SelectionSet); err != nil {
				return err
			}
		case *ast.FragmentSpread:
			f := g.fragments[sel.Name]
			if f == nil {
				return fmt.Errorf("unknown fragment %q", sel.Name)
			}
			if g.seen[sel.Name] {
				continue
			}
			included, err := g.included(sel.Directives)
			if err != nil {
				return err
			}
			if !included {
				continue
			}
			g.seen[sel.Name] = true
			if err := g.fragment(f.TypeCondition, nil, f.SelectionSet); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *grouping) fragment(condition string, directives ast.DirectiveList, set ast.SelectionSet) error {
	if condition != "" && condition != g.typ && results[g.typ] != nil {
		return nil // on the root, any condition that was valid holds: it can only name the root or an interface of it
	}
	if ok, err := g.included(directives); !ok || err != nil {
		return err
	}
	return g.collect(set)
}

// included evaluates @skip and @include.
func (c *compiler) included(directives ast.DirectiveList) (bool, error) {
	for _, dir := range directives {
		if dir.Name != "skip" && dir.Name != "include" {
			continue
		}
		arg := dir.Arguments.ForName("if")
		if arg == nil {
			return false, fmt.Errorf("argument if of @%s is missing", dir.Name)
		}
		value, err := c.boolean(arg.Value)
		if err != nil {
			return false, fmt.Errorf("argument if of @%s: %w", dir.Name, err)
		}
		if value == (dir.Name == "skip") {
			return false, nil
		}
	}
	return true, nil
}

// boolean is a Boolean argument; null, or a variable that is absent, is false.
func (c *compiler) boolean(v *ast.Value) (bool, error) {
	literal, raw := c.resolve(v)
	switch {
	case string(raw) == "true":
		return true, nil
	case raw != nil && (string(raw) == "false" || string(raw) == "null"):
		return false, nil
	case raw != nil:
		return false, fmt.Errorf("variable $%s is not a Boolean", v.Raw)
	case literal == nil || literal.Kind == ast.NullValue:
		return false, nil
	case literal.Kind == ast.BooleanValue:
		return literal.Raw == "true", nil
	}
	return false, fmt.Errorf("%s is not a Boolean", literal)
}

func (c *compiler) text(v *ast.Value) (string, error) {
	literal, raw := c.resolve(v)
	if raw != nil {
		var s *string
		if err := json.Unmarshal(raw, &s); err != nil || s == nil {
			return "", fmt.Errorf("variable $%s is not a String", v.Raw)
		}
		return *s, nil
	}
	if literal != nil && (literal.Kind == ast.StringValue || literal.Kind == ast.BlockValue) {
		return literal.Raw, nil
	}
	return "", fmt.Errorf("a String is expected")
}

// resolve finds what a value is: JSON if it is a variable that was given, a literal if it is one or the default of a
// variable, or neither.
func (c *compiler) resolve(v *ast.Value) (*ast.Value, []byte) {
	if v.Kind != ast.Variable {
		return v, nil
	}
	if c.variables != nil {
		if raw, ok := c.variables.Get(v.Raw); ok {
			return nil, raw
		}
	}
	if def := c.definitions.ForName(v.Raw); def != nil {
		return def.DefaultValue, nil
	}
	return nil, nil
}
