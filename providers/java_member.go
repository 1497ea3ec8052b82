package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// javaMemberFiles are the files of a module of Maven or a project of Gradle.
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
	dirs, projects := map[string]string{}, map[string]gradleProject{}
	for _, p := range b.projects {
		dirs[p.path], dirs[gradleAccessorOf(p.path)] = p.dir, p.dir
		if projects[p.dir] = p; p.file != "" {
			w.Members = append(w.Members, p.dir)
		}
	}
	w.Uses = func(dir string) []string {
		own, inherited, err := b.scripts(projects[dir])
		if err != nil {
			return nil // its plan says so
		}
		return usesOf(dir, func(yield func(string) bool) {
			for _, re := range []*lazyregexp.Regexp{gradleUse, gradleAccessor} {
				for _, m := range re.FindAllStringSubmatch(own+inherited, gradleProjects) {
					if !yield(m[1]) {
						return
					}
				}
			}
		}, dirs)
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

// mavenMembers are the modules of a pom.xml, and of the modules that it names. A pom.xml that cannot be read names none: its plan says what is
// wrong.
func mavenMembers(app App) (Workspace, error) {
	root, err := readPOM(app, "pom.xml")
	if err != nil || len(root.Modules) == 0 {
		return Workspace{}, nil //nolint:nilerr // the plan reads it too
	}
	w := Workspace{File: "pom.xml"}
	dirs, poms := map[string]string{}, map[string]mavenPOM{}
	for _, m := range mavenReactor(app, ".", root, 0) {
		dirs[strings.TrimSpace(m.pom.Artifact)], poms[m.dir] = m.dir, m.pom
		if m.pom.Packaging != "pom" {
			w.Members = append(w.Members, m.dir)
		}
	}
	slices.Sort(w.Members)
	w.Uses = func(dir string) []string {
		return usesOf(dir, func(yield func(string) bool) {
			for _, d := range poms[dir].Dependencies {
				if !yield(strings.TrimSpace(d.Artifact)) {
					return
				}
			}
		}, dirs)
	}
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
