// Package report prints what is wrong with files as compilers print it: where, how bad, which code, what; and the line
// itself with a caret below the place.
package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/config/strict"
	"github.com/weft-gateway/weft/schema/diagnostic"
)

// Source is a text that findings point into, and the name it is known by.
type Source struct {
	Name string
	Text string
}

// place is a line and a column of a Source, counted from 1; 0 is unknown.
type place struct {
	source       Source
	line, column int
}

func (p place) String() string {
	switch {
	case p.source.Name == "":
		return ""
	case p.line == 0:
		return p.source.Name + ": "
	}
	return fmt.Sprintf("%s:%d:%d: ", p.source.Name, p.line, p.column)
}

// Printer prints findings. Source finds the text that a diagnostic's location points into; nil: there is none.
type Printer struct {
	W      io.Writer
	Source func(diagnostic.Location) Source
}

// Diagnostics prints what composition and the registry find.
func (p Printer) Diagnostics(ds []diagnostic.Diagnostic) {
	for _, d := range ds {
		var places []place
		for _, l := range d.Locations {
			source := Source{Name: l.File}
			if source.Name == "" {
				source.Name = l.Subgraph
			}
			if p.Source != nil {
				if found := p.Source(l); found.Name != "" {
					source = found
				}
			}
			places = append(places, place{source, l.Line, l.Column})
		}
		message := d.Message
		if d.Coordinate != "" && !strings.Contains(message, d.Coordinate) {
			message = d.Coordinate + ": " + message
		}
		p.finding(word(d.Severity), string(d.Code), message, places)
	}
}

func word(s diagnostic.Severity) string {
	switch s {
	case diagnostic.Error:
		return "error"
	case diagnostic.Warn:
		return "warning"
	}
	return strings.ToLower(string(s))
}

// Operation prints what is wrong with an operation document.
func (p Printer) Operation(source Source, errs gqlerror.List) {
	for _, e := range errs {
		var places []place
		for _, l := range e.Locations {
			places = append(places, place{source, l.Line, l.Column})
		}
		if len(places) == 0 {
			places = []place{{source: source}}
		}
		code, _ := e.Extensions["code"].(string)
		p.finding("error", code, e.Message, places)
	}
}

// File prints an error of reading a configuration file whose text is known, and reports whether it was one.
func (p Printer) File(text []byte, err error) bool {
	var all strict.Errors
	var one *strict.Error
	switch {
	case errors.As(err, &all):
	case errors.As(err, &one):
		all = strict.Errors{one}
	default:
		return false
	}
	p.inFile("error", text, all)
	return true
}

// Warnings prints what is accepted in a configuration file and yet perhaps not meant.
func (p Printer) Warnings(text []byte, all strict.Errors) { p.inFile("warning", text, all) }

func (p Printer) inFile(severity string, text []byte, all strict.Errors) {
	for _, e := range all {
		message := e.Message
		if e.Path != "" {
			message = e.Path + ": " + message
		}
		p.finding(severity, "", message, []place{{Source{e.File, string(text)}, e.Line, e.Column}})
	}
}

func (p Printer) finding(severity, code, message string, places []place) {
	var b bytes.Buffer
	if len(places) > 0 {
		b.WriteString(places[0].String())
	}
	b.WriteString(severity)
	if code != "" {
		b.WriteString(" " + code)
	}
	b.WriteString(": " + strings.ReplaceAll(strings.TrimRight(message, "\n"), "\n", "\n  ") + "\n")
	for i, at := range places {
		if i > 0 && at.String() != "" {
			b.WriteString("  also " + strings.TrimSuffix(at.String(), ": ") + "\n")
		}
		at.excerpt(&b)
	}
	_, _ = p.W.Write(b.Bytes()) // a terminal that has gone cannot be told
}

// maxExcerpt bounds what is shown of a line: documents may come without line breaks.
const maxExcerpt = 160

// excerpt prints the line of a place and a caret below it.
func (p place) excerpt(b *bytes.Buffer) {
	if p.line < 1 || p.column < 1 {
		return
	}
	text, ok := nth(p.source.Text, p.line)
	if !ok {
		return
	}
	runes := []rune(text)
	column := min(p.column-1, len(runes))
	if len(runes) > maxExcerpt {
		from := max(0, min(column-maxExcerpt/2, len(runes)-maxExcerpt))
		runes, column = runes[from:from+maxExcerpt], column-from
	}
	pad := make([]rune, column)
	for i, r := range runes[:column] {
		pad[i] = ' '
		if r == '\t' {
			pad[i] = '\t' // a tab is as wide below as it is above
		}
	}
	number := fmt.Sprint(p.line)
	fmt.Fprintf(b, "  %s | %s\n", number, printable(runes))
	fmt.Fprintf(b, "  %s | %s^\n", strings.Repeat(" ", len(number)), string(pad))
}

// printable keeps control characters of a foreign text from reaching the terminal.
func printable(runes []rune) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '�'
		}
		return r
	}, string(runes))
}

// nth is a line of a text, counted from 1.
func nth(text string, line int) (string, bool) {
	for one := range strings.Lines(text) {
		if line--; line == 0 {
			return strings.TrimRight(one, "\r\n"), true
		}
	}
	return "", false
}
