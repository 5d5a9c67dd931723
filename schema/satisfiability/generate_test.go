package satisfiability

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator makes small sets of subgraphs that share a few types in all kinds of ways. More than half of them merge, and a
// quarter of those can be satisfied.
type generator struct {
	*rand.Rand
	names      []string // subgraphs
	objects    []string
	implements map[string]bool // objects that implement I
	members    map[string]bool // objects of the union U
	joined     int             // how probably a type has the key "id", in percent
	providing  bool            // whether there is any @provides
	moving     string          // "T0.f1": a field, not the one of I, that one subgraph takes from another under a label
}

const scalars = 4 // f0 to f3 of every object

func generate(seed uint64) map[string]string {
	g := &generator{
		Rand:       rand.New(rand.NewPCG(seed, 1)),
		names:      []string{"a", "b", "c", "d"},
		objects:    []string{"T0", "T1", "T2"},
		implements: map[string]bool{},
		members:    map[string]bool{},
		providing:  seed%2 == 1,
	}
	g.names = g.names[:2+g.IntN(3)]
	g.joined = []int{30, 60, 90}[g.IntN(3)]
	for _, o := range g.objects {
		g.implements[o], g.members[o] = g.chance(50), g.chance(50)
	}
	if g.chance(20) {
		g.moving = fmt.Sprintf("%s.f%d", g.objects[g.IntN(3)], 1+g.IntN(scalars-1))
	}
	interfaceObject := -1
	if g.chance(25) {
		interfaceObject = g.IntN(len(g.names))
	}
	var models []*model
	for i, name := range g.names {
		if i != interfaceObject {
			models = append(models, g.model(name, interfaceObject >= 0))
		}
	}
	g.repair(models)
	out := map[string]string{}
	for _, m := range models {
		out[m.name] = federation2 + g.print(m)
	}
	if interfaceObject >= 0 {
		out[g.names[interfaceObject]] = federation2 + g.interfaceObject()
	}
	return out
}

// repair gives each external field a subgraph that resolves it.
func (g *generator) repair(models []*model) {
	for i, m := range models {
		for _, o := range m.has {
			for _, f := range o.fields {
				if !o.external[f] {
					continue
				}
				resolved := false
				for off := range models {
					in := models[(i+off)%len(models)]
					other := in.find(o.name)
					if other == nil || other == o {
						continue
					}
					if !slices.Contains(other.fields, f) {
						if !in.knows(f) {
							continue
						}
						other.fields = append(other.fields, f)
					}
					if resolved = !other.external[f]; resolved {
						break
					}
				}
				if !resolved {
					delete(o.external, f)
				}
			}
		}
	}
}

// model is one subgraph before it is written down.
type model struct {
	name       string
	keyed      bool // the interface has a key
	has        []*drawn
	interfaces []string
	union      []string
}

// knows reports whether the subgraph has the type of a field.
func (m *model) knows(field string) bool {
	switch {
	case field == "ri":
		return len(m.interfaces) > 0
	case field == "ru":
		return len(m.union) > 0
	case field[0] == 'r':
		return m.find(field[1:]) != nil
	}
	return true
}

