package providers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/org/npx-action/internal/plan"
)

// goWorkFiles make the install read the go.mod of every module of the workspace.
var goWorkFiles = []string{"go.work", "go.work.sum"}

// goFileFlags are the flags in GOFLAGS that change where modules are looked for.
var goFileFlags = []string{"C", "mod", "modfile", "overlay"}

// goInstallFiles lists what `go mod download` reads. A vendor folder is not part of it: the command passes
// it over.
func goInstallFiles(app App) (files []string, blocker string, err error) {
	if !app.Tree.HasFile("go.mod") {
		return nil, "", nil
	}
	if f := firstFile(app, goWorkFiles...); f != "" {
		return nil, f + " makes the install read every module of the workspace", nil
	}
	if name := goFileVariable(app.Vars); name != "" {
		return nil, "the variable " + name + " changes which files the install reads", nil
	}
	text, err := app.Tree.Bytes("go.mod")
	if err != nil {
		return nil, "", err
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, notGoMod(err), nil
	}
	for _, r := range mod.Replace {
		if r.New.Version == "" {
			return nil, fmt.Sprintf("go.mod line %d replaces %s by the folder %s", r.Syntax.Start.Line, r.Old.Path, r.New.Path), nil
		}
	}
	return presentFiles(app, "go.mod", "go.sum"), "", nil
}

// goFileVariable returns the name of a variable that makes the go command read other files, or "".
func goFileVariable(vars plan.Vars) string {
	if v := vars["GOWORK"]; v != "" && v != "off" {
		return "GOWORK"
	}
	for word := range strings.FieldsSeq(vars["GOFLAGS"]) {
		name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if slices.Contains(goFileFlags, name) {
			return "GOFLAGS"
		}
	}
	return ""
}

func notGoMod(err error) string {
	if list := (modfile.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		return fmt.Sprintf("go.mod line %d is not understood", list[0].Pos.Line)
	}
	return "go.mod is not understood"
}
