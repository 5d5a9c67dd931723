package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

func subgraphsCommand() *cobra.Command {
	var flags registryFlags
	var format string
	cmd := &cobra.Command{
		Use:     "subgraphs",
		Short:   "List the subgraphs of a running gateway",
		Long:    `Lists the subgraphs that are registered now, with the number of the revision and where the gateway calls them.`,
		Example: `  weft subgraphs`,
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			client, err := flags.client()
			if err != nil {
				return err
			}
			all, err := client.Subgraphs(cmd.Context())
			if err != nil {
				return flags.explain(cmd.Context(), err)
			}
			if format == "json" {
				type entry struct {
					Name        string    `json:"name"`
					Revision    int       `json:"revision"`
					URL         string    `json:"url"`
					SHA256      string    `json:"sha256"`
					PublishedAt time.Time `json:"publishedAt"`
					PublishedBy string    `json:"publishedBy"`
				}
				out := []entry{}
				for _, r := range all {
					out = append(out, entry{r.Name, r.Number, r.URL, r.SHA256, r.PublishedAt, r.By.Subject})
				}
				text, err := indented(out)
				if err != nil {
					return err
				}
				return write(cmd, "", text)
			}
			if len(all) == 0 {
				return write(cmd, "", "no subgraph is registered\n")
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 3, ' ', 0)
			fmt.Fprintln(table, "NAME\tREVISION\tURL\tPUBLISHED\tBY")
			for _, r := range all {
				fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n", r.Name, r.Number, r.URL, r.PublishedAt.Local().Format(time.DateTime), r.By.Subject)
			}
			return table.Flush()
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "what is printed: text, json")
	flags.add(cmd)
	return cmd
}
