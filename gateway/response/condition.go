package response

import "strings"

// Hold evaluates conditions for values of the condition variables: item i of the result is whether condition i holds.
func Hold(conditions []Condition, values []bool) []bool {
	out := make([]bool, max(1, len(conditions)))
	out[0] = true
	for i, c := range conditions {
		out[i] = c.Eval(values, out)
	}
	return out
}

// Terms returns a condition as one disjunction of conjunctions, with all those that it is made of; none: it always holds.
func Terms(conditions []Condition, id ConditionID) [][]Literal {
	var out [][]Literal
	for id != 0 && int(id) < len(conditions) {
		c := conditions[id]
		if len(c.Terms) == 0 {
			return nil
		}
		out = append(c.Terms[:len(c.Terms):len(c.Terms)], out...)
		id = c.Or
	}
	return out
}

// ConditionText writes a condition as a person reads it, with the names of the variables ("$a and not $b, or $c"); "" is
// the one that always holds.
func ConditionText(conditions []Condition, id ConditionID, variables []string) string {
	var terms []string
	for _, term := range Terms(conditions, id) {
		literals := make([]string, len(term))
		for i, l := range term {
			literals[i] = "$" + variables[l.Variable]
			if !l.Want {
				literals[i] = "not " + literals[i]
			}
		}
		terms = append(terms, strings.Join(literals, " and "))
	}
	return strings.Join(terms, ", or ")
}
