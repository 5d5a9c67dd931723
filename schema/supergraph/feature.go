package supergraph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// readFeatures collects the specifications linked by @link (link v1.0) or @core (core v0.1, v0.2).
func readFeatures(doc *ast.SchemaDocument) []Feature {
	var features []Feature
	add := func(directives ast.DirectiveList) {
		for _, d := range directives {
			url := stringArg(d, "url")
			if url == "" {
				url = stringArg(d, "feature")
			}
			if url == "" {
				continue
			}
			f := Feature{URL: url, Purpose: stringArg(d, "for"), Imports: map[string]string{}}
			f.Name, f.Version = splitFeatureURL(url)
			f.Prefix = f.Name
			if as := stringArg(d, "as"); as != "" {
				f.Prefix = as
			}
			if arg := d.Arguments.ForName("import"); arg != nil && arg.Value != nil {
				for _, item := range arg.Value.Children {
					name, as := importOf(item.Value)
					if name != "" {
						f.Imports[name] = as
					}
				}
			}
			features = append(features, f)
		}
	}
	for _, s := range doc.Schema {
		add(s.Directives)
	}
	for _, s := range doc.SchemaExtension {
		add(s.Directives)
	}
	return features
}

func importOf(v *ast.Value) (name, as string) {
	switch v.Kind {
	case ast.StringValue, ast.BlockValue:
		return v.Raw, v.Raw
	case ast.ObjectValue:
		for _, c := range v.Children {
			switch c.Name {
			case "name":
				name = c.Value.Raw
			case "as":
				as = c.Value.Raw
			}
		}
		if as == "" {
			as = name
		}
	}
	return name, as
}

// splitFeatureURL splits ".../NAME/vMAJOR.MINOR".
func splitFeatureURL(url string) (name, version string) {
	url = strings.TrimRight(url, "/")
	i := strings.LastIndexByte(url, '/')
	last := url[i+1:]
	if !isVersion(last) {
		return last, ""
	}
	version = last[1:]
	if i < 0 {
		return "", version
	}
	rest := url[:i]
	return rest[strings.LastIndexByte(rest, '/')+1:], version
}

func isVersion(s string) bool {
	if len(s) < 4 || s[0] != 'v' {
		return false
	}
	major, minor, ok := strings.Cut(s[1:], ".")
	return ok && digits(major) && digits(minor)
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// names tells the elements of the linked specifications from the schema's own.
type names struct {
	prefixes map[string]bool // "join" → directives @join and @join__x, types join__X
	imported map[string]bool // "@tag", "FieldSet"
}

func newNames(features []Feature) names {
	n := names{prefixes: map[string]bool{"join": true, "link": true, "core": true}, imported: map[string]bool{}}
	for _, f := range features {
		if f.Prefix != "" {
			n.prefixes[f.Prefix] = true
		}
		for _, as := range f.Imports {
			n.imported[as] = true
		}
	}
	return n
}

func (n names) directive(name string) bool {
	if n.imported["@"+name] || n.prefixes[name] {
		return true
	}
	prefix, _, ok := strings.Cut(name, "__")
	return ok && n.prefixes[prefix]
}

func (n names) typ(name string) bool {
	if n.imported[name] {
		return true
	}
	prefix, _, ok := strings.Cut(name, "__")
	return ok && n.prefixes[prefix]
}

// DirectiveName returns how the supergraph calls a directive of a specification ("tag", "tag"); "" when it does not link
// the specification.
func (s *Supergraph) DirectiveName(spec, directive string) string {
	return directiveName(s.Features, spec, directive)
}

// directiveName returns how the supergraph calls a specification's directive; "" when it does not link it.
func directiveName(features []Feature, spec, directive string) string {
	for _, f := range features {
		if f.Name != spec {
			continue
		}
		if as, ok := f.Imports["@"+directive]; ok {
			return strings.TrimPrefix(as, "@")
		}
		if spec == directive {
			return f.Prefix
		}
		return f.Prefix + "__" + directive
	}
	return ""
}

func stringArg(d *ast.Directive, name string) string {
	if a := d.Arguments.ForName(name); a != nil && a.Value != nil && (a.Value.Kind == ast.StringValue || a.Value.Kind == ast.BlockValue || a.Value.Kind == ast.EnumValue) {
		return a.Value.Raw
	}
	return ""
}

func boolArg(d *ast.Directive, name string, missing bool) bool {
	if a := d.Arguments.ForName(name); a != nil && a.Value != nil && a.Value.Kind == ast.BooleanValue {
		return a.Value.Raw == "true"
	}
	return missing
}
