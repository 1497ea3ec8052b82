package project

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/org/npx-action/internal/columns"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
)

// SplitRemote returns the host of a git remote and the path of its repository, "" if the remote is not on a host.
func SplitRemote(remote string) (host, path string) {
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

// FindApps finds the apps in a directory. An app in its root is called as the repository is.
func (o Options) FindApps(dir string, repo *git.Repository, images []string) (discover.Result, error) {
	tree, err := o.open(dir)
	if err != nil {
		return discover.Result{}, err
	}
	defer tree.Close()
	name := tree.Name()
	if repo != nil && repo.Prefix() == "." {
		if _, path := SplitRemote(repo.Remote()); path != "" {
			name = path[strings.LastIndexByte(path, '/')+1:]
		}
	}
	return discover.Find(tree, discover.Options{Name: name, Images: images, Starts: o.starts, After139: o.after139})
}

// starts plans the app in a tree, told the variables, and says what it was found by if it can be started.
func (o Options) starts(tree *source.Tree, env []string) (string, error) {
	arch, err := planner.NixArch(o.Platform.Name)
	if err != nil {
		return "", err
	}
	versions, err := o.catalogue()
	if err != nil {
		return "", err
	}
	result, err := planner.Make(planner.Input{Tree: tree, Env: config.Declared(env), Arch: arch, Edition: o.Edition, Catalogue: versions, Strict: bool(o.StrictVersions)})
	if err != nil || result.Subdirectory != "" || result.Plan.Start == nil || result.Plan.Start.Cmd == nil || len(result.Plan.Phases) == 0 {
		return "", err
	}
	if len(result.Detected) == 0 {
		return "its configuration says how it starts", nil
	}
	return result.Detected[0].Provider + " because of " + result.Detected[0].Reason, nil
}

// after139 reports whether the plan of a tree is of an edition after 1.39. Planning names the faults of its configuration.
func (o Options) after139(tree *source.Tree, name string) bool {
	in := planner.Input{Tree: tree, Edition: o.Edition}
	if name != "" {
		text, err := tree.Bytes(name)
		if err != nil {
			return true
		}
		in.Config = &config.Explicit{Name: name, Data: text}
	}
	edition, err := planner.Edition(in)
	return err != nil || edition != rules.Nixpacks
}

// AffectedSince leaves the apps that changed since the merge base with a revision. A commit that a shallow clone lacks comes from the
// forge, if there is one.
func AffectedSince(ctx context.Context, result discover.Result, dir, rev string, forge Archiver) (discover.Result, error) {
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

// Table is the apps of a repository as a table for people, in lines of at most width characters where words allow. A width of 0
// sets no bound.
func Table(r discover.Result, width int) string {
	if len(r.Apps) == 0 {
		return ""
	}
	rows := [][]string{{"NAME", "DIRECTORY", "FOUND BY"}}
	for _, a := range r.Apps {
		found := cell(a.Found)
		if a.Context != a.Directory {
			found += "; built in " + cell(a.Context)
		}
		if a.Cause != "" {
			found += "; changed: " + cell(a.Cause)
		}
		rows = append(rows, []string{a.Name, cell(a.Directory), found})
	}
	return columns.Table(rows, width)
}

// cell keeps a text of the repository on its line and in its column.
func cell(text string) string {
	return fault.Harmless(strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' {
			return '?'
		}
		return r
	}, filepath.ToSlash(text)))
}

// TooMany says what to do about more apps than a CI system takes.
func TooMany(err error) error {
	return fault.New(fault.App, err, "build only the apps that changed, or list the apps to build under apps in nixpacks.toml")
}
