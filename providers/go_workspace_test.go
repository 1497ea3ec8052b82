package providers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

// goService is a module with a program.
func goService(files repo, dir string) repo {
	files[dir+"/go.mod"] = "module w.example/" + dir + "\n\ngo 1.24\n"
	files[dir+"/main.go"] = "// A program.\npackage main // here\n\nfunc main() {}\n"
	return files
}

func TestGoWorkspacesBuildAProgramOfTheirs(t *testing.T) {
	const two = "go 1.24\n\nuse (\n\t./lib\n\t./one\n\t./two\n)\n"
	lib := func() repo {
		return repo{"go.work": two, "lib/go.mod": "module w.example/lib\n", "lib/lib.go": "package lib\n", "lib/gen.go": "//go:build ignore\n\npackage main\n"}
	}
	both := goService(goService(lib(), "one"), "two")
	for _, tt := range []struct {
		name    string
		files   repo
		vars    plan.Vars
		build   string
		none    string // why nothing is started
		warning string
	}{
		{name: "one program", files: goService(lib(), "two"), build: "go build -o out ./two"},
		{name: "two programs", files: both, build: "go build -o out ./one", warning: "the app has several programs (one, two), and one is started; set NIXPACKS_GO_BIN to another one"},
		{name: "a variable", files: both, vars: plan.Vars{"NIXPACKS_GO_BIN": "two"}, build: "go build -o out ./two"},
		{name: "a variable with a folder", files: both, vars: plan.Vars{"NIXPACKS_GO_BIN": "./one"}, build: "go build -o out ./one"},
		{name: "below cmd", files: repo{"go.work": two, "one/go.mod": "module one\n", "one/cmd/tool/main.go": "package main\n", "one/internal/x/main.go": "package main\n"},
			build: "go build -o out ./one/cmd/tool"},
		{name: "a server", files: goService(goService(repo{"go.work": "go 1.24\nuse ./api\nuse ./job\n"}, "api"), "job"), build: "go build -o out ./api",
			warning: "the app has several programs (api, job), and api is started; set NIXPACKS_GO_BIN"},
		{name: "no program", files: lib(), build: "go build ./lib/...", none: "go.work is of modules without a package main, so that it is a library"},
		{name: "a root with a program", files: goService(repo{"go.work": "go 1.24\nuse .\nuse ./one\n", "go.mod": "module w\n", "main.go": "package main\n"}, "one"), build: "go build -o out"},
		{name: "a root without", files: goService(repo{"go.work": "go 1.24\nuse .\nuse ./one\n", "go.mod": "module w\n", "cmd/x/x.go": "package x\n"}, "one"), build: "go build -o out ./one"},
		{name: "a module that is not used", files: goService(goService(repo{"go.work": "go 1.24\nuse ./one\n"}, "two"), "one"), build: "go build -o out ./one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := newest(t, tt.files, tt.vars)
			if reason, err := detectGoWorkspace(app); reason == "" || err != nil {
				t.Fatalf("not detected: %v", err)
			}
			out := mustPlan(t, goProvider, app)
			if got := strings.Join(out.Plan.Phases["build"].Cmds, "; "); got != tt.build {
				t.Errorf("build %q, want %q", got, tt.build)
			}
			if !strings.HasPrefix(out.NoStart, tt.none) || (out.Plan.Start == nil) != (tt.none != "") {
				t.Errorf("start %v, as %q; want %q", out.Plan.Start, out.NoStart, tt.none)
			}
			if warnings := strings.Join(out.Warnings, "; "); !strings.HasPrefix(warnings, tt.warning) || (tt.warning == "") != (warnings == "") {
				t.Errorf("warnings %q, want %q", warnings, tt.warning)
			}
			if out.Plan.Phases["install"].Cmds == nil {
				t.Error("nothing is installed")
			}
		})
	}
}

