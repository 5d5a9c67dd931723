package plan_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/internal/simulate"
)

// reduce takes out of a trial what it fails without: subgraphs, types, fields, directives, data, selections. What is left is
// for a person to read.
func reduce(t trial, budget int, fails func(trial) bool) trial {
	try := func(next trial) bool {
		if budget <= 0 {
			return false
		}
		budget--
		if !fails(next) {
			return false
		}
		t = next
		return true
	}
	for progress := true; progress && budget > 0; {
		progress = false
		for i := len(t.sources) - 1; i >= 0; i-- {
			next := t
			next.sources = slices.Delete(slices.Clone(t.sources), i, i+1)
			progress = try(next) || progress
		}
		progress = each(func(at int) (bool, bool) {
			next := t
			p := &pruner{at: at}
			next.protected = pruned(p, t.protected)
			return p.done() && try(next), p.done()
		}) || progress
		progress = each(func(at int) (bool, bool) {
			text, ok := prunedOperation(t.text, at)
			next := t
			next.text = text
			return ok && try(next), ok
		}) || progress
		for i := range t.sources {
			progress = each(func(at int) (bool, bool) {
				sdl, ok := prunedSchema(t.sources[i].SDL, at)
				next := t
				next.sources = slices.Clone(t.sources)
				next.sources[i] = simulate.Source{Name: t.sources[i].Name, SDL: sdl}
				return ok && try(next), ok
			}) || progress
		}
		progress = each(func(at int) (bool, bool) {
			data, ok := prunedData(t.data, at)
			next := t
			next.data = data
			return ok && try(next), ok
		}) || progress
	}
	return t
}

// each takes out one thing after another, as long as there is one at the position.
func each(takeOut func(at int) (done, there bool)) (progress bool) {
	for at := 0; ; {
		done, there := takeOut(at)
		if !there {
			return progress
		}
		if done {
			progress = true
		} else {
			at++
		}
	}
}

// pruner counts what can be taken out, and takes out what is at a position.
type pruner struct{ at, seen int }

func (p *pruner) hit() bool {
	p.seen++
	return p.seen-1 == p.at
}

func (p *pruner) done() bool { return p.seen > p.at }

func pruned[T any](p *pruner, list []T) []T {
	for i := range list {
		if p.hit() {
			return slices.Delete(slices.Clone(list), i, i+1)
		}
	}
	return list
}

func prunedSchema(sdl string, at int) (string, bool) {
	doc, err := parser.ParseSchema(&ast.Source{Input: sdl})
	if err != nil {
		return "", false
	}
	p := &pruner{at: at}
	doc.Definitions = pruned(p, doc.Definitions)
	doc.Extensions = pruned(p, doc.Extensions)
	for _, def := range slices.Concat(doc.Definitions, doc.Extensions) {
		def.Fields = pruned(p, def.Fields)
		def.Interfaces = pruned(p, def.Interfaces)
		def.Types = pruned(p, def.Types)
		def.EnumValues = pruned(p, def.EnumValues)
		def.Directives = pruned(p, def.Directives)
		for _, f := range def.Fields {
			f.Directives = pruned(p, f.Directives)
			f.Arguments = pruned(p, f.Arguments)
			for t := f.Type; t != nil && !keyField(f.Name); t = t.Elem {
				if t.NonNull && p.hit() {
					t.NonNull = false
				}
			}
		}
	}
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchemaDocument(doc)
	return b.String(), p.done()
}

func prunedOperation(text string, at int) (string, bool) {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return "", false
	}
	p := &pruner{at: at}
	var set func(set ast.SelectionSet) ast.SelectionSet
	set = func(sels ast.SelectionSet) ast.SelectionSet {
		if len(sels) > 1 {
			sels = pruned(p, sels)
		}
		for i, sel := range sels {
			switch sel := sel.(type) {
			case *ast.Field:
				sel.Directives, sel.Arguments = pruned(p, sel.Directives), pruned(p, sel.Arguments)
				if sel.Alias != sel.Name && p.hit() {
					sel.Alias = sel.Name
				}
				sel.SelectionSet = set(sel.SelectionSet)
			case *ast.InlineFragment:
				if sel.Directives = pruned(p, sel.Directives); len(sel.Directives) == 0 && p.hit() {
					return slices.Replace(slices.Clone(sels), i, i+1, sel.SelectionSet...)
				}
				sel.SelectionSet = set(sel.SelectionSet)
			case *ast.FragmentSpread:
				sel.Directives = pruned(p, sel.Directives)
				if f := doc.Fragments.ForName(sel.Name); f != nil && p.hit() {
					sels[i] = &ast.InlineFragment{TypeCondition: f.TypeCondition, SelectionSet: f.SelectionSet, Directives: sel.Directives}
				}
			}
		}
		return sels
	}
	for _, op := range doc.Operations {
		op.SelectionSet = set(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		f.SelectionSet = set(f.SelectionSet)
	}
	done := p.done()
	dropUnused(doc)
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatQueryDocument(doc)
	return b.String(), done
}

// dropUnused drops fragments and variables that nothing uses.
func dropUnused(doc *ast.QueryDocument) {
	for before := -1; before != len(doc.Fragments); {
		before = len(doc.Fragments)
		text := printed(doc)
		doc.Fragments = slices.DeleteFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool {
			return !strings.Contains(text, "... "+f.Name) && !strings.Contains(text, "..."+f.Name)
		})
	}
	text := printed(doc)
	for _, op := range doc.Operations {
		op.VariableDefinitions = slices.DeleteFunc(op.VariableDefinitions, func(v *ast.VariableDefinition) bool {
			return strings.Count(text, "$"+v.Variable) == 1
		})
	}
}

func printed(doc *ast.QueryDocument) string {
	var b strings.Builder
	formatter.NewFormatter(&b).FormatQueryDocument(doc)
	return b.String()
}

// keyField says whether a name is that of a key's field: who looks for what fails must not find that keys are null.
func keyField(name string) bool {
	return slices.Contains([]string{"id", "code", "num", "ref", "a", "b", "tags", "stamp", "tone", "owner"}, name)
}

func prunedData(data []byte, at int) ([]byte, bool) {
	var world map[string]any
	if json.Unmarshal(data, &world) != nil {
		return nil, false
	}
	p := &pruner{at: at}
	var prune func(v any) any
	prune = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			if v["$error"] != nil {
				return v // without it, this would be an object
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if !keyField(name) && p.hit() {
					delete(v, name)
					return v
				}
				v[name] = prune(v[name])
			}
		case []any:
			v = pruned(p, v)
			for i := range v {
				v[i] = prune(v[i])
			}
			return v
		}
		return v
	}
	prune(world)
	out, err := json.MarshalIndent(world, "", " ")
	return append(out, '\n'), err == nil && p.done()
}
