package execute

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/response"
)

// malformed is the error of an answer that is no GraphQL response to what was asked.
func malformed(subgraph string, status int, cause error) *fetch.Error {
	if status != 0 && (status < 200 || status > 299) {
		return &fetch.Error{Code: fetch.CodeHTTP, Subgraph: subgraph, Status: status, Err: cause,
			Message: fmt.Sprintf("Subgraph %q answered with HTTP status %d.", subgraph, status)}
	}
	return &fetch.Error{Code: fetch.CodeMalformed, Subgraph: subgraph, Status: status, Err: cause,
		Message: fmt.Sprintf("Subgraph %q did not answer with a GraphQL response: %v.", subgraph, cause)}
}

// report adds the errors of all fetches to the response, in the order of the plan: the order in which answers arrived
// must not show.
func (r *run) report() {
	for i := range r.tasks {
		t, c := &r.tasks[i], &r.program.calls[i]
		switch {
		case !t.made:
		case !t.ended:
			// Its goroutine still runs: nothing of the task but what prepare wrote may be read.
			cause := r.ctx.Err()
			if cause == nil {
				cause = context.Canceled
			}
			r.reportFailure(c, fetch.Failed(c.Name, cause))
		default:
			if t.err != nil {
				r.reportFailure(c, t.err)
			}
			if t.part != nil && len(t.part.Errors) > 0 {
				r.reportErrors(c, t)
			}
		}
	}
	for i := range r.tasks {
		c := &r.program.calls[i]
		r.answers.ReportLacking(&r.errors, i, &c.place, c.Name)
	}
}

// reportFailure adds an error for each thing that a failed fetch was to get.
func (r *run) reportFailure(c *call, err *fetch.Error) {
	level := slog.LevelWarn
	if errors.Is(err, context.Canceled) {
		level = slog.LevelDebug
	}
	r.executor.options.Logger.LogAttrs(r.ctx, level, "fetch failed", slog.String("subgraph", c.Name),
		slog.String("fetch", c.label()), slog.String("code", err.Code), slog.Int("status", err.Status), slog.Any("error", err))
	out := response.Error{Message: err.Message, Code: err.Code, Service: c.Name}
	if err.Status != 0 && err.Code == fetch.CodeHTTP {
		out.Extensions = fmt.Appendf(nil, `{"http":{"status":%d}}`, err.Status)
	}
	paths := r.answers.Paths(&c.place)
	if len(paths) == 0 {
		r.errors.Add(out)
	}
	for _, p := range paths {
		out.Path = p
		r.errors.Add(out)
	}
}

// reportErrors adds the errors that a subgraph's answer told of.
func (r *run) reportErrors(c *call, t *task) {
	list := t.part.Errors
	if r.executor.options.HideErrors {
		hidden := make([]response.SubgraphError, len(list))
		for i, e := range list {
			r.executor.options.Logger.LogAttrs(r.ctx, slog.LevelInfo, "subgraph error", slog.String("subgraph", c.Name),
				slog.String("fetch", c.label()), slog.String("message", e.Message), slog.String("path", e.Path.String()))
			hidden[i] = response.SubgraphError{Message: "Subgraph " + c.Name + " reported an error.", Path: e.Path}
		}
		list = hidden
	}
	r.answers.Report(&r.errors, r.names(t), t.aliases(c), c.ID, &c.place, c.Name, list)
}

// trace tells how the run went.
func (r *run) trace() *Trace {
	tr := &Trace{Fetches: make([]FetchTrace, len(r.tasks))}
	for i := range r.tasks {
		t, out := &r.tasks[i], &tr.Fetches[i]
		out.Made = t.made
		if !t.made || !t.ended {
			continue
		}
		out.Start, out.Duration = t.start, t.took
		out.Representations, out.Status, out.Bytes = t.count, t.status, t.bytes
		if t.err != nil {
			out.Err = t.err
		}
	}
	return tr
}
