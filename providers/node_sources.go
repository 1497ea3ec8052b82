package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// nodePruneSources is how many files of source code are read at most.
const nodePruneSources = 2000

var (
	nodeImport = lazyregexp.New(`(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*)["'\x60]([^"'\x60\s]+)["'\x60]`)

	// Files that build, test or check, which nothing imports at run time.
	nodeTooling = lazyregexp.New(`(^|/)([^/]*\.config\.([\w-]+\.)*[cm]?[jt]s|[^/]*\.(test|spec|stories)\.[cm]?[jt]sx?|[^/]*\.d\.[cm]?ts|\.[^/]+)$|(^|/)(tests?|__tests__|__mocks__|e2e|cypress|\.[^/]+)/`)

	nodeScriptTag  = lazyregexp.New(`(?i)<script\b[^>]*>`)
	nodeModuleType = lazyregexp.New(`(?i)\btype\s*=\s*["']?module\b`)
	nodeScriptSrc  = lazyregexp.New(`(?i)\bsrc\s*=\s*["']([^"']+)["']`)
)

// nodeExtensions are tried in this order by bundlers.
var nodeExtensions = []string{".mjs", ".js", ".mts", ".ts", ".jsx", ".tsx", ".cjs", ".cts", ".vue", ".svelte"}

// nodeSourceFiles are an app's files of source code, and files of more extensions, apart from installed ones.
func nodeSourceFiles(app App, more ...string) ([]string, error) {
	var all []string
	for _, ext := range nodeExtensions {
		more = append(more, ext[1:])
	}
	files, err := app.Tree.Files("**/*.{" + strings.Join(more, ",") + "}")
	for _, name := range files {
		if !strings.Contains("/"+name, "/node_modules/") {
			all = append(all, name)
		}
	}
	return all, err
}

// nodeSources are an app's files of source code without its tooling, and what each imports.
type nodeSources struct {
	names   []string // sorted
	imports map[string][]string
}

// readNodeSources reads them; the blocker says why it cannot.
func readNodeSources(app App) (s nodeSources, blocker string, err error) {
	files, err := nodeSourceFiles(app)
	if err != nil {
		return s, "", err
	}
	s.names = slices.DeleteFunc(files, nodeTooling.MatchString)
	if len(s.names) > nodePruneSources {
		return s, fmt.Sprintf("more than %d files may import them", nodePruneSources), nil
	}
	s.imports = map[string][]string{}
	for _, name := range s.names {
		text, err := app.Tree.Read(name)
		if err != nil {
			return s, name + " cannot be read", nil
		}
		list := []string{}
		for _, m := range nodeImport.FindAllStringSubmatch(text, -1) {
			list = append(list, m[1])
		}
		s.imports[name] = list
	}
	return s, "", nil
}

// resolve is the file that an import of the app's own code means, "" if that is not known.
func (s nodeSources) resolve(from, specifier string) string {
	specifier, _, _ = strings.Cut(specifier, "?")
	target := ""
	switch {
	case strings.HasPrefix(specifier, "/"): // of the bundler: the app's directory
		target = path.Clean(specifier)[1:]
	case strings.HasPrefix(specifier, "./"), strings.HasPrefix(specifier, "../"), specifier == ".", specifier == "..":
		target = path.Join(path.Dir(from), specifier)
	default:
		return ""
	}
	stem := strings.TrimSuffix(target, path.Ext(target)) // TypeScript names a.ts as a.js
	candidates := []string{target}
	for _, base := range []string{target, path.Join(target, "index"), stem} {
		for _, ext := range nodeExtensions {
			candidates = append(candidates, base+ext)
		}
	}
	for _, c := range candidates {
		if _, ok := s.imports[c]; ok {
			return c
		}
	}
	return ""
}

// nodeModules are the modules of Node itself that need no prefix.
var nodeModules = strings.Fields(`assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events
	fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls
	trace_events tty url util v8 vm wasi worker_threads zlib`)

// foreign reports whether a specifier surely names no file of the app. One that is neither a path nor a package may be another name of a
// file, by the settings of a compiler.
func foreign(specifier string, packages map[string]bool) bool {
	return strings.HasPrefix(specifier, "node:") || packages[nodePackage(specifier)] || slices.Contains(nodeModules, nodePackage(specifier))
}

// reach adds a file and all that it imports.
func (s nodeSources) reach(name string, seen map[string]bool) {
	for todo := []string{name}; len(todo) > 0; todo = todo[1:] {
		if todo[0] == "" || seen[todo[0]] {
			continue
		}
		seen[todo[0]] = true
		for _, specifier := range s.imports[todo[0]] {
			todo = append(todo, s.resolve(todo[0], specifier))
		}
	}
}

// bundled are the files that Vite puts into its bundle with all that they import: what index.html loads, and what that imports. A file that other
// code imports too, or that the start command names, is not among them: it may run as it is. Packages are all that are installed.
func (s nodeSources) bundled(app App, start string, packages map[string]bool) map[string]bool {
	page, err := app.Tree.Read("index.html")
	if err != nil {
		return nil
	}
	inside := map[string]bool{}
	for _, tag := range nodeScriptTag.FindAllString(page, -1) {
		src := nodeScriptSrc.FindStringSubmatch(tag)
		if src == nil || !nodeModuleType.MatchString(tag) {
			continue
		}
		specifier := src[1]
		if !strings.HasPrefix(specifier, "/") {
			specifier = "./" + strings.TrimPrefix(specifier, "./")
		}
		s.reach(s.resolve("index.html", specifier), inside)
	}
	outside := map[string]bool{}
	for _, word := range nodeWord.FindAllString(start, -1) {
		if inside[path.Clean(word)] {
			s.reach(path.Clean(word), outside)
		}
	}
	for _, name := range s.names {
		if inside[name] {
			continue
		}
		for _, specifier := range s.imports[name] {
			if !strings.HasPrefix(specifier, ".") && !foreign(specifier, packages) {
				return nil // it may be a file that is inside
			}
		}
		s.reach(name, outside)
	}
	for name := range outside { // a set
		delete(inside, name)
	}
	return inside
}