func (m *model) find(name string) *drawn {
	i := slices.IndexFunc(m.has, func(o *drawn) bool { return o.name == name })
	if i < 0 {
		return nil
	}
	return m.has[i]
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// interfaceObject is a subgraph that knows only the interface.
func (g *generator) interfaceObject() string {
	extra := ""
	if g.chance(40) {
		extra = " f0: Int @external w: Int @requires(fields: \"f0\")"
	}
	return fmt.Sprintf("type Query { i%s: I }\ntype I @interfaceObject @key(fields: \"id\") { id: ID! v: Int%s }\n", g.names[g.IntN(len(g.names))], extra)
}

// drawn is an object type in one subgraph before it is written down.
type drawn struct {
	name     string
	keys     []string
	fields   []string // names, in order
	external map[string]bool
	extra    map[string]string // directives by field
}

func (g *generator) model(name string, keyed bool) *model {
	m := &model{name: name, keyed: keyed}
	for _, o := range g.objects {
		if g.chance(70) || keyed && g.implements[o] {
			m.has = append(m.has, &drawn{name: o, external: map[string]bool{}, extra: map[string]string{}})
		}
	}
	for _, o := range m.has {
		for f := range scalars {
			if g.chance(50) {
				o.fields = append(o.fields, fmt.Sprintf("f%d", f))
			}
		}
		for _, target := range m.has {
			if g.chance(30) {
				o.fields = append(o.fields, "r"+target.name)
			}
		}
		if g.implements[o.name] {
			m.interfaces = append(m.interfaces, o.name)
			if !slices.Contains(o.fields, "f0") {
				o.fields = append(o.fields, "f0")
				o.external["f0"] = g.chance(25)
			}
		}
	}
	m.union = slices.DeleteFunc(slices.Clone(g.objects), func(o string) bool { return !g.members[o] || m.find(o) == nil })
	for _, o := range m.has {
		if len(m.interfaces) > 0 && g.chance(25) {
			o.fields = append(o.fields, "ri")
		}
		if len(m.union) > 0 && g.chance(25) {
			o.fields = append(o.fields, "ru")
		}
		if len(o.fields) == 0 {
			o.fields = append(o.fields, "f3")
		}
		g.key(o, m.find, keyed)
		g.requires(o, m)
		g.provides(o, m.find)
	}
	return m
}

func (g *generator) print(m *model) string {
	var b strings.Builder
	g.query(&b, m)
	if len(m.has) > 0 && g.chance(20) {
		fmt.Fprintf(&b, "type Mutation { m%s: %s }\n", m.name, m.has[0].name)
	}
	if len(m.interfaces) > 0 {
		if m.keyed {
			b.WriteString("interface I @key(fields: \"id\") { f0: Int id: ID! }\n")
		} else {
			b.WriteString("interface I { f0: Int }\n")
		}
	}
	if len(m.union) > 0 {
		fmt.Fprintf(&b, "union U = %s\n", strings.Join(m.union, " | "))
	}
	for _, o := range m.has {
		g.write(&b, m.name, o)
	}
	return b.String()
}

func (g *generator) key(o *drawn, find func(string) *drawn, keyedInterface bool) {
	if keyedInterface && g.implements[o.name] {
		o.keys = append(o.keys, `@key(fields: "id")`)
		if !slices.Contains(o.fields, "id") {
			o.fields = append(o.fields, "id")
		}
	}
	add := func(text string, needs ...string) {
		resolvable := ""
		if g.chance(15) {
			resolvable = ", resolvable: false"
		}
		o.keys = append(o.keys, fmt.Sprintf("@key(fields: %q%s)", text, resolvable))
		for _, f := range needs {
			if !slices.Contains(o.fields, f) {
				o.fields = append(o.fields, f)
				if g.chance(20) {
					o.external[f] = true
				}
			}
		}
	}
	if g.chance(g.joined) && !(keyedInterface && g.implements[o.name]) {
		add("id", "id")
	}
	for range g.IntN(3) {
		switch g.IntN(6) {
		case 2:
			add("f1", "f1")
		case 3:
			add("f1 f2", "f1", "f2")
		case 4:
			add("f2", "f2")
		case 5:
			for _, t := range g.objects {
				if target := find(t); target != nil && t != o.name && len(target.fields) > 0 && target.fields[0][0] == 'f' {
					add(fmt.Sprintf("r%s { %s }", t, target.fields[0]), "r"+t)
					break
				}
			}
		}
	}
	slices.Sort(o.keys)
	o.keys = slices.Compact(o.keys)
}

func (g *generator) requires(o *drawn, m *model) {
	if len(o.keys) == 0 && g.chance(80) || g.chance(50) {
		return
	}
	for f := range scalars {
		needed := fmt.Sprintf("f%d", f)
		if slices.Contains(o.fields, needed) || g.chance(40) {
			continue
		}
		text := needed
		if target := m.find("T0"); target != nil && o.name != "T0" && !slices.Contains(o.fields, "rT0") && len(target.fields) > 0 && g.chance(30) && target.fields[0][0] == 'f' {
			o.fields = append(o.fields, "rT0")
			o.external["rT0"] = true
			text += fmt.Sprintf(" rT0 { %s }", target.fields[0])
		}
		abstract := map[string]string{}
		if len(m.interfaces) > 0 {
			abstract["ri"] = " ri { f0 }"
		}
		if len(m.union) > 0 {
			if fields := m.find(m.union[0]).fields; len(fields) > 0 && fields[0][0] == 'f' {
				abstract["ru"] = fmt.Sprintf(" ru { ... on %s { %s } }", m.union[0], fields[0])
			}
		}
		for _, f := range []string{"ri", "ru"} {
			if abstract[f] != "" && !slices.Contains(o.fields, f) && g.chance(30) {
				o.fields = append(o.fields, f)
				o.external[f] = true
				text += abstract[f]
			}
		}
		o.fields = append(o.fields, needed)
		o.external[needed] = true
		for _, have := range o.fields {
			if have[0] == 'f' && !o.external[have] && !strings.Contains(strings.Join(o.keys, " "), have) && !(have == "f0" && g.implements[o.name]) {
				o.extra[have] = fmt.Sprintf(" @requires(fields: %q)", text)
				return
			}
		}
		o.fields = append(o.fields, "g")
		o.extra["g"] = fmt.Sprintf(" @requires(fields: %q)", text)
		return
	}
}

func (g *generator) provides(o *drawn, find func(string) *drawn) {
	for _, f := range slices.Clone(o.fields) {
		if !g.providing || !strings.HasPrefix(f, "rT") || o.external[f] || g.chance(60) {
			continue
		}
		target := find(f[1:])
		for _, provided := range target.fields {
			if target.external[provided] && provided[0] == 'f' {
				o.extra[f] = fmt.Sprintf(" @provides(fields: %q)", provided)
				break
			}
		}
	}
}

func (g *generator) query(b *strings.Builder, m *model) {
	b.WriteString("type Query {\n  z: Int @shareable\n")
	for _, o := range m.has {
		if !g.chance(40) {
			continue
		}
		provides := ""
		for _, f := range o.fields {
			if g.providing && o.external[f] && f[0] == 'f' && g.chance(50) {
				provides = fmt.Sprintf(" @provides(fields: %q)", f)
			}
		}
		if g.chance(30) {
			fmt.Fprintf(b, "  q%s: %s @shareable%s\n", o.name, o.name, provides)
		} else {
			fmt.Fprintf(b, "  q%s%s: %s%s\n", o.name, m.name, o.name, provides)
		}
	}
	if len(m.interfaces) > 0 && g.chance(50) {
		fmt.Fprintf(b, "  qi: I @shareable\n")
	}
	if len(m.union) > 0 && g.chance(50) {
		fmt.Fprintf(b, "  qu: U @shareable\n")
	}
	if g.chance(15) {
		b.WriteString("  again: Query @shareable\n")
	}
	b.WriteString("}\n")
}

func (g *generator) write(b *strings.Builder, subgraph string, o *drawn) {
	implements := ""
	if g.implements[o.name] {
		implements = " implements I"
	}
	fmt.Fprintf(b, "type %s%s %s {\n", o.name, implements, strings.Join(o.keys, " "))
	for _, f := range o.fields {
		typ := "Int"
		switch {
		case f == "id":
			typ = "ID!"
		case f == "ri":
			typ = "I"
		case f == "ru":
			typ = "[U]"
		case f[0] == 'r':
			typ = f[1:]
		}
		directives := o.extra[f]
		switch {
		case o.external[f]:
			directives += " @external"
		case o.name+"."+f == g.moving && subgraph == "b":
			directives += ` @override(from: "a", label: "percent(1)") @shareable`
		default:
			directives += " @shareable"
		}
		fmt.Fprintf(b, "  %s: %s%s\n", f, typ, directives)
	}
	b.WriteString("}\n")
}
