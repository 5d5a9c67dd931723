package plan_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/internal/simulate/generate"
)

// pattern is a feature that a text shows.
type pattern struct {
	name string
	*regexp.Regexp
}

func patterns(of ...string) []pattern {
	var out []pattern
	for i := 0; i < len(of); i += 2 {
		out = append(out, pattern{of[i], regexp.MustCompile(of[i+1])})
	}
	return out
}

// What random cases are to hold: of subgraphs, of data, of operations, of plans and of answers.
var (
	schemaFeatures = patterns(
		"@key of two fields", `@key\(fields: "\w+ \w+"`,
		"@key nested", `@key\(fields: "ref \{`,
		"@key of another entity", `@key\(fields: "owner \{`,
		"@key that is a list", `@key\(fields: "tags"`,
		"@key that is a custom scalar", `@key\(fields: "stamp"`,
		"@key with an enum", `@key\(fields: "num tone"`,
		"custom scalar", `: \[*Blob`,
		"argument of a custom scalar", `\(b: Blob`,
		"@key twice", `@key\([^)]*\) @key`,
		"@key not resolvable", `resolvable: false`,
		"@extends", `@extends`,
		"extend type", `extend type`,
		"@external key", `id: ID! @external`,
		"@override", `@override\(from: "\w"\)`,
		"@override with a label", `@override\(from: "\w", label`,
		"@override and @requires", `@requires\([^)]*\) @override\(from: "\w"\)`,
		"@override with a label and @requires", `@requires\([^)]*\) @override\(from: "\w", label`,
		"@inaccessible", `\S @inaccessible`,
		"@inaccessible key", `(code|num|ref): \S+ @inaccessible`,
		"@requires", `@requires`,
		"@requires of several", `@requires\(fields: "\w+ \w`,
		"@requires with arguments", `@requires\(fields: "[^"]*\([a-z]+: [^)]*`,
		"@requires with fragments", `@requires\(fields: "[^"]*\.\.\. on`,
		"@requires through an interface", `@requires\(fields: "[^"]*\{ (label|tag) \}`,
		"@requires with __typename", `@requires\(fields: "[^"]*__typename`,
		"@inaccessible type", `type (\w+) [^\n{]*@inaccessible`,
		"@requires nested", `@requires\(fields: "[^"]*\{ f\d \}`,
		"@requires of an interface object", `o\d+: \S+ @requires`,
		"@provides", `@provides\(fields: "\w+"`,
		"@provides nested", `@provides\(fields: "\w+ \{`,
		"@provides with fragments", `@provides\(fields: " ?\.\.\. on`,
		"@provides nested in a fragment", `@provides\(fields: " ?\.\.\. on \w+ \{ f\d \{`,
		"@interfaceObject", `type I @interfaceObject`,
		"@interfaceObject of two keys", `type I @interfaceObject @key\([^)]*\) @key`,
		"@interfaceObject by another key", `type I @interfaceObject @key\(fields: "code"`,
		"@interfaceObject twice", `type I @interfaceObject[\s\S]*type I @interfaceObject`,
		"@requires among interface objects", `@requires\(fields: "o\d+"`,
		"interface of interfaces", `interface I implements N`,
		"@shareable root field", `q\d+[^\n]*@shareable`,
		"interface", `interface I`,
		"interface of a value type", `type W implements J`,
		"two interfaces", `implements I & J`,
		"union", `union U`,
		"union with a value type", `union U = .*V0`,
		"input object", `input In`,
		"list of lists", `: \[\[\w+\]\]`,
		"non-null items", `: \[\w+!\]`,
		"Query under a field", `: Query!`,
		"root types under other names", `query: TheQuery`,
		"mutation", `type Mutation`,
		"subscription", `type Subscription`,
		"value type", `type V0`,
		"nullable key", `code: String\n`,
		"@fromContext", `@fromContext\(`,
		"@fromContext and @requires", `@fromContext\([^\n]* @requires`,
		"@context of an entity", `type E\d[^\n]*@context`,
		"@context of a value type", `type V\d[^\n]*@context`,
		"@context of an interface", `interface \w[^\n]*@context`,
	)
	dataFeatures = patterns(
		"object that a subgraph does not know", `\$missing`,
		"null key", `"code": null`,
		"field that fails", `\$error`,
		"reference to Query", `"@Query"`,
	)
	operationFeatures = patterns(
		"operation: query", `^query`,
		"operation: mutation", `^mutation`,
		"operation: subscription", `^subscription`,
		"operation: @skip", `@skip\(if: \$`,
		"operation: @include", `@include\(if: \$`,
		"operation: @skip and @include", `@skip\(if: \$\w\) @include`,
		"operation: condition of a fragment", `\.\.\.(F\d+| on \w+)? @(skip|include)`,
		"operation: fragment", `\nfragment`,
		"operation: fragment twice", `\.\.\.(F1\b)[\s\S]*\.\.\.F1\b`,
		"operation: __typename", `__typename`,
		"operation: __typename of the root", `^(query|mutation)[^{]*\{ (\w: )?__typename`,
		"operation: introspection", `__schema|__type\(`,
		"operation: default of a variable", `\$\w+: [^,)]* = `,
		"operation: variable in an input object", `\{[^{}]*: \$v`,
		"operation: null argument", `: null`,
		"operation: fragment on an interface", `on [IJ]\b`,
		"operation: renamed to keep apart", `\bn\d+: `,
		"operation: field under another name", `\b([xyz]|code|label): `,
	)
)

