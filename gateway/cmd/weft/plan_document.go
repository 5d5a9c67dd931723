package main

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/operation"
)

// documentPart is one operation of a document, and what is wrong with it.
type documentPart struct {
	doc      *ast.QueryDocument
	selected *ast.OperationDefinition
	errs     gqlerror.List
}

// readParts reads the operations of a document, each by itself: a mistake in one is none of the others'. rest is what is
// wrong with the document besides, such as a fragment that no operation uses. err says that it is no document at all.
func (g *planGraph) readParts(text string) (parts []documentPart, rest gqlerror.List, err error) {
	doc, errs := operation.Parse(text, operation.DefaultLimits())
	if len(errs) > 0 {
		return nil, nil, errs
	}
	rest = g.validator.Validate(doc)
	for i, op := range doc.Operations {
		part := documentPart{doc: doc, selected: op}
		if len(rest) > 0 {
			if part, err = g.readPart(text, i); err != nil {
				return nil, nil, err
			}
		}
		parts = append(parts, part)
	}
	for _, part := range parts {
		rest = slices.DeleteFunc(rest, func(e *gqlerror.Error) bool {
			return slices.ContainsFunc(part.errs, func(own *gqlerror.Error) bool {
				return own.Message == e.Message && slices.Equal(own.Locations, e.Locations)
			})
		})
	}
	return parts, rest, nil
}

// readPart reads one operation of a document with the fragments that it uses, as if nothing else were there. A document can
// be validated once only, so this is another one.
func (g *planGraph) readPart(text string, number int) (documentPart, error) {
	doc, errs := operation.Parse(text, operation.DefaultLimits())
	if len(errs) > 0 {
		return documentPart{}, errs
	}
	selected := doc.Operations[number]
	used := map[string]bool{}
	var visit func(set ast.SelectionSet)
	visit = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				visit(sel.SelectionSet)
			case *ast.InlineFragment:
				visit(sel.SelectionSet)
			case *ast.FragmentSpread:
				if def := doc.Fragments.ForName(sel.Name); def != nil && !used[sel.Name] {
					used[sel.Name] = true
					visit(def.SelectionSet)
				}
			}
		}
	}
	visit(selected.SelectionSet)
	doc.Operations = ast.OperationList{selected}
	doc.Fragments = slices.DeleteFunc(doc.Fragments, func(def *ast.FragmentDefinition) bool { return !used[def.Name] })
	return documentPart{doc, selected, g.validator.Validate(doc)}, nil
}
