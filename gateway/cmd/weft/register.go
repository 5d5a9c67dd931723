package main

import (
	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/registry"
)

func registerCommand() *cobra.Command {
	var flags registryFlags
	var address, schema, format string
	cmd := &cobra.Command{
		Use:   "register NAME --url URL --schema FILE",
		Short: "Add a subgraph to the graph of a running gateway, or replace it",
		Long: `Publishes a subgraph to the registry of a running gateway: its name, the URL that the gateway calls it at, and its
schema. It is composed with the subgraphs that are there; if they compose, the gateway serves the new graph when
this command ends. If not, the errors are printed with their places, nothing changes, and the exit code is 1.

The registry asks for an access token with the scope registry:write. That of weft demo on this machine needs
none to be given: the token is then got from the demo's issuer.`,
		Example: `  weft register reviews --url http://localhost:4004/graphql --schema subgraphs/reviews/schema.graphql
  WEFT_TOKEN=… weft register reviews --registry https://registry.example.com --url http://reviews/graphql --schema reviews.graphql`,
		Args: exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if address == "" || schema == "" {
				return usagef("--url and --schema are both needed: where the gateway calls the subgraph, and its schema")
			}
			return publish(cmd, &flags, args[0], address, schema, format, false)
		},
	}
	cmd.Flags().StringVar(&address, "url", "", "`URL` that the gateway calls the subgraph at")
	cmd.Flags().StringVar(&schema, "schema", "", "`file` with the subgraph's schema; - is standard input")
	cmd.Flags().StringVar(&format, "format", "text", "what is printed: text, json")
	flags.add(cmd)
	return cmd
}

func checkCommand() *cobra.Command {
	var flags registryFlags
	var address, schema, format string
	cmd := &cobra.Command{
		Use:   "check NAME --schema FILE",
		Short: "Say what registering a schema would do, and do nothing",
		Long: `Asks the registry of a running gateway what would become of a subgraph's schema: whether it composes with the others,
and what it changes for clients. Nothing is published. The exit code is 1 when it would be refused.

The registry asks for an access token with the scope registry:check or registry:write.`,
		Example: `  weft check reviews --schema subgraphs/reviews/schema.graphql`,
		Args:    exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if schema == "" {
				return usagef("--schema is missing: the file with the subgraph's schema")
			}
			return publish(cmd, &flags, args[0], address, schema, format, true)
		},
	}
	cmd.Flags().StringVar(&address, "url", "", "`URL` of the subgraph; that of the current revision when left out")
	cmd.Flags().StringVar(&schema, "schema", "", "`file` with the subgraph's schema; - is standard input")
	cmd.Flags().StringVar(&format, "format", "text", "what is printed: text, json")
	flags.add(cmd)
	return cmd
}

// publish publishes a subgraph, or says what that would do.
func publish(cmd *cobra.Command, flags *registryFlags, name, address, schema, format string, dryRun bool) error {
	if err := oneOf("format", format, "text", "json"); err != nil {
		return err
	}
	sdl, file, err := readInput(cmd, schema)
	if err != nil {
		return err
	}
	client, err := flags.client()
	if err != nil {
		return err
	}
	ask, done, refused := client.Publish, "registered", name+" is refused"
	if dryRun {
		ask, done, refused = client.Check, "fine to register", name+" would be refused"
	}
	outcome, err := ask(cmd.Context(), registry.Publication{Name: name, URL: address, SDL: sdl})
	if err != nil {
		return flags.explain(cmd.Context(), err)
	}
	return printOutcome(cmd, format, outcome, verdict{
		subgraph: name, done: done, refused: refused, dryRun: dryRun,
		source: sourceOf([]composition.Subgraph{{Name: name, SDL: sdl, File: file}}),
	})
}
