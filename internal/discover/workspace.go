package discover

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A workspace is a directory whose members share a lockfile and may use each other.
type workspace struct {
	root    string
	members []*member
	byDir   map[string]*member
}

// A member is a package of a workspace.
type member struct {
	dir   string
	name  string
	found string   // why it is an app, "" if it is none
	uses  []string // directories of members, and others in the repository

	starts, builds bool // it has a script of that name, which is no development server
	served         bool // the plan says how what the build makes is started
}

func (f *finder) newWorkspace(root string) *workspace {
	f.roots = append(f.roots, root)
	return &workspace{root: root, byDir: map[string]*member{}}
}

func (w *workspace) add(m *member) {
	w.members = append(w.members, m)
	w.byDir[m.dir] = m
}

// closure is the directories that a member is made of, each after the directories that it uses, its own last. A circle is entered
// once.
func (w *workspace) closure(dir string) []string {
	var order []string
	seen := map[string]bool{}
	var visit func(string)
	visit = func(dir string) {
		if seen[dir] {
			return
		}
		seen[dir] = true
		if m := w.byDir[dir]; m != nil {
			for _, d := range m.uses {
				visit(d)
			}
		}
		order = append(order, dir)
	}
	visit(dir)
	return order
}

// owner is the member that a file of the repository lies in, nil if it is in none but the root.
func (w *workspace) owner(name string) *member {
	for dir := path.Dir(name); dir != "." && dir != w.root; dir = path.Dir(dir) {
		if m := w.byDir[dir]; m != nil {
			return m
		}
	}
	return nil
}

// A pattern is a glob of a workspace, with where it is written.
type pattern struct{ file, text string }

// expand returns the directories with a file of that name that the patterns select, as package managers do: * stops at a
// slash, and a pattern with ! in front takes away.
func (f *finder) expand(root, base string, patterns []pattern) ([]string, error) {
	if len(patterns) > maxGlobs {
		return nil, f.mistake(patterns[0].file, patterns[0].text, "join some with *", "the workspace has more than %d globs", maxGlobs)
	}
	var dirs []string
	candidates := f.with(base)
	for _, p := range patterns {
		text, not := strings.CutPrefix(p.text, "!")
		glob, err := inside(root, text)
		if err != nil {
			return nil, f.mistake(p.file, p.text, "name directories of the repository", "the workspace %.80q %w", p.text, err)
		}
		matches := func(dir string) bool { return doublestar.MatchUnvalidated(glob, dir) && (dir != root || glob == root) }
		if not {
			dirs = slices.DeleteFunc(dirs, matches)
			continue
		}
		for _, dir := range candidates {
			if matches(dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	if len(dirs) > maxMembers {
		return nil, f.mistake(patterns[0].file, patterns[0].text, "split it", "the workspace has more than %d packages", maxMembers)
	}
	return dirs, nil
}

// inside returns a pattern of a directory as one of the root, and refuses patterns that match elsewhere or take long.
func inside(root, text string) (string, error) {
	switch {
	case len(text) > maxGlobText:
		return "", fmt.Errorf("is longer than %d bytes", maxGlobText)
	case strings.Count(text, "{") > 3:
		return "", fmt.Errorf("has more than 3 pairs of braces")
	case path.IsAbs(text):
		return "", errLeaves
	}
	glob := path.Join(root, text)
	if glob == ".." || strings.HasPrefix(glob, "../") {
		return "", errLeaves
	}
	if !doublestar.ValidatePattern(glob) {
		return "", fmt.Errorf("is no pattern")
	}
	return glob, nil
}
