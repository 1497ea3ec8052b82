package providers

import (
	"path"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// goProvider follows nixpacks-1.39.md 3.9.
var goProvider = Provider{
	Name:         "go",
	Looks:        "main.go, go.mod or go.work",
	Detect:       detectGo,
	Newest:       detectGoWorkspace,
	Plan:         planGo,
	InstallFiles: goInstallFiles,
	Locks:        []string{"go.mod", "go.sum"},
	BuildOnly:    []string{"go", "go_*", "go@*", "gcc"},

	Language: Language{
		Manifests: []Manifest{{File: "go.mod", Locks: []string{"go.sum"}}},
		Lockfiles: []Lockfile{{"go.mod", GoModules}, {"go.sum", Unread}}, // go.sum has many more
		Settings:  []string{goWork, goWorkSums},
		Caches:    []Cache{{Dir: goBuildCache}},
		Runtimes:  []Runtime{goRuntime},
		Programs:  []string{},
	},
}

func detectGo(app App) (string, error) {
	return firstFile(app, "main.go", "go.mod"), nil
}

func planGo(app App) (Output, error) {
	module := app.Tree.HasFile("go.mod")
	version, err := chooseGo(app, module)
	if err != nil {
		return Output{}, err
	}
	target, err := findGo(app, module)
	if err != nil {
		return Output{}, err
	}
	phases := map[string]plan.Phase{
		"setup": version.setup,
		"build": {
			DependsOn:        []string{"install", "setup"},
			Cmds:             target.cmds,
			CacheDirectories: []string{goBuildCache},
			Paths:            target.paths,
		},
	}
	callsC, whyC := app.callsC()
	reasons := append(version.reasons,
		target.why.decided("build", "cmd", ""),
		target.why.decided("build", "path", ""),
		whyC.decided("", "variable "+cgoVariable, ""),
		byDefault("the program that the build makes").decided("start", "cmd", ""),
		byDefault("the binary needs no C library").decided("start", "run image", ""),
	)
	if module || target.workspace {
		download, err := goDownload(app)
		if err != nil {
			return Output{}, err
		}
		phases["install"] = plan.Phase{
			DependsOn:        []string{"setup"},
			Cmds:             download,
			CacheDirectories: []string{goBuildCache},
		}
		why := byFile("go.mod", "the app is a module")
		if !module {
			why = byFile(goWork, "the app is a workspace of modules")
		}
		reasons = append(reasons, why.decided("install", "cmd", ""))
	}
	made := plan.Plan{
		Variables: map[string]string{cgoVariable: map[bool]string{true: "1", false: "0"}[callsC]},
		Phases:    phases,
		Start:     target.start,
	}
	fixes, err := ownsDriven(app, goModules, app.requires)
	if err != nil {
		return Output{}, err
	}
	return Output{
		Plan:     made,
		Fixes:    append(fixes, goStrip(app, target.cmds)...),
		Warnings: slices.Concat(version.warnings, target.warnings, goSums(app)),
		Reasons:  reasonsOf(made, reasons),
		Chosen:   version.chosen,
		NoStart:  target.noStart,
	}, nil
}

// goBuild returns the build command and why that one, or none if the app has a folder cmd without a folder in it.
func goBuild(app App, module bool) ([]string, cause, error) {
	const build = "go build -o out"
	if bin, ok := app.Vars.Config("GO_BIN"); ok {
		return []string{build + " ./cmd/" + bin}, byVariable(app, "GO_BIN"), nil
	}
	if module {
		files, err := app.Tree.Files("*.go")
		if err != nil {
			return nil, cause{}, err
		}
		if i := slices.IndexFunc(files, func(f string) bool { return path.Dir(f) == "." }); i >= 0 {
			return []string{build}, byFile(files[i], "the root has Go files"), nil
		}
	}
	if app.Tree.HasDir("cmd") {
		dirs, err := app.Tree.Dirs("cmd/*")
		if err != nil {
			return nil, cause{}, err
		}
		i := slices.IndexFunc(dirs, func(d string) bool { return path.Base(path.Dir(d)) == "cmd" })
		if i < 0 {
			return nil, cause{}, nil
		}
		return []string{build + " " + shellPath("./cmd/"+path.Base(dirs[i]))}, byFile(dirs[i], "it is the first folder in cmd"), nil
	}
	if module {
		return []string{build}, byFile("go.mod", "the app is a module"), nil
	}
	if app.Tree.HasFile("main.go") {
		return []string{build + " main.go"}, byFile("main.go", "the app is no module"), nil
	}
	return nil, cause{}, nil
}

// goStart returns nil if the app has no Go file at all.
func goStart(app App) (*plan.Start, error) {
	files, err := app.Tree.Files("**/*.go")
	if err != nil || len(files) == 0 {
		return nil, err
	}
	return goStarted(app), nil
}
