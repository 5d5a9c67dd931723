package server

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// mediaType is a media type of GraphQL responses.
type mediaType uint8

const (
	// mediaNone: nothing that the client accepts is served here.
	mediaNone mediaType = iota
	// mediaJSON is application/json, where the status does not speak of the
	// GraphQL response.
	mediaJSON
	// mediaGraphQL is application/graphql-response+json, where it does.
	mediaGraphQL
)

const (
	typeJSON        = "application/json"
	typeGraphQL     = "application/graphql-response+json"
	typeEventStream = "text/event-stream"
)

// Header values are shared: net/http reads them and never writes to them.
var (
	contentTypeJSON    = []string{typeJSON + "; charset=utf-8"}
	contentTypeGraphQL = []string{typeGraphQL + "; charset=utf-8"}
)

func (m mediaType) contentType() []string {
	if m == mediaGraphQL {
		return contentTypeGraphQL
	}
	return contentTypeJSON
}

// accepted is what an Accept header admits.
type accepted struct {
	media mediaType
	// stream: text/event-stream is admitted by name.
	stream bool
	// streamFirst: it is preferred to JSON.
	streamFirst bool
}

// negotiate chooses the response's media type (GraphQL over HTTP, "Accept" and
// "Body"): the one with the highest quality, of equals the one listed first. A
// client that sends no Accept header or a wildcard gets application/json, which
// is what clients older than the specification understand.
func negotiate(header http.Header) accepted {
	values := header["Accept"]
	if len(values) == 0 {
		return accepted{media: mediaJSON}
	}
	if len(values) == 1 {
		switch values[0] {
		case typeJSON, "*/*", "":
			return accepted{media: mediaJSON}
		case typeGraphQL:
			return accepted{media: mediaGraphQL}
		}
	}

	var quality [3]int // by mediaType, of ranges that name it; 0 is "not named"
	var refused [3]bool
	var order [3]int
	wildcard, stream, position := 0, 0, 0
	for _, value := range values {
		for value != "" {
			var item string
			item, value, _ = strings.Cut(value, ",")
			position++
			name, q, ok := acceptItem(item)
			if !ok {
				continue
			}
			switch {
			case strings.EqualFold(name, typeJSON):
				note(&quality[mediaJSON], &refused[mediaJSON], &order[mediaJSON], q, position)
			case strings.EqualFold(name, typeGraphQL):
				note(&quality[mediaGraphQL], &refused[mediaGraphQL], &order[mediaGraphQL], q, position)
			case strings.EqualFold(name, typeEventStream):
				stream = max(stream, q)
			case name == "*/*" || strings.EqualFold(name, "application/*"):
				wildcard = max(wildcard, q)
			}
		}
	}

	if wildcard > 0 && quality[mediaJSON] == 0 && quality[mediaGraphQL] == 0 {
		// A wildcard stands for what is not named, refusals included.
		for _, m := range []mediaType{mediaJSON, mediaGraphQL} {
			if !refused[m] {
				quality[m] = wildcard
				break
			}
		}
	}
	result := accepted{stream: stream > 0}
	best := 0
	for _, m := range []mediaType{mediaJSON, mediaGraphQL} {
		if quality[m] > best || quality[m] == best && best > 0 && order[m] < order[result.media] {
			result.media, best = m, quality[m]
		}
	}
	result.streamFirst = stream > best
	return result
}

func note(quality *int, refused *bool, order *int, q, position int) {
	if q == 0 {
		*refused = true
	}
	if q > *quality {
		*quality, *order = q, position
	}
}

// acceptItem splits one media range from its parameters. ok is false for a range
// that asks for another charset than UTF-8: what is served never fits it.
// Quality is in thousandths.
func acceptItem(item string) (name string, quality int, ok bool) {
	name, params, _ := strings.Cut(item, ";")
	name = strings.Trim(name, " \t")
	quality = 1000
	for params != "" {
		var param string
		param, params, _ = strings.Cut(params, ";")
		key, value, _ := strings.Cut(strings.Trim(param, " \t"), "=")
		value = strings.Trim(value, " \t\"")
		switch {
		case strings.EqualFold(key, "charset"):
			if !isUTF8(value) {
				return name, 0, false
			}
		case strings.EqualFold(key, "q"):
			q, err := strconv.ParseFloat(value, 64)
			if err != nil || !(q >= 0 && q <= 1) {
				return name, 0, false
			}
			quality = int(q * 1000)
		}
	}
	return name, quality, name != ""
}

func isUTF8(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8") || charset == "*"
}

// checkContentType says why a POST's body is not JSON in UTF-8, or nil.
//
// Only application/json is taken, and a missing Content-Type is refused: a page
// of another site can send any other common type, or none, without the browser
// asking first (a CORS preflight).
func checkContentType(header http.Header) *fault {
	switch contentType := header.Get("Content-Type"); contentType {
	case typeJSON, "application/json; charset=utf-8", "application/json;charset=UTF-8":
	case "":
		return &fault{http.StatusUnsupportedMediaType, CodeUnsupportedMediaType,
			"the Content-Type header is missing; send application/json"}
	default:
		name, params, err := mime.ParseMediaType(contentType)
		if err != nil || name != typeJSON {
			return &fault{http.StatusUnsupportedMediaType, CodeUnsupportedMediaType,
				"the body's Content-Type " + quoteShort(contentType) + " is not supported; send application/json"}
		}
		if charset, given := params["charset"]; given && !isUTF8(charset) {
			return &fault{http.StatusUnsupportedMediaType, CodeUnsupportedMediaType,
				"the body's charset " + quoteShort(charset) + " is not supported; send UTF-8"}
		}
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return &fault{http.StatusUnsupportedMediaType, CodeUnsupportedMediaType,
			"the body's Content-Encoding " + quoteShort(encoding) + " is not supported; send the body as it is"}
	}
	return nil
}

// quoteShort quotes something that a client sent for use in a message.
func quoteShort(s string) string {
	const most = 60
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.QuoteToASCII(s)
}
