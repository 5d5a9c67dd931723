package sqlite

import (
	"encoding/json"
	"time"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/registry"
)

// The forms in which hints and causes lie in the database. They are apart from the types of the program, so
// that renaming a field there does not make a stored registry unreadable.

type storedHint struct {
	Code       string           `json:"code"`
	Severity   string           `json:"severity"`
	Message    string           `json:"message"`
	Coordinate string           `json:"coordinate,omitempty"`
	Locations  []storedLocation `json:"locations,omitempty"`
}

type storedLocation struct {
	Subgraph string `json:"subgraph,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
}

type storedCause struct {
	Kind      string   `json:"kind"`
	Subgraphs []string `json:"subgraphs,omitempty"`
	Version   int      `json:"version,omitempty"`
}

func encodeHints(hints []diagnostic.Diagnostic) (string, error) {
	stored := make([]storedHint, 0, len(hints))
	for _, h := range hints {
		s := storedHint{Code: string(h.Code), Severity: string(h.Severity), Message: h.Message, Coordinate: h.Coordinate}
		for _, l := range h.Locations {
			s.Locations = append(s.Locations, storedLocation{Subgraph: l.Subgraph, File: l.File, Line: l.Line, Column: l.Column})
		}
		stored = append(stored, s)
	}
	text, err := json.Marshal(stored)
	return string(text), err
}

func decodeHints(text string) ([]diagnostic.Diagnostic, error) {
	var stored []storedHint
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, err
	}
	var hints []diagnostic.Diagnostic
	for _, s := range stored {
		h := diagnostic.Diagnostic{
			Code: diagnostic.Code(s.Code), Severity: diagnostic.Severity(s.Severity), Message: s.Message, Coordinate: s.Coordinate,
		}
		for _, l := range s.Locations {
			h.Locations = append(h.Locations, diagnostic.Location{Subgraph: l.Subgraph, File: l.File, Line: l.Line, Column: l.Column})
		}
		hints = append(hints, h)
	}
	return hints, nil
}

func encodeCause(c registry.Cause) (string, error) {
	text, err := json.Marshal(storedCause{Kind: string(c.Kind), Subgraphs: c.Subgraphs, Version: c.Version})
	return string(text), err
}

func decodeCause(text string) (registry.Cause, error) {
	var s storedCause
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return registry.Cause{}, err
	}
	return registry.Cause{Kind: registry.CauseKind(s.Kind), Subgraphs: s.Subgraphs, Version: s.Version}, nil
}

func moment(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
