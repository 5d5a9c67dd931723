package composition

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// oracle is a process that answers what the reference implementation does. It is there when WEFT_ORACLE_DIR names a
// folder in which the packages of testdata/oracle/package.json are installed; "make oracle" installs them.
type oracle struct {
	in  io.Writer
	out *bufio.Reader
}

// startOracle starts the process, to be ended with the test. It answers nil where the packages are not there.
func startOracle(t *testing.T) *oracle {
	t.Helper()
	if os.Getenv("WEFT_ORACLE_DIR") == "" {
		return nil
	}
	program, err := filepath.Abs("testdata/oracle/oracle.mjs")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("node", program)
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
	t.Cleanup(func() {
		_ = in.Close()
		_ = command.Wait()
	})
	return &oracle{in: in, out: bufio.NewReaderSize(out, 1<<20)}
}

// oracleAnswer is a line of the oracle's output.
type oracleAnswer struct {
	SDL    string `json:"supergraphSdl"`
	API    string
	Errors []struct{ Code, Message string }
	Hints  []struct{ Code, Message, Coordinate string }
	// Failure is why the reference cannot read a supergraph.
	Failure string
}

func (a oracleAnswer) errorCodes() []string {
	var codes []string
	for _, e := range a.Errors {
		codes = append(codes, e.Code)
	}
	return unique(codes)
}

func (a oracleAnswer) hintCodes() []string {
	var codes []string
	for _, h := range a.Hints {
		codes = append(codes, h.Code+" "+h.Coordinate)
	}
	return unique(codes)
}

func (o *oracle) compose(t *testing.T, subgraphs []Subgraph) oracleAnswer {
	t.Helper()
	type service struct {
		Name string `json:"name"`
		URL  string `json:"url"`
		SDL  string `json:"sdl"`
	}
	var services []service
	for _, s := range subgraphs {
		services = append(services, service{s.Name, s.URL, s.SDL})
	}
	return o.ask(t, map[string]any{"compose": services})
}

// read has the reference's planner read a supergraph.
func (o *oracle) read(t *testing.T, sdl string) oracleAnswer {
	t.Helper()
	return o.ask(t, map[string]any{"read": sdl})
}

func (o *oracle) ask(t *testing.T, question any) oracleAnswer {
	t.Helper()
	line, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	text, err := o.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("the oracle did not answer: %v", err)
	}
	var answer oracleAnswer
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}
