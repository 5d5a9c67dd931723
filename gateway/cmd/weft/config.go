package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
	"github.com/weft-gateway/weft/gateway/config"
)

func configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check a configuration file, or print its JSON Schema",
		Args:  knownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "validate FILE",
			Short: "Check a configuration file without running anything",
			Long: `Reads a configuration file and makes everything that it describes, but opens nothing. All mistakes are printed,
each with its line; the exit code is then 1.`,
			Example: `  weft config validate weft.yaml`,
			Args:    exactly("FILE"),
			RunE: func(cmd *cobra.Command, args []string) error {
				c, err := config.Load(args[0])
				if err != nil {
					return err
				}
				text, err := os.ReadFile(args[0])
				if err != nil {
					return err
				}
				report.Printer{W: cmd.ErrOrStderr()}.Warnings(text, c.Warnings())
				return write(cmd, "", fmt.Sprintf("%s is valid\n", args[0]))
			},
		},
		&cobra.Command{
			Use:   "schema",
			Short: "Print the JSON Schema of the configuration file, for editors",
			Example: `  weft config schema > weft.schema.json
  # then, as the first line of weft.yaml:
  # yaml-language-server: $schema=weft.schema.json`,
			Args: exactly(),
			RunE: func(cmd *cobra.Command, _ []string) error {
				schema, err := config.Schema()
				if err != nil {
					return err
				}
				return write(cmd, "", string(schema))
			},
		},
	)
	return cmd
}
