package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A javaStart is how an app of Java is started.
type javaStart struct {
	cmd      string // "" for a library
	why      cause
	noStart  string // as in [Output]
	goals    string // of Gradle, beside those of every build
	warnings []string
}

// A javaModule is a module of an app that makes something to start.
type javaModule struct {
	dir, file string
	start     string
	goals     string
	line      int
	why       string
}

const (
	quarkusOptions = "-Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=${PORT:-8080}"
	gradleInstall  = " installDist"
)

// Plugins by which a build script of Gradle makes something to start, by their identifiers or their names in a catalogue of versions.
var (
	gradlePlugins = []struct {
		pattern *lazyregexp.Regexp
		why     string
		start   string // with the module's directory
		goals   string
	}{
		{lazyregexp.New(`org\.springframework\.boot|spring-boot-gradle-plugin|org\.grails:grails-|libs\.plugins\.\S*spring[._-]?[bB]oot`), "it applies Spring Boot",
			"java $JAVA_OPTS -jar " + springPort + " $(ls -1 %sbuild/libs/*jar | grep -v plain)", ""},
		{lazyregexp.New(`['"]io\.quarkus['"]|libs\.plugins\.quarkus`), "it applies Quarkus", "java $JAVA_OPTS " + quarkusOptions + " -jar %sbuild/quarkus-app/quarkus-run.jar", ""},
		{lazyregexp.New(`com\.(?:github\.johnrengelman|gradleup)\.shadow|['"]io\.ktor\.plugin['"]|libs\.plugins\.(?:shadow|ktor)`), "it makes one jar with everything in it",
			"java $JAVA_OPTS -jar $(ls -1 %sbuild/libs/*-all.jar)", ""},
		{lazyregexp.New(`(?m)^\s*application\s*$|plugins\s*\{\s*application\b|` + "`application`" + `|\bid\s*\(?\s*['"](?:application|io\.micronaut\.application)['"]|(?:apply\s*\(?\s*plugin\s*[:=]\s*['"]application['"])|libs\.plugins\.micronaut\.application`),
			"it applies the plugin application", `$(ls -1 %sbuild/install/*/bin/* | grep -v '[.]bat$' | head -n 1)`, gradleInstall},
		{lazyregexp.New(`Main-Class`), "its jar names a class to start", "java $JAVA_OPTS -jar $(ls -1 %sbuild/libs/*jar | grep -v plain)", ""},
	}
	gradleUnapplied = lazyregexp.New(`(?m)^.*\bapply[ (]+false.*$|^\s*//.*$`)

	// javaMain is a class or a file that can be started.
	javaMain = lazyregexp.New(`\bvoid\s+main\s*\(|\bfun\s+main\s*\(|\bextends\s+App\b|@main\b`)
)

const javaSources = "**/*.{java,kt,groovy,scala}"

// findGradle starts the module that makes something to start.
func findGradle(app App) (javaStart, error) {
	scripts, err := app.Tree.Files("**/build.{gradle,gradle.kts}")
	if err != nil {
		return javaStart{}, err
	}
	var all []javaModule
	for _, file := range scripts {
		dir := path.Dir(file)
		if strings.Contains(file, "buildSrc/") || slices.ContainsFunc(strings.Split(dir, "/"), func(p string) bool { return slices.Contains(asideFolders, p) }) {
			continue
		}
		text, err := app.Tree.Read(file)
		if err != nil {
			return javaStart{}, err
		}
		if m, ok := gradleModule(app, dir, file, gradleUnapplied.ReplaceAllString(text, "")); ok {
			all = append(all, m)
		}
	}
	if len(all) > 0 {
		return chooseJavaModule(app, all), nil
	}
	started, err := startsClass(app, "no build script applies the plugin application or Spring Boot")
	if err == nil && started.noStart == "" {
		started.cmd, started.why, err = gradleStart(app)
	}
	return started, err
}

func gradleModule(app App, dir, file, text string) (javaModule, bool) {
	for _, plugin := range gradlePlugins {
		if m := plugin.pattern.FindString(text); m != "" {
			start := fmt.Sprintf(plugin.start, inModule(dir))
			return javaModule{dir: dir, file: file, start: start, goals: plugin.goals, line: app.Tree.Line(file, strings.TrimSpace(m)), why: plugin.why}, true
		}
	}
	return javaModule{}, false
}

// inModule is the beginning of paths in a module, as one part of a word of a command.
func inModule(dir string) string {
	if dir == "." {
		return ""
	}
	return shellPath(dir) + "/"
}

// chooseJavaModule takes the module of the root, else one that is called as a server is, else the first.
func chooseJavaModule(app App, all []javaModule) javaStart {
	slices.SortStableFunc(all, func(a, b javaModule) int { return strings.Compare(a.dir, b.dir) }) // the root is first
	chosen := all[0]
	var warnings []string
	if chosen.dir != "." {
		var names []string
		for _, m := range all {
			names = append(names, path.Base(m.dir))
		}
		if name := preferred(names, append(slices.Clone(servingNames), "app", "application")...); name != "" {
			chosen = all[slices.Index(names, name)]
		}
		warnings = severalPrograms(app, names, path.Base(chosen.dir), "for another one give a start command")
	}
	return javaStart{cmd: chosen.start, why: cause{chosen.file, chosen.line, chosen.why}, goals: chosen.goals, warnings: warnings}
}

// startsClass says that an app without anything to start is a library. One with a class to start gets a warning, as its jar may not name it.
func startsClass(app App, fact string) (javaStart, error) {
	file, _, err := app.Tree.Match(javaMain, javaSources)
	switch {
	case err != nil:
		return javaStart{}, err
	case file == "":
		return javaStart{noStart: noService(fact, aLibrary)}, nil
	}
	return javaStart{warnings: []string{fmt.Sprintf("%s can be started, but %s, so that the jar may not start; let the build name the main class", file, fact)}}, nil
}
