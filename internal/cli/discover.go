package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/source"
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
var released = regexp.MustCompile(`^v(\d+\.\d+\.\d+)$`)

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
		Long: `Discover finds the apps of the repository in DIR: the members of npm, pnpm, Yarn, Bun, Cargo and Go workspaces that are
programs, and every other directory with a manifest whose plan can be started. It prints each with the directory to build, and what the
plan has to be told to be that of this app. The key apps of nixpacks.toml lists them instead.

With --since it prints the apps only that the commits since then affect: those whose files changed, whose workspace members or
lockfiles did, or that are new. What is not committed does not count.

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
	flags.StringArrayVar(&d.images, "image", nil, "add the app's name to this `image`, or put it in place of {name}; repeatable (default that of the CI job or the remote)")
	flags.StringVar(&d.component, "component", component(linked), "include this GitLab `component` for each app")
	return cmd
}

func (p *program) discover(ctx context.Context, dir string, d discovery) error {
	encode, ok := map[string]func(discover.Result) (string, error){
		"text":   textOfApps,
		"json":   discover.Result.JSON,
		"github": discover.Result.Matrix,
		"gitlab": func(r discover.Result) (string, error) { return r.Pipeline(d.component) },
	}[d.format]
	switch {
	case !ok:
		return usage("use text, json, github or gitlab", "unknown format %q", d.format)
	case d.since != "" && d.affected:
		return usage("give one of them", "--since and --affected both say what to compare with")
	}
	repo, base, archive, err := p.discoverBase(&d, dir)
	if err != nil {
		return err
	}
	result, err := p.findApps(dir, repo, d.images)
	if err != nil {
		return err
	}
	for _, w := range result.Warnings {
		p.say("warning", w)
	}
	if base != "" {
		if result, err = affectedSince(ctx, result, p.path(dir), base, archive); err != nil {
			return usage("give a revision of the repository, such as origin/main, and fetch it", "comparing with %s: %w", base, err)
		}
	}
	text, err := encode(result)
	if err != nil {
		return tooMany(err)
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if _, err := io.WriteString(p.Stdout, text); err != nil {
		return fmt.Errorf("writing the apps: %w", err)
	}
	return nil
}

// tooMany says what to do about more apps than a CI system takes.
func tooMany(err error) error {
	return &failure{statusApp, err, "build only those that changed, or list those to build under apps in nixpacks.toml"}
}

// discoverBase returns the commit to compare with, "" for none, and names the images after the CI job or the remote.
func (p *program) discoverBase(d *discovery, dir string) (repo *git.Repository, base string, archive archiver, err error) {
	if repo, err = git.Open(p.path(dir)); err != nil && !errors.Is(err, git.ErrNoRepository) {
		return nil, "", nil, usage("give a directory of a git repository", "%w", err)
	}
	base = d.since
	if job, err := p.job(); err == nil {
		if len(d.images) == 0 && job.Image != "" {
			d.images = []string{job.Image}
		}
		if d.affected {
			base = cmp.Or(job.Inputs.BaseRef, job.Event.Base)
			_, archive = openForge(job)
		}
		return repo, base, archive, nil
	}
	if repo == nil {
		if base != "" || d.affected {
			return nil, "", nil, usage("give a directory of a git repository", "comparing: %w", errNoRepository)
		}
		return nil, "", nil, nil
	}
	if len(d.images) == 0 {
		d.images = imagesOf(repo.Remote())
	}
	if d.affected {
		branch := repo.DefaultBranch()
		if branch == "" {
			return nil, "", nil, usage("give a revision with --since", "comparing: the clone does not know the remote's default branch")
		}
		base = "origin/" + branch
	}
	return repo, base, nil, nil
}

// imagesOf names the image of a repository on GitHub, as its jobs do.
func imagesOf(remote string) []string {
	host, path := splitRemote(remote)
	if host != "github.com" || strings.Count(path, "/") != 1 {
		return nil
	}
	return []string{"ghcr.io/" + strings.ToLower(path)}
}

// splitRemote returns the host of a git remote and the path of its repository, "" if the remote is not on a host.
func splitRemote(remote string) (host, path string) {
	_, rest, ok := strings.Cut(remote, "://")
	if ok {
		host, path, ok = strings.Cut(rest, "/")
	} else {
		host, path, ok = strings.Cut(remote, ":")
	}
	if !ok {
		return "", ""
	}
	host = host[strings.LastIndexByte(host, '@')+1:]
	host, _, _ = strings.Cut(host, ":")
	return host, strings.TrimSuffix(strings.Trim(path, "/"), ".git")
}

// findApps finds the apps in a directory. An app in its root is called as the repository is.
func (p *program) findApps(dir string, repo *git.Repository, images []string) (discover.Result, error) {
	tree, err := p.open(dir)
	if err != nil {
		return discover.Result{}, err
	}
	defer tree.Close()
	name := tree.Name()
	if repo != nil && repo.Prefix() == "." {
		if _, path := splitRemote(repo.Remote()); path != "" {
			name = path[strings.LastIndexByte(path, '/')+1:]
		}
	}
	return discover.Find(tree, discover.Options{Name: name, Images: images, Starts: p.starts})
}

// starts plans the app in a tree, and says what it was found by if it can be started.
func (p *program) starts(tree *source.Tree) (string, error) {
	arch, err := nixArch(p.options.platform.name)
	if err != nil {
		return "", err
	}
	result, err := planner.Make(planner.Input{Tree: tree, Arch: arch, Edition: p.options.edition})
	if err != nil || result.Subdirectory != "" || result.Plan.Start == nil || result.Plan.Start.Cmd == nil || len(result.Plan.Phases) == 0 {
		return "", err
	}
	if len(result.Detected) == 0 {
		return "its configuration says how it starts", nil
	}
	return result.Detected[0].Provider + " because of " + result.Detected[0].Reason, nil
}

// affectedSince leaves the apps that changed since the merge base with a revision. A commit that a shallow clone lacks comes from the
// forge, if there is one.
func affectedSince(ctx context.Context, result discover.Result, dir, rev string, forge archiver) (discover.Result, error) {
	repo, err := git.Open(dir)
	if err != nil {
		return result, err
	}
	base, err := repo.MergeBase(rev, "HEAD")
	if errors.Is(err, git.ErrMissing) && forge != nil {
		base, err = rev, nil
	}
	if err != nil {
		return result, err
	}
	before, err := filesAt(ctx, dir, base, forge)
	if errors.Is(err, fs.ErrNotExist) {
		return result, nil // the directory is new, and all apps in it
	}
	if err != nil {
		return result, err
	}
	after, err := repo.Tree("HEAD", repo.Prefix())
	if err != nil {
		return result, err
	}
	changed, err := git.Changed(before, after)
	if err != nil {
		return result, err
	}
	return result.Affected(changed), nil
}

// textOfApps is a table for people.
func textOfApps(r discover.Result) (string, error) {
	if len(r.Apps) == 0 {
		return "", nil
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tDIRECTORY\tCONTEXT\tFOUND BY\tCHANGED")
	for _, a := range r.Apps {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", a.Name, cell(a.Directory), cell(a.Context), cell(a.Found), cell(cmp.Or(a.Cause, "-")))
	}
	err := w.Flush()
	return b.String(), err
}

// cell keeps a text of the repository on its line and in its column.
func cell(text string) string {
	return harmless(strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' {
			return '?'
		}
		return r
	}, filepath.ToSlash(text)))
}
