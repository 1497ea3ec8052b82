package versions

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

// dependencyTables are where package.json lists the packages that an app itself asks for.
var dependencyTables = []string{"dependencies", "devDependencies", "optionalDependencies"}

// A collector joins what packages say of a tool, an equal range once.
type collector struct {
	order []string            // of the ranges
	from  map[string][]string // packages by range
}

func (c *collector) add(pkg, engine string) {
	if engine == "" || engine == "*" {
		return
	}
	if c.from == nil {
		c.from = map[string][]string{}
	}
	if c.from[engine] == nil {
		c.order = append(c.order, engine)
	}
	c.from[engine] = append(c.from[engine], pkg)
}

// bounds are the ranges, in an order that depends on nothing else. A text that is no range does not count: packages say all kinds of things.
func (c *collector) bounds(file string, parse func(text string) (ranges.Range, error)) []Bound {
	slices.Sort(c.order)
	var list []Bound
	for _, engine := range c.order {
		if r, err := parse(engine); err == nil {
			list = append(list, Bound{From: someNames(c.from[engine]) + " (" + file + ")", Range: r})
		}
	}
	return list
}

// maxEngines bounds the engines of a package, because a parser of YAML takes much memory for little text.
const maxEngines = 1024 // bytes

// someNames names up to three of a list.
func someNames(names []string) string {
	slices.Sort(names)
	if more := len(names) - 3; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), more)
	}
	return strings.Join(names, ", ")
}

// npmEngines reads what the app's own dependencies say of Node in npm's lockfile, format 2 or 3.
func npmEngines(tree *source.Tree, file string) ([]Bound, error) {
	var lock struct {
		Packages map[string]struct {
			Version any `json:"version"`
			Engines any `json:"engines"`

			Dependencies         any `json:"dependencies"`
			DevDependencies      any `json:"devDependencies"`
			OptionalDependencies any `json:"optionalDependencies"`
		} `json:"packages"`
	}
	if err := tree.JSON(file, &lock); err != nil {
		return nil, err
	}
	var c collector
	root := lock.Packages[""]
	seen := map[string]bool{}
	for _, table := range []any{root.Dependencies, root.DevDependencies, root.OptionalDependencies} {
		names, _ := table.(map[string]any)
		for name := range plan.Sorted(names) {
			if p := lock.Packages["node_modules/"+name]; !seen[name] {
				seen[name] = true
				c.add(strings.TrimSpace(name+" "+text(p.Version)), text(at(p.Engines, "node")))
			}
		}
	}
	return c.bounds(file, ranges.NPM), nil
}

// composerPackages reads what the packages of Composer's lockfile say of PHP. All of them run with the app.
func composerPackages(tree *source.Tree, file string) ([]Bound, error) {
	var lock struct {
		Packages []map[string]any `json:"packages"`
	}
	if err := tree.JSON(file, &lock); err != nil {
		return nil, err
	}
	var c collector
	for _, p := range lock.Packages {
		c.add(strings.TrimSpace(text(p["name"])+" "+text(p["version"])), text(at(p["require"], "php")))
	}
	return c.bounds(file, ranges.Composer), nil
}

// pnpmEngines reads what the app's own dependencies say of Node in pnpm's lockfile, format 6 or 9. It reads line by line, as a lockfile may be
// of megabytes and pnpm writes each in one way.
func pnpmEngines(tree *source.Tree, file string) ([]Bound, error) {
	lock, err := tree.Read(file)
	if err != nil {
		return nil, err
	}
	var (
		c      collector
		direct = map[string]bool{} // NAME@VERSION
		path   []string            // the keys that lead to the line
	)
	for line := range strings.Lines(lock) {
		key, rest, ok := yamlLine(line)
		if !ok {
			continue
		}
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		if depth > len(path) {
			continue
		}
		path = append(path[:depth], key)
		switch {
		case key == "version" && len(path) > 2 && (path[0] == "importers" && path[1] == "." && len(path) == 5 || len(path) == 3) &&
			slices.Contains(dependencyTables, path[len(path)-3]):
			version, _, _ := strings.Cut(rest, "(")
			direct[path[len(path)-2]+"@"+version] = true
		case key == "engines" && len(path) == 3 && path[0] == "packages":
			name, _, _ := strings.Cut(strings.TrimPrefix(path[1], "/"), "(")
			var engines map[string]any
			if direct[name] && len(rest) < maxEngines && yaml.Unmarshal([]byte(rest), &engines) == nil {
				i := strings.LastIndexByte(name, '@')
				c.add(name[:i]+" "+name[i+1:], text(engines["node"]))
			}
		}
	}
	return c.bounds(file, ranges.NPM), nil
}

// yamlLine cuts a line into its key and what follows; both without quotes. It is not ok if the line has no key.
func yamlLine(line string) (key, rest string, ok bool) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' || line[0] == '-' {
		return "", "", false
	}
	if line[0] == '\'' {
		key, rest, ok = strings.Cut(line[1:], "':")
	} else {
		key, rest, ok = strings.Cut(line, ":")
	}
	return key, strings.Trim(strings.TrimSpace(rest), "'"), ok
}
