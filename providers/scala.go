package providers

import (
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
)

// scalaProvider follows nixpacks-1.39.md 3.14: sbt with sbt-native-packager.
var scalaProvider = Provider{
	Name:   "scala",
	Looks:  "build.sbt",
	Detect: detectScala,
	Plan:   planScala,
	Locks:  []string{"build.sbt", "build.sbt.lock", "project/build.properties", "project/plugins.sbt"},

	Language: Language{
		Manifests: []Manifest{{File: "build.sbt"}},
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{{Dir: "/root/.cache/coursier"}, {Dir: "/root/.ivy2/cache"}, {Dir: "/root/.sbt"}}, // the step that compiles downloads, too
		Runtimes:  []Runtime{javaRuntime},
		Programs:  []string{"sbt"},
	},
}

const (
	temurin     = "eclipse-temurin:" // images with the Java of each line alone
	scalaOutput = "./target/universal"
	scalaStart  = scalaOutput + "/stage/bin/main"
)

// scalaCaches are in byte order.
var scalaCaches = []string{"/root/.cache/coursier", "/root/.ivy2/cache", "/root/.sbt"}

func detectScala(app App) (string, error) {
	return firstFile(app, "build.sbt"), nil
}

func planScala(app App) (Output, error) {
	if app.choosesVersions() {
		return planChosenScala(app)
	}
	j, why, warnings, err := scalaJDK(app)
	if err != nil {
		return Output{}, err
	}
	out := scalaWith(j, why)
	out.Warnings = warnings
	return out, nil
}

// planChosenScala takes the JDK by the catalogue, and sbt from its archive.
func planChosenScala(app App) (Output, error) {
	c, err := choose(app, "java")
	if err != nil {
		return Output{}, err
	}
	out := scalaWith(jdk{pkg: c.pkg, image: temurin + ranges.Leading(c.version, 1) + "-jre"}, c.why)
	sbt := c
	sbt.pkg = out.Plan.Phases["setup"].NixPkgs[0]
	out.Plan.Phases["setup"] = sbt.install(plan.Phase{})
	out.Warnings, out.Chosen = c.warnings, []string{c.id()}
	out.Reasons = append(out.Reasons, c.why.decided("setup", "nixpkgs", ""))
	return out, nil
}

// scalaWith is the plan with a JDK.
func scalaWith(j jdk, why cause) Output {
	sbt := "(sbt.override { jre = " + j.pkg + "; })"
	return Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup": {NixPkgs: []string{sbt}, NixOverlays: []string{}},
				"build": {
					DependsOn:        []string{"install", "setup"},
					Cmds:             []string{"sbt stage"},
					CacheDirectories: slices.Clone(scalaCaches),
				},
			},
			Start: &plan.Start{
				Cmd:              new(scalaStart),
				RunImage:         new(j.image),
				OnlyIncludeFiles: []string{scalaOutput},
			},
		},
		Reasons: []Reason{
			why.decided("setup", "nix", sbt),
			byFile("build.sbt", "sbt-native-packager makes the program by it").decided("build", "cmd", ""),
			byDefault("sbt downloads to it").decided("build", "cache", ""),
			byDefault("it is where sbt-native-packager puts the script if executableScriptName is main").decided("start", "cmd", scalaStart),
			why.decided("start", "run image", j.image),
			byDefault("nothing else is needed to run").decided("start", "file", scalaOutput),
		},
	}
}

// scalaJDK returns the JDK that the variable asks for, and the default for a version that it does not know.
func scalaJDK(app App) (chosen jdk, why cause, warnings []string, err error) {
	version, ok, err := wholeVariable(app, jdkVariable)
	if err != nil {
		return jdk{}, cause{}, nil, err
	}
	if !ok {
		return jdkDefault, byDefault("no version is asked for"), nil, nil
	}
	if chosen, ok = findJDK(version); ok {
		return chosen, byVariable(app, jdkVariable), nil, nil
	}
	warning := fmt.Sprintf("NIXPACKS_%s asks for JDK %d, which has no package here; JDK %d is used, and %s can be asked for",
		jdkVariable, version, jdkDefault.version, jdkVersions())
	return jdkDefault, byVariable(app, jdkVariable), []string{warning}, nil
}
