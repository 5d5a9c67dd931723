package auth_test

import (
	"fmt"
	"net/http"

	"github.com/weft-gateway/weft/gateway/auth"
)

// What a field asks for is decided for each caller.
func ExampleRequirements() {
	adjustStock := auth.All(auth.Requirement{Scopes: [][]string{{"inventory:write"}}})
	me := auth.All(auth.Requirement{Authenticated: true})

	alice, err := auth.NewIdentity(auth.IdentityFields{Subject: "alice", Scopes: []string{"openid"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("me:", me.Satisfied(alice, nil))
	fmt.Println("adjustStock:", adjustStock.Satisfied(alice, nil))
	fmt.Println(auth.Denial("Mutation.adjustStock", adjustStock))
	// Output:
	// me: true
	// adjustStock: false
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
