package batch

import (
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// piece is an operation's contribution to a combined document, its aliases, variables and fragments renamed with a
// prefix of its own.
type piece struct {
	variables, selection, fragments string
}

// documents remembers pieces. Operations come from plans, so there are few; the bound is for many changing plans.
type documents struct {
	mu     sync.Mutex
	pieces map[pieceKey]*piece
}

type pieceKey struct {
	operation string
	index     int
}

const maxPieces = 4096

var errCannotCombine = errors.New("the operation cannot be combined with others")

// prefix is what the names of the operation number i of a combined document start with.
func prefix(i int) string { return "b" + strconv.Itoa(i) + "_" }

// piece returns the operation as number index of a combined document; nil when it cannot be part of one.
func (d *documents) piece(operation string, index int) (*piece, error) {
	key := pieceKey{operation, index}
	d.mu.Lock()
	p, known := d.pieces[key]
	d.mu.Unlock()
	if !known {
		p = makePiece(operation, prefix(index))
		d.mu.Lock()
		if d.pieces == nil || len(d.pieces) >= maxPieces {
			d.pieces = map[pieceKey]*piece{}
		}
		d.pieces[key] = p
		d.mu.Unlock()
	}
	if p == nil {
		return nil, errCannotCombine
	}
	return p, nil
}

// makePiece renames an operation; nil when it is not an ordinary query of `_entities` fields.
func makePiece(operation, prefix string) *piece {
	doc, err := parser.ParseQuery(&ast.Source{Input: operation})
	if err != nil || len(doc.Operations) != 1 {
		return nil
	}
	op := doc.Operations[0]
	if op.Operation != ast.Query || len(op.Directives) > 0 {
		return nil
	}
	for _, s := range op.SelectionSet {
		f, ok := s.(*ast.Field)
		if !ok || f.Name != "_entities" {
			return nil
		}
		f.Alias = prefix + f.Alias
	}
	p := &piece{}
	var b strings.Builder
	for _, v := range op.VariableDefinitions {
		if len(v.Directives) > 0 {
			return nil
		}
		b.WriteString("$" + prefix + v.Variable + ":" + v.Type.String())
		if v.DefaultValue != nil {
			b.WriteString("=" + v.DefaultValue.String())
		}
		b.WriteByte(' ')
	}
	p.variables = b.String()
	r := renamer{prefix}
	r.selections(op.SelectionSet)
	for _, f := range doc.Fragments {
		f.Name = prefix + f.Name
		r.directives(f.Directives)
		r.selections(f.SelectionSet)
	}
	text := print(&ast.QueryDocument{Operations: ast.OperationList{{Operation: ast.Query, SelectionSet: op.SelectionSet}}})
	p.selection = text[strings.IndexByte(text, '{')+1 : strings.LastIndexByte(text, '}')]
	p.fragments = print(&ast.QueryDocument{Fragments: doc.Fragments})
	return p
}

func print(doc *ast.QueryDocument) string {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("")).FormatQueryDocument(doc)
	return b.String()
}

// renamer prefixes the names of variables and fragments where they are used.
type renamer struct{ prefix string }

func (r renamer) selections(set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			r.arguments(s.Arguments)
			r.directives(s.Directives)
			r.selections(s.SelectionSet)
		case *ast.InlineFragment:
			r.directives(s.Directives)
			r.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			s.Name = r.prefix + s.Name
			r.directives(s.Directives)
		}
	}
}

func (r renamer) directives(list ast.DirectiveList) {
	for _, d := range list {
		r.arguments(d.Arguments)
	}
}

func (r renamer) arguments(list ast.ArgumentList) {
	for _, a := range list {
		r.value(a.Value)
	}
}

func (r renamer) value(v *ast.Value) {
	if v.Kind == ast.Variable {
		v.Raw = r.prefix + v.Raw
	}
	for _, c := range v.Children {
		r.value(c.Value)
	}
}
