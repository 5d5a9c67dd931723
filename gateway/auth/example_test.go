package auth_test

import (
	"fmt"
	"net/http"

	"github.com/weft-gateway/weft/gateway/auth"
)

// A planner numbers the requirements of an operation's fields; a request then
// selects the variant of the plan that fits its caller.
func ExampleAuthorizer() {
	var a auth.Authorizer
	adjustStock := a.Add(auth.All(auth.Requirement{Scopes: [][]string{{"inventory:write"}}}))
	me := a.Add(auth.All(auth.Requirement{Authenticated: true}))

	alice, err := auth.NewIdentity(auth.IdentityFields{Subject: "alice", Scopes: []string{"openid"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	denied := a.Evaluate(nil, alice, nil)
	fmt.Println("me denied:", denied.Has(me[0]))
	fmt.Println("adjustStock denied:", denied.Has(adjustStock[0]))
	fmt.Println(auth.Denial("Mutation.adjustStock", auth.Requirements{a.Requirement(adjustStock[0])}, alice, nil))
	// Output:
	// me denied: false
	// adjustStock denied: true
	// Not authorized to access Mutation.adjustStock: it needs the scope "inventory:write".
}

// Subgraphs learn who is calling from headers that the gateway alone can set.
func ExampleForwarder() {
	f, err := auth.NewForwarder(auth.ForwardOptions{
		All: auth.ForwardRules{
			Claims:  []auth.ClaimHeader{{Header: "X-User-Id", Claim: "sub"}, {Header: "X-User-Scopes", Claim: "scope"}},
			Headers: []string{"X-Request-Id"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	bob, err := auth.NewIdentity(auth.IdentityFields{Subject: "bob", Scopes: []string{"openid", "inventory:write"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fromClient := http.Header{"X-Request-Id": {"42"}, "X-User-Id": {"mallory"}}
	for _, h := range f.For("inventory").Forward(bob, fromClient) {
		fmt.Printf("%s: %s\n", h.Name, h.Value)
	}
	// Output:
	// X-User-Id: bob
	// X-User-Scopes: inventory:write openid
	// X-Request-Id: 42
}
