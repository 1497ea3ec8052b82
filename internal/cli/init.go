package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/workflow"
)

// An initialisation is what the command init is asked for.
type initialisation struct {
	forge, branch string
	write, force  bool
}

func initCommand(p *program) *cobra.Command {
	var in initialisation
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Print the workflow or pipeline for a repository",
		Long: `Init prints the file that builds the app of the repository in DIR in CI, and each of its apps if there are several. It is a
workflow for GitHub, or the part of .gitlab-ci.yml for GitLab, as the remote origin says. It says what each permission is for.

An option of the plan, such as --edition or --apt, becomes an input of the job. Secrets that phases ask for are handed on by name.

It changes nothing, unless --write is given: then it writes the file, and replaces none that is there without --force.`,
		Example: `  npx-action init
  npx-action init --write
  npx-action init . --forge gitlab > .gitlab-ci.yml`,
		Args: atMostOneDir,
		RunE: func(_ *cobra.Command, args []string) error { return p.init(append(args, ".")[0], in) },
	}
	flags := cmd.Flags()
	flags.StringVar(&in.forge, "forge", "", "write for `github` or gitlab (default the forge of the remote origin)")
	complete(cmd, "forge", workflow.GitHub, workflow.GitLab)
	flags.StringVar(&in.branch, "branch", "", "push images from this `branch` (default the one that the remote checks out, else main)")
	flags.BoolVar(&in.write, "write", false, "write the file into the repository")
	flags.BoolVar(&in.force, "force", false, "replace the file that is there")
	return plans(cmd)
}

func (p *program) init(dir string, in initialisation) error {
	repo, err := git.Open(p.path(dir))
	switch {
	case errors.Is(err, git.ErrNoRepository) || errors.Is(err, fs.ErrNotExist):
		repo = nil // what is wrong with the directory is said when it is read
	case err != nil:
		return fault.Usage("give the root of a git repository", "%w", err)
	case repo.Prefix() != ".":
		return fault.Usage("give that directory", "writing a workflow: forges look for it in the root of the repository, which is above %s", dir)
	}
	if err := p.chooseForge(&in, dir, repo); err != nil {
		return err
	}
	found, err := p.planning().FindApps(dir, repo, nil)
	if err != nil {
		return err
	}
	for _, w := range found.Warnings {
		p.say("warning", w)
	}
	if len(found.Apps) == 0 {
		return fault.New(fault.Nothing, errors.New("finding the apps: there is none"), project.NothingHint)
	}
	settings, err := p.settle(dir, in.branch, in.forge, found.Apps)
	if err != nil {
		return err
	}
	text, err := workflow.Text(in.forge, settings)
	if err != nil {
		return fault.Usage("rename it, or write the file by hand", "%w", err)
	}
	if in.write {
		return p.writeWorkflow(dir, workflow.Path(in.forge), text, in.force)
	}
	if _, err := io.WriteString(p.Stdout, text); err != nil {
		return fmt.Errorf("writing the workflow: %w", err)
	}
	return nil
}

// chooseForge sets the forge and the branch that are not given.
func (p *program) chooseForge(in *initialisation, dir string, repo *git.Repository) error {
	if repo != nil {
		in.branch = cmp.Or(in.branch, repo.DefaultBranch())
		host, _ := project.SplitRemote(repo.Remote())
		for _, forge := range []string{workflow.GitHub, workflow.GitLab} {
			if strings.Contains(host, forge) {
				in.forge = cmp.Or(in.forge, forge)
			}
		}
	}
	in.branch = cmp.Or(in.branch, "main")
	for _, hint := range []struct{ file, forge string }{{".gitlab-ci.yml", workflow.GitLab}, {".github", workflow.GitHub}} {
		if _, err := os.Lstat(p.path(path.Join(dir, hint.file))); err == nil {
			in.forge = cmp.Or(in.forge, hint.forge)
		}
	}
	switch in.forge {
	case workflow.GitHub, workflow.GitLab:
		return nil
	case "":
		return fault.Usage("give --forge github or --forge gitlab", "writing a workflow: nothing says on which forge the repository is")
	}
	return fault.Usage("use github or gitlab", "unknown forge %q", in.forge)
}

// writeWorkflow writes a file of the repository. No link in it leads elsewhere, and what is there stays without force.
func (p *program) writeWorkflow(dir, name, text string, force bool) error {
	root, err := os.OpenRoot(p.path(dir))
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, fault.WithoutPath(err))
	}
	defer root.Close()
	if info, err := root.Lstat(name); err == nil {
		old, err := root.ReadFile(name)
		switch {
		case err == nil && info.Mode().IsRegular() && string(old) == text:
			p.say("note", name+" is as it should be")
			return nil
		case !force:
			return fault.Usage("add to it what init prints without --write, or replace it with --force", "writing %s: it is there already", name)
		}
		if err := root.Remove(name); err != nil {
			return fault.Usage("make it a file", "writing %s: %w", name, fault.WithoutPath(err))
		}
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return fault.Usage("make it a directory of the repository", "writing %s: %w", name, fault.WithoutPath(err))
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fault.Usage("make its directory one of the repository", "writing %s: %w", name, fault.WithoutPath(err))
	}
	_, err = io.WriteString(f, text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	p.say("note", "wrote "+name)
	return nil
}
