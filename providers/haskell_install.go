package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/lazyregexp"
)

// stackPlainKeys are the keys of stack.yaml that lead to no other file of the app.
var stackPlainKeys = []string{
	"allow-newer", "allow-newer-deps", "apply-ghc-options", "apply-prog-options", "arch", "build", "compiler",
	"compiler-check", "concurrent-tests", "configure-options", "connection-count", "curator", "dump-logs",
	"drop-packages", "extra-include-dirs", "extra-lib-dirs", "flags", "ghc-build", "ghc-options", "ghc-variant",
	"hackage-base-url", "hide-source-paths", "hide-th-loading", "install-ghc", "jobs", "local-bin-path",
	"modify-code-page", "notify-if-arch-unknown", "notify-if-cabal-untested", "notify-if-ghc-untested",
	"notify-if-nix-on-path", "package-index", "pvp-bounds", "rebuild-ghc-options", "recommend-stack-upgrade",
	"require-stack-version", "skip-ghc-check", "skip-msys", "snapshot-location-base", "stack-colors", "stack-developer-mode",
	"stack-styles", "system-ghc", "test-ghc-options", "user-message", "work-dir",
}

var (
	// stackSnapshot is a snapshot or compiler from elsewhere.
	stackSnapshot = lazyregexp.New(`^(?:lts(?:-\d+(?:\.\d+)?)?|nightly(?:-\d{4}-\d\d-\d\d)?|ghc-[\d.]+|https?://.+)$`)

	// stackPackage is a release of a package, perhaps with its hash, or an archive from elsewhere.
	stackPackage = lazyregexp.New(`^(?:[A-Za-z0-9-]+-[\d.]+(?:@.*)?|https?://.+)$`)

	// stackRemote is the place of a repository or an archive, or the short name of a repository.
	stackRemote = lazyregexp.New(`^(?:(?:https?|ssh|git)://.+|git@.+|[A-Za-z0-9_-]+/[A-Za-z0-9_.-]+)$`)
)

// stackPlaces are the keys of a mapping in extra-deps that say where the package is.
var stackPlaces = []string{"git", "github", "hg", "archive", "url"}

// haskellInstallFiles lists what `stack setup` reads: it installs the compiler of the snapshot, and turns
// package.yaml into a .cabal file on the way, which the build repeats with all modules.
func haskellInstallFiles(app App) (files []string, blocker string, err error) {
	if app.Vars["STACK_YAML"] != "" {
		return nil, "the variable STACK_YAML names another configuration of Stack", nil
	}
	if !app.Tree.HasFile(stackFile) {
		return nil, "there is no " + stackFile, nil
	}
	for _, name := range []string{stackFile, hpackFile} {
		if line := app.Tree.Line(name, "!include"); line > 0 {
			return nil, fmt.Sprintf("%s line %d includes another file", name, line), nil
		}
	}
	if line := app.Tree.Line(hpackFile, "defaults:"); line > 0 {
		return nil, fmt.Sprintf("%s line %d has defaults from elsewhere", hpackFile, line), nil
	}
	if blocker := stackBlocker(app); blocker != "" {
		return nil, blocker, nil
	}
	cabal, err := app.Tree.Files("*.cabal")
	if err != nil {
		return nil, "", err
	}
	files = slices.DeleteFunc(cabal, func(name string) bool { return path.Dir(name) != "." })
	files = append(files, presentFiles(app, hpackFile, stackFile, stackLock)...)
	slices.Sort(files)
	return files, "", nil
}

// stackBlocker says what in stack.yaml may lead to another file, "" if nothing does.
func stackBlocker(app App) string {
	var root yaml.Node
	if err := app.Tree.YAML(stackFile, &root); err != nil || len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return stackFile + " is not understood"
	}
	table := root.Content[0].Content
	for i := 0; i+1 < len(table); i += 2 {
		key, value := table[i], table[i+1]
		if why := stackKeyBlocker(key.Value, value); why != "" {
			return fmt.Sprintf("%s line %d %s", stackFile, key.Line, why)
		}
	}
	return ""
}

func stackKeyBlocker(key string, value *yaml.Node) string {
	switch key {
	case "resolver", "snapshot":
		if value.Kind == yaml.MappingNode {
			value = stackField(value, "url")
		}
		if !isScalar(value, stackSnapshot) {
			return "has a snapshot that may be a file"
		}
	case "packages":
		if value.Kind != yaml.SequenceNode || slices.ContainsFunc(value.Content, isOtherPackage) {
			return "has packages in other folders"
		}
	case "extra-deps":
		if value.Kind != yaml.SequenceNode || slices.ContainsFunc(value.Content, isLocalPackage) {
			return "has extra-deps that may be in the app"
		}
	default:
		if !slices.Contains(stackPlainKeys, key) {
			return "has " + strings.ToValidUTF8(key, "?") + ", which may need other files"
		}
	}
	return ""
}

// isOtherPackage reports whether an entry of packages is not the app itself.
func isOtherPackage(n *yaml.Node) bool {
	return n.Kind != yaml.ScalarNode || path.Clean(n.Value) != "."
}

// isLocalPackage reports whether an entry of extra-deps may be in the app.
func isLocalPackage(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode {
		return !isScalar(n, stackPackage)
	}
	for _, key := range stackPlaces {
		if place := stackField(n, key); place != nil {
			return !isScalar(place, stackRemote)
		}
	}
	return true
}

// stackField returns the value of a key, nil if there is none.
func stackField(table *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(table.Content); i += 2 {
		if table.Content[i].Value == key {
			return table.Content[i+1]
		}
	}
	return nil
}

func isScalar(n *yaml.Node, pattern *lazyregexp.Regexp) bool {
	return n != nil && n.Kind == yaml.ScalarNode && pattern.MatchString(n.Value)
}
