// Package operation takes a client's document from text to something that can be planned: it parses under limits,
// validates against the API schema, picks the operation, coerces variables, and caches what was prepared.
//
// All of it runs on text that strangers wrote. Every step is bounded: the Limits bound the document before anything walks
// it, validation visits each definition once, variables are checked as JSON text, without building values of it. A document is parsed and
// validated once and then shared by all requests that send it, so everything here is immutable once it is made, except
// Variables, which belongs to one request.
package operation

import (
	"errors"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/schema/blockstring"
)

// Parse reads an executable document and holds it against the limits. The document is nil when there are errors; all
// errors carry extensions.code.
func Parse(text string, limits Limits) (*ast.QueryDocument, gqlerror.List) {
	if limits.Bytes > 0 && len(text) > limits.Bytes {
		return nil, gqlerror.List{newErrorf(CodeMaxBytes, nil,
			"The document has %d bytes; at most %d are allowed.", len(text), limits.Bytes)}
	}
	// The lexer copies bytes it does not know into string values. A document that is not UTF-8 could not be sent on as JSON.
	if !utf8.ValidString(text) {
		return nil, gqlerror.List{newError(CodeParseFailed, "Syntax Error: the document is not valid UTF-8.")}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: blockstring.Prepare(text)}, limits.Tokens)
	if err != nil {
		return nil, gqlerror.List{parseError(err, limits)}
	}
	if err := checkGrammar(doc); err != nil {
		return nil, gqlerror.List{err}
	}
	if errs := limits.check(doc); len(errs) > 0 {
		return nil, errs
	}
	return doc, nil
}

// parseError gives the parser's error a code. The parser has no error values to tell the token limit from a syntax error;
// an error without a location that comes with a limit is the token limit.
func parseError(err error, limits Limits) *gqlerror.Error {
	var found *gqlerror.Error
	if !errors.As(err, &found) {
		return newError(CodeParseFailed, "Syntax Error: "+clip(err.Error()))
	}
	if limits.Tokens > 0 && len(found.Locations) == 0 {
		return newErrorf(CodeMaxTokens, nil, "The document has more than %d tokens.", limits.Tokens)
	}
	made := newError(CodeParseFailed, "Syntax Error: "+found.Message)
	made.Locations = found.Locations
	return made
}

// checkGrammar refuses what the parser reads although the grammar (specification section 2) does not have it.
func checkGrammar(doc *ast.QueryDocument) *gqlerror.Error {
	if len(doc.Operations) == 0 && len(doc.Fragments) == 0 {
		return newError(CodeParseFailed, "Syntax Error: the document is empty; expected an operation.")
	}
	for _, f := range doc.Fragments {
		if len(f.VariableDefinition) > 0 {
			return newErrorf(CodeParseFailed, f.VariableDefinition[0].Position,
				"Syntax Error: fragment %q defines variables; only operations can.", clip(f.Name))
		}
	}
	return nil
}

// Select picks the operation to execute (specification section 6.1, GetOperation).
func Select(doc *ast.QueryDocument, operationName string) (*ast.OperationDefinition, *gqlerror.Error) {
	if operationName == "" {
		switch len(doc.Operations) {
		case 1:
			return doc.Operations[0], nil
		case 0:
			return nil, newError(CodeOperationResolution, "The document has no operation to execute.")
		}
		return nil, newErrorf(CodeOperationResolution, nil,
			"The document has %d operations: operationName must say which one to execute.", len(doc.Operations))
	}
	for _, op := range doc.Operations {
		if op.Name == operationName {
			return op, nil
		}
	}
	return nil, newErrorf(CodeOperationResolution, nil, "Unknown operation named %q.", clip(operationName))
}
