// Command weft is the Weft gateway: it composes subgraph schemas, serves them as one graph, and registers subgraphs with
// a gateway that runs.
//
// This package holds flags and wiring only, a file for each command.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
	"github.com/weft-gateway/weft/gateway/config/strict"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1 // it could not be done, or the answer is no: a schema does not compose, a registration is refused
	exitUsage  = 2 // the command line is wrong
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := Execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Execute runs the command with its arguments until it is done or ctx ends, and returns the exit code.
func Execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	ran, err := root.ExecuteContextC(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "weft: %v\nRun '%s --help' for what is accepted.\n", err, ran.CommandPath())
		return exitUsage
	}
	if !reportFile(stderr, err) {
		fmt.Fprintf(stderr, "weft: %v\n", err)
	}
	return exitFailed
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "weft",
		Short: "A GraphQL federation gateway: many services behind one endpoint",
		Long: `Weft composes the schemas of many GraphQL services into one graph and serves it from one endpoint.

  weft demo       runs a whole graph on this machine, to be tried out
  weft serve      runs the gateway
  weft compose    composes subgraph schemas
  weft register   adds a subgraph to a gateway that runs

Exit codes: 0 done; 1 it failed, or the answer is no; 2 the command line is wrong.`,
		SilenceUsage:               true,
		SilenceErrors:              true,
		SuggestionsMinimumDistance: 2,
		Args:                       knownCommand,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(
		demoCommand(), serveCommand(), composeCommand(), planCommand(),
		registerCommand(), checkCommand(), unregisterCommand(), subgraphsCommand(),
		tokenCommand(), configCommand(), healthCommand(), versionCommand(),
	)
	return root
}

// usageError is a wrong command line.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// errReported says that the user was told already.
var errReported = errors.New("reported")

// knownCommand refuses what is no command, with the one that was probably meant.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("there is no command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		message += "; is " + strings.Join(near, " or ") + " meant?"
	}
	return usagef("%s", message)
}

// exactly asks for arguments by their names.
func exactly(names ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return usagef("%s is missing", strings.Join(names[len(args):], " and "))
		case len(args) > len(names):
			return usagef("%q is one argument too many", args[len(names)])
		}
		return nil
	}
}

// oneOf checks a flag that has a few values.
func oneOf(flag, value string, accepted ...string) error {
	for _, a := range accepted {
		if value == a {
			return nil
		}
	}
	return usagef("--%s %s: it is one of %s", flag, value, strings.Join(accepted, ", "))
}

// reportFile prints an error of reading a configuration file, with the lines it is about, and reports whether it was one.
func reportFile(w io.Writer, err error) bool {
	var all strict.Errors
	var one *strict.Error
	file := ""
	switch {
	case errors.As(err, &all) && len(all) > 0:
		file = all[0].File
	case errors.As(err, &one):
		file = one.File
	default:
		return false
	}
	text, readErr := os.ReadFile(file)
	if readErr != nil {
		text = nil // the messages stand without the lines
	}
	return report.Printer{W: w}.File(text, err)
}

// called is how this command was called, for commands that are printed to be pasted.
func called() string {
	if strings.HasPrefix(filepath.Base(os.Args[0]), "weft") && !strings.HasSuffix(os.Args[0], ".test") {
		return os.Args[0]
	}
	return "weft"
}
