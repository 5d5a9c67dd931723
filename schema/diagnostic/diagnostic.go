// Package diagnostic holds what composition has to say about schemas: a code from one registry,
// a severity, a message written for the person who must act, and where it points.
package diagnostic

import (
	"cmp"
	"fmt"
	"slices"
)

// Code names a kind of diagnostic. The codes are those of the Federation documents.
type Code string

// Severity orders diagnostics: errors refuse a composition, hints do not.
type Severity string

// The severities: Error for what refuses a composition, the others are the levels of hints.
const (
	Error Severity = "ERROR"
	Warn  Severity = "WARN"
	Info  Severity = "INFO"
	Debug Severity = "DEBUG"
)

// Location is a place in one subgraph's schema. Line and Column count from 1; 0 means unknown.
type Location struct {
	Subgraph string `json:"subgraph,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
}

func (l Location) String() string {
	file := l.File
	if file == "" {
		file = l.Subgraph
	}
	if l.Line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d:%d", file, l.Line, l.Column)
}

// Diagnostic is one finding. Coordinate is a schema coordinate ("Type.field", "Type.field(arg:)", "@directive")
// where the finding is about one element.
type Diagnostic struct {
	Code       Code
	Severity   Severity
	Message    string
	Coordinate string
	Locations  []Location
}

func (d Diagnostic) Error() string { return fmt.Sprintf("%s: %s", d.Code, d.Message) }

// Sort orders diagnostics by code, then by where they point, then by what they say.
func Sort(ds []Diagnostic) {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Coordinate, b.Coordinate),
			slices.CompareFunc(a.Locations, b.Locations, compareLocations),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

func compareLocations(a, b Location) int {
	return cmp.Or(
		cmp.Compare(a.Subgraph, b.Subgraph),
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
	)
}
