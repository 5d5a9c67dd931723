package operation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// MaxFields bounds the number of fields of a normalised operation, and the number of selections visited for it is bounded
// in proportion. Fragments that use each other can stand for exponentially many fields in a short text.
const MaxFields = 100_000

// TooLargeError says that an operation's normal form is larger than MaxFields.
type TooLargeError struct{}

func (TooLargeError) Error() string {
	return fmt.Sprintf("the operation stands for more than %d fields once its fragments are expanded; ask for less, or split it", MaxFields)
}

// TooConditionalError says that the conditions of an operation's fields are too many to be worked out.
type TooConditionalError struct {
	Coordinate string // of the field at which it was found
}

func (e TooConditionalError) Error() string {
	return fmt.Sprintf("the ways in which @skip and @include select %s, and fields like it, are too many to tell apart; "+
		"select it once, under one condition, rather than in many fragments with conditions of their own, or split the operation", e.Coordinate)
}

// Normalise brings a validated operation into its normal form.
func Normalise(schema *Schema, doc *ast.QueryDocument, op *ast.OperationDefinition) (*Operation, error) {
	n := &normaliser{
		schema:    schema,
		fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		conds:     newConditions(),
		numbers:   newSetNumbers(),
		sets:      map[string]normalSet{},
		reqs:      map[string]int{},
		out:       &Operation{Kind: op.Operation, Name: op.Name, Definition: op, Fragments: doc.Fragments, Requirements: []Requirement{{}}},
	}
	for _, f := range doc.Fragments {
		n.fragments[f.Name] = f
	}
	root := n.rootType(op.Operation)
	if root == nil {
		return nil, fmt.Errorf("the schema has no %s root type", op.Operation)
	}
	set, err := n.set(root, []occurrence{{set: op.SelectionSet, id: n.numbers.of(op.SelectionSet), cond: always}}, held{})
	if err != nil {
		return nil, err
	}
	n.out.Root = set
	n.out.Conditions, n.out.ConditionVariables = n.conds.list, n.conds.variables
	return n.out, nil
}

type normaliser struct {
	schema    *Schema
	fragments map[string]*ast.FragmentDefinition
	conds     *conditions
	numbers   setNumbers
	sets      map[string]normalSet
	reqs      map[string]int
	out       *Operation
	fields    int // of the operation, counting a set wherever it stands
	visits    int
}

// normalSet is a normalised selection set. Wherever the same is selected on values of the same type, with the same known, it
// is the same.
type normalSet struct {
	set    *SelectionSet
	fields int
}

func (n *normaliser) rootType(kind ast.Operation) *ast.Definition {
	switch kind {
	case ast.Query:
		return n.schema.API.Query
	case ast.Mutation:
		return n.schema.API.Mutation
	case ast.Subscription:
		return n.schema.API.Subscription
	}
	return nil
}

// set normalises what is selected at a place where some conditions are known to hold, once for all places where it is the
// same.
func (n *normaliser) set(typ *ast.Definition, occurrences []occurrence, held held) (*SelectionSet, error) {
	key := setKey(typ, occurrences, held)
	if done, ok := n.sets[key]; ok {
		return done.set, n.count(done.fields)
	}
	before := n.fields
	set, err := n.newSet(typ, occurrences, held)
	n.sets[key] = normalSet{set, n.fields - before}
	return set, err
}

func setKey(typ *ast.Definition, occurrences []occurrence, held held) string {
	var b strings.Builder
	b.WriteString(typ.Name)
	for _, o := range occurrences {
		b.WriteString(" " + strconv.Itoa(o.id) + ":" + o.cond.key())
	}
	b.WriteString(" " + held.key())
	return b.String()
}

// count notes that the operation has more fields.
func (n *normaliser) count(fields int) error {
	if n.fields += fields; n.fields > MaxFields {
		return TooLargeError{}
	}
	return nil
}

// tooConditional is the error for conditions that take too much, noticed at a field.
func (n *normaliser) tooConditional(object string, field *ast.Field) error {
	return TooConditionalError{strconv.Quote(object + "." + field.Name)}
}

