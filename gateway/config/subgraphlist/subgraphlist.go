// Package subgraphlist reads a list of subgraphs in the format of Rover's supergraph.yaml and gets their schemas: from
// files, from the list itself, or from the running subgraphs.
package subgraphlist

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/weft-gateway/weft/gateway/config/strict"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
)

// List is a list of subgraphs that was read and is well formed.
type List struct {
	entries []entry // by name
	file    string
}

type entry struct {
	name, url    string
	file, sdl    string
	introspect   string
	headers      map[string]string
	fromDocument func(path, format string, args ...any) *strict.Error
}

// document is the format. graphref is known so that it can be answered.
type document struct {
	FederationVersion string              `yaml:"federation_version"`
	Subgraphs         map[string]subgraph `yaml:"subgraphs" required:"true"`
}

type subgraph struct {
	RoutingURL string `yaml:"routing_url"`
	Schema     schema `yaml:"schema" required:"true"`
}

type schema struct {
	File        string            `yaml:"file"`
	SDL         string            `yaml:"sdl"`
	SubgraphURL string            `yaml:"subgraph_url"`
	Headers     map[string]string `yaml:"introspection_headers"`
	GraphRef    string            `yaml:"graphref"`
	Subgraph    string            `yaml:"subgraph"`
}

// Read reads a list. Errors are of type strict.Errors where the file was read and is wrong.
func Read(file string) (*List, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("list of subgraphs: %w", err)
	}
	return Parse(file, data, os.LookupEnv)
}

// Parse is Read for a text; env looks environment variables up.
func Parse(file string, data []byte, env func(string) (string, bool)) (*List, error) {
	var d document
	doc, err := strict.Decode(data, &d, strict.Options{File: file, Env: env})
	if err != nil {
		return nil, err
	}
	if v := strings.TrimLeft(d.FederationVersion, "=v "); v != "" && !strings.HasPrefix(v, "2") && !strings.HasPrefix(v, "1") {
		return nil, strict.Errors{doc.Errorf("federation_version", "%q is not a version of Federation: write 2", d.FederationVersion)}
	}
	list := &List{file: file}
	var errs strict.Errors
	for _, name := range slices.Sorted(maps.Keys(d.Subgraphs)) {
		s, path := d.Subgraphs[name], "subgraphs."+name
		var sources []string
		for _, one := range []struct{ key, value string }{
			{"file", s.Schema.File}, {"sdl", s.Schema.SDL}, {"subgraph_url", s.Schema.SubgraphURL}, {"graphref", s.Schema.GraphRef},
		} {
			if one.value != "" {
				sources = append(sources, one.key)
			}
		}
		switch {
		case s.Schema.GraphRef != "":
			errs = append(errs, doc.Errorf(path+".schema.graphref", "schemas are not fetched from graph references: save the schema to a file, and write schema.file"))
			continue
		case len(sources) != 1:
			errs = append(errs, doc.Errorf(path+".schema", "a schema comes from one of file, sdl and subgraph_url; found %s", orNone(sources)))
			continue
		}
		e := entry{
			name: name, url: s.RoutingURL, sdl: s.Schema.SDL, introspect: s.Schema.SubgraphURL, headers: s.Schema.Headers,
			fromDocument: doc.Errorf,
		}
		if s.Schema.File != "" {
			e.file = s.Schema.File
			if !filepath.IsAbs(e.file) {
				e.file = filepath.Join(filepath.Dir(file), e.file)
			}
		}
		if e.url == "" {
			e.url = e.introspect
		}
		list.entries = append(list.entries, e)
	}
	if len(errs) == 0 && len(list.entries) == 0 {
		errs = append(errs, doc.Errorf("subgraphs", "it names no subgraph"))
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return list, nil
}

func orNone(sources []string) string {
	if len(sources) == 0 {
		return "none of them"
	}
	return strings.Join(sources, " and ")
}

// Files are the files that the list depends on, itself among them: what to look at for changes.
func (l *List) Files() []string {
	files := []string{l.file}
	for _, e := range l.entries {
		if e.file != "" {
			files = append(files, e.file)
		}
	}
	return files
}

// Bounds of what is read for one subgraph.
const (
	maxSDL            = 16 << 20
	introspectTimeout = 30 * time.Second
)

// Schemas gets the schemas, in the order of the subgraphs' names. Diagnostics are about subgraphs that do not answer with
// theirs; the error is about the list and its files.
func (l *List) Schemas(ctx context.Context) ([]composition.Subgraph, []diagnostic.Diagnostic, error) {
	var all []composition.Subgraph
	var failed []diagnostic.Diagnostic
	var errs strict.Errors
	client := &http.Client{Timeout: introspectTimeout}
	for _, e := range l.entries {
		s := composition.Subgraph{Name: e.name, URL: e.url, SDL: e.sdl, File: e.file}
		switch {
		case e.file != "":
			text, err := readFile(e.file)
			if err != nil {
				errs = append(errs, e.fromDocument("subgraphs."+e.name+".schema.file", "%v", err))
				continue
			}
			s.SDL = text
		case e.introspect != "":
			text, err := introspect(ctx, client, e.introspect, e.headers)
			if err != nil {
				failed = append(failed, diagnostic.Diagnostic{
					Code: diagnostic.DownstreamServiceError, Severity: diagnostic.Error,
					Message:   fmt.Sprintf("the subgraph %s does not tell its schema: %v", e.name, err),
					Locations: []diagnostic.Location{{Subgraph: e.name}},
				})
				continue
			}
			s.SDL = text
		}
		all = append(all, s)
	}
	if len(errs) > 0 {
		return nil, nil, errs
	}
	return all, failed, nil
}

func readFile(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSDL+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxSDL {
		return "", fmt.Errorf("%s has more than %d bytes", file, maxSDL)
	}
	return string(text), nil
}
