package execute

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/jsonstring"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
	"github.com/weft-gateway/weft/gateway/response"
)

// document is the request of a fetch whose entities take values from contexts (@fromContext), for certain numbers of copies
// of its groups: one copy for each combination of values that occurs.
type document struct {
	operation string
	head      []byte
	// names knows the response names of all copies; aliases are those, by group and copy.
	names   *response.Names
	aliases [][]response.Name
}

// documents remembers the documents of one fetch.
type documents struct {
	mu   sync.Mutex
	made map[string]*document
}

// maxDocuments bounds what is remembered for one fetch: how many values differ is for the data to say.
const maxDocuments = 16

// document returns the request for so many copies of each group; nil when it would be too large.
func (c *call) document(names *response.Names, copies []int) *document {
	if c.Template.Size(copies) > fetchgraph.MaxDocument {
		return nil
	}
	key := fmt.Sprint(copies)
	c.documents.mu.Lock()
	defer c.documents.mu.Unlock()
	if d := c.documents.made[key]; d != nil {
		return d
	}
	d := &document{operation: c.Template.Document(copies)}
	d.head = c.body(d.operation)
	var added []string
	for g := range copies {
		for i := range copies[g] {
			added = append(added, c.Template.Alias(g, i))
		}
	}
	d.names = names.With(added)
	for g := range copies {
		var aliases []response.Name
		for i := range copies[g] {
			aliases = append(aliases, d.names.Lookup(c.Template.Alias(g, i)))
		}
		d.aliases = append(d.aliases, aliases)
	}
	if c.documents.made == nil || len(c.documents.made) >= maxDocuments {
		c.documents.made = map[string]*document{}
	}
	c.documents.made[key] = d
	return d
}

// prepareCopies renders the request of a fetch whose entities take values from contexts; false when there is none to make.
func (r *run) prepareCopies(t *task, c *call) bool {
	copies := make([]int, len(c.place.Groups))
	plain := make([]fetch.EntityGroup, len(c.place.Groups))
	for g := range c.place.Groups {
		if len(c.Template.Types(g)) == 0 {
			copies[g] = 1
			plain[g] = r.renderPlain(c, g)
			t.count += plain[g].Count
			continue
		}
		for k := range c.place.Groups[g].Targets {
			if target := &c.place.Groups[g].Targets[k]; r.conds[target.Cond] {
				r.answers.RenderValued(target.Anchors)
			}
		}
		copies[g] = max(1, r.answers.Copies(c.ID, g))
	}
	d := c.document(r.program.plan.Names, copies)
	if d == nil {
		t.made, t.ended = true, true
		t.err = &fetch.Error{Code: fetch.CodeInternal, Subgraph: c.Name,
			Message: fmt.Sprintf("Too many different values from contexts would have to be sent to subgraph %q at once.", c.Name)}
		return false
	}
	t.document = d
	r.renderCopies(t, c, copies, plain)
	return t.count > 0
}

// renderPlain renders a group that takes no values from contexts, beside those that do.
func (r *run) renderPlain(c *call, g int) fetch.EntityGroup {
	var out fetch.EntityGroup
	r.answers.BeginGroup()
	for k := range c.place.Groups[g].Targets {
		if target := &c.place.Groups[g].Targets[k]; r.conds[target.Cond] {
			out.Representations, out.Count = r.answers.Render(out.Representations, target.Anchors)
		}
	}
	return out
}

// renderCopies writes the body, and tells batching what is in it.
func (r *run) renderCopies(t *task, c *call, copies []int, plain []fetch.EntityGroup) {
	b := append(t.body.b, t.document.head...)
	b = append(b, `,"variables":{`...)
	for g := range copies {
		for i := range copies[g] {
			group := plain[g]
			var values [][]byte
			if i < r.answers.Copies(c.ID, g) {
				group.Representations, group.Count, values = r.answers.Copy(c.ID, g, i)
				t.count += group.Count
			}
			group.Name, group.Variable = c.Template.Alias(g, i), c.Template.Variable(g, i)
			if g+i > 0 {
				b = append(b, ',')
			}
			b = append(append(jsonstring.Append(b, group.Variable), ":["...), group.Representations...)
			b = append(b, ']')
			t.entities.Groups = append(t.entities.Groups, group)
			for k, value := range values {
				name := c.Template.ContextVariable(g, i, k)
				b = append(append(jsonstring.Append(append(b, ','), name), ':'), value...)
				t.entities.Variables = append(t.entities.Variables, fetch.Variable{Name: name, Value: value})
			}
		}
	}
	for k, name := range c.Variables {
		if r.request.Variables == nil {
			break
		}
		if raw, present := r.request.Variables.Get(name); present {
			b = append(append(append(b, ','), c.variables[k]...), raw...)
			t.entities.Variables = append(t.entities.Variables, fetch.Variable{Name: name, Value: bytes.Clone(raw)})
		}
	}
	t.body.b = append(b, "}}"...)
	t.request.Body = t.body.b
	t.entities.Operation, t.entities.OperationName = t.document.operation, c.OperationName
	t.request.Entities = &t.entities
	t.made = t.count > 0
}

// names are the response names that a task's answer is decoded with.
func (r *run) names(t *task) *response.Names {
	if t.document != nil {
		return t.document.names
	}
	return r.program.plan.Names
}

// aliases are the response names of the `_entities` fields that a task asks, by group and copy.
func (t *task) aliases(c *call) [][]response.Name {
	if t.document != nil {
		return t.document.aliases
	}
	return c.names
}
