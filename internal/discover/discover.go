// Package discover finds the apps of a repository: the members of workspaces that are programs, directories that have a
// manifest and can be started, and what the configuration file lists under apps.
//
// What it says is a function of the files alone, and sorted. The files are listed once; manifests are read with the
// limits of [source.Tree].
package discover

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/source"
)

// Bounds of a repository, which may be anybody's.
const (
	maxApps     = 1000
	maxTried    = 1000 // directories outside of workspaces that are planned
	maxMembers  = 10_000
	maxGlobs    = 100 // of one workspace
	maxGlobText = 256 // bytes
)

// An App is a directory of a repository that becomes an image.
type App struct {
	Name      string // unique in the repository, lower case: [a-z0-9-]
	Directory string // slash-separated and relative to the root, which is "."
	Context   string // the directory to plan and build: the app's own, or its workspace's
	Found     string // why it is an app, in words
	Images    []string

	// The options that make the plan of Context the plan of this app.
	Config   string // configuration file, relative to Context
	Env      []string
	Pkgs     []string
	BuildCmd string
	StartCmd string

	CacheKey string // the name and a digest of the manifests and lockfiles that its dependencies are installed from
	Cause    string // the first of the changed files that affect it, "" if there is none, or nobody asked

	uses    []string   // directories whose files it is made of
	shared  *workspace // whose other files it is made of too, or nil
	watched []string   // globs of more files
	broken  error      // why it cannot be planned, or nil
}

// Options are what discovery cannot know from the files.
type Options struct {
	Name   string   // of an app in the root
	Images []string // names of images, to each of which an app's name is added, or put in place of {name}

	// Starts plans the app in a tree, told the variables (NAME=VALUE), and says why it can be started; "" if it cannot.
	Starts func(tree *source.Tree, env []string) (string, error)

	// After139 reports whether the plan of a tree is of an edition after 1.39. Config is the configuration file that the plan is
	// told of, relative to the tree, "" for the tree's own. nil stands for true.
	After139 func(tree *source.Tree, config string) bool
}

// A Result is what was found.
type Result struct {
	Apps     []App // by directory
	Warnings []string

	dirs []string // of the apps and of workspaces, none the root
}

// Find finds the apps of a repository. Errors in its files are [*source.Error]. An app that cannot be planned is one of the apps all the
// same, with a warning, unless there are no others: whoever changes one app needs the others built, and the build of this one to fail.
func Find(tree *source.Tree, o Options) (Result, error) {
	config, err := readConfig(tree)
	if err != nil {
		return Result{}, err
	}
	ix, err := newIndex(tree)
	if err != nil {
		return Result{}, err
	}
	f := &finder{index: ix, options: o, config: config, claimed: map[claim]bool{}}
	for _, find := range []func() error{f.nodeWorkspaces, f.cargoWorkspaces, f.goWorkspaces, f.nxProjects, f.memberWorkspaces, f.standalone, f.configured} {
		if err := find(); err != nil {
			return Result{}, err
		}
	}
	if len(f.apps) > maxApps {
		return Result{}, &source.Error{Op: "finding the apps", Err: fmt.Errorf("there are more than %d", maxApps), Hint: "list those to build under apps in nixpacks.toml"}
	}
	slices.SortFunc(f.apps, func(a, b App) int { return strings.Compare(a.Directory+"\x00"+a.Name, b.Directory+"\x00"+b.Name) })
	f.name()
	if err := f.warnBroken(); err != nil {
		return Result{}, err
	}
	f.warnNone()
	f.warnOutside()
	for i := range f.apps {
		if err := f.carry(&f.apps[i]); err != nil {
			return Result{}, err
		}
		if err := f.key(&f.apps[i]); err != nil {
			return Result{}, err
		}
	}
	for _, dir := range tree.Unread() {
		f.warnings = append(f.warnings, dir+": this directory may not be read, so no app is found in it")
	}
	r := Result{Apps: f.apps, Warnings: f.warnings}
	for _, a := range r.Apps {
		r.dirs = append(r.dirs, a.Directory)
	}
	r.dirs = append(r.dirs, f.roots...)
	r.dirs = slices.DeleteFunc(r.dirs, func(dir string) bool { return dir == "." })
	return r, nil
}

// A finder collects apps.
type finder struct {
	*index
	options  Options
	config   configuration
	apps     []App
	warnings []string

	roots   []string // of workspaces
	claimed map[claim]bool
}

// A claim says that a directory's manifest of a kind belongs to a workspace.
type claim struct{ dir, kind string }

// warnOutside warns of what an app is made of and its context does not hold.
func (f *finder) warnOutside() {
	for _, a := range f.apps {
		for _, dir := range a.uses {
			if !isBelow(dir, a.Context) {
				f.warnings = append(f.warnings, fmt.Sprintf("%s depends on %s, which is outside of %s: make it a member of the workspace, or set the app's context",
					a.Directory, dir, a.Context))
			}
		}
	}
}

