package generate

// arguments are those that a field takes.
type arguments struct {
	definitions string
	required    bool
	types       []string // that they name
	uses        []string // what @requires may pass
}

// argumentKinds are what fields take. Values depend on them wherever that shows: see simulate.
var argumentKinds = []*arguments{
	{definitions: `(n: Int, s: String = "d")`, uses: []string{"(n: 1)", `(n: 2, s: "t")`, "(s: null)"}},
	{definitions: "(c: Color = RED, l: [Int!] = [1, 2])", types: []string{"Color"}, uses: []string{"(c: GREEN)", "(l: [3])", "(c: null, l: [])"}},
	{definitions: "(in: In = {a: 1})", types: []string{"In", "Color"}, uses: []string{`(in: {b: ["x"]})`, "(in: {c: RED, in: {a: 2}})", "(in: null)"}},
	{definitions: `(b: Blob = [1, "x"])`, types: []string{"Blob"}, uses: []string{"(b: 1.5)", `(b: [true, "y"])`, "(b: null)"}},
	{definitions: "(id: ID!, ins: [In!])", types: []string{"In", "Color"}, required: true, uses: []string{`(id: "1")`, `(id: 2, ins: [{a: 1}, {}])`}},
}

const inputType = "input In { a: Int = 3 b: [String!] c: Color in: In }"

func (a *arguments) text() string {
	if a == nil {
		return ""
	}
	return a.definitions
}

// takeArguments gives a field arguments in so many of a hundred cases.
func (m *model) takeArguments(f *field, percent int) {
	f.arguments = nil
	if m.chance(percent) {
		f.arguments = pick(m.Choices, argumentKinds)
	}
}
