package providers

import (
	"path"
	"slices"
	"strings"
)

// javaMemberFiles are those of a module of Maven or a project of Gradle.
var javaMemberFiles = append([]string{"pom.xml"}, gradleScripts...)

// javaMembers lists the projects of Gradle or the modules of Maven.
func javaMembers(app App) (Workspace, error) {
	if app.Tree.HasFile(gradleScript) {
		return gradleMembers(app)
	}
	if app.Tree.HasFile("pom.xml") {
		return mavenMembers(app)
	}
	return Workspace{}, nil
}

// gradleMembers are the projects of a build with several. A project that nothing has a script for is none.
func gradleMembers(app App) (Workspace, error) {
	b, err := readGradle(app)
	if err != nil || len(b.projects) == 1 {
		return Workspace{}, err
	}
	w := Workspace{File: b.settings}
	dirs, accessors := map[string]string{}, map[string]string{}
	for _, p := range b.projects {
		dirs[p.path] = p.dir
		accessors[gradleAccessorOf(p.path)] = p.dir
	}
	for _, p := range b.projects {
		own, inherited, err := b.scripts(p)
		if err != nil {
			return Workspace{}, err
		}
		m := Member{Dir: p.dir, All: p.dir == "."}
		for _, use := range gradleUse.FindAllStringSubmatch(own+inherited, gradleProjects) {
			m.use(dirs[use[1]])
		}
		for _, use := range gradleAccessor.FindAllStringSubmatch(own+inherited, gradleProjects) {
			m.use(accessors[use[1]])
		}
		if p.file != "" {
			w.Members = append(w.Members, m)
		}
	}
	return w, nil
}

// gradleAccessorOf is how scripts name a project without quotes: :shared:web-api is projects.shared.webApi.
func gradleAccessorOf(name string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(strings.TrimPrefix(name, ":"), ":", "."), func(r rune) bool { return r == '-' || r == '_' })
	for i := range words {
		if i > 0 {
			words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
		}
	}
	return strings.Join(words, "")
}

// use adds a directory that the member is built from.
func (m *Member) use(dir string) {
	if dir != "" && dir != m.Dir && !slices.Contains(m.Uses, dir) {
		m.Uses = append(m.Uses, dir)
		slices.Sort(m.Uses)
	}
}

// mavenMembers are the modules of a pom.xml, and of those that it names. A pom.xml that cannot be read names none: its plan says what is wrong.
func mavenMembers(app App) (Workspace, error) {
	root, err := readPOM(app, "pom.xml")
	if err != nil || len(root.Modules) == 0 {
		return Workspace{}, nil //nolint:nilerr // the plan reads it too
	}
	modules := mavenReactor(app, ".", root, 0)
	dirs := map[string]string{}
	for _, m := range modules {
		dirs[m.pom.Artifact] = m.dir
	}
	w := Workspace{File: "pom.xml"}
	for _, m := range modules {
		member := Member{Dir: m.dir}
		for _, d := range m.pom.Dependencies {
			member.use(dirs[strings.TrimSpace(d.Artifact)])
		}
		if m.pom.Packaging != "pom" {
			w.Members = append(w.Members, member)
		}
	}
	slices.SortFunc(w.Members, func(a, b Member) int { return strings.Compare(a.Dir, b.Dir) })
	return w, nil
}

// findJavaMember starts one member, and builds no other than it needs.
func findJavaMember(app App, dir string) (javaStart, error) {
	if app.Tree.HasFile(gradleScript) {
		return findGradleMember(app, dir)
	}
	file := path.Join(dir, "pom.xml")
	pom, err := readPOM(app, file)
	if err != nil {
		return javaStart{}, err
	}
	s := javaStart{module: dir}
	m, ok := mavenModule(app, dir, pom)
	switch {
	case ok && m.start == "": // the root, of which edition 1.39 knows how it starts
		s.cmd, s.why, err = mavenStart(app)
	case ok:
		s.cmd, s.why = m.start, cause{m.file, m.line, m.why}
	default:
		s.noStart = noService(file+" makes no jar that starts", aLibrary)
	}
	return s, err
}
