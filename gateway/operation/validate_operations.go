package operation

import "github.com/vektah/gqlparser/v2/ast"

// operationRules are specification sections 5.2.1 (unique names) and 5.2.2 (an anonymous operation stands alone).
func (d *document) operationRules() {
	seen := make(map[string]struct{}, len(d.operations))
	for _, def := range d.operations {
		op := def.operation
		if op.Name == "" {
			if len(d.operations) > 1 {
				d.report(op.Position, "This anonymous operation must be the only defined operation.")
			}
			continue
		}
		if _, ok := seen[op.Name]; ok {
			d.report(op.Position, "There can be only one operation named %q.", clip(op.Name))
		}
		seen[op.Name] = struct{}{}
	}
}

// subscriptionRules is specification section 5.2.3: one root field, not of introspection, and not conditional, since a
// subscription without a root field would be no stream at all.
func (d *document) subscriptionRules() {
	for _, def := range d.operations {
		if def.operation.Operation != ast.Subscription {
			continue
		}
		subject := "This anonymous subscription"
		if def.operation.Name != "" {
			subject = `Subscription "` + clip(def.operation.Name) + `"`
		}
		var name string
		var extra []*ast.Position
		d.rootSelections(def.operation.SelectionSet, map[*ast.FragmentDefinition]bool{}, func(f *ast.Field, directives ast.DirectiveList) {
			for _, dir := range directives {
				if dir.Name == "skip" || dir.Name == "include" {
					d.report(dir.Position, "%s must not use \"@%s\" on its root field.", subject, dir.Name)
				}
			}
			if f == nil {
				return
			}
			if len(f.Name) > 1 && f.Name[:2] == "__" {
				d.report(f.Position, "%s must not select an introspection field at its root.", subject)
			}
			switch {
			case name == "":
				name = f.Alias
			case name != f.Alias && len(extra) < maxErrors:
				extra = append(extra, f.Position)
			}
		})
		if len(extra) > 0 {
			d.reportAt(extra, subject+" must select only one root field.")
		}
	}
}

// rootSelections visits a selection set through its fragments, each fragment once. The visitor gets a field and its
// directives, or nil and the directives of a fragment around fields.
func (d *document) rootSelections(set ast.SelectionSet, seen map[*ast.FragmentDefinition]bool, visit func(*ast.Field, ast.DirectiveList)) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			visit(sel, sel.Directives)
		case *ast.InlineFragment:
			visit(nil, sel.Directives)
			d.rootSelections(sel.SelectionSet, seen, visit)
		case *ast.FragmentSpread:
			visit(nil, sel.Directives)
			if sel.Definition != nil && !seen[sel.Definition] {
				seen[sel.Definition] = true
				d.rootSelections(sel.Definition.SelectionSet, seen, visit)
			}
		}
	}
}

// maxIntrospectionLists is how many of the lists of __Type an introspection may nest. Tools need one; each further one
// multiplies the answer by the size of the schema.
const maxIntrospectionLists = 2

// introspectionRules refuses introspection where it is closed, and where its lists nest too deep.
func (d *document) introspectionRules() {
	if len(d.introspections) == 0 {
		return
	}
	nesting := listNesting{fragments: map[*ast.FragmentDefinition]int{}}
	for _, f := range d.introspections {
		if !d.options.Introspection {
			d.report(f.Position, "Introspection is not allowed: %q cannot be selected.", f.Name)
			continue
		}
		if n := nesting.of(f.SelectionSet); n > maxIntrospectionLists {
			d.report(f.Position, "Introspection nests %d lists of types below %q; at most %d are allowed.",
				n, f.Name, maxIntrospectionLists)
		}
	}
}

// listNesting measures each fragment once.
type listNesting struct {
	fragments map[*ast.FragmentDefinition]int
}

func (l listNesting) of(set ast.SelectionSet) int {
	most := 0
	for _, sel := range set {
		n := 0
		switch sel := sel.(type) {
		case *ast.Field:
			n = l.of(sel.SelectionSet)
			switch sel.Name {
			case "fields", "interfaces", "possibleTypes", "inputFields":
				n++
			}
		case *ast.InlineFragment:
			n = l.of(sel.SelectionSet)
		case *ast.FragmentSpread:
			if sel.Definition == nil {
				continue
			}
			known, ok := l.fragments[sel.Definition]
			if !ok {
				known = l.of(sel.Definition.SelectionSet)
				l.fragments[sel.Definition] = known
			}
			n = known
		}
		most = max(most, n)
	}
	return most
}
