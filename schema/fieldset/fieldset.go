// Package fieldset reads and prints field sets: the selections in the arguments of @key, @requires and @provides.
package fieldset

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"
)

// maxTokens bounds a field set: it comes from outside, and many things are done with each.
const maxTokens = 15_000

// ErrTooLong says that a field set was not read because of its length.
var ErrTooLong = fmt.Errorf("more than %d tokens are not accepted", maxTokens)

// Parse parses a field set such as "id items { sku }". The outer braces are optional.
// It checks syntax only.
func Parse(text string) (ast.SelectionSet, error) {
	if set, ok := parsePlain(text); ok {
		return set, nil
	}
	return parseAny(text)
}

func parseAny(text string) (ast.SelectionSet, error) {
	if tooLong(text) {
		return nil, fmt.Errorf("field set %.100q…: %w", text, ErrTooLong)
	}
	doc, err := parser.ParseQuery(&ast.Source{Name: "fieldset", Input: "{" + text + "\n}"})
	if err != nil {
		// The text may have braces of its own.
		if braced, again := parser.ParseQuery(&ast.Source{Name: "fieldset", Input: text}); again == nil {
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

// tooLong reports whether the text has more tokens than are accepted, as far as it has any.
func tooLong(text string) bool {
	if len(text) <= maxTokens {
		return false // each has a character at least
	}
	tokens := lexer.New(&ast.Source{Name: "fieldset", Input: text})
	for range maxTokens {
		if token, err := tokens.ReadToken(); err != nil || token.Kind == lexer.EOF {
			return false
		}
	}
	token, err := tokens.ReadToken()
	return err == nil && token.Kind != lexer.EOF
}
