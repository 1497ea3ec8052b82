package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/rules"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version and the newest edition",
		Example: "  npx-action version",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "npx-action %s\n", version()); err != nil {
				return fmt.Errorf("writing the version: %w", err)
			}
			return nil
		},
	}
}

// linked is the version that the linker was told: -X github.com/org/npx-action/internal/cli.linked=v1.2.3.
var linked string

// version is the linked one, else that of the module as the build recorded it, and the newest edition.
func version() string {
	module := "devel"
	if linked != "" {
		module = linked
	} else if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		module = info.Main.Version
	}
	return fmt.Sprintf("%s (edition %s)", module, rules.Newest)
}
