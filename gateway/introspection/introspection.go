// Package introspection answers operations over __schema and __type from the API schema (GraphQL specification section 4).
//
// The gateway plans such selections as a fetch of their own, so an Introspector is asked like a subgraph: with the text of
// an operation that selects nothing but __schema, __type and __typename on the query root, and variables as raw JSON. It
// answers with the bytes of a response. Operations are compiled once; what does not depend on variables is answered once
// and the same bytes are given to everyone, so callers must not change them.
package introspection

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
)

// Variables gives the coerced variables of a request as raw JSON. *operation.Variables is one.
type Variables interface {
	Get(name string) (raw []byte, present bool)
}

// MaxBytes bounds one answer. The full introspection of a schema of 5,000 types is some 10 MB; beyond this bound an
// operation is one that repeats the schema over and over.
const MaxBytes = 64 << 20

// ErrTooLarge says that an answer would exceed MaxBytes.
var ErrTooLarge = fmt.Errorf("the answer to the introspection exceeds %d bytes: select less of the schema at a time", MaxBytes)

// Introspector answers introspection of one API schema. It is safe for use by many goroutines.
type Introspector struct {
	model    *model
	prepared *operation.Cache[*prepared]
}

// prepared is a parsed operation, and its answer if that is always the same.
type prepared struct {
	operation *ast.OperationDefinition
	fragments map[string]*ast.FragmentDefinition
	body      []byte
	err       error
}

// New makes an Introspector. The schema must not change afterwards.
func New(api *ast.Schema) *Introspector {
	i := &Introspector{model: newModel(api)}
	i.prepared = operation.NewCache(
		operation.CacheOptions{Entries: 128, Bytes: 2 * MaxBytes},
		func(p *prepared) int { return len(p.body) },
		i.prepare,
	)
	return i
}

// Execute answers an operation: {"data":{…}}. variables may be nil when there are none. The context bounds the work. An
// error is one of the operation (it asks for what introspection does not have, or for too much) or the context's.
func (i *Introspector) Execute(ctx context.Context, text string, variables Variables) ([]byte, error) {
	p, err := i.prepared.Get(ctx, operation.CacheKey{Text: text})
	if err != nil {
		return nil, fmt.Errorf("introspection: %w", err)
	}
	if p.err != nil || p.body != nil {
		return p.body, p.err
	}
	return i.answer(ctx, p, variables)
}

// prepare parses an operation. Faults of the operation are part of the result, so that they are remembered with it.
func (i *Introspector) prepare(ctx context.Context, key operation.CacheKey) (*prepared, error) {
	doc, errs := operation.Parse(key.Text, operation.DefaultLimits())
	if len(errs) > 0 {
		return &prepared{err: fmt.Errorf("introspection: %w", errs[0])}, nil
	}
	if len(doc.Operations) != 1 || doc.Operations[0].Operation != ast.Query {
		return &prepared{err: errors.New("introspection: one query operation is expected")}, nil
	}
	p := &prepared{operation: doc.Operations[0], fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments))}
	for _, f := range doc.Fragments {
		p.fragments[f.Name] = f
	}
	if len(p.operation.VariableDefinitions) > 0 {
		return p, nil
	}
	body, err := i.answer(ctx, p, nil)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err // says nothing about the operation
		}
		return &prepared{err: err}, nil
	}
	p.body = slices.Clip(body)
	return p, nil
}

func (i *Introspector) answer(ctx context.Context, p *prepared, variables Variables) ([]byte, error) {
	c := compiler{fragments: p.fragments, definitions: p.operation.VariableDefinitions, variables: variables}
	root, err := c.compile([]ast.SelectionSet{p.operation.SelectionSet}, i.model.queryName)
	if err != nil {
		return nil, fmt.Errorf("introspection: %w", err)
	}
	w := writer{ctx: ctx, model: i.model}
	w.raw(`{"data":`)
	w.query(root)
	w.raw("}")
	if w.err != nil {
		return nil, fmt.Errorf("introspection: %w", w.err)
	}
	return w.out, nil
}
