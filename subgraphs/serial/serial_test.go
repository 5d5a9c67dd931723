package serial

import (
	"testing"

	"pgregory.net/rapid"
)

func TestIDsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Min(1).Draw(t, "number")
		if got := Parse(ID(number)); got != number {
			t.Fatalf("Parse(ID(%d)) = %d", number, got)
		}
	})
}

func TestWhatIsNoID(t *testing.T) {
	for _, id := range []string{"", "0", "-1", "+1", "01", " 1", "1.0", "1e3", "one", "9223372036854775808", "١"} {
		if got := Parse(id); got != 0 {
			t.Errorf("Parse(%q) = %d, want 0", id, got)
		}
	}
}
