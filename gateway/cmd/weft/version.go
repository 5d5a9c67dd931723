package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker for a release: -ldflags "-X main.version=v1.2.3".
var version string

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print which weft this is",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo()
			return write(cmd, "", versionText(version, info))
		},
	}
}

// versionText says which release and which commit this is, as far as the build knows.
func versionText(release string, info *debug.BuildInfo) string {
	commit, built, changed := "", "", ""
	if info != nil {
		release = cmp.Or(release, info.Main.Version)
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				commit = s.Value[:min(12, len(s.Value))]
			case "vcs.time":
				built = s.Value
			case "vcs.modified":
				if s.Value == "true" {
					changed = " with changes"
				}
			}
		}
	}
	text := "weft " + cmp.Or(release, "(devel)")
	if commit != "" {
		text += fmt.Sprintf("\ncommit %s%s of %s", commit, changed, built)
	}
	return text + fmt.Sprintf("\n%s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
