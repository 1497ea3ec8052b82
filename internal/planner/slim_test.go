package planner

import (
	"slices"
	"testing"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/providers"
)

func TestAPlanWithoutPruningIsThereWhereARulePrunes(t *testing.T) {
	npm := func(toml string) map[string]string {
		return map[string]string{
			"package.json":      `{"scripts": {"start": "node a.js"}, "devDependencies": {"tsx": "4"}}`,
			"package-lock.json": `{"lockfileVersion": 3, "packages": {"node_modules/tsx": {"version": "4.0.0", "dev": true}}}`,
			"nixpacks.toml":     toml,
		}
	}
	for _, tt := range []struct {
		name  string
		given given
		want  bool
	}{
		{"a rule prunes", given{files: npm("")}, true},
		{"the user prunes", given{files: npm("[phases.install]\npruneCmds = ['rm -r x']\n[start]\nwithoutPkgs = []\n")}, false},
		{"the user prunes nothing", given{files: npm("[phases.install]\npruneCmds = []\n[start]\nwithoutPkgs = []\n")}, false},
		{"a full image", given{files: npm(""), flags: config.Flags{Runtime: "full"}}, false},
		{"nothing is pruned but npm", given{files: map[string]string{"package.json": `{"scripts": {"start": "node a.js"}}`}}, true},
		{"edition 1.39", given{files: npm(""), edition: "1.39"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.given.input(t)
			in.Providers = providers.All()
			result, err := Make(in)
			if err != nil {
				t.Fatal(err)
			}
			if (result.Unpruned != nil) != tt.want {
				t.Fatalf("the unpruned plan is %v", result.Unpruned)
			}
			if !tt.want {
				return
			}
			if !result.Unpruned.Slim() || len(result.Unpruned.Phases["install"].PruneCmds) > 0 || len(result.Unpruned.Start.WithoutPkgs) > 0 ||
				len(result.Plan.Phases["install"].PruneCmds) == 0 && len(result.Plan.Start.WithoutPkgs) == 0 {
				t.Errorf("%+v and %+v", result.Unpruned, result.Plan)
			}
		})
	}
}

func TestARuntimeIsSlimWhereItCanBe(t *testing.T) {
	pythonApp := map[string]string{"main.py": "print(1)\n", "requirements.txt": ""}
	withConfig := func(toml string) map[string]string {
		return map[string]string{"main.py": "print(1)\n", "requirements.txt": "", "nixpacks.toml": toml}
	}
	nodeApp := func(start string) map[string]string {
		return map[string]string{"package.json": `{"engines": {"node": "26.7.0"}, "scripts": {"start": "` + start + `"}}`, "a.js": ""}
	}
	with := func(files map[string]string, name, text string) map[string]string {
		files[name] = text
		return files
	}
	for _, tt := range []struct {
		name  string
		given given
		want  string // runtime and packages left out
		full  bool   // there may be a full image instead
	}{
		{"by default, with the compilers of the build tools", given{files: pythonApp}, "slim", true},
		{"not in edition 1.39", given{files: pythonApp, edition: "1.39"}, "", false},
		{"full by option", given{files: pythonApp, flags: config.Flags{Runtime: "full"}}, "full", false},
		{"full by configuration", given{files: withConfig("[start]\nruntime = 'full'\n")}, "full", false},
		{"with a compiler", given{files: withConfig("[start]\nwithoutPkgs = []\n")}, "slim", true},
		{"not on a build image of the user's", given{files: withConfig("buildImage = 'my/base:1'\n")}, "", false},
		{"not with a run image of the user's", given{files: withConfig("[start]\nrunImage = 'my/run:1'\n")}, "", false},
		{"slim against all odds, for the build to refuse",
			given{files: withConfig("buildImage = 'my/base:1'\n[start]\nruntime = 'slim'\n")}, "slim gcc", false},
		{"without npm where nothing calls it", given{files: nodeApp("node a.js")}, "slim node@26.7.0/npm", true},
		{"with npm where the start calls it", given{files: nodeApp("npx migrate && node a.js")}, "slim", true},
		{"with npm where a process calls it", given{files: with(nodeApp("node a.js"), "Procfile", "worker: npm run work\n")}, "slim", true},
		{"with npm where the user's start calls it", given{files: with(nodeApp("node a.js"), "nixpacks.toml", "[start]\ncmd = 'yarn serve'\n")}, "slim", true},
		{"with npm where a source calls it", given{files: with(nodeApp("node a.js"), "a.js", "spawn('npm', ['run', 'work'])\n")}, "slim", true},
		{"without npm where a source names it", given{files: with(nodeApp("node a.js"), "a.js", "console.log('npm is not here')\n")}, "slim node@26.7.0/npm", true},
		{"with npm where a source of another language calls it",
			given{files: map[string]string{"main.py": "subprocess.run(['npm', 'exec', 'x'])\n", "requirements.txt": "", "mise.toml": "[tools]\nnode = '26.7.0'\n"}}, "slim", true},
		{"with npm if the user says so", given{files: with(nodeApp("node a.js"), "nixpacks.toml", "[start]\nwithoutPkgs = []\n")}, "slim", true},
		{"in 1.39 if asked for", given{files: pythonApp, edition: "1.39", flags: config.Flags{Runtime: "slim"}}, "slim", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.given.input(t)
			in.Providers = providers.All()
			result, err := Make(in)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if start := result.Plan.Start; start != nil {
				got = text(start.Runtime)
				for _, p := range start.WithoutPkgs {
					got += " " + p
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got == "full" && (result.Plan.Start.User != nil || result.Plan.Start.Writable != nil) {
				t.Errorf("a full image starts with %+v", result.Plan.Start) // its user reads the profile of root
			}
			if result.Full != nil != tt.full {
				t.Errorf("the plan of a full image is %v", result.Full)
			}
			if result.Full == nil {
				return
			}
			if result.Full.Slim() || result.Full.Start.Cmd == nil || len(result.Full.Start.WithoutPkgs) > 0 {
				t.Errorf("the plan of a full image starts with %+v", result.Full.Start)
			}
			for name, phase := range result.Full.Phases {
				if len(phase.PruneCmds) > 0 || !slices.Equal(phase.Cmds, result.Plan.Phases[name].Cmds) {
					t.Errorf("phase %s of a full image is %+v", name, phase)
				}
			}
		})
	}
}
