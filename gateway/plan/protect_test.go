package plan_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Callers of these tests are nobody, and have one policy. What asks for an identity is denied to them, what asks for that
// policy is not.
var policies = auth.Policies{"everybody": true}

// denied reports whether what an element asks for keeps the callers of these tests from it.
func denied(a supergraph.Access) bool {
	return !auth.Requirement{Authenticated: a.Authenticated, Scopes: a.Scopes, Policies: a.Policies}.Satisfied(nil, policies)
}

// protection is what a type ("Type") or a field ("Type.field") asks of callers.
type protection struct {
	coordinate string
	policy     bool // @policy that all callers meet; else @authenticated, that none does
}

// chooseProtections protects some of what a client can see, for one in so many operations. It depends on the operation alone, and
// not on choices that were made before.
func chooseProtections(api *ast.Schema, text string) []protection {
	hash := fnv.New64a()
	hash.Write([]byte(text))
	random := rand.New(rand.NewPCG(hash.Sum64(), 1))
	if random.IntN(8) > 0 {
		return nil
	}
	var all []string
	for name, def := range api.Types {
		if strings.HasPrefix(name, "__") || def.BuiltIn {
			continue
		}
		switch def.Kind {
		case ast.Scalar, ast.Enum:
			all = append(all, name)
		case ast.Object:
			all = append(all, name)
			for _, f := range def.Fields {
				if !strings.HasPrefix(f.Name, "__") {
					all = append(all, name+"."+f.Name)
				}
			}
		}
	}
	slices.Sort(all)
	var out []protection
	for range 1 + random.IntN(6) {
		out = append(out, protection{all[random.IntN(len(all))], random.IntN(3) == 0})
	}
	return out
}

// protect adds what some elements ask of callers to a supergraph; those that are not there are passed over.
func protect(super *supergraph.Supergraph, protections []protection) (*supergraph.Supergraph, error) {
	doc, err := parser.ParseSchema(&ast.Source{Input: super.SDL})
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"authenticated", "policy"} {
		url := fmt.Sprintf("https://specs.apollo.dev/%s/v0.1", name)
		link := &ast.Directive{Name: "link", Arguments: ast.ArgumentList{
			{Name: "url", Value: &ast.Value{Kind: ast.StringValue, Raw: url}},
			{Name: "for", Value: &ast.Value{Kind: ast.EnumValue, Raw: "SECURITY"}},
		}}
		doc.Schema[0].Directives = append(doc.Schema[0].Directives, link)
	}
	for _, p := range protections {
		typ, field, ofField := strings.Cut(p.coordinate, ".")
		def := doc.Definitions.ForName(typ)
		if def == nil {
			continue
		}
		to := &def.Directives
		if ofField {
			f := def.Fields.ForName(field)
			if f == nil {
				continue
			}
			to = &f.Directives
		}
		*to = append(*to, p.directive())
	}
	var b strings.Builder
	formatter.NewFormatter(&b).FormatSchemaDocument(doc)
	return supergraph.Read(b.String())
}

func (p protection) directive() *ast.Directive {
	if !p.policy {
		return &ast.Directive{Name: "authenticated"}
	}
	everybody := &ast.Value{Kind: ast.StringValue, Raw: "everybody"}
	list := func(v *ast.Value) *ast.Value {
		return &ast.Value{Kind: ast.ListValue, Children: ast.ChildValueList{{Value: v}}}
	}
	return &ast.Directive{Name: "policy", Arguments: ast.ArgumentList{{Name: "policies", Value: list(list(everybody))}}}
}

// String is the protection as stories write it.
func (p protection) String() string {
	if p.policy {
		return p.coordinate + " @policy"
	}
	return p.coordinate + " @authenticated"
}

// readProtections reads those of a story, a line each.
func readProtections(text string) []protection {
	var out []protection
	for line := range strings.Lines(text) {
		coordinate, directive, _ := strings.Cut(strings.TrimSpace(line), " ")
		out = append(out, protection{coordinate, directive == "@policy"})
	}
	return out
}
