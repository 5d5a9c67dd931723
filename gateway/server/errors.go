package server

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Codes in extensions.code of the errors that the server itself answers with.
const (
	CodeMalformedRequest     = "MALFORMED_REQUEST"
	CodeBatchingNotEnabled   = "BATCHING_NOT_ENABLED"
	CodeCrossSiteRequest     = "CROSS_SITE_REQUEST_REFUSED"
	CodeNotFound             = "NOT_FOUND"
	CodeMethodNotAllowed     = "METHOD_NOT_ALLOWED"
	CodeNotAcceptable        = "NOT_ACCEPTABLE"
	CodeRequestTimeout       = "REQUEST_TIMEOUT"
	CodePayloadTooLarge      = "PAYLOAD_TOO_LARGE"
	CodeUnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
	CodeInternalServerError  = "INTERNAL_SERVER_ERROR"
	CodeNotReady             = "SERVICE_NOT_READY"
	CodeGatewayTimeout       = "GATEWAY_TIMEOUT"
	CodeTooManyOperations    = "TOO_MANY_OPERATIONS"
	CodeUnauthenticated      = "UNAUTHENTICATED"
)

const allowedMethods = "GET, POST, OPTIONS"

// fault is an answer that the server gives before, or instead of, executing
// anything. Faults are not GraphQL request errors: their status is the same for
// every media type.
type fault struct {
	status  int
	code    string
	message string
}

func malformed(message string) *fault {
	return &fault{http.StatusBadRequest, CodeMalformedRequest, message}
}

var (
	faultNotReady = &fault{http.StatusServiceUnavailable, CodeNotReady,
		"the gateway has no supergraph yet; try again in a moment"}
	faultInternal = &fault{http.StatusInternalServerError, CodeInternalServerError,
		"the gateway failed on this request; its log says more under the request's id"}
	faultTimeout = &fault{http.StatusGatewayTimeout, CodeGatewayTimeout,
		"the request took longer than the gateway allows"}
	faultUnavailable = &fault{http.StatusServiceUnavailable, CodeNotReady,
		"the gateway cannot take this request now; try again in a moment"}
	faultStreams = &fault{http.StatusServiceUnavailable, CodeNotReady,
		"the gateway holds as many streams as it may; try again in a moment"}
	faultMutationByGET = &fault{http.StatusMethodNotAllowed, CodeMethodNotAllowed,
		"a mutation cannot be sent by GET; send it by POST"}
	faultNeedsStream = &fault{http.StatusNotAcceptable, CodeNotAcceptable,
		"the operation is a subscription: send Accept: text/event-stream, or use a WebSocket with the protocol graphql-transport-ws"}
	faultNotAcceptable = &fault{http.StatusNotAcceptable, CodeNotAcceptable,
		"the Accept header admits neither application/graphql-response+json nor application/json, which is what is served here"}
	faultMethod = &fault{http.StatusMethodNotAllowed, CodeMethodNotAllowed,
		"GraphQL is answered by POST and GET"}
)

// faultBody renders the GraphQL response of a fault.
func faultBody(f *fault) []byte {
	type extensions struct {
		Code string `json:"code"`
	}
	type gqlError struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	body, err := json.Marshal(struct {
		Errors []gqlError `json:"errors"`
	}{[]gqlError{{f.message, extensions{f.code}}}})
	if err != nil { // strings always marshal
		return []byte(`{"errors":[{"message":"internal error"}]}`)
	}
	return body
}

// writeFault answers with a fault in the given media type.
func (s *Server) writeFault(w http.ResponseWriter, media mediaType, f *fault) {
	header := w.Header()
	switch f.status {
	case http.StatusMethodNotAllowed:
		allow := allowedMethods
		if f == faultMutationByGET {
			allow = "POST, OPTIONS"
		}
		header.Set("Allow", allow)
	case http.StatusServiceUnavailable:
		header.Set("Retry-After", "1")
	case http.StatusRequestEntityTooLarge, http.StatusRequestTimeout:
		// The rest of the body was not read, so the connection cannot be used again.
		header.Set("Connection", "close")
	}
	s.writeBody(w, media, f.status, faultBody(f))
}

// writeDenied answers a request whose caller was not accepted.
func (s *Server) writeDenied(w http.ResponseWriter, media mediaType, d *Denied) {
	status := d.Status
	if status < 400 || status > 599 {
		status = http.StatusUnauthorized
	}
	if d.WWWAuthenticate != "" {
		w.Header().Set("WWW-Authenticate", d.WWWAuthenticate)
	}
	if d.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(int64((d.RetryAfter+time.Second-1)/time.Second), 10))
	}
	body := d.Body
	if len(body) == 0 {
		body = faultBody(&fault{status, CodeUnauthenticated, "the request was not authenticated"})
	}
	s.writeBody(w, media, status, body)
}

// writeBody writes one complete JSON answer.
func (s *Server) writeBody(w http.ResponseWriter, media mediaType, status int, body []byte) {
	header := w.Header()
	header["Content-Type"] = media.contentType()
	header["X-Content-Type-Options"] = noSniff
	if x := exchangeOf(w); x != nil && s.compresses(x, body) {
		s.writeCompressed(w, status, body)
		return
	}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client went away; the access log has what was written
}

var noSniff = []string{"nosniff"}
