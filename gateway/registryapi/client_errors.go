package registryapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// Kinds of errors of a Client, to tell with errors.Is.
var (
	ErrUnreachable     = errors.New("no registry answers")
	ErrUnauthenticated = errors.New("the registry does not know who you are")
	ErrForbidden       = errors.New("the registry does not let you do this")
	ErrNoRegistry      = errors.New("this is not a registry")
)

// unreachable explains why no answer came.
func (c *Client) unreachable(ctx context.Context, err error) error {
	var unknownHost *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, context.DeadlineExceeded):
		if ctx.Err() != nil {
			return fmt.Errorf("%w at %s in time (%w); whether a change was made is not known: make it again, or list the subgraphs",
				ErrUnreachable, c.url, err)
		}
		return fmt.Errorf("%w at %s in time: %w", ErrUnreachable, c.url, err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w at %s: nothing listens there. Start the gateway (weft demo, weft serve), or give the address of its registry",
			ErrUnreachable, c.url)
	case errors.As(err, &unknownHost) && unknownHost.IsNotFound:
		return fmt.Errorf("%w at %s: there is no host %s. Give the address of the gateway's registry", ErrUnreachable, c.url, unknownHost.Name)
	}
	return fmt.Errorf("%w at %s: %w", ErrUnreachable, c.url, err)
}

// noRegistry explains an answer that no registry would give.
func (c *Client) noRegistry(response *http.Response) error {
	if to := response.Header.Get("Location"); to != "" {
		return fmt.Errorf("%w: %s redirects to %s. Give that address if you trust it", ErrNoRegistry, c.url, to)
	}
	return fmt.Errorf("%w: %s answers %q, with a body that is no GraphQL response. Give the address of the gateway's registry, which is not that of the graph",
		ErrNoRegistry, c.url, response.Status)
}

type wireError struct {
	Message    string
	Extensions struct{ Code string }
}

// refused explains errors that the registry answered.
func (c *Client) refused(response *http.Response, errs []wireError) error {
	messages := make([]string, len(errs))
	for i, e := range errs {
		messages[i] = e.Message
	}
	message := strings.Join(messages, "; ")
	switch response.StatusCode {
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: %s", ErrUnauthenticated, message)
	case http.StatusForbidden:
		return fmt.Errorf("%w: %s", ErrForbidden, message)
	}
	for _, e := range errs {
		// A GraphQL server, and not this one: it does not know the fields.
		if e.Extensions.Code == "GRAPHQL_VALIDATION_FAILED" {
			return fmt.Errorf("%w: %s does not understand the request (%s). Give the address of the gateway's registry, which is not that of the graph; "+
				"if it is right, the gateway is of another version than this command", ErrNoRegistry, c.url, message)
		}
	}
	return fmt.Errorf("the registry at %s answers: %s", c.url, message)
}
