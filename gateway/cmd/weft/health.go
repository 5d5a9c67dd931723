package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// healthTimeout is how long an answer may take.
const healthTimeout = 3 * time.Second

func healthCommand() *cobra.Command {
	var url string
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a gateway whether it is ready, as containers do",
		Long: `Asks a running gateway whether it is ready to be sent requests. The exit code is 0 when it is, and 1 when not.
It is there for containers that hold nothing but this program.`,
		Example: `  weft health
  weft health --url http://127.0.0.1:4000/health/live`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			status, err := askHealth(cmd.Context(), url)
			if err != nil {
				return err
			}
			return write(cmd, "", status+"\n")
		},
	}
	cmd.Flags().StringVar(&url, "url", "http://127.0.0.1:4000/health/ready", "`address` to ask")
	return cmd
}

// askHealth returns the status; an error where that is not a good one.
func askHealth(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("no gateway answers: %w", err)
	}
	defer response.Body.Close()
	var answer struct{ Status, Reason string }
	const most = 64 << 10
	if err := json.NewDecoder(io.LimitReader(response.Body, most)).Decode(&answer); err != nil || answer.Status == "" {
		return "", fmt.Errorf("%s answers %s, and not as a gateway does", url, response.Status)
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the gateway is %s: %s", answer.Status, answer.Reason)
	}
	return answer.Status, nil
}
