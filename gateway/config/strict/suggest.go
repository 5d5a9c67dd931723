package strict

import (
	"slices"
	"strings"
)

func contains(all []string, s string) bool { return slices.Contains(all, s) }

// suggestion is what was probably meant, as a half sentence, or empty when nothing is near.
func suggestion(written string, known []string) string {
	best, least := "", max(2, len(written)/3)+1
	for _, k := range known {
		if d := distance(strings.ToLower(written), k); d < least && d < min(len(written), len(k)) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return " (is " + best + " meant?)"
}

// maxWord bounds what is compared: keys are short.
const maxWord = 64

// distance counts the letters to change, add or drop; hyphens and underscores are alike.
func distance(a, b string) int {
	if len(a) > maxWord || len(b) > maxWord {
		return maxWord
	}
	a, b = strings.ReplaceAll(a, "-", "_"), strings.ReplaceAll(b, "-", "_")
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