func TestGoWorkspacesThatAreWrong(t *testing.T) {
	for name, tt := range map[string]struct {
		work string
		vars plan.Vars
		want string
	}{
		"a syntax error": {"go 1.24\nuse (\n", nil, "parsing go.work:"},
		"outside":        {"go 1.24\nuse ../x\n", nil, `reading go.work:2: use "../x" leads out of the app`},
		"a variable":     {"go 1.24\nuse ./one\n", plan.Vars{"NIXPACKS_GO_BIN": "six"}, `reading the variable NIXPACKS_GO_BIN: the workspace has no program "six"; it has one`},
	} {
		_, err := planGo(newest(t, goService(repo{"go.work": tt.work}, "one"), tt.vars))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

func TestInstallsOfGoWorkspacesReadTheirModules(t *testing.T) {
	work := "go 1.24\nuse ./one\nuse ./two\n"
	for name, tt := range map[string]struct {
		change  repo
		want    []string
		blocker string
	}{
		"all modules":                     {repo{"one/go.sum": "", "go.work.sum": "", "three/go.mod": "module three\n"}, []string{"go.work", "go.work.sum", "one/go.mod", "one/go.sum", "two/go.mod"}, ""},
		"a member instead of a module":    {repo{"one/go.mod": "module w.example/one\nreplace w.example/two => ../two\n"}, []string{"go.work", "one/go.mod", "two/go.mod"}, ""},
		"a folder instead of a module":    {repo{"two/go.mod": "module w.example/two\nreplace w.example/x => ../x\n"}, nil, "two/go.mod line 2 replaces w.example/x by the folder ../x"},
		"a folder for all":                {repo{"go.work": work + "replace w.example/x => ./x\n"}, nil, "go.work line 4 replaces w.example/x by the folder ./x"},
		"a module that is not understood": {repo{"two/go.mod": "what\n"}, nil, "two/go.mod line 1 is not understood"},
	} {
		files := goService(goService(repo{"go.work": work}, "one"), "two")
		for file, text := range tt.change {
			files[file] = text
		}
		got, blocker, err := goInstallFiles(newest(t, files, nil))
		if diff := cmp.Diff(tt.want, got); diff != "" || blocker != tt.blocker || err != nil {
			t.Errorf("%s: blocked by %q, %v\n%s", name, blocker, err, diff)
		}
	}
}

func TestMembersThatRequireMembersAreNotAskedFor(t *testing.T) {
	const work = "go 1.24\nuse (\n\t./api\n\t./sea\n)\n"
	sea := "module example.com/sea\n"
	for _, tt := range []struct {
		name, work, api string
		want            []string
	}{
		{"no version of a member", work, "module example.com/api\nrequire example.org/x v1.0.0\n", []string{"go mod download"}},
		{"a version", work, "module example.com/api\nrequire (\n\texample.com/sea v0.0.0\n\texample.org/x v1.0.0\n)\n",
			[]string{"go work edit -replace=example.com/sea@v0.0.0=./sea", "go mod download"}},
		{"replaced in go.mod", work, "module example.com/api\nrequire example.com/sea v0.0.0\nreplace example.com/sea => ../sea\n", []string{"go mod download"}},
		{"replaced in go.work", work + "replace example.com/sea v0.0.0 => ./sea\n", "module example.com/api\nrequire example.com/sea v0.0.0\n", []string{"go mod download"}},
		{"another version is replaced", work + "replace example.com/sea v0.1.0 => ./sea\n", "module example.com/api\nrequire example.com/sea v0.0.0\n",
			[]string{"go work edit -replace=example.com/sea@v0.0.0=./sea", "go mod download"}},
		{"no go.mod that can be read", work, "module example.com/api\nrequire (\n", []string{"go mod download"}},
	} {
		app := newest(t, repo{"go.work": tt.work, "api/go.mod": tt.api, "api/main.go": "package main", "sea/go.mod": sea, "sea/sea.go": "package sea"}, nil)
		diffOf(t, tt.name, tt.want, mustPlan(t, goProvider, app).Plan.Phases["install"].Cmds)
	}
}
