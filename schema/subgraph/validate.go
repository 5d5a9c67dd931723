package subgraph

import "github.com/weft-gateway/weft/schema/diagnostic"

// Checked is an expanded schema that keeps the rules which can be held against it alone, before it meets the others.
type Checked struct {
	schema *Schema
	facts  *Facts // which hold until the schema is upgraded
}

// Validated is a schema that every rule accepts. It is what may be merged; nothing changes it any more.
type Validated struct {
	schema *Schema
	facts  *Facts
}

// Schema is the validated schema, to be read only.
func (v *Validated) Schema() *Schema { return v.schema }

// Facts are the facts about the schema's fields.
func (v *Validated) Facts() *Facts { return v.facts }

// Rule holds one rule against a schema and answers what breaks it. The rules of GraphQL are given no facts: those are of
// schemas that keep these rules.
type Rule func(s *Schema, facts *Facts) []diagnostic.Diagnostic

// Check holds an expanded schema against the rules of GraphQL, and then against those of federation, both in stages.
func Check(e *Expanded, graphQL, federation [][]Rule) (*Checked, []diagnostic.Diagnostic) {
	if errors := hold(e.schema, nil, graphQL); len(errors) > 0 {
		return nil, errors
	}
	e.schema.dropServiceFields()
	c := &Checked{e.schema, e.schema.Facts()}
	if errors := hold(c.schema, c.facts, federation); len(errors) > 0 {
		return nil, errors
	}
	return c, nil
}

// Validate holds the rules of federation, in stages, against a schema that upgrading changed. The others have been held
// against them when they were checked.
func Validate(u *Upgraded, federation [][]Rule) (*Validated, []diagnostic.Diagnostic) {
	v := &Validated{u.schema, u.facts}
	if u.changed {
		v.facts = u.schema.Facts()
		if errors := hold(v.schema, v.facts, federation); len(errors) > 0 {
			return nil, errors
		}
	}
	v.schema.ownServiceTypes()
	return v, nil
}

// hold holds the rules against a schema, stage by stage: the rules of a stage may rely on all rules of the stages
// before. Every error of the stage that finds errors is reported.
func hold(s *Schema, facts *Facts, stages [][]Rule) []diagnostic.Diagnostic {
	for _, rules := range stages {
		var errors []diagnostic.Diagnostic
		for _, rule := range rules {
			errors = append(errors, rule(s, facts)...)
		}
		if len(errors) > 0 {
			return errors
		}
	}
	return nil
}