// reached counts how many cases have each feature.
type reached struct {
	names  []string
	counts map[string]int
}

func (r *reached) expect(name string) {
	if _, known := r.counts[name]; !known {
		r.names = append(r.names, name)
		r.counts[name] = 0
	}
}

func (r *reached) count(name string, there bool) {
	r.expect(name)
	if there {
		r.counts[name]++
	}
}

func (r *reached) text(in string, of []pattern) {
	for _, p := range of {
		r.count(p.name, p.MatchString(in))
	}
}

func (r *reached) String() string {
	var b strings.Builder
	for _, name := range r.names {
		fmt.Fprintf(&b, "%7d  %s\n", r.counts[name], name)
	}
	return b.String()
}

// TestDifferentialReaches holds that random cases still have everything that TestDifferential is to try, and prints how
// often. WEFT_REACH=N looks at N graphs.
func TestDifferentialReaches(t *testing.T) {
	graphs := 400
	if n, err := strconv.Atoi(os.Getenv("WEFT_REACH")); err == nil {
		graphs = n
	}
	seen := &reached{counts: map[string]int{}}
	for seed := range uint64(graphs) {
		c := generate.Seeded(seed)
		g := generate.NewGraph(c, generate.Ordinary)
		r, err := newRig(g.Sources, g.Data)
		if seen.count("graph that composes", err == nil); errors.As(err, &errNotComposed{}) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		seen.graph(g)
		for range operationsPerGraph {
			tr := newTrial(c, g, r)
			seen.text(tr.text, operationFeatures)
			seen.trial(t, r, &tr)
		}
	}
	t.Logf("of %d graphs:\n%s", graphs, seen)
	for _, name := range seen.names {
		if seen.counts[name] == 0 {
			t.Errorf("no case has: %s", name)
		}
	}
}

func (r *reached) graph(g *generate.Graph) {
	var all strings.Builder
	old := 0
	for _, s := range g.Sources {
		all.WriteString(s.SDL)
		if !strings.Contains(s.SDL, "federation/v2") {
			old++
		}
	}
	r.count("Federation 1 alone", old == len(g.Sources))
	r.count("Federation 1 and 2", old > 0 && old < len(g.Sources))
	for n := 2; n <= 5; n++ {
		r.count(fmt.Sprintf("%d subgraphs", n), len(g.Sources) == n)
	}
	r.text(all.String(), schemaFeatures)
	r.text(string(g.Data), dataFeatures)
}

// trial counts what the plan and the answer of a trial have.
func (r *reached) trial(t *testing.T, rig *rig, tr *trial) {
	rig, err := tr.setUp(rig)
	if err != nil {
		t.Fatal(err)
	}
	p, err := rig.prepare(tr.text)
	if r.count("operation: valid", err == nil); err != nil {
		return
	}
	for fault := simulate.Down; fault <= simulate.Failing; fault++ {
		r.count(fmt.Sprint("fault: ", fault), tr.fault == fault)
	}
	r.count("operation: rights are asked for", len(tr.protected) > 0)
	outline := p.plan.Explain()
	for _, least := range []int{1, 2, 4, 8} {
		r.count(fmt.Sprintf("plan: %d or more fetches", least), len(p.plan.Fetches) >= least)
	}
	depth, _ := strconv.Atoi(regexp.MustCompile(`, (\d+) step`).FindStringSubmatch(outline.Text() + ", 0 step")[1])
	for _, least := range []int{1, 2, 4, 6} {
		r.count(fmt.Sprintf("plan: %d or more steps", least), depth >= least)
	}
	r.plan(p.plan)
	body, err := rig.run(p, tr.variables)
	if err != nil {
		t.Fatal(err)
	}
	r.count("answer: errors", strings.Contains(string(body), `"errors":[`))
	r.count("answer: denied fields", strings.Contains(string(body), `"UNAUTHORIZED_FIELD_OR_TYPE"`))
}

func (r *reached) plan(p *plan.Plan) {
	conditional, aliased, several, groups, nested, valued, spread := false, false, false, false, false, false, false
	for _, f := range p.Fetches {
		conditional = conditional || f.Cond != 0
		aliased = aliased || regexp.MustCompile(`\w+_\d+: ?\w+`).MatchString(f.Operation)
		groups = groups || len(f.Groups) > 1
		nested = nested || f.Kind == plan.Query && len(f.Groups) > 0
		valued = valued || f.Template != nil
		spread = spread || strings.Contains(f.Operation, " fragment F")
		for _, g := range f.Groups {
			several = several || len(g.Targets) > 1
		}
	}
	r.count("plan: conditional fetch", conditional)
	r.count("plan: renamed field", aliased)
	r.count("plan: entities of several places", several)
	r.count("plan: several _entities in a fetch", groups)
	r.count("plan: Query of objects", nested)
	r.count("plan: order by variables", ordered(p.Root))
	r.count("plan: values from contexts", valued)
	r.count("plan: labels", len(p.Labels) > 0)
	r.count("plan: the client's own words, with fragments", spread && len(p.Fetches) == 1)
	r.count("plan: fragments for what repeats itself", spread && len(p.Fetches) > 1)
}

// ordered reports whether variables decide the order of members somewhere.
func ordered(o *response.Object) bool {
	for _, c := range o.Cases {
		if c.Order != nil {
			return true
		}
		for i := range c.Fields {
			if c.Fields[i].Object != nil && ordered(c.Fields[i].Object) {
				return true
			}
		}
	}
	return false
}
