package mock

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	defaultLength     = 3
	defaultWords      = 2
	defaultPopulation = 100
)

func (d *Data) population(typ string) int {
	if n, ok := d.Population[typ]; ok {
		return n
	}
	return defaultPopulation
}

// seed is what a field's value is drawn from.
func seed(o object, field string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d/%s", o.typ.Name, o.key, field)
	return mix(h.Sum64())
}

// listed is the seed of a list's entry.
func listed(seed uint64, index int) uint64 { return mix(seed + uint64(index)*0x9e3779b97f4a7c15) }

// mix spreads bits, so that near seeds give far values (the finalizer of splitmix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// leaf is the value of a scalar or an enum, as JSON.
func (d *Data) leaf(o object, f *ast.FieldDefinition, typ *ast.Definition, seed uint64) []byte {
	if d.Keys[o.typ.Name] == f.Name {
		return strconv.AppendQuote(nil, strconv.FormatUint(o.key, 10))
	}
	if typ.Kind == ast.Enum {
		return strconv.AppendQuote(nil, typ.EnumValues[seed%uint64(len(typ.EnumValues))].Name)
	}
	switch typ.Name {
	case "Int":
		return strconv.AppendUint(nil, seed%10_000, 10)
	case "Float":
		return strconv.AppendFloat(nil, float64(seed%10_000)/100, 'f', 2, 64)
	case "Boolean":
		return strconv.AppendBool(nil, seed%2 == 0)
	case "ID":
		return strconv.AppendQuote(nil, strconv.FormatUint(seed%1_000_000, 10))
	default:
		n, ok := d.Words[o.typ.Name+"."+f.Name]
		if !ok {
			n = defaultWords
		}
		return strconv.AppendQuote(nil, text(seed, n))
	}
}

var words = strings.Fields(`alder amber anchor basket beacon birch bramble breeze brook candle canvas cedar cinder clover
	copper coral cotton dapple ember fern flint garnet ginger gravel harbor hazel heather indigo ivory jasper juniper
	lantern larch linen maple marble meadow mellow mirror nectar oaken opal orchard pebble pepper quartz quill raven
	ribbon saffron silver sorrel spruce thimble timber velvet walnut willow`)

func text(seed uint64, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[listed(seed, i)%uint64(len(words))])
	}
	return b.String()
}
