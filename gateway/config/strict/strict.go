// Package strict reads YAML the way a person wants to be read: every mistake is found at once, each with its line and
// column, and a key that is not known is answered with the one that was probably meant.
//
// What is accepted follows from a Go type and its tags, and so does its JSON Schema (see Schema):
//
//	yaml:"name"       the key
//	doc:"…"           what it means, for the schema and the reference
//	default:"…"       what stands for a key that is left out; not within maps tagged inherit:"true"
//	enum:"a,b"        the texts accepted
//	min:"1"           the smallest number accepted
//	required:"true"   the key cannot be left out
//
// Scalars may hold ${NAME} and ${NAME:-default}, which stand for environment variables; $${ stands for ${ itself.
package strict

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Bounds of what is read.
const (
	MaxBytes  = 16 << 20
	maxNodes  = 200_000
	maxDepth  = 64
	maxErrors = 20
)

// Options say how a document is read.
type Options struct {
	// File is its name in messages.
	File string
	// Env looks environment variables up; nil leaves ${…} as it is.
	Env func(name string) (string, bool)
}

// Error is one mistake. Path is where it was made, such as "auth.issuers[0].url"; Line and Column count from 1, and are 0
// for a mistake that is at no one place.
type Error struct {
	File         string
	Line, Column int
	Path         string
	Message      string
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Message)
	return b.String()
}

// Errors are all mistakes of a document, in the order of the document.
type Errors []*Error

func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Document is a document that was read: it knows where everything stands.
type Document struct {
	file   string
	places map[string]place
}

type place struct{ line, column int }

// Errorf is an Error at a path of the document, or at the nearest path above it that is there.
func (d *Document) Errorf(path, format string, args ...any) *Error {
	e := &Error{File: d.file, Path: path, Message: fmt.Sprintf(format, args...)}
	for at := path; ; {
		if p, ok := d.places[at]; ok {
			e.Line, e.Column = p.line, p.column
			return e
		}
		i := strings.LastIndexAny(at, ".[")
		if i < 0 {
			return e
		}
		at = at[:i]
	}
}

// Has reports whether the document has something at a path.
func (d *Document) Has(path string) bool {
	_, ok := d.places[path]
	return ok
}

// Decode reads a document into a struct. What the document leaves out keeps the value it had, or takes the default of its
// tag. The error is of type Errors.
func Decode(data []byte, into any, o Options) (*Document, error) {
	d := &decoder{options: o, document: &Document{file: o.File, places: map[string]place{}}, anchors: map[string]ast.Node{}}
	target := reflect.ValueOf(into).Elem()
	d.defaults(target)
	root, err := parse(data, o.File)
	if err != nil {
		return d.document, Errors{err}
	}
	if root != nil {
		d.value(root, target, "", field{})
	}
	if root == nil || len(d.errors) == 0 {
		d.missing(target, "")
	}
	if len(d.errors) > 0 {
		slices.SortStableFunc(d.errors, func(a, b *Error) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return d.document, d.errors
	}
	return d.document, nil
}

// parse returns the root of the one document in data, nil when it is empty.
func parse(data []byte, file string) (root ast.Node, fail *Error) {
	if len(data) > MaxBytes {
		return nil, &Error{File: file, Message: fmt.Sprintf("the file has %d bytes; at most %d are read", len(data), MaxBytes)}
	}
	defer func() {
		// The parser is known to index beyond the end of some malformed documents.
		if v := recover(); v != nil {
			root, fail = nil, &Error{File: file, Message: "this is no YAML document"}
		}
	}()
	parsed, err := parser.ParseBytes(data, 0)
	if err != nil {
		e := &Error{File: file, Message: err.Error()}
		var syntax yaml.Error
		if errors.As(err, &syntax) {
			e.Message = syntax.GetMessage()
			if t := syntax.GetToken(); t != nil && t.Position != nil {
				e.Line, e.Column = t.Position.Line, t.Position.Column
			}
		}
		return nil, e
	}
	for _, doc := range parsed.Docs {
		switch doc.Body.(type) {
		case nil, *ast.CommentGroupNode:
			continue
		}
		if root != nil {
			p := placeOf(doc.Body)
			return nil, &Error{File: file, Line: p.line, Column: p.column, Message: "a second document begins here; the file must hold one"}
		}
		root = doc.Body
	}
	return root, nil
}

func placeOf(n ast.Node) place {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return place{t.Position.Line, t.Position.Column}
	}
	return place{}
}
