// Package fieldset reads and prints field sets: the selections in the arguments of @key, @requires and @provides.
package fieldset

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Parse parses a field set such as "id items { sku }". The outer braces are optional.
// It checks syntax only.
func Parse(text string) (ast.SelectionSet, error) {
	if set, ok := parsePlain(text); ok {
		return set, nil
	}
	return parseAny(text)
}

func parseAny(text string) (ast.SelectionSet, error) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Name: "fieldset", Input: "{" + text + "\n}"}, 15000)
	if err != nil {
		// The text may have braces of its own.
		if braced, again := parser.ParseQueryWithTokenLimit(&ast.Source{Name: "fieldset", Input: text}, 15000); again == nil {
			doc, err = braced, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("field set %q: %w", text, err)
	}
	if len(doc.Operations) != 1 || len(doc.Fragments) != 0 || len(doc.Operations[0].SelectionSet) == 0 {
		return nil, fmt.Errorf("field set %q: want one selection of fields", text)
	}
	return doc.Operations[0].SelectionSet, nil
}
