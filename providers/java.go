package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// javaProvider follows nixpacks-1.39.md 3.12.
var javaProvider = Provider{
	Name:   "java",
	Looks:  "pom.xml (or .rb, .scala, .yaml, .yml) or gradlew",
	Detect: detectJava,
	Plan:   planJava,
	Locks: []string{
		"pom.xml", "pom.rb", "pom.scala", "pom.yaml", "pom.yml", mavenWrapper,
		"build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts",
		"gradle.properties", "gradle.lockfile", "buildscript-gradle.lockfile", "gradle/libs.versions.toml", gradleWrapper,
	},
	BuildOnly: []string{"maven", "(maven*", "gradle*", "(gradle*"},

	MemberFiles: javaMemberFiles,
	Members:     javaMembers,

	Language: Language{
		Manifests: []Manifest{{File: "pom.xml"}, {File: "gradlew"}},
		Lockfiles: []Lockfile{{"gradle.lockfile", GradleLock}},
		Settings:  []string{},
		Caches:    []Cache{{Dir: gradleCache}, {Dir: mavenHome}, {Dir: mavenCache, Downloads: true}}, // the step that compiles downloads, too
		Runtimes:  []Runtime{javaRuntime},
		Programs:  []string{"gradle", "mvn"},
	},
}

// Nixpacks looks for a file by some names of a POM, and for a folder by others.
var (
	javaFiles = []string{"pom.xml", "pom.rb", "pom.scala", "pom.yaml", "pom.yml", gradleScript}
	javaDirs  = []string{"pom.atom", "pom.clj", "pom.groovy"}
)

const (
	javaArchive = "59dc10b5a6f2a592af36375c68fda41246794b86"

	gradleScript  = "gradlew"
	gradleWrapper = "gradle/wrapper/gradle-wrapper.properties"
	gradleChmod   = "chmod +x " + gradleScript
	gradleCache   = "/root/.gradle"
	gradleGoals   = " clean build -x check -x test"

	mavenScript  = "mvnw"
	mavenWrapper = ".mvn/wrapper/maven-wrapper.properties"
	mavenCache   = ".m2/repository" // of the app, where Maven never looks
	mavenHome    = "/root/" + mavenCache
	mavenGoals   = " -DoutputFile=target/mvn-dependency-list.log -B -DskipTests clean dependency:list install"
)

func detectJava(app App) (string, error) {
	if file := firstFile(app, javaFiles...); file != "" {
		return file, nil
	}
	for _, dir := range javaDirs {
		if app.Tree.HasDir(dir) {
			return dir + "/", nil
		}
	}
	return "", nil
}

// A javaTool is what builds an app, and why.
type javaTool struct {
	pkg    string
	pkgWhy cause
	jdk    jdk
	jdkWhy cause
	cmds   []string
	cmdWhy cause
	cache  string
	chosen *javaChoice // in editions after 1.39
}

func planJava(app App) (Output, error) {
	tool, started, err := chooseJava(app)
	if err != nil {
		return Output{}, err
	}
	out := Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup": {
					NixPkgs:        []string{tool.jdk.pkg, tool.pkg},
					NixOverlays:    []string{},
					NixpkgsArchive: new(javaArchive),
				},
				"build": {
					DependsOn:        []string{"install", "setup"},
					Cmds:             tool.cmds,
					CacheDirectories: []string{tool.cache},
				},
			},
		},
		Warnings: started.warnings,
		NoStart:  started.noStart,
		Reasons: []Reason{
			tool.jdkWhy.decided("setup", "nix", tool.jdk.pkg),
			tool.pkgWhy.decided("setup", "nix", tool.pkg),
			byDefault("has every JDK and Gradle that can be asked for").decided("setup", "nixpkgs", javaArchive),
			tool.cmdWhy.decided("build", "cmd", ""),
			tool.cmdWhy.decided("build", "cache", tool.cache),
		},
	}
	if started.cmd != "" {
		out.Plan.Start = &plan.Start{Cmd: &started.cmd}
		out.Reasons = append(out.Reasons, started.why.decided("start", "cmd", started.cmd))
	}
	if tool.chosen != nil {
		tool.chosen.apply(&out)
		out.Fixes = append(out.Fixes, mavenFix(tool.cmds)...)
		if fix := tool.chosen.runtime(app, &out); fix != nil {
			out.Fixes = append(out.Fixes, *fix)
		}
		if fix := springFix(app, &out); fix != nil {
			out.Fixes = append(out.Fixes, *fix)
		}
	} else if w := javaTooNew(app, tool.jdk); w != "" {
		out.Warnings = append(out.Warnings, w)
	}
	if tool.cache == mavenCache {
		out.Fixes = append(out.Fixes, Fix{Rule: "maven-cache", Why: "Maven keeps what it downloads in " + mavenHome,
			Over: plan.Plan{Phases: map[string]plan.Phase{"build": {CacheDirectories: []string{mavenHome}}}}})
	}
	if slices.Contains(tool.cmds, gradleChmod) {
		out.Reasons = append(out.Reasons, byFile(gradleScript, "it is not executable").decided("build", "cmd", gradleChmod))
	}
	return out, nil
}

