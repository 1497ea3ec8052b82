package providers

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// A pythonInstalled knows which packages an app installs: packages that it names, and packages that its lockfile brings along with them.
type pythonInstalled struct {
	app    App
	member pythonMember
	direct pythonDependencies
	lock   string          // "" for none
	locked map[string]bool // as pythonName has them
}

// installedPython reads the lockfile of the app, and which packages its member asks for.
func installedPython(app App, member pythonMember) pythonInstalled {
	p := pythonInstalled{app: app, member: member, direct: dependenciesOf(member.of(app))}
	tool, _ := choosePythonTool(app)
	if tool.lock.File == "" || !tool.locked(app) {
		return p
	}
	needs := map[string][]string{}
	switch tool.lock.Format {
	case PythonTables:
		packages, blocker := readLock(app, tool.lock.File)
		if blocker != "" {
			return p
		}
		for _, pkg := range packages {
			if name, ok := pkg["name"].(string); ok {
				needs[pythonName(name)] = pkg.needs()
			}
		}
	case PipfileLock:
		var lock struct {
			Default map[string]any `json:"default"`
		}
		if app.Tree.JSON(tool.lock.File, &lock) != nil {
			return p
		}
		for name := range lock.Default {
			needs[pythonName(name)] = nil
			p.add(pythonName(name), needs)
		}
	}
	p.lock = tool.lock.File
	for name := range p.direct.names {
		p.add(name, needs)
	}
	return p
}

// add notes a package of the lockfile and all that it needs.
func (p *pythonInstalled) add(name string, needs map[string][]string) {
	for list := []string{name}; len(list) > 0; {
		next := list[0]
		list = list[1:]
		if others, ok := needs[next]; ok && !p.locked[next] {
			if p.locked == nil {
				p.locked = map[string]bool{}
			}
			p.locked[next] = true
			list = append(list, others...)
		}
	}
}

// needs lists what a package of a lockfile needs, whatever extra of it is asked for.
func (p lockedPackage) needs() []string {
	var names []string
	one := func(v any) {
		switch v := v.(type) {
		case string: // of PDM
			if m := pythonPackage.FindStringSubmatch(v); m != nil {
				names = append(names, pythonName(m[1]))
			}
		case map[string]any: // of uv
			if name, ok := v["name"].(string); ok {
				names = append(names, pythonName(name))
			}
		}
	}
	all := func(v any) {
		list, _ := v.([]any)
		for _, v := range list {
			one(v)
		}
	}
	all(p["dependencies"])
	if table, ok := p["dependencies"].(map[string]any); ok { // of Poetry
		for _, name := range slices.Sorted(maps.Keys(table)) {
			names = append(names, pythonName(name))
		}
	}
	extras, _ := p["optional-dependencies"].(map[string]any)
	for _, extra := range slices.Sorted(maps.Keys(extras)) {
		all(extras[extra])
	}
	return names
}

// why says where the app asks for a package, if it installs it.
func (p pythonInstalled) why(name string, direct bool) (cause, bool) {
	if place, ok := p.direct.places[name]; ok {
		file, text, _ := strings.Cut(place, "\n")
		why := byLine(p.member.of(p.app), file, text, "it names "+name)
		why.file = path.Join(p.member.dir, why.file)
		return why, true
	}
	switch {
	case direct:
	case p.locked[name]:
		return p.lockedWhy(name), true
	case p.direct.has(name):
		return byFile(path.Join(p.member.dir, p.direct.file), "what it names brings "+name), true
	}
	return cause{}, false
}

// lockedWhy is the place of a package in the lockfile, which may write the name in another way.
func (p pythonInstalled) lockedWhy(name string) cause {
	return byLine(p.app, p.lock, `"`+name+`"`, "it installs "+name)
}
