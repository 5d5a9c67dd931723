package main

import (
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/internal/golden"
)

const (
	commandsBegin = "<!-- The commands below are written by: go test ./gateway/cmd/weft -run IsKept -update -->\n"
	commandsEnd   = "<!-- end of the commands -->\n"
)

func TestReferenceIsKept(t *testing.T) {
	t.Setenv("WEFT_CONFIG", "")
	t.Setenv("WEFT_REGISTRY", "")
	const file = "../../../docs/cli.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), commandsBegin)
	_, after, closed := strings.Cut(rest, commandsEnd)
	if !ok || !closed {
		t.Fatal("docs/cli.md lacks the marks around its commands")
	}
	got := before + commandsBegin + commandReference(rootCommand()) + commandsEnd + after
	if golden.Updating() {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !golden.Updating() && got != string(text) {
		t.Errorf("%s is out of date: run go test ./gateway/cmd/weft -run IsKept -update", file)
	}
}

// commandReference is the help of every command.
func commandReference(root *cobra.Command) string {
	var b strings.Builder
	var all func(*cobra.Command)
	all = func(parent *cobra.Command) {
		for _, cmd := range parent.Commands() {
			if cmd.HasSubCommands() {
				all(cmd)
				continue
			}
			b.WriteString("\n### " + cmd.CommandPath() + "\n\n")
			text := cmd.Long
			if text == "" {
				text = cmd.Short + "."
			}
			b.WriteString(escaped(text) + "\n\n```\n" + cmd.UseLine() + "\n")
			if cmd.Example != "" {
				b.WriteString("\nExamples:\n" + cmd.Example + "\n")
			}
			if flags := cmd.NonInheritedFlags(); flags.HasAvailableFlags() {
				b.WriteString("\nFlags:\n" + strings.TrimRight(flags.FlagUsages(), "\n") + "\n")
			}
			b.WriteString("```\n")
		}
	}
	all(root)
	return b.String() + "\n"
}

// escaped keeps Markdown from taking a help text for HTML.
func escaped(text string) string { return strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(text) }