// warnBroken warns of each app that cannot be planned. It is the first one's error if none can.
func (f *finder) warnBroken() error {
	var first error
	planned := len(f.apps) == 0
	for _, a := range f.apps {
		if a.broken == nil {
			planned = true
			continue
		}
		first = cmp.Or(first, a.broken)
		why := strings.TrimPrefix(a.broken.Error(), "planning "+a.Directory+": ")
		f.warnings = append(f.warnings, fmt.Sprintf("%s cannot be planned, and its build says so: %s", a.Directory, why))
	}
	if planned {
		return nil
	}
	return first
}

// warnNone says why there are no apps where the configuration does not say that there are none.
func (f *finder) warnNone() {
	if len(f.apps) > 0 || f.config.globs != nil || f.config.apps != nil {
		return
	}
	var tried, aside string // the first directory of each kind
	passed := map[string]bool{}
	for _, dir := range f.dirs {
		switch {
		case f.candidate(dir) == "":
		case f.wanted(dir):
			tried = cmp.Or(tried, dir)
		default:
			aside = cmp.Or(aside, dir)
			for part := range strings.SplitSeq(dir, "/") {
				passed[part] = passed[part] || set(part, asides)
			}
		}
	}
	if tried != "" {
		f.warnings = append(f.warnings, "no app is found, as no plan of a directory starts anything: npx-action plan says of each directory why, such as of "+tried)
	}
	if aside != "" {
		maps.DeleteFunc(passed, func(_ string, is bool) bool { return !is })
		f.warnings = append(f.warnings, fmt.Sprintf("no app is found, as directories called %s are passed over: list those to build under apps in nixpacks.toml, such as apps = [%q]",
			strings.Join(sortedKeys(passed), " and "), aside))
	}
	if tried == "" && aside == "" {
		f.warnings = append(f.warnings, "no app is found, as no directory has a manifest")
	}
}

func (f *finder) has(dir string) bool {
	return slices.ContainsFunc(f.apps, func(a App) bool { return a.Directory == dir })
}

// wanted reports whether a directory is one for apps. What the configuration lists decides, and without a list the name.
func (f *finder) wanted(dir string) bool {
	if f.config.globs != nil {
		return f.config.selects(dir)
	}
	return f.config.apps != nil || !set(dir, asides)
}

// asides are directories whose manifests are there to be read by tests and people: they are often incomplete, or broken on
// purpose, and an image of each would surprise. The configuration can list them.
var asides = []string{
	"__fixtures__", "__mocks__", "__tests__", "bench", "benchmark", "benchmarks", "example", "examples", "fixture", "fixtures",
	"sample", "samples", "spec", "specs", "template", "templates", "test", "testdata", "tests",
}

// foreign are directories of what others wrote.
var foreign = []string{"bower_components", "node_modules", "third_party", "vendor"}

// set reports whether a directory or one above it has one of the names.
func set(dir string, names []string) bool {
	for part := range strings.SplitSeq(dir, "/") {
		if slices.Contains(names, strings.ToLower(part)) {
			return true
		}
	}
	return false
}

// hidden reports whether a directory or one above it begins with a dot.
func hidden(dir string) bool {
	return dir != "." && (strings.HasPrefix(dir, ".") || strings.Contains(dir, "/."))
}

// isBelow reports whether name is dir or lies in it.
func isBelow(name, dir string) bool {
	return dir == "." || name == dir || strings.HasPrefix(name, dir+"/")
}

// An index holds which files lie in each directory that may hold an app, as one walk found them.
type index struct {
	tree  *source.Tree
	files map[string][]string // base names, by directory
	dirs  []string            // that have files, in byte order
}

func newIndex(tree *source.Tree) (*index, error) {
	names, err := tree.Files("*")
	if err != nil {
		return nil, err
	}
	ix := &index{tree: tree, files: map[string][]string{}}
	for _, name := range names {
		dir := path.Dir(name)
		ix.files[dir] = append(ix.files[dir], path.Base(name))
	}
	for dir := range ix.files {
		if !hidden(dir) && !set(dir, foreign) {
			ix.dirs = append(ix.dirs, dir)
		}
	}
	slices.Sort(ix.dirs)
	return ix, nil
}

func (ix *index) hasFile(dir, base string) bool { return slices.Contains(ix.files[dir], base) }

// with returns the directories that have a file of that name.
func (ix *index) with(base string) []string {
	var dirs []string
	for _, dir := range ix.dirs {
		if ix.hasFile(dir, base) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// alone reports whether a manifest cannot be decoded and no other of its kind lies below: it breaks one app, and no workspace.
func (ix *index) alone(dir, base string, decode func(name string, v any) error) bool {
	if decode(path.Join(dir, base), &map[string]any{}) == nil {
		return false
	}
	return !slices.ContainsFunc(ix.with(base), func(other string) bool { return other != dir && isBelow(other, dir) })
}

// mistake is an error about the line of a file that has the text.
func (ix *index) mistake(file, text, hint, format string, args ...any) error {
	return &source.Error{Op: "reading", Name: file, Line: ix.tree.Line(file, text), Err: fmt.Errorf(format, args...), Hint: hint}
}

var errLeaves = errors.New("leads out of the repository")