func (n *normaliser) newSet(typ *ast.Definition, occurrences []occurrence, held held) (*SelectionSet, error) {
	out := &SelectionSet{Type: typ}
	for _, types := range n.classes(typ, occurrences) {
		c := &collector{normaliser: n, object: types[0], held: held, index: map[string]int{}, seen: map[string]*implied{}}
		for _, o := range occurrences {
			if err := c.collect(o.set, o.cond); err != nil {
				return nil, err
			}
		}
		if n.out.Kind == ast.Mutation && typ == n.schema.API.Mutation && slices.ContainsFunc(c.list, wanders) {
			var err error
			if c.list, err = n.serially(c.list); err != nil {
				return nil, err
			}
		}
		if err := n.cases(out, types, n.wanted(c.list, held), held); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// wanted finds when each of the fields at a place is selected, and leaves out those that never are.
func (n *normaliser) wanted(list []collected, held held) []collected {
	for i := range list {
		col := &list[i]
		for _, node := range col.nodes {
			col.cond = append(col.cond, node.cond...)
		}
		col.cond = n.conds.simplify(n.conds.normal(col.cond), held)
	}
	return slices.DeleteFunc(list, func(col collected) bool { return col.cond.never() })
}

// classes partitions the possible types of a place by which type conditions in its selections they meet.
func (n *normaliser) classes(typ *ast.Definition, occurrences []occurrence) [][]string {
	possible := n.schema.PossibleTypes(typ.Name)
	if len(possible) <= 1 {
		if len(possible) == 0 {
			return nil
		}
		return [][]string{possible}
	}
	var conditions []string
	seen := map[string]bool{typ.Name: true}
	spread := map[string]bool{}
	var visit func(set ast.SelectionSet)
	visit = func(set ast.SelectionSet) {
		for _, sel := range set {
			cond, inner := "", ast.SelectionSet(nil)
			switch sel := sel.(type) {
			case *ast.InlineFragment:
				cond, inner = sel.TypeCondition, sel.SelectionSet
			case *ast.FragmentSpread:
				f := n.fragments[sel.Name]
				if f == nil || spread[sel.Name] {
					continue
				}
				spread[sel.Name] = true
				cond, inner = f.TypeCondition, f.SelectionSet
			default:
				continue
			}
			if cond != "" && !seen[cond] {
				seen[cond] = true
				conditions = append(conditions, cond)
			}
			visit(inner)
		}
	}
	for _, o := range occurrences {
		visit(o.set)
	}
	if len(conditions) == 0 {
		return [][]string{possible}
	}
	index := map[string]int{}
	var classes [][]string
	signature := make([]byte, len(conditions))
	for _, object := range possible {
		for i, cond := range conditions {
			signature[i] = '0'
			if n.schema.isPossible(object, cond) {
				signature[i] = '1'
			}
		}
		i, ok := index[string(signature)]
		if !ok {
			i = len(classes)
			index[string(signature)] = i
			classes = append(classes, nil)
		}
		classes[i] = append(classes[i], object)
	}
	return classes
}

// cases adds the cases for types on which the same is selected, split where the types' own definitions differ.
func (n *normaliser) cases(out *SelectionSet, types []string, list []collected, held held) error {
	index := map[string]int{}
	var split [][]string
	var b strings.Builder
	for _, object := range types {
		b.Reset()
		if len(types) > 1 {
			for _, c := range list {
				f := c.nodes[0].field
				if def := n.schema.Field(object, f.Name); def != nil {
					b.WriteString(def.Type.String())
				}
				b.WriteString(strconv.Itoa(n.requirement(object, f.Name)))
				b.WriteByte(' ')
			}
		}
		i, ok := index[b.String()]
		if !ok {
			i = len(split)
			index[b.String()] = i
			split = append(split, nil)
		}
		split[i] = append(split[i], object)
	}
	for _, types := range split {
		c := &Case{Types: types}
		for _, col := range list {
			f, err := n.field(types[0], col, held)
			if err != nil {
				return err
			}
			c.Fields = append(c.Fields, f)
		}
		c.Order = n.order(list, c.Fields)
		out.Cases = append(out.Cases, c)
	}
	return nil
}

func (n *normaliser) field(object string, col collected, held held) (*Field, error) {
	if err := n.count(1); err != nil {
		return nil, err
	}
	first := col.nodes[0]
	f := &Field{Response: col.response, Name: first.field.Name, Parent: object, Arguments: first.field.Arguments}
	f.Cond = n.conds.intern(col.cond)
	if n.conds.spent() {
		return nil, n.tooConditional(object, first.field)
	}
	if f.Name == "__typename" {
		return f, nil
	}
	f.Applied = n.applied(col.nodes, col.cond)
	f.Definition = n.schema.Field(object, f.Name)
	if f.Definition == nil {
		return nil, fmt.Errorf("type %s has no field %s", object, f.Name)
	}
	f.Requirement = n.requirement(object, f.Name)
	typ := n.schema.API.Types[f.Definition.Type.Name()]
	if typ == nil || !typ.IsCompositeType() {
		return f, nil
	}
	held = held.and(col.cond)
	var err error
	f.Set, err = n.set(typ, n.beneath(col.nodes, held), held)
	return f, err
}

// requirement interns what selecting a field of an object type asks of an identity: what the field asks, its type and
// the object type itself.
func (n *normaliser) requirement(object, field string) int {
	s := n.schema.Supergraph
	if !s.HasAccess() {
		return 0
	}
	coordinates := []string{object, object + "." + field}
	if def := n.schema.Field(object, field); def != nil {
		coordinates = append(coordinates, def.Type.Name())
	} else {
		return 0
	}
	coordinates = slices.DeleteFunc(coordinates, func(c string) bool { return s.Access(c).IsZero() })
	if len(coordinates) == 0 {
		return 0
	}
	slices.Sort(coordinates)
	coordinates = slices.Compact(coordinates)
	key := strings.Join(coordinates, " ")
	if i, ok := n.reqs[key]; ok {
		return i
	}
	r := Requirement{Coordinates: coordinates}
	for _, c := range coordinates {
		r.Accesses = append(r.Accesses, s.Access(c))
	}
	i := len(n.out.Requirements)
	n.reqs[key] = i
	n.out.Requirements = append(n.out.Requirements, r)
	return i
}
