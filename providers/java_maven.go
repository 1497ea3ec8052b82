package providers

import (
	"encoding/xml"
	"path"
	"slices"
	"strings"
)

// A mavenPOM is what of a pom.xml says what the build makes.
type mavenPOM struct {
	Artifact  string   `xml:"artifactId"`
	Packaging string   `xml:"packaging"`
	Modules   []string `xml:"modules>module"`
	Parent    *struct {
		Artifact string  `xml:"artifactId"`
		Path     *string `xml:"relativePath"`
	} `xml:"parent"`
	Plugins []struct {
		Artifact string `xml:"artifactId"`
		Skip     string `xml:"configuration>skip"`
	} `xml:"build>plugins>plugin"`
	Dependencies []struct {
		Artifact string `xml:"artifactId"`
	} `xml:"dependencies>dependency"`
}

// mavenDepth bounds how deep modules lie in modules.
const mavenDepth = 4

const mavenAny = "%starget/*jar"

// A mavenPlugin makes something to start. %s stands for the module's directory.
type mavenPlugin struct{ artifact, why, start string }

// mavenPlugins make something to start, the surest first.
var mavenPlugins = []mavenPlugin{
	{"quarkus-maven-plugin", "it applies Quarkus", "java $JAVA_OPTS " + quarkusOptions + " -jar %starget/quarkus-app/quarkus-run.jar"},
	{"spring-boot-maven-plugin", "it applies Spring Boot", "java " + springPort + " $JAVA_OPTS -jar " + mavenAny},
	{"maven-shade-plugin", "it makes one jar with everything in it", "java $JAVA_OPTS -jar $(ls -1 %starget/*.jar | grep -v original-)"},
	{"maven-assembly-plugin", "it makes one jar with everything in it", "java $JAVA_OPTS -jar %starget/*-jar-with-dependencies.jar"},
}

// findMaven starts the module that makes something to start. A pom.xml that cannot be read says nothing.
func findMaven(app App) (javaStart, error) {
	old := func(s javaStart, err error) (javaStart, error) {
		if err == nil && s.noStart == "" {
			s.cmd, s.why, err = mavenStart(app)
		}
		return s, err
	}
	root, err := readPOM(app, "pom.xml")
	if err != nil {
		return old(javaStart{}, nil)
	}
	if m, ok := mavenModule(app, ".", root); ok {
		if m.start == "" {
			return old(javaStart{}, nil)
		}
		return chooseJavaModule(app, []javaModule{m}), nil
	}
	if len(root.Modules) > 0 {
		if all := mavenModules(app, ".", root); len(all) > 0 {
			return chooseJavaModule(app, all), nil
		}
		if slices.ContainsFunc(mavenPlugins, func(p mavenPlugin) bool { return app.Tree.Contains("pom.xml", p.artifact) }) {
			return old(javaStart{}, nil) // modules may inherit it
		}
		return javaStart{noStart: noService("no module of pom.xml makes a jar that starts", aLibrary)}, nil
	}
	switch {
	case root.Packaging == "war":
		return javaStart{noStart: noService("pom.xml packs a war", aServletArchive)}, nil
	case root.Parent != nil || app.Tree.Contains("pom.xml", "swarm"):
		return old(javaStart{}, nil) // the parent may make the jar
	}
	return old(startsClass(app, "pom.xml applies no plugin that makes a jar that starts"))
}

func readPOM(app App, file string) (mavenPOM, error) {
	var pom mavenPOM
	text, err := app.Tree.Read(file)
	if err == nil {
		err = xml.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &pom)
	}
	return pom, err
}

// A mavenDir is a module with what its pom.xml says.
type mavenDir struct {
	dir string
	pom mavenPOM
}

