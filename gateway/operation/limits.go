package operation

import (
	"math"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Limits bound what one document may cost. 0 means no limit.
//
// Depth, Fields, RootFields and Aliases hold for each operation as it is executed, that is with every fragment spread
// replaced by the fragment: a short document can spread fragments in fragments and select a billion fields. Bytes, Tokens,
// Directives, Fragments and Operations count the document as it is written.
type Limits struct {
	Bytes      int // length of the text
	Tokens     int // names, punctuators, values and comments
	Depth      int // nesting of fields; a root field has depth 1
	Fields     int // fields in all
	RootFields int // fields of the root type
	Aliases    int // fields with an alias
	Directives int // uses of directives
	Fragments  int // fragment definitions
	Operations int // operation definitions
}

// DefaultLimits are far above what people and their tools write, and far below what would keep a CPU busy for a second.
func DefaultLimits() Limits {
	return Limits{
		Bytes:      1 << 20,
		Tokens:     100_000,
		Depth:      100,
		Fields:     50_000,
		RootFields: 5_000,
		Aliases:    10_000,
		Directives: 10_000,
		Fragments:  2_000,
		Operations: 100,
	}
}

// measure is what the limits count of one selection set, fragment spreads replaced by their fragments.
type measure struct {
	depth, fields, root, aliases int
	nesting                      int // of selection sets and spreads, with or without a field between them
}

// maxNesting bounds how deep a walk that follows fragment spreads recurses, whatever the Limits say: the end of a
// goroutine's stack is the end of the process.
const maxNesting = 5_000

// add saturates: spreads in spreads reach 2^63 quickly.
func add(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

// measurer measures each fragment once, so it is linear in the document however often fragments are spread.
type measurer struct {
	fragments  map[string]*ast.FragmentDefinition
	done       map[string]measure
	open       map[string]bool // fragments being measured: meeting one again is a cycle
	level      int             // of the recursion
	directives int
}

func (l Limits) check(doc *ast.QueryDocument) gqlerror.List {
	var errs gqlerror.List
	// The counts that a definition list gives for free come first: they bound the work of the walk below.
	errs = over(errs, CodeMaxOperations, nil, "operations", len(doc.Operations), l.Operations)
	errs = over(errs, CodeMaxFragments, nil, "fragments", len(doc.Fragments), l.Fragments)
	if len(errs) > 0 {
		return errs
	}
	m := measurer{
		fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		done:      make(map[string]measure, len(doc.Fragments)),
		open:      map[string]bool{},
	}
	for _, f := range doc.Fragments {
		if _, ok := m.fragments[f.Name]; !ok {
			m.fragments[f.Name] = f // of duplicates, which validation refuses, the first
		}
	}
	measures := make([]measure, len(doc.Operations))
	for i, op := range doc.Operations {
		m.directives += len(op.Directives)
		for _, v := range op.VariableDefinitions {
			m.directives += len(v.Directives)
		}
		measures[i] = m.selectionSet(op.SelectionSet)
	}
	for _, f := range doc.Fragments { // those that no operation reaches still count their directives
		of := m.fragment(f.Name)
		errs = over(errs, CodeMaxDepth, nil, "levels of fragments", of.nesting, maxNesting)
	}
	errs = over(errs, CodeMaxDirectives, nil, "directives", m.directives, l.Directives)
	for i, op := range doc.Operations {
		of := measures[i]
		errs = over(errs, CodeMaxDepth, op, "levels of fields", of.depth, l.Depth)
		errs = over(errs, CodeMaxDepth, op, "levels of selections and fragments", of.nesting, maxNesting)
		errs = over(errs, CodeMaxRootFields, op, "root fields", of.root, l.RootFields)
		errs = over(errs, CodeMaxAliases, op, "aliases", of.aliases, l.Aliases)
		errs = over(errs, CodeMaxFields, op, "fields", of.fields, l.Fields)
	}
	return errs
}

// over adds an error when n exceeds the limit. op is nil when the whole document is meant.
func over(errs gqlerror.List, code string, op *ast.OperationDefinition, what string, n, limit int) gqlerror.List {
	if limit <= 0 || n <= limit {
		return errs
	}
	subject := "The document"
	var at *ast.Position
	if op != nil {
		at = op.Position
		subject = "The operation"
		if op.Name != "" {
			subject = `Operation "` + clip(op.Name) + `"`
		}
	}
	if n == math.MaxInt {
		return append(errs, newErrorf(code, at, "%s has too many %s; at most %d are allowed.", subject, what, limit))
	}
	return append(errs, newErrorf(code, at, "%s has %d %s; at most %d are allowed.", subject, n, what, limit))
}

func (m *measurer) selectionSet(set ast.SelectionSet) measure {
	if m.level >= maxNesting {
		return measure{nesting: 1}
	}
	m.level++
	defer func() { m.level-- }()
	var sum measure
	for _, sel := range set {
		var one measure
		switch sel := sel.(type) {
		case *ast.Field:
			m.directives += len(sel.Directives)
			one = m.selectionSet(sel.SelectionSet)
			one.depth = add(one.depth, 1)
			one.fields = add(one.fields, 1)
			one.root = 1
			if sel.Alias != sel.Name {
				one.aliases = add(one.aliases, 1)
			}
		case *ast.InlineFragment:
			m.directives += len(sel.Directives)
			one = m.selectionSet(sel.SelectionSet)
		case *ast.FragmentSpread:
			m.directives += len(sel.Directives)
			one = m.fragment(sel.Name)
		}
		sum.depth = max(sum.depth, one.depth)
		sum.fields = add(sum.fields, one.fields)
		sum.root = add(sum.root, one.root)
		sum.aliases = add(sum.aliases, one.aliases)
		sum.nesting = max(sum.nesting, one.nesting)
	}
	sum.nesting++
	return sum
}

// fragment measures a fragment. One that is unknown or spreads itself measures nothing: validation refuses both.
func (m *measurer) fragment(name string) measure {
	if done, ok := m.done[name]; ok {
		return done
	}
	def := m.fragments[name]
	if def == nil || m.open[name] {
		return measure{}
	}
	m.open[name] = true
	m.directives += len(def.Directives)
	of := m.selectionSet(def.SelectionSet)
	delete(m.open, name)
	m.done[name] = of
	return of
}