// chooseJava returns what builds an app, or the member of a workspace, and how that is started.
func chooseJava(app App) (javaTool, javaStart, error) {
	load, start, find := mavenTool, mavenStart, findMaven
	if app.Tree.HasFile(gradleScript) {
		load, start, find = gradleTool, gradleStart, findGradle
	}
	if app.choosesVersions() {
		load = chosenJavaTool
	}
	member, wrong := app.member(javaMemberFiles...)
	if member != "" {
		find = func(app App) (javaStart, error) { return findJavaMember(app, member) }
	}
	asking, err := app.asksOfMember(member, "java")
	if err == nil && app.choosesVersions() && app.Tree.HasFile(gradleScript) {
		asking, err = asking.asksByProject(member)
	}
	if err != nil {
		return javaTool{}, javaStart{}, err
	}
	tool, err := load(asking)
	if err != nil {
		return javaTool{}, javaStart{}, err
	}
	var started javaStart
	if app.findsPrograms() && (app.UserStart == nil || member != "") {
		started, err = find(app)
	} else {
		started.cmd, started.why, err = start(app)
		if app.UserStart != nil && strings.Contains(*app.UserStart, "build/install/") {
			started.goals = gradleInstall
		}
	}
	if wrong != "" {
		started.warnings = append(started.warnings, wrong)
	}
	tool.cmds = started.builds(tool.cmds)
	return tool, started, err
}

// mavenTool builds with the app's wrapper script if it is complete, else with Maven.
func mavenTool(app App) (javaTool, error) {
	tool := mavenCommands(app)
	var err error
	tool.jdk, tool.jdkWhy, err = chooseJDK(app, jdkDefault.version, byDefault("no version is asked for"))
	return tool, err
}

// mavenCommands is [mavenTool] without the JDK.
func mavenCommands(app App) javaTool {
	tool := javaTool{
		pkg:    "maven",
		pkgWhy: byFile(mavenFile(app), "there is no "+gradleScript),
		cmds:   []string{"mvn" + mavenGoals},
		cmdWhy: byDefault("there is no complete Maven wrapper"),
		cache:  mavenCache,
	}
	if app.Tree.HasFile(mavenScript) && app.Tree.HasFile(mavenWrapper) {
		tool.cmds = []string{"chmod +x ./" + mavenScript + " && ./" + mavenScript + mavenGoals}
		tool.cmdWhy = byFile(mavenWrapper, "the app has a Maven wrapper")
	}
	return tool
}

// mavenFix has Maven stop at the jar. Nobody reads a list of the dependencies, or a copy of the jar among the downloads.
func mavenFix(cmds []string) []Fix {
	if !slices.ContainsFunc(cmds, func(cmd string) bool { return strings.Contains(cmd, mavenGoals) }) {
		return nil
	}
	return []Fix{{Rule: "maven-goals", Why: "Maven builds the jar, and neither lists nor keeps more",
		Over: plan.Plan{Phases: map[string]plan.Phase{"build": {Cmds: verified(cmds)}}}}}
}

// verified returns commands in which Maven stops before it installs.
func verified(cmds []string) []string {
	cmds = slices.Clone(cmds)
	for i, cmd := range cmds {
		cmds[i] = strings.Replace(cmd, mavenGoals, " -B -DskipTests clean verify", 1)
	}
	return cmds
}

// mavenFile is the file that describes the app to Maven.
func mavenFile(app App) string { return firstFile(app, javaFiles...) }

// gradleTool builds with the app's wrapper script if it is complete, else with the package.
func gradleTool(app App) (javaTool, error) {
	version, why, err := gradleVersion(app)
	if err != nil {
		return javaTool{}, err
	}
	tool := gradleCommands(app)
	tool.pkgWhy = why
	if tool.jdk, tool.jdkWhy, err = chooseJDK(app, gradleJDK(version), why); err != nil {
		return javaTool{}, err
	}
	tool.pkg, err = gradlePackage(version, why)
	return tool, err
}

// gradleCommands is [gradleTool] without the versions.
func gradleCommands(app App) javaTool {
	tool := javaTool{cmdWhy: byFile(gradleScript, "there is no "+gradleWrapper), cache: gradleCache}
	command := "gradle"
	if app.Tree.HasFile(gradleWrapper) {
		command = "./" + gradleScript
		tool.cmdWhy = byFile(gradleWrapper, "the app has a Gradle wrapper")
	}
	if !app.Tree.Executable(gradleScript) {
		tool.cmds = append(tool.cmds, gradleChmod)
	}
	tool.cmds = append(tool.cmds, command+gradleGoals)
	return tool
}

// builds narrows the commands that build everything to the part that is started.
func (s javaStart) builds(cmds []string) []string {
	last := len(cmds) - 1
	switch {
	case s.module != "" && s.module != ".":
		cmds[last] += " -pl " + shellPath(s.module) + " -am"
	case s.project != "":
		goals := strings.ReplaceAll(" build"+s.goals, " ", " "+s.project+":")
		cmds[last] = strings.Replace(cmds[last], " build", goals, 1)
	default:
		cmds[last] = strings.Replace(cmds[last], " build", " build"+s.goals, 1)
	}
	return cmds
}
