package merge

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// A number is written as JavaScript writes it, unless that would change it.
func TestSpellNumber(t *testing.T) {
	for raw, want := range map[string]string{
		"1.0": "1", "1.50": "1.5", "1e3": "1000", "1E-7": "1e-7", "1.5e-07": "1.5e-7", "0.000001": "0.000001", "1e20": "100000000000000000000",
		"1e21": "1e+21", "123e25": "1.23e+27", "-0.0": "0", "-2.50": "-2.5", "0.1234567890123456789": "0.12345678901234568", "1e999": "1e999",
	} {
		if got := spellNumber(&ast.Value{Kind: ast.FloatValue, Raw: raw}).Raw; got != want {
			t.Errorf("%s is spelled %s, want %s", raw, got, want)
		}
	}
	for raw, want := range map[string]string{"-0": "0", "12345678901234567890": "12345678901234567890"} {
		if got := spellNumber(&ast.Value{Kind: ast.IntValue, Raw: raw}).Raw; got != want {
			t.Errorf("%s is spelled %s, want %s", raw, got, want)
		}
	}
}

// What a custom scalar means is its own affair: a literal with more digits than a double holds keeps them.
func TestSpellUntyped(t *testing.T) {
	long := "0." + strings.Repeat("1", 60)
	for raw, want := range map[string]string{
		"1.50": "1.5", "1e3": "1000", "0.1234567890123456789": "0.1234567890123456789", "12345678901234567890.5": "12345678901234567890.5",
		long: long, "1e999": "1e999", "1e-300": "1e-300",
	} {
		if got := untyped(&ast.Value{Kind: ast.FloatValue, Raw: raw}).Raw; got != want {
			t.Errorf("%s is spelled %s, want %s", raw, got, want)
		}
	}
}
