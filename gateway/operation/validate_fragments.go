package operation

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// fragmentRules finds fragments that spread themselves (specification section 5.5.2.2) and says whether there is none.
func (d *document) fragmentRules() bool {
	c := cycles{document: d, state: make([]uint8, len(d.fragments))}
	acyclic := true
	for _, def := range d.fragments {
		if !c.acyclic(def) {
			acyclic = false
		}
	}
	return acyclic
}

// cycles is a depth-first walk over fragments. state is by the fragment's index: 0 not seen, 1 on the path, 2 done.
type cycles struct {
	*document
	state []uint8
	path  []*definition
}

func (c *cycles) acyclic(def *definition) bool {
	switch c.state[def.index] {
	case 1:
		c.reportCycle(def)
		return false
	case 2:
		return true
	}
	c.state[def.index] = 1
	c.path = append(c.path, def)
	acyclic := true
	for _, target := range def.spreads {
		if !c.acyclic(target) {
			acyclic = false
		}
	}
	c.path = c.path[:len(c.path)-1]
	c.state[def.index] = 2
	return acyclic
}

// maxVia is how many fragments of a cycle a message names.
const maxVia = 5

func (c *cycles) reportCycle(def *definition) {
	if c.full() {
		return
	}
	start := len(c.path) - 1
	for c.path[start] != def {
		start--
	}
	var via []string
	at := []*ast.Position{def.fragment.Position}
	for _, between := range c.path[start+1:] {
		if len(via) == maxVia {
			via = append(via, "…")
			break
		}
		via = append(via, `"`+clip(between.fragment.Name)+`"`)
		at = append(at, between.fragment.Position)
	}
	message := `Cannot spread fragment "` + clip(def.fragment.Name) + `" within itself`
	if len(via) > 0 {
		message += " via " + strings.Join(via, ", ")
	}
	c.reportAt(at, message+".")
}
