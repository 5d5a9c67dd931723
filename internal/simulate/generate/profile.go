package generate

// Profile is what graphs are like.
type Profile struct {
	// How many there are at least, and how many kinds of numbers from there on.
	subgraphs, entities, entityFields, values, valueFields, roots span
	// In how many of a hundred cases there is what the name says.
	manySubgraphs int // some subgraphs more
	without       int // a subgraph does not have an entity
	unconnected   int // not all subgraphs of an entity can be entered from its first one
	unusualKeys   int
	shared        int // a field has several owners
	sharedRoots   int
	provides      int
	requires      int
	overrides     int
	references    int // a value type leads to an entity
	nestedValues  int // a value type leads to another one
	absent        int // a field of a value type is not in every subgraph
	composites    int // a field of an entity has selections
}

// span is a range of numbers: the least, and how many there are.
type span struct{ from, many int }

func (s span) choose(c *Choices) int { return s.from + c.Below(s.many) }

// Ordinary graphs have a little of everything, and are small, so that many can be tried.
var Ordinary = Profile{
	subgraphs: span{2, 3}, entities: span{2, 3}, entityFields: span{2, 4}, values: span{1, 2}, valueFields: span{1, 3}, roots: span{1, 4},
	manySubgraphs: 8, without: 40, unconnected: 10, unusualKeys: 30, shared: 25, sharedRoots: 20, provides: 35, requires: 35,
	overrides: 15, references: 25, absent: 20,
}

// Tangled graphs give a planner much to choose from: what is asked for can be had from several subgraphs, and takes keys and
// inputs that come from yet others.
var Tangled = Profile{
	subgraphs: span{4, 3}, entities: span{3, 4}, entityFields: span{4, 4}, values: span{2, 3}, valueFields: span{2, 3}, roots: span{2, 4},
	manySubgraphs: 25, without: 30, unconnected: 12, unusualKeys: 45, shared: 45, sharedRoots: 50, provides: 55, requires: 45,
	overrides: 10, references: 60, nestedValues: 50, absent: 35, composites: 40,
}
