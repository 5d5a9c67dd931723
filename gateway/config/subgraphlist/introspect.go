package subgraphlist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// introspect asks a running subgraph for its schema, as the subgraph specification has it: Query._service.sdl.
func introspect(ctx context.Context, client *http.Client, url string, headers map[string]string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(`{"query":"{ _service { sdl } }"}`))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	for name, value := range headers { // the order of headers of different names means nothing
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxSDL+1))
	if err != nil {
		return "", err
	}
	if len(body) > maxSDL {
		return "", fmt.Errorf("%s answers with more than %d bytes", url, maxSDL)
	}
	var answer struct {
		Data struct {
			Service struct {
				SDL string `json:"sdl"`
			} `json:"_service"`
		} `json:"data"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", fmt.Errorf("%s answers %s with no GraphQL response", url, response.Status)
	}
	switch {
	case answer.Data.Service.SDL != "":
		return answer.Data.Service.SDL, nil
	case len(answer.Errors) > 0:
		return "", errors.New(answer.Errors[0].Message)
	}
	return "", fmt.Errorf("%s answers _service.sdl with nothing", url)
}
