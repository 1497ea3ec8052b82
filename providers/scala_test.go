package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectScala(t *testing.T) {
	testDetect(t, scalaProvider, []detection{
		{repo{"build.sbt": ""}, "build.sbt"},
		{repo{"sub/build.sbt": "", "build.sc": ""}, ""},
	})
}

func TestScalaPlan(t *testing.T) {
	out := mustPlan(t, scalaProvider, appOf(t, repo{"build.sbt": ""}, nil))
	diffOf(t, "plan", plan.Plan{
		Phases: map[string]plan.Phase{
			"setup": {NixPkgs: []string{"(sbt.override { jre = jdk17; })"}, NixOverlays: []string{}},
			"build": {
				DependsOn:        []string{"install", "setup"},
				Cmds:             []string{"sbt stage"},
				CacheDirectories: []string{"/root/.cache/coursier", "/root/.ivy2/cache", "/root/.sbt"},
			},
		},
		Start: &plan.Start{
			Cmd:              new("./target/universal/stage/bin/main"),
			RunImage:         new("eclipse-temurin:17.0.9_9-jre-jammy"),
			OnlyIncludeFiles: []string{"./target/universal"},
		},
	}, out.Plan)
	diffOf(t, "warnings", []string(nil), out.Warnings)
	diffOf(t, "reason", "no version is asked for", reasonOf(t, out, plan.Fact{Phase: "setup", Field: "nix", Value: "(sbt.override { jre = jdk17; })"}).Why)
}

func TestScalaJDK(t *testing.T) {
	for version, want := range map[string][2]string{
		"21": {"jdk21", "eclipse-temurin:21.0.1_12-jre-jammy"},
		"20": {"jdk20", "eclipse-temurin:20.0.2_9-jre-jammy"},
		"19": {"jdk", "eclipse-temurin:19.0.2_7-jre-jammy"},
		"17": {"jdk17", "eclipse-temurin:17.0.9_9-jre-jammy"},
		"11": {"jdk11", "eclipse-temurin:11.0.21_9-jre-jammy"},
		"8":  {"jdk8", "eclipse-temurin:8u392-b08-jre-jammy"},
	} {
		out := mustPlan(t, scalaProvider, appOf(t, repo{"build.sbt": ""}, plan.Vars{"NIXPACKS_JDK_VERSION": version}))
		diffOf(t, "package of "+version, []string{"(sbt.override { jre = " + want[0] + "; })"}, out.Plan.Phases["setup"].NixPkgs)
		diffOf(t, "warnings of "+version, []string(nil), out.Warnings)
		why := reasonOf(t, out, plan.Fact{Phase: "start", Field: "run image", Value: want[1]})
		diffOf(t, "reason of "+version, "the variable NIXPACKS_JDK_VERSION is \""+version+"\"", why.Why)
	}
}

func TestScalaJDKThatIsNotThere(t *testing.T) {
	app := appOf(t, repo{"build.sbt": ""}, plan.Vars{"NIXPACKS_JDK_VERSION": "24"})
	out := mustPlan(t, scalaProvider, app)
	diffOf(t, "package", []string{"(sbt.override { jre = jdk17; })"}, out.Plan.Phases["setup"].NixPkgs)
	diffOf(t, "warnings", []string{
		"NIXPACKS_JDK_VERSION asks for JDK 24, which has no package here; JDK 17 is used, and 21, 20, 19, 17, 11, 8 can be asked for",
	}, out.Warnings)

	_, err := scalaProvider.Plan(appOf(t, repo{"build.sbt": ""}, plan.Vars{"NIXPACKS_JDK_VERSION": "jdk17; }"}))
	if want := `reading NIXPACKS_JDK_VERSION: "jdk17; }" is not a whole number; `; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got error %v, want %q", err, want)
	}
}

func TestScalaPlansShareNothing(t *testing.T) {
	app := appOf(t, repo{"build.sbt": ""}, nil)
	mustPlan(t, scalaProvider, app).Plan.Phases["build"].CacheDirectories[0] = "changed"
	if got := mustPlan(t, scalaProvider, app).Plan.Phases["build"].CacheDirectories[0]; got == "changed" {
		t.Error("a change of one plan changed the next")
	}
}