// mavenReactor lists a module and those below it, each once. One that cannot be read is none.
func mavenReactor(app App, dir string, pom mavenPOM, depth int) []mavenDir {
	all := []mavenDir{{dir, pom}}
	for _, name := range pom.Modules {
		below := path.Join(dir, strings.TrimSuffix(strings.TrimSpace(name), "/pom.xml"))
		known := slices.ContainsFunc(all, func(m mavenDir) bool { return m.dir == below })
		child, err := readPOM(app, path.Join(below, "pom.xml"))
		if err != nil || known || !plainFolder.MatchString(below) || strings.HasPrefix(below, "..") || depth >= mavenDepth {
			continue
		}
		all = append(all, mavenReactor(app, below, child, depth+1)...)
	}
	return all
}

// mavenModules lists the modules below one that make something to start.
func mavenModules(app App, dir string, pom mavenPOM) []javaModule {
	var all []javaModule
	for _, d := range mavenReactor(app, dir, pom, 0)[1:] {
		if m, ok := mavenModule(app, d.dir, d.pom); ok && m.start != "" {
			all = append(all, m)
		}
	}
	return all
}

// inheritedPlugins are the plugins that parents in the app have all their modules apply.
func inheritedPlugins(app App, dir string, pom mavenPOM) []string {
	var names []string
	for range mavenDepth {
		if pom.Parent == nil {
			break
		}
		above := ".."
		if pom.Parent.Path != nil {
			above = strings.TrimSuffix(strings.TrimSpace(*pom.Parent.Path), "pom.xml")
		}
		dir = path.Join(dir, above)
		parent, err := readPOM(app, path.Join(dir, "pom.xml"))
		if err != nil || strings.TrimSpace(parent.Artifact) != strings.TrimSpace(pom.Parent.Artifact) {
			break // it is of a repository of packages
		}
		for _, p := range parent.Plugins {
			names = append(names, strings.TrimSpace(p.Artifact))
		}
		pom = parent
	}
	return names
}

// mavenModule is what a pom.xml makes to start. Its command is "" for the one that edition 1.39 has.
func mavenModule(app App, dir string, pom mavenPOM) (javaModule, bool) {
	file := path.Join(dir, "pom.xml")
	if pom.Packaging == "pom" {
		return javaModule{}, false
	}
	var skipped []string
	for _, plugin := range mavenPlugins {
		for _, p := range pom.Plugins {
			if strings.TrimSpace(p.Artifact) != plugin.artifact {
				continue
			}
			if strings.TrimSpace(p.Skip) == "true" {
				skipped = append(skipped, plugin.artifact)
				continue
			}
			return plugin.module(app, dir, pom), true
		}
	}
	inherited := inheritedPlugins(app, dir, pom)
	for _, plugin := range mavenPlugins {
		if !slices.Contains(inherited, plugin.artifact) || slices.Contains(skipped, plugin.artifact) {
			continue
		}
		// What a parent says of all modules, it says of libraries too.
		if main, _, err := app.Tree.Match(javaMain, path.Join(dir, "src/main", javaSources)); err == nil && main != "" {
			return plugin.module(app, dir, pom), true
		}
	}
	if app.Tree.Contains(file, "<mainClass>") {
		start := "java $JAVA_OPTS -jar " + strings.ReplaceAll(mavenAny, "%s", inModule(dir))
		if dir == "." {
			start = ""
		}
		return javaModule{dir: dir, file: file, start: start, line: app.Tree.Line(file, "<mainClass>"), why: "its jar names a class to start"}, true
	}
	return javaModule{}, false
}

// module is what the plugin makes of a module.
func (p mavenPlugin) module(app App, dir string, pom mavenPOM) javaModule {
	file := path.Join(dir, "pom.xml")
	start := strings.ReplaceAll(p.start, "%s", inModule(dir))
	if pom.Packaging == "war" {
		start = strings.ReplaceAll(start, "*jar", "*war")
	}
	return javaModule{dir: dir, file: file, start: start, line: app.Tree.Line(file, p.artifact), why: p.why}
}
