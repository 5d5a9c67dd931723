package plan_test

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/gateway/plan"
)

// document breaks what a fetch asks: a field that is missing, goes by another name, has other arguments or is asked under
// the opposite condition, and a fragment for another type.
func (m *mutator) document(f *plan.Fetch) {
	doc, err := parser.ParseQuery(&ast.Source{Input: f.Operation})
	if err != nil {
		m.t.Fatal(err)
	}
	print := func() {
		var b strings.Builder
		formatter.NewFormatter(&b).FormatQueryDocument(doc)
		f.Operation = b.String()
	}
	asked := occurrences{fields: map[string][]occurrence{}, fragments: doc.Fragments}
	asked.selections(doc.Operations[0].SelectionSet, "", nil)
	seen := map[*ast.FragmentDefinition]bool{}
	var walk func(set *ast.SelectionSet, path string)
	walk = func(set *ast.SelectionSet, path string) {
		for i, sel := range *set {
			switch sel := sel.(type) {
			case *ast.Field:
				at := path + "." + sel.Alias
				if sel.Name == "__typename" && len(*set) == 1 {
					continue // it may stand there only because a selection set is never empty
				}
				if asked.twice(sel, at) {
					walk(&sel.SelectionSet, at)
					continue
				}
				m.add(func() {
					if *set = slices.Delete(slices.Clone(*set), i, i+1); len(*set) == 0 {
						*set = ast.SelectionSet{&ast.Field{Alias: "mutant", Name: "__typename"}}
					}
					print()
				}, "fetch %d does not ask for %s", f.ID, at)
				m.add(func() { sel.Alias = "mutant"; print() }, "fetch %d asks for %s as mutant", f.ID, at)
				for j := range sel.Arguments {
					m.add(func() { sel.Arguments = slices.Delete(slices.Clone(sel.Arguments), j, j+1); print() }, "fetch %d asks for %s without argument %d", f.ID, at, j)
				}
				m.directives(f, &sel.Directives, at, print)
				walk(&sel.SelectionSet, at)
			case *ast.InlineFragment:
				if sel.TypeCondition != "" {
					m.add(func() { sel.SelectionSet = ast.SelectionSet{&ast.Field{Alias: "mutant", Name: "__typename"}}; print() }, "fetch %d asks for nothing on %s at %s", f.ID, sel.TypeCondition, path)
				}
				m.directives(f, &sel.Directives, path+" fragment", print)
				walk(&sel.SelectionSet, path)
			case *ast.FragmentSpread:
				m.spread(f, doc, sel, path, print)
				m.directives(f, &sel.Directives, path+" spread", print)
				if def := doc.Fragments.ForName(sel.Name); !seen[def] {
					seen[def] = true
					walk(&def.SelectionSet, path)
				}
			}
		}
	}
	root := doc.Operations[0].SelectionSet
	for i := range root[1:] {
		if f.Kind == plan.Mutation {
			m.add(func() { root[i], root[i+1] = root[i+1], root[i]; print() }, "fetch %d executes field %d later", f.ID, i)
		}
	}
	walk(&doc.Operations[0].SelectionSet, "")
	m.fragments(f, doc, print)
}

// spread breaks one use of a named fragment: it is missing, names a fragment that is not there, or another one.
func (m *mutator) spread(f *plan.Fetch, doc *ast.QueryDocument, sel *ast.FragmentSpread, path string, print func()) {
	own := sel.Name
	for _, def := range doc.Fragments {
		if def.Name != own {
			m.add(func() { sel.Name = def.Name; print() }, "fetch %d spreads %s instead of %s at %s", f.ID, def.Name, own, path)
		}
	}
	m.add(func() { sel.Name = "Mutant"; print() }, "fetch %d spreads a fragment that is not defined at %s", f.ID, path)
	m.add(func() { sel.Directives = append(sel.Directives, literal("include", "false")); print() }, "fetch %d leaves %s out at %s", f.ID, own, path)
}

