package choose

import (
	"fmt"
	"slices"
	"strings"
)

// EndlessError says that what is needed to resolve something needs the same of another object, for which it needs it of yet
// another, without an end. Composition refuses such @requires where it comes to them, and does not look at objects that should
// not come.
type EndlessError struct {
	Object string // the type of the objects
	Fields []string
	Path   string // of those objects, by the names of fields
}

func (e EndlessError) Error() string {
	return fmt.Sprintf("no way to resolve %s at %s: it takes the same of another object, and for that of the next one, without an end; look at the @requires in which %s takes part",
		strings.Join(e.Fields, " and "), e.Path, e.Object)
}

// endless reports that a place is the same as one above it, which it is there for: all that would follow from it has
// followed from that one.
func (c *chooser) endless(place *Place) error {
	for f := place.Fork.Field; f != nil; f = f.Place.Fork.Field {
		above := f.Place
		if above.spec != place.spec || above.constant != place.constant || !slices.EqualFunc(above.Fork.first(), place.Fork.first(), atOneNode) {
			continue
		}
		err := EndlessError{Object: place.Types[0], Path: pathOf(place.Fork)}
		for _, field := range place.Fields {
			err.Fields = append(err.Fields, field.Name)
		}
		return err
	}
	return nil
}

// first are the presences before any is added for objects of some types.
func (f *Fork) first() []*Presence { return slices.Concat(f.Inherited, f.Entries) }

func atOneNode(a, b *Presence) bool { return a.Node == b.Node }
