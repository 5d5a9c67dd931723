package strict

import (
	"encoding/json"
	"reflect"
	"strconv"
)

// JSONSchema is a JSON Schema (draft 2020-12), as far as it is needed here.
type JSONSchema struct {
	Schema               string                 `json:"$schema,omitempty"`
	ID                   string                 `json:"$id,omitempty"`
	Title                string                 `json:"title,omitempty"`
	Description          string                 `json:"description,omitempty"`
	Type                 any                    `json:"type,omitempty"`
	Enum                 []string               `json:"enum,omitempty"`
	Default              any                    `json:"default,omitempty"`
	Minimum              *int64                 `json:"minimum,omitempty"`
	Pattern              string                 `json:"pattern,omitempty"`
	Examples             []string               `json:"examples,omitempty"`
	Properties           map[string]*JSONSchema `json:"properties,omitempty"`
	Required             []string               `json:"required,omitempty"`
	AdditionalProperties any                    `json:"additionalProperties,omitempty"`
	Items                *JSONSchema            `json:"items,omitempty"`
	AnyOf                []*JSONSchema          `json:"anyOf,omitempty"`
}

// variable is the schema of a text that refers to an environment variable.
var variable = &JSONSchema{Type: "string", Pattern: `\$\{`}

// Schema describes what Decode accepts for a type.
func Schema(t reflect.Type) *JSONSchema { return schemaOf(reflect.New(t).Elem(), field{}, true) }

// Indented is the schema as JSON.
func (s *JSONSchema) Indented() ([]byte, error) {
	out, err := json.MarshalIndent(s, "", "  ")
	return append(out, '\n'), err
}

func schemaOf(v reflect.Value, f field, defaults bool) *JSONSchema {
	s := valueSchema(v, f, defaults)
	s.Description = f.doc
	if defaults && f.def != "" {
		s.Default = defaultValue(v, f.def)
	}
	return s
}

func valueSchema(v reflect.Value, f field, defaults bool) *JSONSchema {
	if scalar, ok := asScalar(v); ok {
		return scalar.Accepts()
	}
	switch v.Kind() {
	case reflect.Bool:
		return &JSONSchema{AnyOf: []*JSONSchema{{Type: "boolean"}, variable}}
	case reflect.Int, reflect.Int64:
		number := &JSONSchema{Type: "integer"}
		if f.hasMin {
			number.Minimum = &f.min
		}
		return &JSONSchema{AnyOf: []*JSONSchema{number, variable}}
	case reflect.Slice:
		items := schemaOf(reflect.New(v.Type().Elem()).Elem(), field{enum: f.enum}, true)
		list := &JSONSchema{Type: "array", Items: items}
		if isScalar(reflect.New(v.Type().Elem()).Elem()) {
			return &JSONSchema{AnyOf: []*JSONSchema{list, items}}
		}
		return list
	case reflect.Map:
		return &JSONSchema{Type: "object", AdditionalProperties: schemaOf(reflect.New(v.Type().Elem()).Elem(), field{}, !f.inherit)}
	case reflect.Struct:
		s := &JSONSchema{Type: "object", Properties: map[string]*JSONSchema{}, AdditionalProperties: false}
		for _, one := range fields(v.Type()) {
			s.Properties[one.name] = schemaOf(v.Field(one.index), one, defaults)
			if one.required {
				s.Required = append(s.Required, one.name)
			}
		}
		return s
	}
	if len(f.enum) > 0 {
		return &JSONSchema{AnyOf: []*JSONSchema{{Enum: f.enum}, variable}}
	}
	return &JSONSchema{Type: "string"}
}

// defaultValue is a default in the JSON type that the schema asks for.
func defaultValue(v reflect.Value, text string) any {
	if _, custom := asScalar(v); !custom {
		switch v.Kind() {
		case reflect.Bool:
			return text == "true"
		case reflect.Int, reflect.Int64:
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				return n
			}
		}
	}
	return text
}
