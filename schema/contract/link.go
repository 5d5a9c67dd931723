package contract

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/link"
)

// freeName is a name for @inaccessible that the document does not use for something else.
func freeName(doc *ast.SchemaDocument) string {
	taken := func(name string) bool {
		of := func(other string) bool { return other == name || strings.HasPrefix(other, name+"__") }
		return slices.ContainsFunc(doc.Directives, func(d *ast.DirectiveDefinition) bool { return of(d.Name) }) ||
			slices.ContainsFunc(doc.Definitions, func(d *ast.Definition) bool { return of(d.Name) })
	}
	name := link.Inaccessible
	for taken(name) {
		name = "contract_" + name
	}
	return name
}

// linkInaccessible makes the document link a version of the inaccessible specification in which everything that can have
// a tag can be hidden, and define its directive under a name.
func linkInaccessible(doc *ast.SchemaDocument, name string) {
	feature, _ := link.FeatureByIdentity(link.InaccessibleSpec)
	newest := link.URL{Identity: feature.Identity, Version: feature.Version}.String()
	schema := doc.Schema[0]
	linked, last, linker := false, 0, (*ast.Directive)(nil)
	for i, d := range schema.Directives {
		url, ok := linkedURL(d)
		if !ok {
			continue
		}
		last = i + 1
		switch url.Identity {
		case link.LinkSpec, link.CoreSpec:
			linker = d
		case link.InaccessibleSpec:
			if url.Version.AtLeast(feature.Version) {
				return
			}
			linked = true
			urlArgument(d).Value = &ast.Value{Kind: ast.StringValue, Raw: newest}
		}
	}
	if !linked && linker != nil {
		schema.Directives = slices.Insert(schema.Directives, last, linkLike(linker, newest, name, purpose(doc, linker, feature)))
	}
	define(doc, name)
}

// linkedURL is the specification that an application of @link or @core names.
func linkedURL(d *ast.Directive) (link.URL, bool) {
	a := urlArgument(d)
	if a == nil || a.Value == nil {
		return link.URL{}, false
	}
	url, err := link.ParseURL(a.Value.Raw)
	return url, err == nil
}

// urlArgument is url of @link and feature of @core.
func urlArgument(d *ast.Directive) *ast.Argument {
	if a := d.Arguments.ForName("url"); a != nil {
		return a
	}
	return d.Arguments.ForName("feature")
}

// linkLike links a specification the way that linker links its own.
func linkLike(linker *ast.Directive, url, as, purpose string) *ast.Directive {
	d := &ast.Directive{Name: linker.Name, Arguments: ast.ArgumentList{
		{Name: urlArgument(linker).Name, Value: &ast.Value{Kind: ast.StringValue, Raw: url}},
	}}
	if as != link.Inaccessible {
		d.Arguments = append(d.Arguments, &ast.Argument{Name: "as", Value: &ast.Value{Kind: ast.StringValue, Raw: as}})
	}
	if purpose != "" {
		d.Arguments = append(d.Arguments, &ast.Argument{Name: "for", Value: &ast.Value{Kind: ast.EnumValue, Raw: purpose}})
	}
	return d
}

// purpose is the feature's purpose where links can say it: those of core v0.1 cannot.
func purpose(doc *ast.SchemaDocument, linker *ast.Directive, feature link.Feature) string {
	if d := doc.Directives.ForName(linker.Name); d != nil && d.Arguments.ForName("for") == nil {
		return ""
	}
	return feature.Purpose
}

// define gives the directive its definition, in place of one with fewer locations.
func define(doc *ast.SchemaDocument, name string) {
	own := link.SupergraphDirective(link.Inaccessible, name, link.LatestFederation, func(s string) string { return s })
	if own == nil {
		return
	}
	for i, d := range doc.Directives {
		if d.Name == name {
			doc.Directives[i] = own
			return
		}
	}
	at := slices.IndexFunc(doc.Directives, func(d *ast.DirectiveDefinition) bool { return d.Name > name })
	if at < 0 {
		at = len(doc.Directives)
	}
	doc.Directives = slices.Insert(doc.Directives, at, own)
}
