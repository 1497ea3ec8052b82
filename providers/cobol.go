package providers

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// cobolProvider follows nixpacks-1.39.md 3.23.
var cobolProvider = Provider{
	Name:      "cobol",
	Looks:     "a file *.cbl",
	Detect:    func(app App) (string, error) { return firstMatch(app, cobolFiles) },
	Newest:    func(app App) (string, error) { return firstBelow(app, cobolFiles) },
	Plan:      planCobol,
	BuildOnly: []string{"gcc"},

	Language: Language{
		Manifests: []Manifest{}, // its files lie anywhere
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{},
	},
}

const (
	cobolFiles = "*.cbl" // of any directory, as all globs of Nixpacks
	cobolIndex = "*index.cbl"

	cobolAppName = "COBOL_APP_NAME"
	cobolArgs    = "COBOL_COMPILE_ARGS"
	cobolDefault = "-x -o" // makes a program, and names it
)

func planCobol(app App) (Output, error) {
	file, why, warnings, err := cobolProgram(app)
	if err != nil {
		return Output{}, err
	}
	args, compiled := cobolDefault, why
	if text, ok := app.Vars.Config(cobolArgs); ok {
		args, compiled = text, byVariable(app, cobolArgs)
	}
	compiler := "gnu-cobol"
	if app.choosesVersions() {
		compiler = "gnucobol" // as newer archives call it
	}
	program := strings.TrimSuffix(path.Base(file), path.Ext(file))
	return Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup": {NixPkgs: []string{compiler, "gcc"}, NixOverlays: []string{}},
				"build": {
					DependsOn: []string{"install", "setup"},
					Cmds:      []string{fmt.Sprintf("cobc %s %s %s", args, shellPath(program), shellPath(file))},
				},
			},
			Start: &plan.Start{Cmd: new(shellPath("./" + program))},
		},
		Warnings: warnings,
		Reasons: []Reason{
			byDefault("the compiler, which makes C").decided("setup", "nix", ""),
			compiled.decided("build", "cmd", ""),
			why.decided("start", "cmd", ""),
		},
	}, nil
}

// cobolProgram returns the file to compile, why that one, and a warning if it is not the one that was asked for.
func cobolProgram(app App) (file string, why cause, warnings []string, err error) {
	name, named := app.Vars.Config(cobolAppName)
	if named {
		// A name that makes no glob matches no file.
		if file, err := firstMatch(app, "*"+name+".cbl"); err == nil && file != "" {
			return file, byVariable(app, cobolAppName), nil, nil
		}
	}
	for _, wanted := range []struct{ glob, why string }{
		{cobolIndex, "it is the first file whose name ends in index.cbl"},
		{cobolFiles, "it is the first file in byte order"},
	} {
		file, err := firstMatch(app, wanted.glob)
		if err != nil {
			return "", cause{}, nil, err
		}
		if file == "" {
			continue
		}
		if named {
			warnings = []string{fmt.Sprintf("NIXPACKS_%s is %.60q, but no file is named so; %s is compiled", cobolAppName, name, file)}
		}
		return file, byFile(file, wanted.why), warnings, nil
	}
	return "", cause{}, nil, errors.New("looking for a program to compile: there is no *.cbl; add one")
}
