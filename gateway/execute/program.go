package execute

import (
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/weft-gateway/weft/gateway/jsonstring"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// Program is a plan made ready to run: what is the same for all its requests is rendered once. It never changes,
// but for what it learns of copying answers.
type Program struct {
	plan   *plan.Plan
	layout *response.Layout
	calls  []call // by fetch
	asked  []int  // subgraphs
	// verbatim: the whole response is the answer of one fetch, and may be copied from it. failed is how often that did not
	// work since it last did.
	verbatim bool
	failed   atomic.Uint32
}

// call is what is known of a fetch before a request.
type call struct {
	*plan.Fetch
	place response.Place
	// head is the request's body up to the variables: `{"query":"…"`.
	head []byte
	// keys are the members of variables that carry representations, by group: `"name":`.
	keys [][]byte
	// variables are the keys of the client's variables that travel along, in the order of Fetch.Variables.
	variables [][]byte
	// names are the response names of the groups, each of one copy.
	names [][]response.Name
	// documents are those of a fetch with a Template.
	documents *documents
	// nested marks a Query fetch that is linked to objects of the response.
	nested bool
	// covers are the fetches, as a set, whose ends make nothing ready before this one has ended, too: all that depends on
	// them depends on this one. It is empty in plans of more than maxOwn fetches.
	covers uint64
}

// maxOwn is how many fetches a set of them can hold.
const maxOwn = 64

// member is the set of one fetch.
func member(i int32) uint64 { return 1 << (uint(i) % maxOwn) }

// Compile makes a plan ready to run.
func Compile(p *plan.Plan) *Program {
	prog := &Program{plan: p, calls: make([]call, len(p.Fetches))}
	targets := make([][]int, len(p.Fetches))
	for i, f := range p.Fetches {
		c := &prog.calls[i]
		c.Fetch = f
		if f.Subgraph >= 0 && !slices.Contains(prog.asked, f.Subgraph) {
			prog.asked = append(prog.asked, f.Subgraph)
		}
		if f.Template != nil {
			c.documents = &documents{}
		}
		c.nested = f.Kind != plan.Entities && len(f.Groups) > 0
		c.head = c.body(f.Operation)
		for _, name := range f.Variables {
			c.variables = append(c.variables, append(jsonstring.Append(nil, name), ':'))
		}
		c.place.Root = p.Root
		c.place.Slot = -1
		c.place.Needed = len(f.Dependents) > 0
		for slot, root := range p.Roots {
			if root == i {
				c.place.Slot = slot
			}
		}
		c.place.Groups = make([]response.PlaceGroup, 0, len(f.Groups))
		for g := range f.Groups {
			group := &f.Groups[g]
			targets[i] = append(targets[i], len(group.Targets))
			c.keys = append(c.keys, append(jsonstring.Append(nil, group.Variable), ':'))
			c.names = append(c.names, []response.Name{group.Name})
			place := response.PlaceGroup{Name: group.Name, Targets: make([]response.PlaceTarget, 0, len(group.Targets))}
			if c.nested {
				place.Name = 0
			}
			for t := range group.Targets {
				target := &group.Targets[t]
				place.Targets = append(place.Targets, response.PlaceTarget{
					Anchors: response.Anchors{
						Root: p.Root, Route: &target.Route, From: target.From, Representation: target.Representation,
						Contexts: target.Contexts,
						Fetch:    i, Group: g, Target: t,
					},
					Slot: target.Slot,
					Cond: target.Cond,
				})
			}
			c.place.Groups = append(c.place.Groups, place)
		}
	}
	prog.layout = response.NewLayout(targets, prog.shareTrails(), p.Scopes)
	places := make([]*response.Place, len(prog.calls))
	for i := range prog.calls {
		places[i] = &prog.calls[i].place
	}
	response.FindAlike(p.Root, places)
	prog.findCovers()
	if len(p.Fetches) == 1 && slices.Equal(p.Roots, []int{0}) {
		kind := p.Fetches[0].Kind
		prog.verbatim = (kind == plan.Query || kind == plan.Mutation || kind == plan.Introspection) && p.Root.Verbatim(p.Names)
	}
	return prog
}

// findCovers finds what the owner of a run need not watch while it performs a fetch itself.
func (p *Program) findCovers() {
	n := len(p.calls)
	if n > maxOwn {
		return
	}
	after := make([]uint64, n) // by fetch: all that depend on it, also through others
	for i := n - 1; i >= 0; i-- {
		for _, d := range p.calls[i].Dependents {
			after[i] |= member(int32(d)) | after[d]
		}
	}
	for i := range p.calls {
		for other := range p.calls {
			var next uint64
			for _, d := range p.calls[other].Dependents {
				next |= member(int32(d))
			}
			if next&^after[i] == 0 {
				p.calls[i].covers |= member(int32(other))
			}
		}
	}
}

// body is the request's body up to the variables, for a document.
func (c *call) body(operation string) []byte {
	b := jsonstring.Append([]byte(`{"query":`), operation)
	if c.OperationName != "" {
		b = jsonstring.Append(append(b, `,"operationName":`...), c.OperationName)
	}
	return b
}

const (
	// maxFailed is how often in a row copying an answer may fail for it to be tried the next time, too. A subgraph that writes
	// white space, say, always does; after that it is tried once in retryCopy times.
	maxFailed = 16
	retryCopy = 64
)

// copies says whether the answer is to be copied, if it can be.
func (p *Program) copies() bool {
	if !p.verbatim {
		return false
	}
	return p.failed.Load() < maxFailed || p.failed.Add(1)%retryCopy == 0
}

// copied notes how copying went.
func (p *Program) copied(ok bool) {
	switch {
	case !ok:
		p.failed.Add(1)
	case p.failed.Load() != 0:
		p.failed.Store(0)
	}
}

// shareTrails finds the plain routes, numbers those that targets of several fetches have in common, and returns the
// highest number.
func (p *Program) shareTrails() int {
	type first struct{ fetch, number int }
	known := map[string]*first{}
	last := 0
	var all []*response.PlaceTarget
	var keys []*first
	for i := range p.calls {
		for g := range p.calls[i].place.Groups {
			targets := p.calls[i].place.Groups[g].Targets
			for t := range targets {
				if targets[t].Plain = plain(p.plan.Root, targets[t].Route); !targets[t].Plain {
					continue
				}
				key := fmt.Sprint(*targets[t].Route)
				f := known[key]
				if f == nil {
					f = &first{fetch: i}
					known[key] = f
				} else if f.fetch != i && f.number == 0 {
					last++
					f.number = last
				}
				all, keys = append(all, &targets[t]), append(keys, f)
			}
		}
	}
	for i, t := range all {
		t.Trail = keys[i].number
	}
	return last
}

// plain says whether each field on the route has one source only, and all that is at its end depends on the node there alone.
// The objects at its end then have one inherited slot.
func plain(o *response.Object, route *response.Route) bool {
	for _, s := range route.Steps {
		fields := o.Before
		if s.Case >= 0 {
			fields = o.Cases[s.Case].Fields
		}
		f := &fields[s.Field]
		if f.Contextual || len(f.Sources) != 1 || f.Object == nil || f.Object.Inherited != 1 {
			return false
		}
		o = f.Object
	}
	return len(route.Steps) > 0
}

// Plan returns the plan that was compiled.
func (p *Program) Plan() *plan.Plan { return p.plan }

// Subgraphs returns the subgraphs that the plan may call, each once. They must not be changed.
func (p *Program) Subgraphs() []int { return p.asked }

// local says whether the fetch is answered without a call of a subgraph.
func (c *call) local() bool { return c.Kind == plan.Introspection || c.Kind == plan.Subscription }

// label names a fetch for the log.
func (c *call) label() string { return c.Name + "#" + strconv.Itoa(c.ID) }
