// Package money holds the value type for amounts that the demo services share, so that their
// GraphQL type Money means the same everywhere.
package money

// Currency is the ISO 4217 code of the one currency in which the demo shop trades.
const Currency = "EUR"

// Money is an amount in the minor unit of its currency: cents for EUR.
type Money struct {
	Amount   int32
	Currency string
}

// Euros returns an amount of the shop's currency, given in cents. Amounts beyond what a GraphQL
// Int can carry are held at its bounds: a wrong sign would be worse than a wrong size.
func Euros(cents int64) Money {
	const maxInt, minInt = 1<<31 - 1, -1 << 31
	return Money{Amount: int32(min(max(cents, minInt), maxInt)), Currency: Currency}
}
