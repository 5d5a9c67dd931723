package strict

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a time span as people write it: 250µs, 30s, 1h30m.
type Duration time.Duration

// UnmarshalText reads a duration; it is not negative.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a duration: write one such as 250µs, 30s or 5m", text)
	}
	*d = Duration(v)
	return nil
}

// Accepts describes durations.
func (*Duration) Accepts() *JSONSchema {
	return &JSONSchema{Type: "string", Pattern: `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|^0$|\$\{`, Examples: []string{"250µs", "30s", "5m"}}
}

// Std is the duration as the time package has it.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// Bytes is a size as people write it: 512KiB, 1MiB, 100kB, 4096.
type Bytes int64

var units = []struct {
	suffix string
	factor int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1},
}

// UnmarshalText reads a size.
func (b *Bytes) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	for _, u := range units {
		digits, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(digits), "_", ""), 10, 64)
		if err != nil {
			continue
		}
		if n < 0 || n > math.MaxInt64/u.factor {
			break
		}
		*b = Bytes(n * u.factor)
		return nil
	}
	return fmt.Errorf("%q is not a size: write one such as 64KiB, 1MiB or 4096", text)
}

// Accepts describes sizes.
func (*Bytes) Accepts() *JSONSchema {
	return &JSONSchema{Type: []string{"string", "integer"}, Pattern: `^[0-9_]+ ?([KMG]iB|[kKMG]?B)?$|\$\{`, Examples: []string{"64KiB", "1MiB"}}
}
