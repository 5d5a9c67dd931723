package gateway

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// label is a label of progressive @override: it decides, request by request, whether a field comes from the subgraph that
// takes it over or still from the one that had it.
type label struct {
	name string
	// percent of requests have it active, where share is set; the others are for the operator to say.
	percent float64
	share   bool
}

// labelsOf are the labels in a supergraph, in one order for one set.
func labelsOf(s *supergraph.Supergraph) []label {
	var labels []label
	for _, name := range s.Labels() {
		labels = append(labels, newLabel(name))
	}
	return labels
}

func newLabel(name string) label {
	if number, ok := strings.CutPrefix(name, "percent("); ok {
		if number, ok = strings.CutSuffix(number, ")"); ok {
			if p, err := strconv.ParseFloat(number, 64); err == nil && p >= 0 && p <= 100 {
				return label{name: name, percent: p, share: true}
			}
		}
	}
	return label{name: name}
}

// labelChoice is which labels are active for one request. Each is decided when somebody first wants to know, and stays so:
// an operation that asks about none costs nothing.
type labelChoice struct {
	snapshot *Snapshot
	identity *auth.Identity
	header   http.Header
	decided  []labelState // by label; empty while none was asked for
	// drawn is the request's place among a hundred, for all labels with a percentage: the requests of percent(5) are also
	// among those of percent(50), and n such labels make n+1 plans and not 2ⁿ.
	drawn float64
}

type labelState uint8

const (
	labelOpen labelState = iota
	labelInactive
	labelActive
)

func (c *labelChoice) begin(s *Snapshot, id *auth.Identity, header http.Header) {
	c.snapshot, c.identity, c.header, c.decided = s, id, header, c.decided[:0]
}

// beginInactive is a choice in which no label is active, for no request.
func (c *labelChoice) beginInactive(s *Snapshot) {
	c.begin(s, nil, nil)
	for range s.labels {
		c.decided = append(c.decided, labelInactive)
	}
}

// state returns what is decided for a label, by its index.
func (c *labelChoice) state(i int) labelState {
	labels := c.snapshot.labels
	if len(c.decided) == 0 {
		c.decided = slices.Grow(c.decided, len(labels))[:len(labels)]
		clear(c.decided)
		c.drawn = rand.Float64() * 100
	}
	if c.decided[i] == labelOpen {
		c.decided[i] = labelInactive
		if c.active(labels[i]) {
			c.decided[i] = labelActive
		}
	}
	return c.decided[i]
}

func (c *labelChoice) active(l label) bool {
	if l.share {
		return c.drawn < l.percent
	}
	said := c.snapshot.gateway.options.OverrideLabels
	return said != nil && said(l.name, c.identity, c.header)
}

// all are all labels that are active, for planning.
func (c *labelChoice) all() map[string]bool {
	var active map[string]bool
	for i, l := range c.snapshot.labels {
		if c.state(i) == labelActive {
			if active == nil {
				active = map[string]bool{}
			}
			active[l.name] = true
		}
	}
	return active
}

// condition is one label as a plan assumed it to be.
type condition struct {
	label int
	state labelState
}

// assumed are the labels of these sorted names as the choice has them.
func (c *labelChoice) assumed(names []string) []condition {
	conditions := make([]condition, 0, len(names))
	for i, l := range c.snapshot.labels {
		if _, found := slices.BinarySearch(names, l.name); found {
			conditions = append(conditions, condition{i, c.state(i)})
		}
	}
	return conditions
}

// every is assumed for all labels.
func (c *labelChoice) every() []condition {
	conditions := make([]condition, len(c.snapshot.labels))
	for i := range conditions {
		conditions[i] = condition{i, c.state(i)}
	}
	return conditions
}

// meets says whether the choice is as the conditions have it.
func (c *labelChoice) meets(conditions []condition) bool {
	for _, want := range conditions {
		if c.state(want.label) != want.state {
			return false
		}
	}
	return true
}
