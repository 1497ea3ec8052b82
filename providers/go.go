package providers

import (
	"fmt"
	goversion "go/version"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// goProvider is specification 3.9.
var goProvider = Provider{
	Name:         "go",
	Looks:        "main.go or go.mod",
	Detect:       detectGo,
	Plan:         planGo,
	InstallFiles: goInstallFiles,
	Locks:        []string{"go.mod", "go.sum"},
}

func detectGo(app App) (string, error) {
	return firstFile(app, "main.go", "go.mod"), nil
}

func planGo(app App) (Output, error) {
	module := app.Tree.HasFile("go.mod")
	release, warnings := goDefault, []string(nil)
	if module {
		line, err := goLine(app)
		if err != nil {
			return Output{}, err
		}
		release, warnings = chooseGo(line)
	}
	cmds, err := goBuild(app, module)
	if err != nil {
		return Output{}, err
	}
	phases := map[string]plan.Phase{
		"setup": {
			NixPkgs:        []string{release.pkg},
			NixOverlays:    []string{},
			NixpkgsArchive: new(release.archive),
		},
		"build": {
			DependsOn:        []string{"install", "setup"},
			Cmds:             cmds,
			CacheDirectories: []string{goBuildCache},
		},
	}
	if module {
		phases["install"] = plan.Phase{
			DependsOn:        []string{"setup"},
			Cmds:             []string{"go mod download"},
			CacheDirectories: []string{goBuildCache},
		}
	}
	start, err := goStart(app)
	if err != nil {
		return Output{}, err
	}
	return Output{
		Plan: plan.Plan{
			Variables: map[string]string{"CGO_ENABLED": "0"},
			Phases:    phases,
			Start:     start,
		},
		Warnings: warnings,
	}, nil
}

// goLine returns the second word of the first line of go.mod that begins with "go", whatever directive it
// is, and "" if there is none.
func goLine(app App) (string, error) {
	text, err := app.Tree.Read("go.mod")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "go") {
			continue
		}
		if words := strings.Fields(line); len(words) > 1 {
			return words[1], nil
		}
		return "", nil
	}
	return "", nil
}

// chooseGo returns the release for a go line, and a warning if the line asks for a newer one.
func chooseGo(line string) (goRelease, []string) {
	i := slices.IndexFunc(goReleases, func(r goRelease) bool { return r.version == line })
	if i >= 0 {
		return goReleases[i], nil
	}
	if goversion.Compare(goversion.Lang("go"+line), "go"+goDefault.version) <= 0 {
		return goDefault, nil
	}
	return goDefault, []string{fmt.Sprintf(
		"go.mod asks for Go %s, which has no package here; Go %s is used and has to download that toolchain", line, goDefault.version)}
}

// goBuild returns the build command, or none if the app has a folder cmd without a folder in it.
func goBuild(app App, module bool) ([]string, error) {
	const build = "go build -o out"
	if bin, ok := app.Vars.Config("GO_BIN"); ok {
		return []string{build + " ./cmd/" + bin}, nil
	}
	if module {
		files, err := app.Tree.Files("*.go")
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(files, func(f string) bool { return path.Dir(f) == "." }) {
			return []string{build}, nil
		}
	}
	if app.Tree.HasDir("cmd") {
		dirs, err := app.Tree.Dirs("cmd/*")
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(dirs, func(d string) bool { return path.Base(path.Dir(d)) == "cmd" })
		if i < 0 {
			return nil, nil
		}
		return []string{build + " ./cmd/" + path.Base(dirs[i])}, nil
	}
	if module {
		return []string{build}, nil
	}
	if app.Tree.HasFile("main.go") {
		return []string{build + " main.go"}, nil
	}
	return nil, nil
}

// goStart returns nil if the app has no Go file at all.
func goStart(app App) (*plan.Start, error) {
	files, err := app.Tree.Files("**/*.go")
	if err != nil || len(files) == 0 {
		return nil, err
	}
	start := &plan.Start{Cmd: new("./out")}
	if app.Vars["CGO_ENABLED"] != "1" {
		start.RunImage = new(goRunImage)
	}
	return start, nil
}
