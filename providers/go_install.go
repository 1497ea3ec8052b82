package providers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/org/npx-action/internal/plan"
)

// goFileFlags are the flags in GOFLAGS that change where modules are looked for.
var goFileFlags = []string{"C", "mod", "modfile", "overlay"}

// goInstallFiles lists what `go mod download` reads. A vendor folder is not part of it: the command passes
// it over.
func goInstallFiles(app App) (files []string, blocker string, err error) {
	if firstFile(app, "go.mod", goWork) == "" {
		return nil, "", nil
	}
	if name := goFileVariable(app.Vars); name != "" {
		return nil, "the variable " + name + " changes which files the install reads", nil
	}
	if files, blocker, err = goWorkFiles(app); blocker != "" || err != nil {
		return nil, blocker, err
	}
	if len(files) == 0 && app.Tree.HasFile("go.mod") {
		if blocker, err = goReplaced(app, "go.mod", nil); blocker != "" || err != nil {
			return nil, blocker, err
		}
	}
	files = append(files, presentFiles(app, "go.mod", "go.sum")...)
	slices.Sort(files)
	return slices.Compact(files), "", nil
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

func notGoMod(file string, err error) string {
	if list := (modfile.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		return fmt.Sprintf("%s line %d is not understood", file, list[0].Pos.Line)
	}
	return file + " is not understood"
}
