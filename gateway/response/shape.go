// Package response holds what subgraphs answered and writes what the client asked for.
//
// A subgraph's answer is decoded once into a Part: its bytes and a flat slice of pointer-free nodes. Nothing is
// copied from part to part: an entity's fields from another fetch are found through a link from a node of one part to a
// node of another. The shape types in this file are compiled with the plan and are immutable; they say how to walk
// the linked parts, for writing the client's response, for rendering representations, and for turning a subgraph's
// error path into the client's.
package response

import (
	"maps"
	"slices"
)

// Name is a response name (a field's alias or name in a subgraph's answer), interned in a plan's Names.
// 0 is no name of the plan: the decoder gives it to members nobody asked for.
type Name uint16

// Names interns the response names of one plan. It is filled while the plan is compiled and read-only afterwards.
type Names struct {
	list []string
	// index is there once the names are more than fewNames: fewer are found sooner without one, and most plans have few.
	index map[string]Name
}

const fewNames = 16

// NewNames returns a table that knows no name.
func NewNames() *Names { return &Names{list: []string{""}} }

// With returns a table that knows more names. The numbers of those known stay.
func (n *Names) With(names []string) *Names {
	more := &Names{list: slices.Clone(n.list), index: maps.Clone(n.index)}
	for _, name := range names {
		more.Intern(name)
	}
	return more
}

// MaxNames is the number of distinct names a plan may have.
const MaxNames = 1<<16 - 1

// Intern returns the name's number, a new one at need. It returns 0 when the table is full.
func (n *Names) Intern(name string) Name {
	if i := n.Lookup(name); i != 0 {
		return i
	}
	if len(n.list) > MaxNames {
		return 0
	}
	i := Name(len(n.list))
	n.list = append(n.list, name)
	switch {
	case n.index != nil:
		n.index[name] = i
	case len(n.list) > fewNames:
		n.index = make(map[string]Name, 2*fewNames)
		for k, text := range n.list[1:] {
			n.index[text] = Name(k + 1)
		}
	}
	return i
}

// Text returns the name of a number.
func (n *Names) Text(i Name) string { return n.list[i] }

// Lookup returns the number of a name, 0 when it is unknown.
func (n *Names) Lookup(name string) Name { return lookup(n, name) }

// lookup is Lookup for either kind of text. The conversions in it copy nothing.
func lookup[T string | []byte](n *Names, name T) Name {
	if n.index != nil {
		return n.index[string(name)]
	}
	for i, text := range n.list[1:] {
		if text == string(name) {
			return Name(i + 1)
		}
	}
	return 0
}

// Len returns the number of names, counting the empty one at 0.
func (n *Names) Len() int { return len(n.list) }

// Condition says when something is part of the response: a disjunction of conjunctions over the operation's Boolean
// variables (@skip and @include). A condition without terms is always true. Plans intern conditions; ConditionID 0 is
// always true.
type Condition struct {
	Terms [][]Literal
	// Or, unless it is 0, is a condition with a lower number: wherever it holds this one does too.
	Or ConditionID
}

// Literal holds when the variable has the wanted value. Variable indexes the plan's condition variables.
type Literal struct {
	Variable int
	Want     bool
}

// ConditionID indexes a plan's conditions. 0 is always true.
type ConditionID int32

// Eval evaluates the condition over the values of the plan's condition variables, given the conditions with lower numbers.
func (c Condition) Eval(values, lower []bool) bool {
	if len(c.Terms) == 0 || c.Or != 0 && lower[c.Or] {
		return true
	}
term:
	for _, term := range c.Terms {
		for _, l := range term {
			if values[l.Variable] != l.Want {
				continue term
			}
		}
		return true
	}
	return false
}

// Object says how to read the objects at one place of the response.
//
// While walking, an object is a frame: a row of slots, each a node of some part (or none). The first Inherited slots are
// filled by the field that led here: slot i from Field.Sources[i]. Then come Links, one slot each, then the Links of the
// case that fits the runtime type. An object is null when all its inherited slots are null or absent.
type Object struct {
	Inherited int
	// Before are hidden fields that are read before the runtime type is known, from the inherited slots: what Links whose
	// target's route has Case -1 need. Their representation has one case, whose Field indexes into Before.
	Before []Field
	// Scope numbers the objects that values are read from for fields further down (@fromContext); 0: none are.
	Scope int
	// Links are answers of entity fetches that join here whatever the runtime type is.
	Links []Link
	// TypeName is where the runtime type is found, looked up after Links. It is needed (Slot >= 0) when a case is restricted
	// to some types or when a field writes the runtime type. Slot -1: not needed.
	TypeName Source
	// Alike is the slot of a link: objects that have the same entity there are written alike. 0: nothing tells. FindAlike
	// sets it.
	Alike int
	// Cases partition the possible types of the API schema. The first that holds the runtime type applies; an object
	// whose type fits none is invalid and becomes null with an error.
	Cases []Case
}

