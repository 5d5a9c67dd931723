package config

import (
	"reflect"

	"github.com/weft-gateway/weft/gateway/config/strict"
)

// Schema is the JSON Schema of weft.yaml, for editors.
func Schema() ([]byte, error) {
	s := strict.Schema(reflect.TypeFor[Config]())
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "Weft gateway configuration"
	s.Description = "weft.yaml: how a Weft gateway runs. Values may hold ${NAME} and ${NAME:-default} for environment variables."
	return s.Indented()
}
