// Package project plans the apps of a repository by a user's options: it opens them, finds them beside each other, compares them with the apps of
// another commit, and describes what it found.
package project

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/source"
)

// Options say what to plan, of flags or of a job.
type Options struct {
	option.Plan
	Platform Platform
	Inherit  bool // a person has typed Env, so that a name alone takes its value from the environment

	Dir    string                           // that relative paths are relative to
	Lookup func(name string) (string, bool) // reads a variable of the environment
}

// Verbose reports whether the variable of Nixpacks asks for more to be told (nixpacks-1.39.md 1.5).
func (o Options) Verbose() bool { return slices.Contains(o.Env, "NIXPACKS_VERBOSE=1") }

// path resolves one that the user typed.
func (o Options) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(o.Dir, name)
}

// Input opens the app in a directory, and adds the options. The warnings are about the options.
func (o Options) Input(dir string) (in planner.Input, warnings []string, err error) {
	if in.Arch, err = planner.NixArch(o.Platform.Name); err != nil {
		return in, nil, err
	}
	if err := checkDeclared(o.Env); err != nil {
		return in, nil, err
	}
	if in.Tree, err = o.open(dir); err != nil {
		return in, nil, err
	}
	if in.Config, err = o.configFile(dir, in.Tree); err != nil {
		return in, nil, err
	}
	in.Env, warnings = o.declared()
	in.JSONPlan = o.JSONPlan
	in.Flags = config.Flags{
		InstallCmd:  o.InstallCmd.Text(),
		BuildCmd:    o.BuildCmd.Text(),
		StartCmd:    o.StartCmd.Text(),
		Healthcheck: o.Healthcheck.Text(),
		Pkgs:        o.Pkgs,
		Apt:         o.Apt,
		Libs:        o.Libs,
		Runtime:     o.Runtime,
	}
	in.Edition = o.Edition
	in.Strict = bool(o.StrictVersions)
	in.Catalogue, err = o.catalogue()
	return in, warnings, err
}

// catalogue opens the catalogue of versions that the options ask for; nil if they ask for none.
func (o Options) catalogue() (*catalogue.Catalogue, error) {
	opt := catalogue.Options{Date: catalogue.Day(o.CatalogueDate)}
	if o.Catalogue != "" {
		top := ""
		if !o.Inherit {
			top = o.Dir
		}
		const hint = "the catalogue's page in the documentation shows what it may hold"
		text, err := checkout.ReadFile(top, o.path(o.Catalogue), catalogue.MaxFile)
		if err != nil {
			return nil, fault.Usage(hint, "reading catalogue %s: %w", o.Catalogue, err)
		}
		file, err := catalogue.ParseFile(o.Catalogue, text)
		if err != nil {
			return nil, fault.New(fault.Misuse, err, hint)
		}
		opt.Files = []*catalogue.File{file}
	}
	if opt.Date == "" && opt.Files == nil {
		return nil, nil
	}
	c, err := catalogue.Open(opt)
	if err != nil {
		return nil, fault.New(fault.Misuse, err, "")
	}
	return c, nil
}

// checkDeclared refuses arguments of --env that begin with no name. Those are not repeated: they may be a value in the wrong place.
func checkDeclared(args []string) error {
	for i, arg := range args {
		if arg == "" || !strings.ContainsRune("_-", rune(arg[0])) && !isAlphanumeric(arg[0]) {
			return fault.Usage("give NAME=VALUE", "reading --env: argument %d begins with no name", i+1)
		}
	}
	return nil
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// declared are the variables of the options. Options of a job are taken as they stand.
func (o Options) declared() (plan.Vars, []string) {
	if !o.Inherit {
		return config.Declared(o.Env), nil
	}
	return config.ParseEnv(o.Env, o.Lookup)
}

func (o Options) open(dir string) (*source.Tree, error) {
	const hint = "give the directory that holds the app"
	info, err := os.Stat(o.path(dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.Usage(hint, "no such directory: %s", dir)
	case err != nil:
		return nil, fault.Usage(hint, "opening %s: %w", dir, fault.WithoutPath(err))
	case !info.IsDir():
		return nil, fault.Usage(hint, "not a directory: %s", dir)
	}
	tree, err := source.Open(o.path(dir), source.Limits{})
	if err != nil {
		return nil, fault.Usage(hint, "opening %s: %w", dir, err)
	}
	return tree, nil
}

// configFile reads the file of --config. One in the app is read as all its files are, so that no link in a
// repository leads out. One elsewhere may lie anywhere, as it is not the repository that names it; links are
// followed on an absolute path only, as the others may cross another part of the repository.
func (o Options) configFile(dir string, tree *source.Tree) (*config.Explicit, error) {
	name := o.Config
	if name == "" {
		return nil, nil
	}
	const hint = "--config is relative to the app's directory"
	place := name
	if filepath.IsLocal(name) {
		place = filepath.ToSlash(name)
	} else {
		if !filepath.IsAbs(name) {
			place = filepath.Join(o.path(dir), name)
		} else if real, err := filepath.EvalSymlinks(name); err == nil {
			place = real
		}
		var err error
		if tree, err = source.Open(filepath.Dir(place), source.Limits{}); err != nil {
			return nil, fault.Usage(hint, "reading config file %s: %w", name, withoutPlace(err))
		}
		defer tree.Close()
		place = filepath.Base(place)
	}
	data, err := tree.Bytes(place)
	if err != nil {
		return nil, fault.Usage(hint, "reading config file %s: %w", name, withoutPlace(err))
	}
	return &config.Explicit{Name: filepath.ToSlash(name), Data: data}, nil
}

// withoutPlace drops what the caller says already.
func withoutPlace(err error) error {
	if e, ok := errors.AsType[*source.Error](err); ok {
		return e.Err
	}
	return err
}
