package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/project"
)

// A discovery is what the command discover is asked for.
type discovery struct {
	format    string
	since     string
	affected  bool
	images    []string
	component string
}

// released is the version of a release, and of no commit after it.
var released = lazyregexp.New(`^v(\d+\.\d+\.\d+)$`)

// component is the address of ours from within a GitLab instance: that of the release that the program is of, so that what finds the
// apps and what builds them is one version.
func component(version string) string {
	at := "1"
	if m := released.FindStringSubmatch(version); m != nil {
		at = m[1]
	}
	return "$CI_SERVER_FQDN/org/npx/npx@" + at
}

func discoverCommand(p *program) *cobra.Command {
	var d discovery
	cmd := &cobra.Command{
		Use:   "discover [DIR]",
		Short: "Print the apps of a monorepo",
		Long: `Discover finds the apps of the repository in DIR. These are the programs of npm, pnpm, Yarn, Bun, Cargo and Go workspaces,
and every other directory with a manifest whose plan can be started. It prints each with the directory to build, and with the
options of its plan. The key apps of nixpacks.toml lists them instead.

With --since it prints only the apps that the commits since then affect. An app is affected if it is new, or if its files, its
workspace members or its lockfiles changed. Changes that are not committed do not count.

The formats are text, json, github (a value of strategy.matrix) and gitlab (a child pipeline).`,
		Example: `  npx-action discover .
  npx-action discover . --since origin/main
  npx-action discover . --format github --image ghcr.io/me/shop
  npx-action discover . --format gitlab --affected > npx-apps.yml`,
		Args: atMostOneDir,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.discover(cmd.Context(), append(args, ".")[0], d)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&d.format, "format", "f", "text", "print as `text`, json, github or gitlab")
	complete(cmd, "format", "text", "json", "github", "gitlab")
	flags.StringVar(&d.since, "since", "", "print the apps that changed since the merge base with this `revision`")
	flags.BoolVar(&d.affected, "affected", false, "the same since the base of the CI job's event, elsewhere since the remote's default branch")
	flags.StringArrayVar(&d.images, "image", nil, "add the app's name to this `image`, or put it in place of {name}; repeatable (default the image of the CI job or the remote)")
	flags.StringVar(&d.component, "component", component(linked), "include this GitLab `component` for each app")
	return plans(cmd)
}

func (p *program) discover(ctx context.Context, dir string, d discovery) error {
	encode, ok := map[string]func(discover.Result) (string, error){
		"text":   func(r discover.Result) (string, error) { return project.Table(r, p.tableWidth()), nil },
		"json":   discover.Result.JSON,
		"github": discover.Result.Matrix,
		"gitlab": func(r discover.Result) (string, error) { return r.Pipeline(d.component) },
	}[d.format]
	switch {
	case !ok:
		return fault.Usage("use text, json, github or gitlab", "unknown format %q", d.format)
	case d.since != "" && d.affected:
		return fault.Usage("give one of them", "--since and --affected both say what to compare with")
	}
	repo, base, archive, err := p.discoverBase(ctx, &d, dir)
	if err != nil {
		return err
	}
	result, err := p.planning().FindApps(dir, repo, d.images)
	if err != nil {
		return err
	}
	for _, w := range result.Warnings {
		p.say("warning", w)
	}
	if base != "" {
		if result, err = project.AffectedSince(ctx, result, p.path(dir), base, archive); err != nil {
			return fault.Usage("give a revision of the repository, such as origin/main, and fetch it", "comparing with %s: %w", base, err)
		}
	}
	text, err := encode(result)
	if err != nil {
		return project.TooMany(err)
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if _, err := io.WriteString(p.Stdout, text); err != nil {
		return fmt.Errorf("writing the apps: %w", err)
	}
	return nil
}

// discoverBase returns the commit to compare with, "" for none, and names the images after the CI job or the remote.
func (p *program) discoverBase(ctx context.Context, d *discovery, dir string) (repo *git.Repository, base string, archive project.Archiver, err error) {
	if repo, err = git.Open(p.path(dir)); err != nil && !errors.Is(err, git.ErrNoRepository) {
		return nil, "", nil, fault.Usage("give a directory of a git repository", "%w", err)
	}
	base = d.since
	if j, err := p.jobWorld().Read(); err == nil {
		if own := j.OwnImage(); len(d.images) == 0 && own != "" {
			d.images = []string{own}
		}
		if d.affected {
			base, archive, err = j.Base(ctx, p.path(dir))
		}
		return repo, base, archive, err
	}
	if repo == nil {
		if base != "" || d.affected {
			return nil, "", nil, fault.Usage("give a directory of a git repository", "comparing: %w", project.ErrNoRepository)
		}
		return nil, "", nil, nil
	}
	if len(d.images) == 0 {
		d.images = imagesOf(repo.Remote())
	}
	if d.affected {
		branch := repo.DefaultBranch()
		if branch == "" {
			return nil, "", nil, fault.Usage("give a revision with --since", "comparing: the clone does not know the remote's default branch")
		}
		base = "origin/" + branch
	}
	return repo, base, nil, nil
}

// imagesOf names the image of a repository on GitHub, as its jobs do.
func imagesOf(remote string) []string {
	host, path := project.SplitRemote(remote)
	if host != "github.com" || strings.Count(path, "/") != 1 {
		return nil
	}
	return []string{"ghcr.io/" + strings.ToLower(path)}
}
