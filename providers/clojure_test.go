package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectClojure(t *testing.T) {
	testDetect(t, clojureProvider, []detection{
		{repo{"project.clj": "", "build.clj": ""}, "project.clj"},
		{repo{"build.clj": "", "deps.edn": ""}, "build.clj"},
		{repo{"deps.edn": "", "src/build.clj": ""}, ""},
	})
}

func TestClojurePlan(t *testing.T) {
	const move = `; if [ -d /app/target/default+uberjar ]; then find /app/target/default+uberjar -name "*.jar" -exec mv -t /app/target/ {} +; fi`
	for _, tt := range []struct {
		name  string
		files repo
		pkgs  []string
		build string
		why   Reason
	}{
		{
			"Leiningen", repo{"project.clj": "(defproject a)"},
			[]string{"leiningen", "jdk8"}, "lein uberjar", Reason{File: "project.clj", Why: "Leiningen builds by it"},
		},
		{
			"Ring", repo{"project.clj": "(defproject a\n  :plugins [[Lein-Ring \"0.12.5\"]])"},
			[]string{"leiningen", "jdk8"}, "lein ring uberjar", Reason{File: "project.clj", Line: 2, Why: "the project has the plugin lein-ring"},
		},
		{
			"Ring in other words", repo{"project.clj": "; lein-ring is not used"},
			[]string{"leiningen", "jdk8"}, "lein uberjar", Reason{File: "project.clj", Why: "Leiningen builds by it"},
		},
		{
			"a project that is not text", repo{"project.clj": "\xff[lein-ring "},
			[]string{"leiningen", "jdk8"}, "lein uberjar", Reason{File: "project.clj", Why: "Leiningen builds by it"},
		},
		{
			"tools.build before Leiningen", repo{"project.clj": "[lein-ring 1]", "build.clj": ""},
			[]string{"clojure", "jdk8"}, "clojure -T:build uber", Reason{File: "build.clj", Why: "tools.build runs it"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, clojureProvider, appOf(t, tt.files, nil))
			diffOf(t, "plan", plan.Plan{
				Phases: map[string]plan.Phase{
					"setup": {NixPkgs: tt.pkgs, NixOverlays: []string{}},
					"build": {DependsOn: []string{"install", "setup"}, Cmds: []string{tt.build + move}},
				},
				Start: &plan.Start{Cmd: new(`JAR_FILE=$(find /app/target -name "*-standalone.jar" -o -name "*.jar" ! -name "*-SNAPSHOT.jar" | head -n 1) && bash -c "java $JAVA_OPTS -jar $JAR_FILE"`)},
			}, out.Plan)
			tt.why.Fact = plan.Fact{Phase: "build", Field: "cmd", Value: tt.build + move}
			diffOf(t, "reason", tt.why, reasonOf(t, out, tt.why.Fact))
		})
	}
}

func TestClojureJDK(t *testing.T) {
	const choice = "; JDK 8 is used, and 8, 11 and latest can be asked for"
	for _, tt := range []struct {
		file     string // "-" for none
		variable string // "-" for none
		want     string
		why      Reason
		warnings []string
	}{
		{"-", "-", "jdk8", Reason{Why: "no version is asked for"}, nil},
		{"11\n", "-", "jdk11", Reason{File: ".jdk-version", Line: 1, Why: `it asks for "11"`}, nil},
		{" latest ", "-", "jdk", Reason{File: ".jdk-version", Line: 1, Why: `it asks for "latest"`}, nil},
		{"8", "-", "jdk8", Reason{File: ".jdk-version", Line: 1, Why: `it asks for "8"`}, nil},
		{"17", "-", "jdk8", Reason{File: ".jdk-version", Line: 1, Why: `it asks for "17"`}, []string{`.jdk-version asks for JDK "17", which cannot be had` + choice}},
		{"", "-", "jdk8", Reason{File: ".jdk-version", Line: 1, Why: `it asks for ""`}, []string{`.jdk-version asks for JDK "", which cannot be had` + choice}},
		{"11", "latest", "jdk", Reason{Why: `the variable NIXPACKS_JDK_VERSION is "latest"`}, nil},
		{"-", "21; }", "jdk8", Reason{Why: `the variable NIXPACKS_JDK_VERSION is "21; }"`}, []string{`NIXPACKS_JDK_VERSION asks for JDK "21; }", which cannot be had` + choice}},
	} {
		files, vars := repo{"project.clj": ""}, plan.Vars{}
		if tt.file != "-" {
			files[".jdk-version"] = tt.file
		}
		if tt.variable != "-" {
			vars["NIXPACKS_JDK_VERSION"] = tt.variable
		}
		out := mustPlan(t, clojureProvider, appOf(t, files, vars))
		tt.why.Fact = plan.Fact{Phase: "setup", Field: "nix", Value: tt.want}
		diffOf(t, "reason of "+tt.file, tt.why, reasonOf(t, out, tt.why.Fact))
		diffOf(t, "warnings of "+tt.file, tt.warnings, out.Warnings)
	}
	_, err := clojureProvider.Plan(appOf(t, repo{"project.clj": "", ".jdk-version": "\xff"}, nil))
	wantSourceError(t, err, ".jdk-version")
}
