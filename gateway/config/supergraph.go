package config

import (
	"path/filepath"

	"github.com/weft-gateway/weft/gateway/config/strict"
)

// Supergraph says where the supergraph comes from.
type Supergraph struct {
	File      string   `yaml:"file" doc:"A file with supergraph SDL of the join specification (v0.1 to v0.5), whoever composed it."`
	Subgraphs string   `yaml:"subgraphs" doc:"A file that lists subgraphs in Rover's format (supergraph.yaml); they are composed at the start."`
	Watch     bool     `yaml:"watch" doc:"Serve the new supergraph when file, or what subgraphs lists, changes on disk."`
	Registry  Registry `yaml:"registry" doc:"A registry that this process keeps: subgraphs are published to it while the gateway runs."`
}

// Registry says where the registry keeps what is published, and who may publish.
type Registry struct {
	Data          string          `yaml:"data" doc:"Folder with the registry's database, weft.db. It is made if it is not there. Setting it turns the registry on."`
	Listen        string          `yaml:"listen" default:"127.0.0.1:4010" doc:"Address of the registry's GraphQL API, host:port."`
	Issuers       []Issuer        `yaml:"issuers" doc:"Issuers whose tokens may publish, with the scope registry:write. The issuers of auth when left out."`
	AnonymousRead bool            `yaml:"anonymous_read" doc:"Let everybody who reaches the API read what is published."`
	Poll          strict.Duration `yaml:"poll" default:"1s" doc:"How often the database is looked at for what other processes published."`
}

// SupergraphFile is the path of a static supergraph, "" when there is none.
func (c *Config) SupergraphFile() string { return c.path(c.Supergraph.File) }

// SubgraphsFile is the path of a list of subgraphs in Rover's format, "" when there is none.
func (c *Config) SubgraphsFile() string { return c.path(c.Supergraph.Subgraphs) }

// RegistryFile is the path of the registry's database, "" when there is no registry.
func (c *Config) RegistryFile() string {
	if c.Supergraph.Registry.Data == "" {
		return ""
	}
	return filepath.Join(c.path(c.Supergraph.Registry.Data), "weft.db")
}

// UseSupergraphFile serves a file of supergraph SDL, whatever the configuration says. The path is relative to the working
// directory.
func (c *Config) UseSupergraphFile(file string) {
	c.Supergraph = Supergraph{File: absolute(file), Watch: c.Supergraph.Watch}
}

// UseSubgraphsFile composes what a file in Rover's format lists, whatever the configuration says. The path is relative to
// the working directory.
func (c *Config) UseSubgraphsFile(file string) {
	c.Supergraph = Supergraph{Subgraphs: absolute(file), Watch: c.Supergraph.Watch}
}

// absolute keeps a path from being resolved against the configuration's folder.
func absolute(file string) string {
	if abs, err := filepath.Abs(file); err == nil {
		return abs
	}
	return file
}
