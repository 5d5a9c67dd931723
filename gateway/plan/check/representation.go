package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// row is what the gateway has of some objects: the slots that are filled, and the fields of the shape that read them.
type row struct {
	slots  []slotAnswer
	fields []response.Field
	at     place
}

// link checks as what the objects of a row, of some types, are sent by the fetch of a link, and returns what the fetch asks
// of them. kase is the case of the shape that they are of; -1 where that is not known yet.
func (w *way) link(l response.Link, r row, kase int, types []string) (slotAnswer, error) {
	d := w.docs[l.Fetch]
	group := &d.fetch.Groups[l.Group]
	t := &group.Targets[l.Target]
	s := slotAnswer{doc: d, made: w.holds(t.Cond) && w.holds(d.fetch.Cond), node: d.at, sets: []ast.SelectionSet{d.root}}
	if !s.made {
		return s, nil
	}
	if !r.slots[l.From].made {
		return s, fmt.Errorf("%s: fetch %d is made for objects that are not fetched", r.at.path, d.fetch.ID)
	}
	if d.fetch.Kind != plan.Entities {
		return s, nil
	}
	s.sets = nil
	for _, sel := range d.root {
		if f, ok := sel.(*ast.Field); ok && f.Name == "_entities" && f.Alias == w.plan.Names.Text(group.Name) {
			if arg := f.Arguments.ForName("representations"); arg == nil || arg.Value.Kind != ast.Variable || arg.Value.Raw != group.Variable {
				return s, fmt.Errorf("%s: fetch %d does not send $%s to %s", r.at.path, d.fetch.ID, group.Variable, f.Alias)
			}
			s.sets = append(s.sets, f.SelectionSet)
		}
	}
	if len(s.sets) != 1 {
		return s, fmt.Errorf("%s: fetch %d has no field %s", r.at.path, d.fetch.ID, w.plan.Names.Text(group.Name))
	}
	rc := &t.Representation.Cases[max(kase, 0)]
	s.entity, s.constant = true, rc.Constant
	for _, object := range types {
		if err := w.represents(s, object, r.at); err != nil {
			return s, err
		}
	}
	return s, nil
}

// sent checks what stands for the objects of a row in the fetch of a link, whose slot is s.
func (w *way) sent(l response.Link, s slotAnswer, r row, kase int, types []string) error {
	if !s.entity {
		return nil
	}
	if err := w.taken(l); err != nil {
		return err
	}
	rc := &s.doc.fetch.Groups[l.Group].Targets[l.Target].Representation.Cases[max(kase, 0)]
	for _, object := range types {
		if err := w.carries(s, rc, r, object); err != nil {
			return err
		}
		w.carried++
	}
	return nil
}

// represents checks that a representation names a type that the object is of, in a subgraph that has it as an entity.
func (w *way) represents(s slotAnswer, object string, at place) error {
	node, _ := w.runtime(s, object)
	if node == querygraph.None {
		return fmt.Errorf("%s: fetch %d sends objects of type %s as %q, which subgraph %s does not know them as", at.path,
			s.doc.fetch.ID, object, s.constant, s.doc.fetch.Name)
	}
	return nil
}

// carries checks that representations of objects of a type carry a key of the subgraph, and what it requires for the fields
// it is asked for.
func (w *way) carries(s slotAnswer, rc *response.RepresentationCase, r row, object string) error {
	d, at := s.doc, r.at
	sent := representation{fetch: d.fetch.ID, key: true, row: r, object: object}
	if rc.Constant == "" && !rc.Runtime {
		return fmt.Errorf("%s: fetch %d sends objects without their type", at.path, d.fetch.ID)
	}
	name := rc.Constant
	if name == "" {
		name = object
	}
	sub := w.checker.graph.Supergraph.Graphs[d.fetch.Subgraph]
	sent.subgraph, sent.known = sub, sub.Types[name]
	var reason error
	keyed := slices.ContainsFunc(sub.Types[name].Keys, func(key *supergraph.Key) bool {
		if !key.Resolvable && !slices.ContainsFunc(r.slots, func(s slotAnswer) bool { return s.doc.fetch.Subgraph == d.fetch.Subgraph }) {
			return false // it is there for who has the objects already
		}
		err := w.covers(sent, key.Selection, rc)
		if err != nil {
			reason = err
		}
		return err == nil
	})
	if !keyed {
		return fmt.Errorf("%s: fetch %d sends no key of %s in subgraph %s (%w)", at.path, d.fetch.ID, name, d.fetch.Name, orNoKey(reason))
	}
	sent.key = false
	node, typ := w.runtime(s, object)
	for _, asked := range w.asks(s, typ) {
		f, _, ok := w.checker.graph.Field(node, asked)
		if !ok || len(f.Requires) == 0 {
			continue
		}
		if err := w.covers(sent, f.Requires, rc); err != nil {
			return fmt.Errorf("%w, which %s.%s requires", err, object, asked)
		}
	}
	return nil
}

func orNoKey(err error) error {
	if err == nil {
		return errors.New("it has none that serves")
	}
	return err
}

// asks are the names of the fields that a document asks of objects of a type.
func (w *way) asks(s slotAnswer, typ string) []string {
	var out []string
	w.each(s, typ, func(f *ast.Field, _ string) {
		if !slices.Contains(out, f.Name) {
			out = append(out, f.Name)
		}
	})
	return out
}

