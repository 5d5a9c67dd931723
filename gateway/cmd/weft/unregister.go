package main

import (
	"github.com/spf13/cobra"
)

func unregisterCommand() *cobra.Command {
	var flags registryFlags
	var format string
	cmd := &cobra.Command{
		Use:   "unregister NAME",
		Short: "Take a subgraph out of the graph of a running gateway",
		Long: `Takes a subgraph out of the graph. It is refused, and nothing changes, when the other subgraphs do not compose without
it, or when it is the last one. What was published stays in the registry's history.`,
		Example: `  weft unregister reviews`,
		Args:    exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			client, err := flags.client()
			if err != nil {
				return err
			}
			outcome, err := client.Remove(cmd.Context(), args[0])
			if err != nil {
				return flags.explain(cmd.Context(), err)
			}
			return printOutcome(cmd, format, outcome, verdict{
				subgraph: args[0], done: "unregistered", refused: "the removal of " + args[0] + " is refused",
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "what is printed: text, json")
	flags.add(cmd)
	return cmd
}
