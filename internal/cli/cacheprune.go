package cli

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/prune"
)

// pruneFlags are the options of the command cache prune.
type pruneFlags struct {
	build.Settings
	prune.Keep
	yes bool
}

func cacheCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Look after caches in registries",
		Args:  knownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(pruneCommand(p))
	return cmd
}

func pruneCommand(p *program) *cobra.Command {
	var f pruneFlags
	cmd := &cobra.Command{
		Use:   "prune REPOSITORY[:PREFIX]",
		Short: "Delete old caches from a registry",
		Long: `Prune lists the tags of builds that nobody needs any more in a repository, and deletes them with --yes. These are caches,
package caches with the last cache that names them, and tags of images that could be promoted. Only tags with the prefix of
such builds are touched. A manifest that another tag points to stays, and so does one that any rule keeps. Age counts from the
push. Of an image only the tag goes, as the image may run somewhere under its digest. A registry that deletes no tags loses the
old image too.

A registry frees the space when it collects its garbage.`,
		Example: `  npx-action cache prune ghcr.io/me/app/cache
  npx-action cache prune ghcr.io/me/app/cache --keep-days 7 --yes
  npx-action cache prune ghcr.io/me/app/cache --keep-branches main --yes`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fault.Usage("see "+cmd.CommandPath()+" --help", "expected one repository, got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("keep-branches") {
				f.Branches = nil
			}
			return p.prune(cmd.Context(), args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.yes, "yes", false, "delete, and do not only list")
	flags.IntVar(&f.Last, "keep-last", 10, "keep the newest `number` of caches, and of images, for each platform")
	flags.IntVar(&f.Days, "keep-days", 30, "keep tags that are younger than this `number` of days")
	flags.StringSliceVar(&f.Branches, "keep-branches", nil, "keep the newest cache of each of these `branches` or patterns only (default of all); repeatable")
	bind(cmd, flags, &f.Build, nil)
	flags.StringVar(&f.CACertificates, "ca-certificates", "", "PEM `file` of certificates to trust")
	return cmd
}

// prune lists what goes, and deletes it if that is wished.
func (p *program) prune(ctx context.Context, where string, f pruneFlags) error {
	env := p.environment()
	client, err := env.Registry(f.Settings, agent())
	if err != nil {
		return err
	}
	found, err := prune.Find(ctx, client, where, f.Keep, env.Date())
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "CREATED\tBYTES\tTAGS")
	for _, r := range found.Rows {
		created := "-"
		if !r.Created.IsZero() {
			created = r.Created.UTC().Format(time.DateOnly)
		}
		fmt.Fprintf(table, "%s\t%d\t%s\n", created, r.Bytes, fault.Shown(strings.Join(r.Tags, " ")))
	}
	fmt.Fprintf(table, "total\t%d\t%d of %d\n", found.Bytes, len(found.Rows), found.Of)
	if err := table.Flush(); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	if !f.yes {
		return nil
	}
	if err := found.Delete(ctx); err != nil {
		return err
	}
	p.say("deleted", fmt.Sprintf("%d of %d manifests, or their tags", len(found.Rows), found.Of))
	return nil
}
