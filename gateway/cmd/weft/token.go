package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/auth/devissuer"
	"github.com/weft-gateway/weft/gateway/cmd/weft/demo"
)

func tokenCommand() *cobra.Command {
	var issuer, user string
	var scopes []string
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print an access token of the development issuer",
		Long: `Prints an access token of the development issuer that weft demo runs; no other issuer answers it. Users are alice,
a customer; bob, who may change the stock (inventory:write); and operator, who may register subgraphs (registry:write).

Without --user it is the first of them who may have the scopes.`,
		Example: `  weft token --user alice
  weft token --scope registry:write
  curl -H "Authorization: Bearer $(weft token --user bob)" …`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if user == "" {
				user = userWith(scopes)
			}
			grant, err := devissuer.Token(cmd.Context(), issuer, user, scopes...)
			if err != nil {
				return err
			}
			for _, s := range scopes {
				if !slices.Contains(grant.Scopes, s) {
					return fmt.Errorf("the user %s may not have the scope %s; --user names another", user, s)
				}
			}
			return write(cmd, "", grant.AccessToken+"\n")
		},
	}
	cmd.Flags().StringVar(&issuer, "issuer", fmt.Sprintf("http://localhost:%d", demo.DefaultPorts().Issuer), "`address` of the development issuer")
	cmd.Flags().StringVar(&user, "user", "", "`name` of the user: alice, bob, operator")
	cmd.Flags().StringSliceVar(&scopes, "scope", nil, "`scope` that the token must have; all that the user may have when left out")
	return cmd
}

// userWith is the first user who may have the scopes, as far as they are special; else the first.
func userWith(scopes []string) string {
	users := devissuer.DefaultUsers()
	special := func(s string) bool {
		return slices.ContainsFunc(users, func(u devissuer.User) bool { return slices.Contains(u.Scopes, s) })
	}
	for _, u := range users {
		if !slices.ContainsFunc(scopes, func(s string) bool { return special(s) && !slices.Contains(u.Scopes, s) }) {
			return u.ID
		}
	}
	return users[0].ID
}
