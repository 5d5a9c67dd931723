package paging

import "strconv"

// NumberAfter is After for lists that are sorted by a positive number; 0 stands for no cursor.
func NumberAfter(kind string, cursor *string) (int64, error) {
	key, err := After(kind, cursor)
	if err != nil || key == "" {
		return 0, err
	}
	number, err := strconv.ParseInt(key, 10, 64)
	if err != nil || number < 1 {
		return 0, badCursor(kind)
	}
	return number, nil
}
