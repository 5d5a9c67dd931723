package fieldset

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// maxPlain bounds the length of a plain field set; longer ones are left to the parser of operations.
const maxPlain = 4096

// parsePlain reads field sets that are made of names, braces and type conditions only, as nearly all are: a composition
// reads very many of them. It answers false for anything else, right or wrong. What it makes has no positions, which mean
// nothing outside of the field set.
func parsePlain(text string) (ast.SelectionSet, bool) {
	if len(text) > maxPlain {
		return nil, false
	}
	p := plain{text: text}
	braced := p.take('{')
	set, ok := p.selections()
	if !ok || braced && !p.take('}') {
		return nil, false
	}
	p.space()
	return set, p.at == len(p.text)
}

// plain is a place in the text of a field set.
type plain struct {
	text string
	at   int
}

// selections reads at least one selection, up to a closing brace or the end.
func (p *plain) selections() (ast.SelectionSet, bool) {
	var set ast.SelectionSet
	for {
		p.space()
		if p.at == len(p.text) || p.text[p.at] == '}' {
			return set, len(set) > 0
		}
		selection, ok := p.selection()
		if !ok {
			return nil, false
		}
		set = append(set, selection)
	}
}

func (p *plain) selection() (ast.Selection, bool) {
	if p.text[p.at] == '.' {
		return p.fragment()
	}
	name := p.name()
	if name == "" {
		return nil, false
	}
	f := &ast.Field{Alias: name, Name: name}
	if !p.take('{') {
		return f, true
	}
	below, ok := p.selections()
	f.SelectionSet = below
	return f, ok && p.take('}')
}

// fragment reads an inline fragment, with a type condition or without.
func (p *plain) fragment() (ast.Selection, bool) {
	const spread = "..."
	if len(p.text)-p.at < len(spread) || p.text[p.at:p.at+len(spread)] != spread {
		return nil, false
	}
	p.at += len(spread)
	p.space()
	f := &ast.InlineFragment{}
	if on := p.name(); on != "" {
		p.space()
		if f.TypeCondition = p.name(); on != "on" || f.TypeCondition == "" {
			return nil, false
		}
	}
	if !p.take('{') {
		return nil, false
	}
	below, ok := p.selections()
	f.SelectionSet = below
	return f, ok && p.take('}')
}

// space skips what means nothing (specification, section 2.1.7, Ignored Tokens), but for comments.
func (p *plain) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r', ',':
			p.at++
		default:
			return
		}
	}
}

// take reads one character, behind any space.
func (p *plain) take(c byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// name reads a name (section 2.1.9), or nothing.
func (p *plain) name() string {
	from := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (p.at == from || c < '0' || c > '9') {
			break
		}
		p.at++
	}
	return p.text[from:p.at]
}
