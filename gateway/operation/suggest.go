package operation

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	maxSuggestions = 5     // names a message proposes
	maxSuggested   = 64    // length of a name that is still worth comparing
	maxCandidates  = 2_000 // names one unknown name is compared with
	maxCorrected   = 20    // unknown names of one document that are compared at all
)

func (d *document) unknownField(parent *ast.Definition, f *ast.Field) {
	if d.full() {
		return
	}
	suggestion := ""
	if d.options.Suggestions {
		if types := d.typesWith(parent, f.Name); len(types) > 0 {
			suggestion = " Did you mean to use an inline fragment on " + orList(types) + "?"
		} else {
			suggestion = d.suggest(f.Name, func(yield func(string)) {
				for _, field := range parent.Fields {
					yield(field.Name)
				}
			})
		}
	}
	d.report(f.Position, "Cannot query field %q on type %q.%s", clip(f.Name), parent.Name, suggestion)
}

// typesWith lists object types of an abstract one that have the field, in the schema's order.
func (d *document) typesWith(parent *ast.Definition, field string) []string {
	if !parent.IsAbstractType() {
		return nil
	}
	var names []string
	for _, object := range d.schema.PossibleTypes[parent.Name] {
		if object != nil && object.Fields.ForName(field) != nil && !slices.Contains(names, object.Name) {
			names = append(names, object.Name)
			if len(names) == maxSuggestions {
				break
			}
		}
	}
	return names
}

func (d *document) unknownType(name string, at *ast.Position) {
	if d.full() {
		return
	}
	d.report(at, "Unknown type %q.%s", clip(name), d.suggest(name, func(yield func(string)) {
		names := make([]string, 0, len(d.schema.Types))
		for known := range d.schema.Types {
			names = append(names, known)
		}
		slices.Sort(names)
		for _, known := range names {
			yield(known)
		}
	}))
}

// suggest proposes the candidates closest to a name, as the end of a message; "" when there are none or suggestions are off.
func (d *document) suggest(name string, candidates func(yield func(string))) string {
	if !d.options.Suggestions || d.suggested >= maxCorrected || len(name) > maxSuggested {
		return ""
	}
	d.suggested++
	var names []string
	candidates(func(candidate string) {
		if len(names) < maxCandidates && !strings.HasPrefix(candidate, "__") {
			names = append(names, candidate)
		}
	})
	names = Closest(name, names)
	if len(names) == 0 {
		return ""
	}
	return " Did you mean " + orList(names) + "?"
}

// Closest are the few of some names that may be meant by one which is not among them, the likeliest first.
func Closest(name string, names []string) []string {
	type proposal struct {
		name     string
		distance int
	}
	var found []proposal
	threshold := len(name)*2/5 + 1
	for _, candidate := range names[:min(len(names), maxCandidates)] {
		if len(name) > maxSuggested || len(candidate) > maxSuggested {
			continue
		}
		if distance := editDistance(name, candidate); distance <= threshold {
			found = append(found, proposal{candidate, distance})
		}
	}
	slices.SortStableFunc(found, func(a, b proposal) int { return a.distance - b.distance })
	var closest []string
	for _, p := range found[:min(len(found), maxSuggestions)] {
		closest = append(closest, p.name)
	}
	return closest
}

// orList writes "a", "b" or "c".
func orList(names []string) string {
	var b strings.Builder
	for i, name := range names {
		switch {
		case i > 0 && i == len(names)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(`"` + name + `"`)
	}
	return b.String()
}

// editDistance counts the insertions, deletions, substitutions and swaps of neighbours that make b of a. Names that
// differ in case only are one edit apart. Both are at most maxSuggested long.
func editDistance(a, b string) int {
	if a == b {
		return 0
	}
	a, b = strings.ToLower(a), strings.ToLower(b)
	if a == b {
		return 1
	}
	if len(a) > maxSuggested || len(b) > maxSuggested {
		return maxSuggested
	}
	// Three rows: swaps look two rows back.
	var rows [3][maxSuggested + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above, above2 := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, above[j]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], above2[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
