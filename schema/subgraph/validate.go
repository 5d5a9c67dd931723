package subgraph

import "github.com/weft-gateway/weft/schema/diagnostic"

// Validated is a schema that every rule accepts. It is what may be merged; nothing changes it any more.
type Validated struct {
	schema *Schema
	facts  *Facts
}

// Schema is the validated schema, to be read only.
func (v *Validated) Schema() *Schema { return v.schema }

// Facts are the facts about the schema's fields.
func (v *Validated) Facts() *Facts { return v.facts }

// Rule holds one rule against a schema and answers what breaks it.
type Rule func(s *Schema, facts *Facts) []diagnostic.Diagnostic

// Check holds rules against an expanded schema, which may then be upgraded.
func Check(e *Expanded, stages ...[]Rule) []diagnostic.Diagnostic {
	return hold(e.schema, e.known(), stages)
}

// known are the facts about the expanded schema, which hold until it is upgraded.
func (e *Expanded) known() *Facts {
	if e.facts == nil {
		e.facts = e.schema.Facts()
	}
	return e.facts
}

// Validate holds rules against an upgraded schema, which may then be merged.
func Validate(u *Upgraded, stages ...[]Rule) (*Validated, []diagnostic.Diagnostic) {
	facts := u.facts
	if facts == nil {
		facts = u.schema.Facts()
	}
	if errors := hold(u.schema, facts, stages); len(errors) > 0 {
		return nil, errors
	}
	u.schema.ownServiceTypes()
	return &Validated{u.schema, facts}, nil
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