// representation is what stands for objects of a type in a fetch, or for objects inside of such.
type representation struct {
	row
	fetch    int
	object   string // the type
	subgraph *supergraph.Graph
	known    *supergraph.Type // what the subgraph that it is sent to knows the objects as
	key      bool             // what is looked for is a key
}

// under is what the subgraph knows the objects of a field as; nil where its schema does not say, as in a supergraph of
// join v0.1.
func (r representation) under(field string) *supergraph.Type {
	if r.known == nil || r.known.Field(field) == nil {
		return nil
	}
	return r.subgraph.Types[r.known.Field(field).Type.Name()]
}

// covers checks that a representation carries a field set, made of what the gateway has.
func (w *way) covers(r representation, set ast.SelectionSet, rc *response.RepresentationCase) error {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			if sel.TypeCondition != "" && !slices.Contains(w.checker.graph.PossibleTypes(sel.TypeCondition), r.object) {
				continue
			}
			inner := r
			if t := r.subgraph.Types[sel.TypeCondition]; t != nil {
				inner.known = t
			}
			if err := w.covers(inner, sel.SelectionSet, rc); err != nil {
				return err
			}
		case *ast.Field:
			if sel.Name == "__typename" {
				if rc.Constant == "" && !rc.Runtime {
					return fmt.Errorf("%s: fetch %d does not send the type of objects", r.at.path, r.fetch)
				}
				continue
			}
			if err := w.coversField(r, sel, rc); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *way) coversField(r representation, sel *ast.Field, rc *response.RepresentationCase) error {
	i := slices.IndexFunc(rc.Fields, func(f response.RepresentationField) bool { return member(f.Key) == sel.Name })
	if i < 0 {
		return fmt.Errorf("%s: fetch %d does not send %s", r.at.path, r.fetch, sel.Name)
	}
	sent := rc.Fields[i]
	if r.key && !sent.Required {
		return fmt.Errorf("%s: fetch %d is made where %s of its key is null", r.at.path, r.fetch, sel.Name)
	}
	if (sent.Object != nil) != (len(sel.SelectionSet) > 0) {
		return fmt.Errorf("%s: fetch %d sends %s with the wrong fields under it", r.at.path, r.fetch, sel.Name)
	}
	f := &r.fields[sent.Field]
	here := r.at.under(r.object, sel.Name, f.Name)
	next, err := w.read(f, fieldSpec{name: sel.Name, args: sel.Arguments}, r.slots, r.object, here)
	if err != nil || sent.Object == nil {
		return err
	}
	def := w.checker.graph.Supergraph.Definition(r.object).Fields.ForName(sel.Name)
	r.row = row{slots: next, at: here}
	r.known = r.under(sel.Name)
	return w.coversObjects(r, w.readTypes(f, def.Type.Name()), def.Type.Name(), sel.SelectionSet, sent.Object, f.Object)
}

// readTypes are the object types of a field's type that are read. Where clients see the field, objects of types that they may
// not know are errors, and nobody reads them.
func (w *way) readTypes(f *response.Field, typ string) []string {
	if f.Hidden {
		return w.checker.graph.PossibleTypes(typ)
	}
	return slices.DeleteFunc(slices.Clone(w.checker.graph.PossibleTypes(typ)), func(t string) bool {
		return w.checker.graph.Supergraph.API.Types[t] == nil
	})
}

// inside returns the slots of objects of a type, of which the inherited ones are given.
func (w *way) inside(o *response.Object, kase int, slots []slotAnswer, object string, at place) ([]slotAnswer, error) {
	all, err := w.early(o, slots, []string{object}, at)
	if err != nil {
		return nil, err
	}
	return w.enter(o, kase, all, []string{object}, at)
}

// coversObjects checks the objects inside of a representation, which are of some of the possible types of a type.
func (w *way) coversObjects(r representation, types []string, typ string, set ast.SelectionSet, rep *response.Representation, o *response.Object) error {
	abstract := w.checker.graph.Supergraph.Definition(typ).Kind != ast.Object
	if r.known != nil {
		abstract = r.known.Kind != ast.Object
	}
	outer := r.row
	for _, t := range types {
		i, err := w.caseOf(o, outer.slots, t, outer.at)
		if err != nil {
			return err
		}
		if i < 0 {
			continue
		}
		all, err := w.inside(o, i, outer.slots, t, outer.at)
		if err != nil {
			return err
		}
		rc := &rep.Cases[i]
		if abstract && !rc.Runtime && rc.Constant == "" {
			return fmt.Errorf("%s: fetch %d sends objects of an abstract type without their own", outer.at.path, r.fetch)
		}
		if rc.Constant != "" && rc.Constant != t {
			return fmt.Errorf("%s: fetch %d sends objects of type %s as %q", outer.at.path, r.fetch, t, rc.Constant)
		}
		r.row, r.object = row{slots: all, fields: o.Cases[i].Fields, at: outer.at}, t
		if err := w.covers(r, set, rc); err != nil {
			return err
		}
	}
	return nil
}

// member takes a member's name out of its encoded key.
func member(key []byte) string {
	var name string
	if len(key) == 0 || json.Unmarshal(key[:len(key)-1], &name) != nil {
		return ""
	}
	return name
}
