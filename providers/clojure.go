package providers

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// clojureProvider follows nixpacks-1.39.md 3.7.
var clojureProvider = Provider{
	Name:      "clojure",
	Looks:     "project.clj or build.clj",
	Detect:    detectClojure,
	Plan:      planClojure,
	Locks:     []string{leinFile, clojureBuildFile, "deps.edn"},
	BuildOnly: []string{"leiningen"},

	Language: Language{
		Manifests: []Manifest{{File: leinFile}},
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{javaRuntime},
		Programs:  []string{},
	},
}

const (
	leinFile         = "project.clj"
	leinUberjar      = "lein uberjar"
	leinRing         = "[lein-ring "
	clojureBuildFile = "build.clj"
	jdkVersionFile   = ".jdk-version"

	// The jar lies in one of two folders, depending on the project's profiles.
	clojureMove = `if [ -d /app/target/default+uberjar ]; then find /app/target/default+uberjar -name "*.jar" -exec mv -t /app/target/ {} +; fi`

	clojureStart = `JAR_FILE=$(find /app/target -name "*-standalone.jar" -o -name "*.jar" ! -name "*-SNAPSHOT.jar" | head -n 1) && bash -c "java $JAVA_OPTS -jar $JAR_FILE"`
)

// clojureJDKs are the packages of the versions that can be asked for; of the default archive, jdk is the newest.
var clojureJDKs = map[string]string{"8": clojureJDK, "11": "jdk11", "latest": "jdk"}

const clojureJDK = "jdk8"

func detectClojure(app App) (string, error) {
	return firstFile(app, leinFile, clojureBuildFile), nil
}

func planClojure(app App) (Output, error) {
	var c choice
	var err error
	if app.choosesVersions() {
		c, err = choose(app, "java")
	} else {
		c.pkg, c.why, c.warnings, err = chooseClojureJDK(app)
	}
	if err != nil {
		return Output{}, err
	}
	tool, toolWhy := "leiningen", byFile(leinFile, "Leiningen builds by it")
	if app.Tree.HasFile(clojureBuildFile) {
		tool, toolWhy = "clojure", byFile(clojureBuildFile, "tools.build runs it")
	}
	uberjar, buildWhy := clojureUberjar(app, toolWhy)
	build := uberjar + "; " + clojureMove
	setup := plan.Phase{NixPkgs: []string{tool, c.pkg}, NixOverlays: []string{}}
	reasons := []Reason{toolWhy.decided("setup", "nix", tool), c.why.decided("setup", "nix", c.pkg)}
	var chosen []string
	if app.choosesVersions() {
		setup, chosen = c.install(plan.Phase{NixPkgs: []string{tool}}), []string{c.id()}
		reasons = append(reasons, c.why.decided("setup", "nixpkgs", ""))
	}
	made := plan.Plan{Phases: map[string]plan.Phase{
		"setup": setup,
		"build": {DependsOn: []string{"install", "setup"}, Cmds: []string{build}},
	}}
	noStart := ""
	if app.findsPrograms() && toolWhy.file == leinFile && uberjar == leinUberjar && app.UserStart == nil && !app.Tree.Contains(leinFile, ":main") {
		noStart = noService(leinFile+" names no :main", aLibrary)
	} else {
		made.Start = &plan.Start{Cmd: new(clojureStart)}
	}
	return Output{
		Plan:     made,
		Warnings: c.warnings,
		Reasons: reasonsOf(made, append(reasons,
			buildWhy.decided("build", "cmd", build),
			byDefault("the build leaves one jar with everything in it").decided("start", "cmd", clojureStart))),
		Chosen:  chosen,
		NoStart: noStart,
	}, nil
}

// clojureUberjar returns the command that makes the jar.
func clojureUberjar(app App, tool cause) (string, cause) {
	if tool.file == clojureBuildFile {
		return "clojure -T:build uber", tool
	}
	text, err := app.Tree.Read(leinFile)
	if err != nil {
		return leinUberjar, tool
	}
	text = strings.ToLower(text)
	if at := strings.Index(text, leinRing); at >= 0 {
		return "lein ring uberjar", cause{leinFile, lineAt(text, at), "the project has the plugin lein-ring"}
	}
	return leinUberjar, tool
}

// chooseClojureJDK returns the JDK that the variable asks for, else the file .jdk-version. A version that it does
// not know gives the default.
func chooseClojureJDK(app App) (pkg string, why cause, warnings []string, err error) {
	asked, ok := app.Vars.Config(jdkVariable)
	source, why := "NIXPACKS_"+jdkVariable, byVariable(app, jdkVariable)
	if !ok {
		if !app.Tree.HasFile(jdkVersionFile) {
			return clojureJDK, byDefault("no version is asked for"), nil, nil
		}
		if asked, err = app.Tree.Read(jdkVersionFile); err != nil {
			return "", cause{}, nil, err
		}
		source, why = jdkVersionFile, cause{jdkVersionFile, 1, fmt.Sprintf("it asks for %.60q", strings.TrimSpace(asked))}
	}
	asked = strings.TrimSpace(asked)
	if pkg, ok := clojureJDKs[asked]; ok {
		return pkg, why, nil, nil
	}
	return clojureJDK, why, []string{fmt.Sprintf(
		"%s asks for JDK %.60q, which cannot be had; JDK 8 is used, and 8, 11 and latest can be asked for", source, asked)}, nil
}
