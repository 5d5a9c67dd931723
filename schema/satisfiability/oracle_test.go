package satisfiability

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// oracle asks the reference composition; only where WEFT_ORACLE_DIR names a folder that has it installed.
type oracle struct {
	in  io.Writer
	out *bufio.Reader
}

type oracleAnswer struct {
	Supergraph  string
	API         string
	MergeErrors []oracleFinding
	Errors      []oracleFinding
	Hints       []oracleFinding
}

type oracleFinding struct {
	Code       diagnostic.Code
	Message    string
	Coordinate string
}

func oracleConfigured() bool { return os.Getenv("WEFT_ORACLE_DIR") != "" }

func startOracle(t *testing.T) *oracle {
	t.Helper()
	script, err := filepath.Abs("testdata/oracle.mjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return &oracle{in: in, out: bufio.NewReaderSize(out, 1<<20)}
}

func (o *oracle) ask(t *testing.T, subgraphs map[string]string) oracleAnswer {
	t.Helper()
	line, err := json.Marshal(map[string]any{"subgraphs": subgraphs})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	text, err := o.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var answer oracleAnswer
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// trimSupergraph leaves out the definitions of the join specification, which the reader does not need.
func trimSupergraph(sdl string) string {
	sdl = regexp.MustCompile(`(?m)^directive @.*\n`).ReplaceAllString(sdl, "")
	sdl = regexp.MustCompile(`(?m)^scalar (join|link)__.*\n`).ReplaceAllString(sdl, "")
	sdl = regexp.MustCompile(`(?ms)^(input join__ContextArgument|enum link__Purpose) \{.*?^\}\n`).ReplaceAllString(sdl, "")
	return strings.TrimSpace(regexp.MustCompile(`\n{3,}`).ReplaceAllString(sdl, "\n\n")) + "\n"
}

// checkedCodes are the codes that this package can answer.
var checkedCodes = []diagnostic.Code{
	diagnostic.SatisfiabilityError, diagnostic.ShareableHasMismatchedRuntimeTypes, diagnostic.InconsistentRuntimeTypesForShareableReturn,
}

// thrown reports whether the reference gave up: it follows @requires that need each other until its stack is full.
func (a oracleAnswer) thrown() bool {
	return slices.ContainsFunc(a.Errors, func(e oracleFinding) bool { return e.Code == "THROWN" })
}

// verdict lists the codes among findings, those of hints with their coordinate.
func (a oracleAnswer) verdict() []string {
	var out []string
	for _, e := range a.Errors {
		out = append(out, string(e.Code))
	}
	if len(a.Errors) == 0 { // the reference gives hints only where there is no error
		for _, h := range a.Hints {
			if slices.Contains(checkedCodes, h.Code) {
				out = append(out, string(h.Code)+" "+h.Coordinate)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// verdict is the same of our own diagnostics.
func verdict(ds []diagnostic.Diagnostic) []string {
	failed := slices.ContainsFunc(ds, func(d diagnostic.Diagnostic) bool { return d.Severity == diagnostic.Error })
	var out []string
	for _, d := range ds {
		switch {
		case d.Severity == diagnostic.Error:
			out = append(out, string(d.Code))
		case !failed:
			out = append(out, string(d.Code)+" "+d.Coordinate)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
