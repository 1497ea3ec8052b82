package providers

import (
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// scalaProvider is specification 3.14: sbt with sbt-native-packager.
var scalaProvider = Provider{
	Name:   "scala",
	Looks:  "build.sbt",
	Detect: detectScala,
	Plan:   planScala,
	Locks:  []string{"build.sbt", "build.sbt.lock", "project/build.properties", "project/plugins.sbt"},
}

const (
	scalaOutput = "./target/universal"
	scalaStart  = scalaOutput + "/stage/bin/main"
)

// scalaCaches are in byte order.
var scalaCaches = []string{"/root/.cache/coursier", "/root/.ivy2/cache", "/root/.sbt"}

func detectScala(app App) (string, error) {
	return firstFile(app, "build.sbt"), nil
}

func planScala(app App) (Output, error) {
	j, why, warnings, err := scalaJDK(app)
	if err != nil {
		return Output{}, err
	}
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
		Warnings: warnings,
		Reasons: []Reason{
			about("setup", "nix", sbt, why),
			about("build", "cmd", "", Reason{File: "build.sbt", Why: "sbt-native-packager makes the program by it"}),
			about("build", "cache", "", Reason{Why: "sbt downloads to it"}),
			about("start", "cmd", scalaStart, Reason{Why: "it is where sbt-native-packager puts the script if executableScriptName is main"}),
			about("start", "run image", j.image, why),
			about("start", "file", scalaOutput, Reason{Why: "nothing else is needed to run"}),
		},
	}, nil
}

// scalaJDK returns the JDK that the variable asks for, and the default for a version that it does not know.
func scalaJDK(app App) (chosen jdk, why Reason, warnings []string, err error) {
	version, ok, err := wholeVariable(app, jdkVariable)
	if err != nil {
		return jdk{}, Reason{}, nil, err
	}
	if !ok {
		return jdkDefault, Reason{Why: "no version is asked for"}, nil, nil
	}
	if chosen, ok = findJDK(version); ok {
		return chosen, Reason{Why: "NIXPACKS_JDK_VERSION asks for it"}, nil, nil
	}
	warning := fmt.Sprintf("NIXPACKS_%s asks for JDK %d, which has no package here; JDK %d is used, and %s can be asked for",
		jdkVariable, version, jdkDefault.version, jdkVersions())
	return jdkDefault, Reason{Why: fmt.Sprintf("NIXPACKS_%s asks for %d, which has no package", jdkVariable, version)}, []string{warning}, nil
}
