package versions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/source"
)

// The files of mise. A lock has the versions that a configuration has led to, so it goes before all of them.
var (
	miseLocks = []string{"mise.lock", ".mise.lock"}
	miseFiles = []string{"mise.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml", ".config/mise/config.toml"}
)

// Managed reports whether a tool manager asks, which installs what it asks for whatever the app's language is.
func (a Ask) Managed() bool {
	return a.File == toolVersionsFile || a.File == devboxFile || has(miseLocks, a.File) || has(miseFiles, a.File)
}

// HasManager reports whether the app has a file of a tool manager.
func HasManager(tree *source.Tree) bool {
	return slices.ContainsFunc(slices.Concat(miseLocks, miseFiles, []string{toolVersionsFile, devboxFile}), tree.HasFile)
}

func has(names []string, name string) bool { return slices.Contains(names, name) }

// decodeSmall is decode for a file that only asks for versions.
func decodeSmall(tree *source.Tree, file string, decode func(string, any) error) (document map[string]any, err error) {
	if _, err := small(tree, file); err != nil {
		return nil, err
	}
	return document, decode(file, &document)
}

// mise reads [tools] of a configuration of mise: a version, a list of which the first is meant, or a table with one.
func mise(names []string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		document, err := decodeSmall(tree, file, tree.TOML)
		if err != nil {
			return value{}, err
		}
		for _, name := range names {
			for _, key := range []string{name, "core:" + name} {
				if asked := miseVersion(at(document, "tools", key)); asked != "" {
					return value{key: "tools." + key, text: asked, line: keyLine(tree, file, key)}, nil
				}
			}
		}
		return value{}, nil
	}
}

// MiseFreeThreaded is the file and the key by which a configuration of mise asks for the Python without the global lock, as FILE (KEY); "" if
// none does.
func MiseFreeThreaded(tree *source.Tree) string {
	for _, file := range miseFiles {
		document, err := decodeSmall(tree, file, tree.TOML)
		if err != nil {
			continue // which is told where the versions are read
		}
		build := at(document, "env", "PYTHON_BUILD_FREE_THREADING")
		switch {
		case build != nil && !has([]string{"", "0", "false"}, fmt.Sprint(build)):
			return file + " (env.PYTHON_BUILD_FREE_THREADING)"
		case strings.Contains(text(at(document, "settings", "python", "precompiled_flavor")), "freethreaded"):
			return file + " (settings.python.precompiled_flavor)"
		}
	}
	return ""
}

// miseVersion is a version in any of the forms of mise.
func miseVersion(v any) string {
	if list, ok := v.([]any); ok {
		if len(list) == 0 {
			return ""
		}
		v = list[0]
	}
	if table, ok := v.(map[string]any); ok {
		v = table["version"]
	}
	return text(v)
}

// miseLock reads a lock of mise, in which a tool is a table or a list of tables.
func miseLock(names []string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		var document map[string]any
		if err := tree.TOML(file, &document); err != nil {
			return value{}, err
		}
		for _, name := range names {
			if asked := miseVersion(at(document, "tools", name)); asked != "" {
				return value{key: "tools." + name, text: asked, line: tree.Line(file, "tools."+name)}, nil
			}
		}
		return value{}, nil
	}
}

// devbox reads the packages of devbox.json, NAME@VERSION in a list or NAME to VERSION in a table. Its lock, if there is one, has the version
// that was found for it.
func devbox(names []string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		document, err := decodeSmall(tree, file, tree.JSONC)
		if err != nil {
			return value{}, err
		}
		name, asked := devboxPackage(document["packages"], names)
		if asked == "" {
			return value{}, nil
		}
		v := value{key: "packages." + name, text: asked, line: tree.Line(file, name)}
		if !tree.HasFile(devboxLock) {
			return v, nil
		}
		var lock any
		if err := tree.JSON(devboxLock, &lock); err != nil {
			return value{}, err
		}
		if found := text(at(lock, "packages", name+"@"+asked, "version")); found != "" {
			v.text = found
		}
		return v, nil
	}
}

const (
	toolVersionsFile = ".tool-versions" // of asdf
	devboxFile       = "devbox.json"
	devboxLock       = "devbox.lock"
)

// devboxPackage returns the name by which devbox knows the tool, and the version.
func devboxPackage(packages any, names []string) (name, version string) {
	switch list := packages.(type) {
	case []any:
		for _, p := range list {
			name, version, _ := strings.Cut(text(p), "@")
			if has(names, name) && version != "" {
				return name, version
			}
		}
	case map[string]any:
		for _, name := range names {
			if version := miseVersion(list[name]); version != "" {
				return name, version
			}
		}
	}
	return "", ""
}