// Case is what applies to some of the possible types of an Object.
type Case struct {
	Types  []string // sorted; nil: every type
	Links  []Link
	Fields []Field // in response order, unless Order says otherwise; hidden ones anywhere
	Order  []Turn
}

// Turn is a place that one of a case's Fields has in the response. A field stands where it is first selected (GraphQL
// specification, section 6.3.2 CollectFields); when @skip and @include decide where that is, it has a turn for each
// possible place, and a list of all turns replaces the order of the fields.
type Turn struct {
	Field int
	// Cond says when the field is selected there, and Unless, if it is not 0, when it has stood in an earlier place.
	Cond, Unless ConditionID
}

// fields returns the fields of a case; those of Before for -1.
func (o *Object) fields(kase int) []Field {
	if kase < 0 {
		return o.Before
	}
	return o.Cases[kase].Fields
}

// Link joins the answers of an entity fetch: its slot is filled by the entity that plan.Fetch number Fetch got for the
// node in slot From, by its group Group's target Target.
type Link struct {
	From   int
	Fetch  int
	Group  int
	Target int
	// Contexts are what the target's entities are asked with from objects above; nil for most.
	Contexts *Contexts
}

// Source is a member called Name of the node in slot Slot.
type Source struct {
	Slot int
	Name Name
}

// FieldKind says how a field's value is written.
type FieldKind uint8

// The kinds of fields.
const (
	Leaf      FieldKind = iota // a scalar or enum (or lists of them), checked against Scalar, copied from Sources[0]
	Composite                  // objects, by Object
	TypeName                   // __typename: Constant if set, else the runtime type
	Denied                     // null, with the error Denial; never fetched
)

// Scalar is what a leaf value must look like; other values become null with an error (result coercion, GraphQL
// specification section 3.5).
type Scalar uint8

// The scalars. Any holds for custom scalars: any JSON value is copied.
const (
	Any Scalar = iota
	Int
	Float
	String
	Boolean
	ID // a string or an integer; written as a string
	Enum
)

// Field is one field of a Case.
type Field struct {
	Name   string // response name
	Key    []byte // `"name":`, encoded
	Hidden bool   // not in the client's response; walked for representations only
	// Contextual: what lies under a composite depends on the object that the field is of, or on those above, and not only on
	// the node that it is read from.
	Contextual bool
	Kind       FieldKind
	Scalar     Scalar
	Cond       ConditionID
	Values     []string // of an Enum: the values of the API schema, sorted
	Type       *Type
	// Sources are where the value is found: one for leaves; for composites one or more, each filling a slot of Object.
	Sources  []Source
	Object   *Object
	Constant string // of TypeName: the type's name when there can be but one
	Denial   *Denial
	// Coordinate is Type.field of the API schema, for messages.
	Coordinate string
}

// Type is the wrapping of a field's type: Elem is nil for a named type.
type Type struct {
	NonNull bool
	Elem    *Type
}

// Denial is why a field is not given.
type Denial struct {
	Code    string
	Message string
}

// link is the link that fills a slot of an object with one case.
func (o *Object) link(slot int) *Link {
	i := slot - o.Inherited
	if i < len(o.Links) {
		return &o.Links[i]
	}
	return &o.Cases[0].Links[i-len(o.Links)]
}

// Step leads from an object to the objects of one of its fields, lists flattened. Case -1: the field is one of Before.
type Step struct {
	Case  int
	Field int
	// Early: the step is taken from objects whose type is not known yet, too, as if they were of the case. The field is read from
	// inherited slots, and the same is asked of what it leads to in every other case.
	Early bool
}

// Route leads from the root object to a set of objects of the response. Case restricts the last object to one of its
// cases; -1: any. Where the object has Before fields the route then ends before its runtime type is known.
type Route struct {
	Steps []Step
	Case  int
}

// Representation renders the value that stands for an object in another subgraph (or an object nested in one): by case
// of the Object it belongs to, in parallel with Object.Cases.
type Representation struct {
	Cases []RepresentationCase
}

// RepresentationCase is how objects of one case are rendered. A zero case (no fields, no typename) renders nothing:
// the object is left out.
type RepresentationCase struct {
	// Typename is the `__typename` member: Constant, or the runtime type if Runtime is set, or absent.
	Constant string
	Runtime  bool
	Fields   []RepresentationField
}

// RepresentationField is one member.
type RepresentationField struct {
	Key    []byte // `"name":`, encoded; the field's name in the target subgraph
	Field  int    // index into the case's Fields; its value is rendered
	Object *Representation
	// Required: a key. When it is null or absent, the whole entity is null and no call is made for it. Others (the inputs of
	// @requires) may be null, but one that is absent (its fetch failed) makes the whole entity null too: it is not known what
	// to ask with.
	Required bool
}
