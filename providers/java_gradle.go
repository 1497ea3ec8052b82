package providers

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

const gradleInstall = " installDist"

// Plugins by which a build script of Gradle makes something to start, by their identifiers or their names in a catalogue of versions.
var (
	gradlePlugins = []struct {
		pattern *lazyregexp.Regexp
		why     string
		start   string // with the module's directory
		goals   string
	}{
		{lazyregexp.New(`['"](?:org\.springframework\.|spring-)boot['"]|org\.grails[:.]grails-|libs\.plugins\.\S*spring(?:framework)?[._-]?[bB]oot`), gradleBoot,
			"java $JAVA_OPTS -jar " + springPort + " $(ls -1 %sbuild/libs/*jar | grep -v plain)", ""},
		{lazyregexp.New(`['"]io\.quarkus['"]|libs\.plugins\.quarkus`), "it applies Quarkus", "java $JAVA_OPTS " + quarkusOptions + " -jar %sbuild/quarkus-app/quarkus-run.jar", ""},
		{lazyregexp.New(`com\.(?:github\.johnrengelman|gradleup)\.shadow|['"]io\.ktor\.plugin['"]|libs\.plugins\.(?:shadow|ktor)`), "it makes one jar with everything in it",
			"java $JAVA_OPTS -jar $(ls -1 %sbuild/libs/*-all.jar)", ""},
		{lazyregexp.New(`(?m)^\s*application\s*$|plugins\s*\{\s*application\b|` + "`application`" + `|\bid\s*\(?\s*['"](?:application|io\.micronaut\.application)['"]|(?:apply\s*\(?\s*plugin\s*[:=]\s*['"]application['"])|libs\.plugins\.micronaut\.application`),
			"it applies the plugin application", `$(ls -1 %sbuild/install/*/bin/* | grep -v '[.]bat$' | head -n 1)`, gradleInstall},
		{lazyregexp.New(`Main-Class`), "its jar names a class to start", "java $JAVA_OPTS -jar $(ls -1 %sbuild/libs/*jar | grep -v plain)", ""},
	}
	gradleUnapplied = lazyregexp.New(`(?m)^.*\bapply[ (]+false.*$|^\s*//.*$`)

	// gradleNoJar switches off the jar that Spring Boot's plugin makes, and gradleJar switches it on again.
	gradleNoJar = lazyregexp.New(`[bB]ootJar\b[^{}.]*[{.][^}]*?\benabled(?:\.set\(|\s*=\s*|\s+)false`)
	gradleJar   = lazyregexp.New(`[bB]ootJar\b[^{}.]*[{.][^}]*?\benabled(?:\.set\(|\s*=\s*|\s+)true`)
)

const gradleBoot = "it applies Spring Boot"

// gradleScripts are the names of a project's build script.
var gradleScripts = []string{"build.gradle", "build.gradle.kts"}

// findGradle starts the module that makes something to start.
func findGradle(app App) (javaStart, error) {
	b, err := readGradle(app)
	if err != nil {
		return javaStart{}, err
	}
	var all []javaModule
	for _, p := range b.projects {
		m, ok, err := b.module(p)
		if err != nil {
			return javaStart{}, err
		}
		if ok {
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

// findGradleMember starts one project, and builds no other than it needs.
func findGradleMember(app App, dir string) (javaStart, error) {
	b, err := readGradle(app)
	if err != nil {
		return javaStart{}, err
	}
	i := slices.IndexFunc(b.projects, func(p gradleProject) bool { return p.dir == dir })
	if i < 0 {
		return javaStart{noStart: fmt.Sprintf("%s is no project of the build", dir)}, nil
	}
	p := b.projects[i]
	m, ok, err := b.module(p)
	if err != nil {
		return javaStart{}, err
	}
	if !ok {
		return javaStart{noStart: noService(cmp.Or(p.file, dir)+" applies no plugin that makes something to start", aLibrary), project: p.path}, nil
	}
	return javaStart{cmd: m.start, why: cause{m.file, m.line, m.why}, goals: m.goals, project: p.path}, nil
}

// module is what a project makes to start, if it does.
func (b *gradleBuild) module(p gradleProject) (javaModule, bool, error) {
	if p.dir == "." && len(b.projects) > 1 && !b.app.Tree.HasDir("src") {
		return javaModule{}, false, nil // it only configures the others
	}
	own, inherited, err := b.scripts(p)
	if err != nil {
		return javaModule{}, false, err
	}
	if m, ok := gradleModule(b.app, p, own); ok {
		return m, !b.jarless(m, own, inherited), nil
	}
	m, ok := gradleModule(b.app, p, inherited)
	if !ok || b.jarless(m, own, inherited) {
		return m, false, nil
	}
	// What the root says of all projects, it says of libraries too.
	file, _, err := b.app.Tree.Match(javaMain, path.Join(p.dir, "src/main", javaSources))
	return m, file != "", err
}

// jarless reports whether a module of Spring Boot has the jar switched off that would be started.
func (b *gradleBuild) jarless(m javaModule, own, inherited string) bool {
	return m.why == gradleBoot && (gradleNoJar.MatchString(own) || gradleNoJar.MatchString(inherited) && !gradleJar.MatchString(own))
}

func gradleModule(app App, p gradleProject, text string) (javaModule, bool) {
	for _, plugin := range gradlePlugins {
		if m := plugin.pattern.FindString(text); m != "" {
			start, file := fmt.Sprintf(plugin.start, inModule(p.dir)), p.file
			if file == "" {
				file = firstFile(app, gradleScripts...) // it configures all projects
			}
			return javaModule{dir: p.dir, file: file, start: start, goals: plugin.goals, line: app.Tree.Line(file, strings.TrimSpace(m)), why: plugin.why}, true
		}
	}
	return javaModule{}, false
}
