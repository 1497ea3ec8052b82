package providers

import "slices"

// pythonLanguage joins the rows of the tools, and adds the facts that hold for all of them.
func pythonLanguage() Language {
	l := Language{
		Manifests: []Manifest{},
		Settings:  []string{".python-version", toolVersionsFile},
		Runtimes:  []Runtime{pythonRuntime},
		Programs:  []string{"pip"},
	}
	for _, t := range pythonTools {
		if t.program {
			l.Programs = append(l.Programs, t.name)
		}
		if t.lock.File != "" {
			l.Lockfiles = append(l.Lockfiles, t.lock)
		}
		for _, dir := range t.caches {
			if c := (Cache{Dir: dir, Downloads: true}); !slices.Contains(l.Caches, c) {
				l.Caches = append(l.Caches, c)
			}
		}
		if len(t.marks) > 0 {
			l.Manifests = t.addManifest(l.Manifests)
		}
	}
	return l
}

// addManifest adds the tool's manifest, which may be there already, and to it the lockfile.
func (t pythonTool) addManifest(list []Manifest) []Manifest {
	i := slices.IndexFunc(list, func(m Manifest) bool { return m.File == t.marks[0] })
	if i < 0 {
		i, list = len(list), append(list, Manifest{File: t.marks[0]})
	}
	if t.lock.File != "" && t.lock.File != t.marks[0] {
		list[i].Locks = append(list[i].Locks, t.lock.File)
	}
	return list
}

// PythonPrograms are the names of the tools that run scripts of a manifest, such as pyproject.toml.
func PythonPrograms(manifest string) []string {
	var names []string
	for _, t := range pythonTools {
		if t.program && t.marks[0] == manifest {
			names = append(names, t.name)
		}
	}
	return names
}

// pythonManifests are the files that name dependencies, each once, in the order of the tools.
func pythonManifests() []string {
	var list []string
	for _, t := range pythonTools {
		if len(t.marks) > 0 && !slices.Contains(list, t.marks[0]) {
			list = append(list, t.marks[0])
		}
	}
	return list
}

// pythonLocks are the manifests and lockfiles of all tools.
func pythonLocks() []string {
	var list []string
	for _, t := range pythonTools {
		list = append(append(list, t.marks...), t.lock.File)
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(name string) bool { return name == "" })
}
