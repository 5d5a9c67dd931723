// Package serial shows the numbers of database rows as GraphQL IDs.
package serial

import "strconv"

// ID returns a row's number as an ID.
func ID(number int64) string { return strconv.FormatInt(number, 10) }

// Parse returns the number that an ID shows, or 0, which no row has, where it shows none. Each
// number has one ID: "7" is one, "07" and "+7" are not.
func Parse(id string) int64 {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || number < 1 || ID(number) != id {
		return 0
	}
	return number
}
