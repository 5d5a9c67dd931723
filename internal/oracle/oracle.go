// Package oracle answers what the reference implementation of Apollo Federation does: how it composes subgraphs, whether
// it reads a supergraph, and how it plans operations. Tests hold our own answers against it.
//
// The reference runs on Node.js. It is there when WEFT_ORACLE_DIR names a folder in which the packages of package.json are
// installed, and nobody needs it otherwise; "make oracle" installs them. The package is for tests alone.
package oracle

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"
)

//go:embed oracle.mjs
var program string

// Oracle is a process that answers questions, one after the other.
type Oracle struct {
	in  io.WriteCloser
	out *bufio.Reader
	end func() error
}

// Configured reports whether there is a reference to ask.
func Configured() bool { return os.Getenv("WEFT_ORACLE_DIR") != "" }

// Start starts the process, which ends with the test. It answers nil where there is no reference to ask.
func Start(t testing.TB) *Oracle {
	t.Helper()
	if !Configured() {
		t.Log("WEFT_ORACLE_DIR is not set: there is no reference to compare with")
		return nil
	}
	o := &Oracle{}
	o.start(t)
	t.Cleanup(func() {
		_ = o.in.Close()
		_ = o.end()
	})
	return o
}

func (o *Oracle) start(t testing.TB) {
	t.Helper()
	command := exec.Command("node", "--max-old-space-size=2000", "--input-type=module", "-e", program)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	o.in, o.out, o.end = in, bufio.NewReaderSize(out, 1<<20), command.Wait
}

// Subgraph is one input of a composition.
type Subgraph struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	SDL  string `json:"sdl"`
}

// Finding is an error or a hint. An error without a code is an exception: the reference broke down.
type Finding struct{ Code, Message, Coordinate string }

// Composition is what the reference makes of subgraphs. Without errors there are a supergraph and its API schema.
type Composition struct {
	Supergraph, API string
	Errors, Hints   []Finding
	// Unparsed is whether a schema does not parse: nothing else was looked at then.
	Unparsed bool
}

// Compose composes subgraphs.
func (o *Oracle) Compose(t testing.TB, subgraphs []Subgraph) Composition {
	t.Helper()
	return o.composition(t, map[string]any{"compose": subgraphs})
}

// Merge composes subgraphs whether they can be satisfied or not.
func (o *Oracle) Merge(t testing.TB, subgraphs []Subgraph) Composition {
	t.Helper()
	return o.composition(t, map[string]any{"merge": subgraphs})
}

func (o *Oracle) composition(t testing.TB, question any) Composition {
	t.Helper()
	var c Composition
	if err := o.ask(t, question, &c); err != nil {
		c.Errors = []Finding{{Message: err.Error()}}
	}
	return c
}

// ErrorCodes lists the codes of errors, sorted, each once.
func (c Composition) ErrorCodes() []string {
	var codes []string
	for _, e := range c.Errors {
		codes = append(codes, e.Code)
	}
	return unique(codes)
}

// HintCodes lists the codes of hints with their coordinates, sorted, each once.
func (c Composition) HintCodes() []string {
	var codes []string
	for _, h := range c.Hints {
		codes = append(codes, h.Code+" "+h.Coordinate)
	}
	return unique(codes)
}

// BrokeDown reports whether an exception ended the composition.
func (c Composition) BrokeDown() bool {
	return slices.ContainsFunc(c.Errors, func(e Finding) bool { return e.Code == "" })
}

// Read has the reference validate a supergraph and make a planner for it, and answers the API schema.
func (o *Oracle) Read(t testing.TB, supergraph string) (api string, err error) {
	t.Helper()
	var a struct{ API string }
	err = o.ask(t, map[string]any{"read": supergraph}, &a)
	return a.API, err
}

// Plan is a plan's size: its fetches, how many of them come one after another, the subgraphs they ask (sorted, one for
// each fetch), what it asks of each, the variables for values of contexts (@fromContext) that it sends though nothing before
// has asked for the values, and the plan as text; or why there is none.
type Plan struct {
	Fetches, Depth int
	Subgraphs      []string
	Asked          []Asked
	Hasty          []string
	Text           string
	Failure        string
}

// Asked is an operation that a plan sends to a subgraph.
type Asked struct{ Subgraph, Operation string }

// Plan has the reference's planner plan operations on a supergraph.
func (o *Oracle) Plan(t testing.TB, supergraph string, operations []string) ([]Plan, error) {
	t.Helper()
	var a struct{ Plans []Plan }
	if err := o.ask(t, map[string]any{"plan": supergraph, "operations": operations}, &a); err != nil {
		return nil, err
	}
	return a.Plans, nil
}

// ask answers an error where the reference broke down.
func (o *Oracle) ask(t testing.TB, question, answer any) error {
	t.Helper()
	line, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	text, err := o.out.ReadBytes('\n')
	if err != nil { // it has no memory left for some plans
		_ = o.in.Close()
		_ = o.end()
		o.start(t)
		return fmt.Errorf("the reference did not answer: %w", err)
	}
	var failure struct{ Failure string }
	if err := json.Unmarshal(text, &failure); err != nil {
		t.Fatal(err)
	}
	if failure.Failure != "" {
		return errors.New(failure.Failure)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		t.Fatal(err)
	}
	return nil
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
