package providers

import (
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

const (
	springRule      = "spring-libraries"
	springLibraries = "/spring-libraries" // below the directory of the jar
)

var (
	// springJars is the directory of the jar that starts, in a start command of ours.
	springJars = lazyregexp.New(`-Dserver\.port=\$PORT.* ((?:[A-Za-z0-9_.@+/-]+/)?(?:target|build/libs))/\*jar\b`)

	// springOld are the releases of Spring Boot whose jars cannot unpack themselves.
	springOld = lazyregexp.New(`(?:spring-boot-(?:starter-parent|dependencies|maven-plugin)</artifactId>\s*<version>\s*|springframework\.boot['"]\)?\s*version\s*\(?['"]|spring-boot-gradle-plugin:)(?:[12]\.|3\.[0-2]\b)`)

	// springInside finds what looks into the jar, or has a loader that takes libraries from elsewhere.
	springInside = lazyregexp.New(`BOOT-INF|PropertiesLauncher|loader\.(?:path|main)|<layout>|requiresUnpack`)
)

// springUnpack unpacks the libraries of a jar of Spring Boot, as its documentation advises for images. The jar stays where it is, with the classes of
// the app alone, and names the libraries. Another jar stays as it is. The libraries have no dates, so that equal ones are an equal layer.
func springUnpack(dir string) string {
	libraries, out := dir+springLibraries, dir+"/.unpacked"
	return `mkdir -p ` + libraries + ` && for jar in ` + dir + `/*.jar; do if grep -qF BOOT-INF/lib/spring-boot-jarmode-tools- "$jar" && ` +
		`java -XX:-UsePerfData -Djarmode=tools -jar "$jar" extract --libraries ` + springLibraries[1:] + ` --destination ` + out + `; then ` +
		`mv ` + out + springLibraries + `/* ` + libraries + `/ && mv -f ` + out + `/*.jar "$jar"; fi; rm -rf ` + out + `; done && ` +
		`find ` + libraries + ` -exec touch --date=@1 {} +`
}

// springFix has a slim image hold the libraries of Spring Boot in a layer of their own. Its command belongs to the end of the last one of the build.
// A jar of jars takes longer to start, and is another one for each line of the app. It is nil where something may look into the jar.
func springFix(app App, out *Output) *Fix {
	start := out.Plan.Start
	if start == nil || start.Cmd == nil || app.UserStart != nil {
		return nil
	}
	m := springJars.FindStringSubmatch(*start.Cmd)
	if m == nil {
		return nil
	}
	if app.mayMatch(springOld, "**/pom.xml", "**/*.gradle", "**/*.kts") ||
		app.mayMatch(springInside, "**/pom.xml", "**/*.gradle", "**/*.kts", "**/*.java", "**/*.kt", "**/*.groovy", "**/*.properties", "**/*.{yml,yaml}") {
		return nil
	}
	return &Fix{
		Rule: springRule,
		Why:  "the libraries of Spring Boot are beside the jar: the app starts sooner, and a changed line pushes little",
		Over: plan.Plan{Phases: map[string]plan.Phase{"build": {Cmds: []string{springUnpack(m[1])}, Layers: []string{m[1] + springLibraries}}}},
	}
}
