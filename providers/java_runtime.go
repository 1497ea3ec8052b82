package providers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
)

const (
	javaRuntimeRule  = "java-runtime"
	javaRuntimePhase = "java:runtime"
	javaRuntimeDir   = "/opt/java"

	// oldestJlink is the first Java that has modules and the program that links them.
	oldestJlink = 11
)

// javaTools are modules that programs are made with, and looked into. All other modules are in a runtime, as a JRE has them.
const javaTools = `jdk\.(compiler|editpad|hotspot\.agent|internal\.(ed|le|md|opt)|jartool|javadoc|jcmd|jconsole|jdeps|jdi|jlink|jpackage|jshell|jstatd)`

// javaLink makes the runtime of the modules that the JDK has, less its tools. The libraries of a screen are left out, as in a JRE without a head.
// No file of the runtime names the JDK any more, so that the image is without the JDK. The archive of classes makes each start quicker. The archive holds
// the time of the modules. That time is old, because a reproducible image keeps old times.
const javaLink = `jlink --no-header-files --no-man-pages --output ` + javaRuntimeDir + ` --add-modules "$(java --list-modules | cut -d@ -f1 | grep -vxE '` + javaTools + `' | paste -sd,)"` +
	` && rm -f ` + javaRuntimeDir + `/lib/lib{awt_xawt,jawt,splashscreen}.so` +
	` && jdk=$(readlink -f "$(command -v java)" | cut -d- -f1) && case $jdk in /nix/store/*) { grep -rlF "$jdk" ` + javaRuntimeDir + ` || true; } | xargs -r sed -i "s|$jdk|${jdk//[0-9a-z]/e}|g" ;; esac` +
	` && touch --date=@1 ` + javaRuntimeDir + `/lib/modules && ` + javaRuntimeDir + `/bin/java -Xshare:dump >/dev/null`

// needsJDK finds in sources and builds that the program itself compiles, or looks into programs.
var needsJDK = lazyregexp.New(`javax\.tools\b|com\.sun\.(?:tools|jdi|source)\b|jdk\.jshell|sun\.jvmstat|\bdrools\b|\brewrite-java\b`)

// runtime is a fix by which the image has a Java runtime and no JDK. It is nil where the app may need the JDK, or has a start of its own.
func (c *javaChoice) runtime(app App, out *Output) *Fix {
	start := out.Plan.Start
	major, _, _ := strings.Cut(strings.Map(versionDigits, c.jdk.version), ".")
	n, err := strconv.Atoi(major)
	if err != nil || n < oldestJlink || start == nil || start.Cmd == nil || app.UserStart != nil || len(app.Processes) > 0 || app.Vars[javaHome] != "" {
		return nil
	}
	if shell.Program(*start.Cmd) != "java" && !strings.Contains(*start.Cmd, "build/install/") {
		return nil
	}
	if app.mayMatch(needsJDK, "**/*.java", "**/*.kt", "**/*.kts", "**/*.groovy", "**/*.gradle", "**/libs.versions.toml", "**/pom.xml") {
		return nil
	}
	var build plan.Phase
	for _, cmd := range verified(out.Plan.Phases["build"].Cmds) {
		if cmd != gradleChmod {
			cmd = "export " + javaHome + "=" + javaHomeDir + " && " + cmd
		}
		build.Cmds = append(build.Cmds, cmd)
	}
	return &Fix{
		Rule: javaRuntimeRule,
		Why:  "the image has a Java runtime, without the compiler and the other tools of " + c.jdk.id(),
		Over: plan.Plan{
			Variables: map[string]string{javaHome: javaRuntimeDir},
			Phases: map[string]plan.Phase{
				"build":          build,
				javaRuntimePhase: {DependsOn: []string{"setup"}, Cmds: []string{javaLink}, OnlyIncludeFiles: []string{}, Paths: []string{javaRuntimeDir + "/bin"}, Layers: []string{javaRuntimeDir}},
			},
			Start: &plan.Start{Cmd: start.Cmd, WithoutPkgs: []string{c.jdk.id()}},
		},
	}
}

// versionDigits cuts a version such as 25.0.4+7 or 23-ga into numbers.
func versionDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return '.'
}

// mayMatch reports whether a file of the globs matches. A tree that cannot be read may.
func (app App) mayMatch(re *lazyregexp.Regexp, globs ...string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		file, _, err := app.Tree.Match(re, glob)
		return err != nil || file != ""
	})
}
