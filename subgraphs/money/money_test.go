package money

import "testing"

func TestEuros(t *testing.T) {
	for cents, want := range map[int64]int32{
		0: 0, 18900: 18900, -5: -5, 1<<31 - 1: 1<<31 - 1, 1 << 40: 1<<31 - 1, -1 << 40: -1 << 31,
	} {
		if got := Euros(cents); got.Amount != want || got.Currency != "EUR" {
			t.Errorf("Euros(%d) = %+v, want %d", cents, got, want)
		}
	}
}
