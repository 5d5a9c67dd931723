package fetchgraph

// savings are the numbers of bytes from which on documents are written in a shorter form. Below, they say what is asked
// where, for people to read.
type savings struct {
	block  int // the length of a selection that may become a fragment
	whole  int // by how much fragments must make a document shorter for it to have any
	types  int // from how many types on it is tried to ask them on an interface
	shared int // by how much that must make it shorter
	run    int // and by how much a condition that is written once for several fields
}

// readable are the savings as documents are sent.
var readable = savings{block: 64, whole: 128, types: 4, shared: 128, run: 96}

// Terse lets documents have the shorter forms wherever there are any, however little they save, so that small trials try
// them, too. It is called before Print.
func (g *Graph) Terse() {
	const little = -MaxDocument
	g.savings = savings{block: 6, whole: little, types: 2, shared: little, run: little}
	g.blocks.least = g.savings.block
}
