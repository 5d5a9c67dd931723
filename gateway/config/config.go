// Package config reads weft.yaml, the file that says how a gateway runs, and makes the options of the gateway's packages
// of it.
//
// It reads and checks; it opens nothing that lasts. No package of the gateway knows it: each takes options of its own, so
// all of them can be embedded without a file.
package config

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/weft-gateway/weft/gateway/config/strict"
)

// Config is weft.yaml.
type Config struct {
	Listen     string     `yaml:"listen" default:"127.0.0.1:4000" doc:"Address of the client endpoint, host:port. An empty host listens on all interfaces."`
	Supergraph Supergraph `yaml:"supergraph" doc:"Where the supergraph comes from: exactly one of file, subgraphs and registry."`
	Server     Server     `yaml:"server" doc:"The client endpoint: limits, timeouts, CORS, compression."`
	Auth       Auth       `yaml:"auth" doc:"Who callers are: OpenID Connect issuers whose access tokens are accepted."`
	Forward    Forward    `yaml:"forward" doc:"What subgraphs are told of the caller. Nothing that is not named here is sent."`
	Subgraphs  Subgraphs  `yaml:"subgraphs" doc:"How subgraphs are called."`
	Operations Operations `yaml:"operations" doc:"What clients' operations may cost and see."`
	Playground Playground `yaml:"playground" doc:"The page that browsers get at /."`
	Log        Log        `yaml:"log" doc:"The log, written to standard error."`
	Debug      Debug      `yaml:"debug" doc:"What the process does, for operators."`

	document *strict.Document
	folder   string
}

// Log says what is logged.
type Log struct {
	Level  string `yaml:"level" default:"info" enum:"debug,info,warn,error" doc:"The least level that is logged. Requests are logged as info."`
	Format string `yaml:"format" default:"text" enum:"text,json" doc:"How a line is written."`
}

// Debug opens a port for operators.
type Debug struct {
	Listen string `yaml:"listen" doc:"Address of Go's profiles (/debug/pprof/) and of the runtime's metrics (/debug/runtime). Nothing is open when it is left out. Whoever reaches the port learns much and can slow the gateway down: keep it on a loopback address."`
}

// Load reads a file and checks it. Paths in it are relative to its folder. An error is of type strict.Errors where the
// file was read and is wrong.
func Load(file string) (*Config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return Parse(file, data, os.LookupEnv)
}

// Parse is Load for a text; env looks environment variables up.
func Parse(file string, data []byte, env func(string) (string, bool)) (*Config, error) {
	c := &Config{folder: filepath.Dir(file)}
	var err error
	if c.document, err = strict.Decode(data, c, strict.Options{File: file, Env: env}); err != nil {
		return nil, err
	}
	if errs := c.check(); len(errs) > 0 {
		return nil, errs
	}
	return c, nil
}

// Default is what an empty file means, but for the supergraph, which has to come from somewhere.
func Default() *Config {
	c := &Config{folder: "."}
	// Without a supergraph the file is not complete, so only the defaults are taken of the reading.
	c.document, _ = strict.Decode(nil, c, strict.Options{})
	return c
}

// path resolves a path of the file.
func (c *Config) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.folder, p)
}
