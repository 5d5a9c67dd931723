package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// resolution is a field resolved at a node.
type resolution struct {
	node  querygraph.NodeID
	field *supergraph.Field
}

// resolves is the field move of a node for this operation's labels.
func (c *chooser) resolves(node querygraph.NodeID, name string) (f *supergraph.Field, to querygraph.NodeID, ok bool) {
	f, to, ok = c.graph.Field(node, name)
	if !ok || f.OverrideLabel != "" && f.OverrideActive != c.active(f.OverrideLabel) {
		return nil, querygraph.None, false
	}
	if at := c.graph.Nodes[node]; c.opts.Except != nil && c.opts.Except(at.Subgraph, at.Type, name) {
		return nil, querygraph.None, false
	}
	return f, to, true
}

// active reports whether a label is, and notes that the tree depends on it.
func (c *chooser) active(label string) bool {
	if i, found := slices.BinarySearch(c.labels, label); !found {
		c.labels = slices.Insert(c.labels, i, label)
	}
	return c.opts.Labels[label]
}

// takesInputs reports whether a subgraph resolves a field only for objects that it was entered at with what the field
// needs: the fields of its @requires, or values for its arguments from contexts.
func takesInputs(f *supergraph.Field) bool { return len(f.Requires) > 0 || len(f.Contextual) > 0 }

// needsInputs reports whether a field that a node resolves needs inputs there: one that an active @provides gives does not.
func (c *chooser) needsInputs(node querygraph.NodeID, f *supergraph.Field) bool {
	return takesInputs(f) && !c.graph.Provided(node, f.Name)
}
