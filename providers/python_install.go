package providers

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/source"
)

// pipFileVariables name files that pip reads beside the project's. All tools but skip run it.
var pipFileVariables = []string{
	"PIP_BUILD_CONSTRAINT", "PIP_CONFIG_FILE", "PIP_CONSTRAINT", "PIP_EDITABLE", "PIP_FIND_LINKS", "PIP_REQUIREMENT",
}

// pythonFileVariables are pip's and, in byte order, the variables of all tools.
func pythonFileVariables() []string {
	var list []string
	for _, t := range pythonTools {
		list = append(list, t.fileVariables...)
	}
	slices.Sort(list)
	return slices.Concat(pipFileVariables, list)
}

// pythonInstallFiles lists what the install command reads: the files of its tool, and nothing of the source
// as long as the tool does not install the app itself.
func pythonInstallFiles(app App) (files []string, blocker string, err error) {
	tool, _ := choosePythonTool(app)
	if tool.command == "" {
		return nil, "", nil
	}
	for _, name := range pythonFileVariables() {
		if app.Vars[name] != "" {
			return nil, "the variable " + name + " names a file that the install reads", nil
		}
	}
	if tool.installFiles == nil {
		return nil, "nobody knows what " + tool.name + " reads", nil
	}
	version, err := tool.plannedVersion(app)
	if err != nil {
		return nil, unread(toolVersionsFile, err), nil
	}
	files, blocker = tool.installFiles(app, cmp.Or(app.Vars[tool.versionVariable()], version))
	if blocker != "" {
		return nil, blocker, nil
	}
	slices.Sort(files)
	return files, "", nil
}

// missing is the blocker for a kind that was asked for without its main file.
func missing(name string) string { return "there is no " + name }

// unread is the blocker for a file whose content is not understood.
func unread(name string, err error) string {
	if e := (*source.Error)(nil); errors.As(err, &e) && e.Line > 0 {
		return fmt.Sprintf("%s line %d is not understood", name, e.Line)
	}
	return name + " is not understood"
}

// atLeast reports whether a version such as "1.8.3" is at least one such as "1.8". A version that is not
// made of numbers is not.
func atLeast(version, least string) bool {
	have, want := strings.Split(version, "."), strings.Split(least, ".")
	for i, w := range want {
		if i >= len(have) {
			return false
		}
		h, err := strconv.ParseUint(have[i], 10, 31)
		if err != nil {
			return false
		}
		n, _ := strconv.ParseUint(w, 10, 31)
		if c := cmp.Compare(h, n); c != 0 {
			return c > 0
		}
	}
	return true
}
