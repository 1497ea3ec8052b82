package providers

import (
	"strings"
	"testing"
)

// A row that leaves something out may plan what does not work, or what nobody finds.
func TestPythonToolsAreComplete(t *testing.T) {
	names := map[string]bool{}
	for i, tool := range pythonTools {
		if names[tool.name] {
			t.Errorf("two tools are called %s", tool.name)
		}
		names[tool.name] = true
		if last := i == len(pythonTools)-1; last != (len(tool.marks) == 0) || last != (tool.command == "") {
			t.Errorf("%s has the marks %q and the command %q; the last tool alone has neither", tool.name, tool.marks, tool.command)
			continue
		}
		if tool.command == "" {
			continue
		}
		for what, missing := range map[string]bool{
			"caches":                            len(tool.caches) == 0,
			"what an install reads":             tool.installFiles == nil,
			"a lockfile with its version":       tool.version != "" && tool.lock.File == "",
			"a lockfile with its variables":     tool.variables != nil && tool.lock.File == "",
			"its version in the command":        tool.version != "" && !strings.Contains(tool.command, "$"+tool.versionVariable()),
			"a version that .tool-versions may": tool.versionIsAsked && tool.version == "",
			"a way to be there":                 tool.program && tool.pkg == "" && tool.version == "",
		} {
			if missing {
				t.Errorf("%s lacks %s", tool.name, what)
			}
		}
	}
}
