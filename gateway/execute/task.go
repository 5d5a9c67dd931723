package execute

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// task is the state of one fetch.
type task struct {
	request  fetch.Request
	entities fetch.Entities
	values   []int // where in body the values of entities.Variables end
	body     *buffer
	document *document // of a fetch whose entities take values from contexts
	answer   *fetch.Response
	part     *response.Part
	err      *fetch.Error
	status   int
	count    int // representations
	bytes    int
	start    time.Duration
	took     time.Duration
	made     bool
	ended    bool
}

func (t *task) reset() {
	*t = task{entities: fetch.Entities{Groups: t.entities.Groups[:0], Variables: t.entities.Variables[:0]}, values: t.values[:0]}
}

func (t *task) release() {
	t.answer.Release()
	requests.release(t.body)
	clear(t.entities.Groups[:cap(t.entities.Groups)])
	clear(t.entities.Variables[:cap(t.entities.Variables)])
	t.reset()
}

// prepare renders the request of a fetch; false when the fetch need not be made.
func (r *run) prepare(i int32) bool {
	t, c := &r.tasks[i], &r.program.calls[i]
	if !r.conds[c.Cond] {
		return false
	}
	t.request.Caller = fetch.Nobody
	if r.request.Caller != nil && c.Subgraph >= 0 {
		if caller := r.request.Caller(c.Subgraph); caller != nil {
			t.request.Caller = caller
		}
	}
	t.request.Mutation = c.Kind == plan.Mutation
	// What is fetched for an event is to know of what the event tells.
	t.request.Fresh = r.request.Event != nil
	t.body = requests.acquire()
	if c.Template != nil {
		return r.prepareCopies(t, c)
	}
	b := append(t.body.b, c.head...)
	b = append(b, `,"variables":{`...)
	start := len(b)
	for g := range c.place.Groups {
		b = r.renderGroup(b, t, c, g)
	}
	if len(c.place.Groups) > 0 && t.count == 0 {
		t.body.b = b
		return false
	}
	if c.nested {
		b = b[:start]
	}
	for k, name := range c.Variables {
		raw, present := []byte(nil), false
		if r.request.Variables != nil {
			raw, present = r.request.Variables.Get(name)
		}
		if !present {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = append(append(b, c.variables[k]...), raw...)
		t.entities.Variables = append(t.entities.Variables, fetch.Variable{Name: name, Value: raw})
		t.values = append(t.values, len(b))
	}
	b = append(b, "}}"...)
	t.body.b, t.request.Body = b, b
	if c.Kind == plan.Entities {
		r.describe(t, c, b)
	}
	t.made = true
	return true
}

// renderGroup renders the representations of one group.
func (r *run) renderGroup(b []byte, t *task, c *call, g int) []byte {
	if g > 0 {
		b = append(b, ',')
	}
	b = append(append(b, c.keys[g]...), '[')
	from := len(b)
	count := 0
	r.answers.BeginGroup()
	for k := range c.place.Groups[g].Targets {
		target := &c.place.Groups[g].Targets[k]
		if r.conds[target.Cond] {
			b, count = r.answers.Render(b, target.Anchors)
		}
	}
	t.count += count
	// The buffer may move until the body is complete: describe turns lengths into slices.
	t.entities.Groups = append(t.entities.Groups, fetch.EntityGroup{Representations: b[from:], Count: count})
	return append(b, ']')
}

// describe tells batching where in the body what is.
func (r *run) describe(t *task, c *call, body []byte) {
	t.entities.Operation, t.entities.OperationName = c.Operation, c.OperationName
	at := len(c.head) + len(`,"variables":{`)
	for g := range t.entities.Groups {
		e := &t.entities.Groups[g]
		if g > 0 {
			at++
		}
		at += len(c.keys[g]) + 1
		n := len(e.Representations)
		e.Name, e.Variable = r.program.plan.Names.Text(c.Groups[g].Name), c.Groups[g].Variable
		e.Representations = body[at : at+n : at+n]
		at += n + 1
	}
	// The values too are taken from the body: those that were rendered belong to the caller of Run.
	for k, end := range t.values {
		v := &t.entities.Variables[k]
		v.Value = body[end-len(v.Value) : end : end]
	}
	t.request.Entities = &t.entities
}

// work performs a fetch in its own goroutine.
func (r *run) work(i int32) {
	r.perform(i)
	r.done <- i
}

// perform makes the call and decodes the answer. A panic on the way is an error of the fetch.
func (r *run) perform(i int32) {
	t, c := &r.tasks[i], &r.program.calls[i]
	from := time.Now()
	t.start = from.Sub(r.began)
	defer func() {
		if p := recover(); p != nil {
			t.part = nil
			t.err = &fetch.Error{Code: fetch.CodeInternal, Subgraph: c.Name,
				Message: fmt.Sprintf("The gateway failed to ask subgraph %q.", c.Name),
				Err:     fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
		t.took = time.Since(from)
	}()
	body, err := r.call(t, c)
	if err != nil {
		t.err = fetch.Failed(c.Name, err)
		return
	}
	t.bytes = len(body)
	if r.request.Extensions == nil && r.program.copies() && r.pass(t, body) {
		return
	}
	part, err := r.decode(t, body)
	if err != nil {
		t.err = malformed(c.Name, t.status, err)
		return
	}
	t.part = part
}

// decode decodes an answer, once for all that share it and plan alike.
func (r *run) decode(t *task, body []byte) (*response.Part, error) {
	names, limits := r.names(t), r.executor.options.Limits
	if t.answer != nil && t.answer.Memo != nil {
		made, ok, err := t.answer.Memo.Make(names, func() (fetch.Made, error) {
			part, err := response.Decode(body, names, limits)
			if err != nil {
				return nil, err
			}
			return part.Keep(), nil
		})
		if err != nil {
			return nil, err
		}
		if part, is := made.(*response.Part); ok && is {
			return part, nil
		}
	}
	return response.Decode(body, names, limits)
}

// pass makes the result of the only answer there is, when that is what the client is to get. It is called by the owner: a
// fetch that is the only one needs no goroutine.
func (r *run) pass(t *task, body []byte) bool {
	out := responses.acquire()
	answer, own, ok := response.CopyVerbatim(out.b, body, r.program.plan.Root, r.conds, r.executor.options.Limits)
	r.program.copied(ok)
	switch {
	case !ok:
		responses.release(out)
	case own:
		r.copy = Result{Body: answer, buffer: out}
	default:
		responses.release(out)
		r.copy = Result{Body: answer, answer: t.answer}
		t.answer = nil
	}
	return ok
}

// call gets the answer's bytes.
func (r *run) call(t *task, c *call) ([]byte, error) {
	o := &r.executor.options
	switch {
	case c.Kind == plan.Introspection:
		if o.Introspect == nil {
			return nil, &fetch.Error{Code: fetch.CodeInternal, Message: "Introspection is not available."}
		}
		t.status = 200
		return o.Introspect(r.ctx, c.Operation, r.request.Variables)
	case c.Kind == plan.Subscription:
		if r.request.Event == nil {
			return nil, &fetch.Error{Code: fetch.CodeInternal, Subgraph: c.Name,
				Message: "A subscription is answered per event; there is none."}
		}
		t.status = 200
		return r.request.Event, nil
	case c.Subgraph < 0 || c.Subgraph >= len(o.Subgraphs) || o.Subgraphs[c.Subgraph] == nil:
		return nil, &fetch.Error{Code: fetch.CodeInternal, Subgraph: c.Name,
			Message: fmt.Sprintf("Subgraph %q has no address.", c.Name)}
	}
	answer, err := o.Subgraphs[c.Subgraph].Fetch(r.ctx, &t.request)
	if err != nil {
		return nil, err
	}
	t.answer, t.status = answer, answer.Status
	return answer.Body, nil
}
