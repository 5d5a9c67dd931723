package registryapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// transport is gqlgen's POST with one thing added: between the parsing of an operation and its execution it
// asks whether the caller may do this, while the answer can still be an HTTP status.
type transport struct{}

var _ graphql.Transport = transport{}

// Supports implements graphql.Transport. The door has let nothing else in.
func (transport) Supports(*http.Request) bool { return true }

// Do implements graphql.Transport.
func (transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	ctx := r.Context()
	params, ok := readParams(w, r)
	if !ok {
		return
	}
	op, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		write(w, requestErrorStatus(w), exec.DispatchError(graphql.WithOperationContext(ctx, op), errs))
		return
	}
	if !authorize(w, identityFrom(ctx), op.Operation) {
		return
	}
	responses, ctx := exec.DispatchOperation(ctx, op)
	response := responses(ctx)
	if response == nil { // gqlgen's word for a context that has ended
		refuse(w, http.StatusGatewayTimeout, codeTimeout, timeoutMessage)
		return
	}
	write(w, http.StatusOK, response)
}

func readParams(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, bool) {
	start := graphql.Now()
	body, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE", "the request is larger than the %d bytes the registry accepts", tooLarge.Limit)
		return nil, false
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "BAD_REQUEST", "the request's body could not be read to its end")
		return nil, false
	}
	var params graphql.RawParams
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // an Int stays one
	if err := decoder.Decode(&params); err != nil {
		refuse(w, http.StatusBadRequest, "BAD_REQUEST", `the request's body is not a JSON object with "query" and "variables": %v`, err)
		return nil, false
	}
	if strings.TrimSpace(params.Query) == "" {
		refuse(w, http.StatusBadRequest, "BAD_REQUEST", `the request's body has no "query"`)
		return nil, false
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return &params, true
}

// requestErrorStatus is the status of an answer to an operation that was not executed. With the older media
// type the status speaks of HTTP alone (GraphQL over HTTP, "application/json").
func requestErrorStatus(w http.ResponseWriter) int {
	if strings.HasPrefix(w.Header().Get("Content-Type"), typeGraphQL) {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func write(w http.ResponseWriter, status int, r *graphql.Response) {
	send(w, status, answer{Errors: r.Errors, Data: r.Data, Extensions: r.Extensions})
}
