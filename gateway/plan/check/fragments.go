package check

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan"
)

// expand puts the selections of named fragments where they are spread, as inline fragments (GraphQL specification, section
// 2.8), so that the checks read one form of a document. The selections stay shared: what is spread many times is one set.
func expand(doc *ast.QueryDocument, f *plan.Fetch) error {
	e := &expansion{fetch: f, fragments: map[string]*ast.FragmentDefinition{}, state: map[string]spreading{}}
	for _, def := range doc.Fragments {
		if e.fragments[def.Name] != nil {
			return fmt.Errorf("fetch %d of %s has two fragments %s", f.ID, f.Name, def.Name)
		}
		e.fragments[def.Name] = def
	}
	for _, op := range doc.Operations {
		if err := e.selections(op.SelectionSet); err != nil {
			return err
		}
	}
	for _, def := range doc.Fragments {
		if e.state[def.Name] != spread {
			return fmt.Errorf("fetch %d of %s does not use its fragment %s", f.ID, f.Name, def.Name)
		}
	}
	return nil
}

// spreading says how far a fragment's own selections are expanded.
type spreading uint8

const (
	untouched spreading = iota
	underway
	spread
)

type expansion struct {
	fetch     *plan.Fetch
	fragments map[string]*ast.FragmentDefinition
	state     map[string]spreading
}

// selections expands a selection set in its place.
func (e *expansion) selections(set ast.SelectionSet) error {
	for i, sel := range set {
		var inner ast.SelectionSet
		switch sel := sel.(type) {
		case *ast.Field:
			inner = sel.SelectionSet
		case *ast.InlineFragment:
			inner = sel.SelectionSet
		case *ast.FragmentSpread:
			def := e.fragments[sel.Name]
			if def == nil {
				return fmt.Errorf("fetch %d of %s spreads a fragment %s, which it does not define", e.fetch.ID, e.fetch.Name, sel.Name)
			}
			if err := e.fragment(def); err != nil {
				return err
			}
			set[i] = &ast.InlineFragment{
				TypeCondition: def.TypeCondition,
				Directives:    append(append(ast.DirectiveList{}, sel.Directives...), def.Directives...),
				SelectionSet:  def.SelectionSet,
			}
		}
		if err := e.selections(inner); err != nil {
			return err
		}
	}
	return nil
}

// fragment expands what a fragment selects, once.
func (e *expansion) fragment(def *ast.FragmentDefinition) error {
	switch e.state[def.Name] {
	case underway:
		return fmt.Errorf("fetch %d of %s has a fragment %s that spreads itself", e.fetch.ID, e.fetch.Name, def.Name)
	case spread:
		return nil
	}
	e.state[def.Name] = underway
	err := e.selections(def.SelectionSet)
	e.state[def.Name] = spread
	return err
}