// fragments breaks the definitions of named fragments: one is missing, unused, defined twice, in a cycle, on another type,
// or swapped with another.
func (m *mutator) fragments(f *plan.Fetch, doc *ast.QueryDocument, print func()) {
	for i, def := range doc.Fragments {
		m.add(func() { doc.Fragments = slices.Delete(slices.Clone(doc.Fragments), i, i+1); print() }, "fetch %d does not define %s", f.ID, def.Name)
		m.add(func() { doc.Fragments = append(slices.Clone(doc.Fragments), def); print() }, "fetch %d defines %s twice", f.ID, def.Name)
		m.add(func() {
			def.SelectionSet = append(slices.Clone(def.SelectionSet), &ast.FragmentSpread{Name: def.Name})
			print()
		}, "fetch %d has %s in a cycle", f.ID, def.Name)
		m.add(func() { def.TypeCondition = "Mutant"; print() }, "fetch %d has %s on a type that is not there", f.ID, def.Name)
		m.add(func() {
			doc.Fragments = append(slices.Clone(doc.Fragments), &ast.FragmentDefinition{
				Name: "Mutant", TypeCondition: def.TypeCondition, SelectionSet: ast.SelectionSet{&ast.Field{Alias: "__typename", Name: "__typename"}},
			})
			print()
		}, "fetch %d has a fragment like %s that nothing uses", f.ID, def.Name)
		for _, other := range doc.Fragments[i+1:] {
			if def.TypeCondition != other.TypeCondition {
				m.add(func() { def.TypeCondition, other.TypeCondition = other.TypeCondition, def.TypeCondition; print() }, "fetch %d has %s and %s on each other's types", f.ID, def.Name, other.Name)
			}
			m.add(func() { def.Name, other.Name = other.Name, def.Name; print() }, "fetch %d has %s and %s swapped", f.ID, def.Name, other.Name)
		}
	}
}

func literal(directive, value string) *ast.Directive {
	return &ast.Directive{Name: directive, Arguments: ast.ArgumentList{{Name: "if", Value: &ast.Value{Raw: value, Kind: ast.BooleanValue}}}}
}

// occurrences are the fields of a document by response path, each with what has to hold for it to be asked: type conditions,
// @skip and @include.
type occurrences struct {
	fields    map[string][]occurrence
	fragments ast.FragmentDefinitionList
}

type occurrence struct {
	field *ast.Field
	when  []string
}

func (o occurrences) selections(set ast.SelectionSet, path string, when []string) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			at, own := path+"."+sel.Alias, conditions(when, sel.Directives)
			o.fields[at] = append(o.fields[at], occurrence{sel, own})
			o.selections(sel.SelectionSet, at, own)
		case *ast.InlineFragment:
			own := conditions(when, sel.Directives)
			if sel.TypeCondition != "" {
				own = append(own, "on "+sel.TypeCondition)
			}
			o.selections(sel.SelectionSet, path, own)
		case *ast.FragmentSpread:
			def := o.fragments.ForName(sel.Name)
			o.selections(def.SelectionSet, path, append(conditions(when, sel.Directives), "on "+def.TypeCondition))
		}
	}
}

func conditions(when []string, directives ast.DirectiveList) []string {
	own := slices.Clone(when)
	for _, d := range directives {
		if d.Name == "skip" || d.Name == "include" {
			own = append(own, d.Name+" "+d.Arguments[0].Value.String())
		}
	}
	return own
}

// twice reports whether a field is asked by another selection as well, whenever it is asked by this one: selections of one
// field stay apart where their directives differ.
func (o occurrences) twice(f *ast.Field, path string) bool {
	list := o.fields[path]
	i := slices.IndexFunc(list, func(at occurrence) bool { return at.field == f })
	return slices.ContainsFunc(list, func(at occurrence) bool {
		return at.field != f && !slices.ContainsFunc(at.when, func(c string) bool { return !slices.Contains(list[i].when, c) })
	})
}

func (m *mutator) directives(f *plan.Fetch, list *ast.DirectiveList, at string, print func()) {
	for i, d := range *list {
		if opposite := map[string]string{"skip": "include", "include": "skip"}[d.Name]; opposite != "" {
			m.add(func() { d.Name = opposite; print() }, "fetch %d asks for %s with @%s", f.ID, at, opposite)
		} else {
			m.add(func() { *list = slices.Delete(slices.Clone(*list), i, i+1); print() }, "fetch %d asks for %s without @%s", f.ID, at, d.Name)
		}
	}
}
