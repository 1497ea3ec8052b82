package providers

import (
	"encoding/xml"
	"path"
	"slices"
	"strings"
)

// A mavenPOM is what of a pom.xml says what the build makes.
type mavenPOM struct {
	Packaging string   `xml:"packaging"`
	Modules   []string `xml:"modules>module"`
	Parent    *struct {
		Artifact string `xml:"artifactId"`
	} `xml:"parent"`
	Plugins []struct {
		Artifact string `xml:"artifactId"`
	} `xml:"build>plugins>plugin"`
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
		if all := mavenModules(app, ".", root, 0); len(all) > 0 {
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

// mavenModules lists the modules below one that make something to start.
func mavenModules(app App, dir string, pom mavenPOM, depth int) []javaModule {
	var all []javaModule
	for _, name := range pom.Modules {
		below := path.Join(dir, strings.TrimSpace(name))
		child, err := readPOM(app, path.Join(below, "pom.xml"))
		if err != nil || !plainPath.MatchString(below) || slices.ContainsFunc(all, func(m javaModule) bool { return m.dir == below }) {
			continue
		}
		if m, ok := mavenModule(app, below, child); ok && m.start != "" {
			all = append(all, m)
		}
		if depth < mavenDepth {
			all = append(all, mavenModules(app, below, child, depth+1)...)
		}
	}
	return all
}

// mavenModule is what a pom.xml makes to start. Its command is "" for the one that edition 1.39 has.
func mavenModule(app App, dir string, pom mavenPOM) (javaModule, bool) {
	file := path.Join(dir, "pom.xml")
	for _, plugin := range mavenPlugins {
		for _, p := range pom.Plugins {
			if strings.TrimSpace(p.Artifact) != plugin.artifact {
				continue
			}
			start := strings.ReplaceAll(plugin.start, "%s", inModule(dir))
			if pom.Packaging == "war" {
				start = strings.ReplaceAll(start, "*jar", "*war")
			}
			return javaModule{dir: dir, file: file, start: start, line: app.Tree.Line(file, plugin.artifact), why: plugin.why}, pom.Packaging != "pom"
		}
	}
	if pom.Packaging != "pom" && app.Tree.Contains(file, "<mainClass>") {
		start := "java $JAVA_OPTS -jar " + strings.ReplaceAll(mavenAny, "%s", inModule(dir))
		if dir == "." {
			start = ""
		}
		return javaModule{dir: dir, file: file, start: start, line: app.Tree.Line(file, "<mainClass>"), why: "its jar names a class to start"}, true
	}
	return javaModule{}, false
}
