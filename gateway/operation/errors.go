package operation

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The codes that errors of this package carry in extensions.code. A client can act on them; the messages are for people.
const (
	// CodeParseFailed: the document is not GraphQL.
	CodeParseFailed = "GRAPHQL_PARSE_FAILED"
	// CodeValidationFailed: the document does not fit the schema.
	CodeValidationFailed = "GRAPHQL_VALIDATION_FAILED"
	// CodeOperationResolution: operationName does not pick one operation of the document.
	CodeOperationResolution = "OPERATION_RESOLUTION_FAILURE"
	// CodeBadInput: the variables do not fit the operation's variable definitions.
	CodeBadInput = "BAD_USER_INPUT"

	// The document exceeds one of the Limits.
	CodeMaxBytes      = "MAX_BYTES_LIMIT"
	CodeMaxTokens     = "MAX_TOKENS_LIMIT"
	CodeMaxDepth      = "MAX_DEPTH_LIMIT"
	CodeMaxFields     = "MAX_FIELDS_LIMIT"
	CodeMaxRootFields = "MAX_ROOT_FIELDS_LIMIT"
	CodeMaxAliases    = "MAX_ALIASES_LIMIT"
	CodeMaxDirectives = "MAX_DIRECTIVES_LIMIT"
	CodeMaxFragments  = "MAX_FRAGMENTS_LIMIT"
	CodeMaxOperations = "MAX_OPERATIONS_LIMIT"
	// CodeMaxComplexity: deciding whether the selections can be merged would cost too much.
	CodeMaxComplexity = "MAX_COMPLEXITY_LIMIT"
)

// newError makes an error with a code that points at positions of the document; nil positions are left out.
func newError(code, message string, at ...*ast.Position) *gqlerror.Error {
	err := &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
	for _, p := range at {
		if p != nil {
			err.Locations = append(err.Locations, gqlerror.Location{Line: p.Line, Column: p.Column})
		}
	}
	return err
}

func newErrorf(code string, at *ast.Position, format string, args ...any) *gqlerror.Error {
	return newError(code, fmt.Sprintf(format, args...), at)
}

// maxQuoted is how much of a client's text an error message repeats.
const maxQuoted = 64

// clip shortens what a client sent, so that an error never is as long as what it complains about.
func clip(text string) string {
	if len(text) <= maxQuoted {
		return text
	}
	end := maxQuoted
	for end > 0 && text[end]&0xC0 == 0x80 {
		end-- // not inside a UTF-8 sequence
	}
	return text[:end] + "…"
}
