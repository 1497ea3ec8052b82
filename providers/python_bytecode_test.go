package providers

import (
	"slices"
	"strings"
	"testing"
)

func TestPackagesWithoutBytecodeAreCompiledOnce(t *testing.T) {
	const project = "[project]\nname = \"a\"\n"
	for name, tt := range map[string]struct {
		files    repo
		compiled bool
	}{
		"uv":     {repo{"pyproject.toml": project, "uv.lock": "version = 1\n", "main.py": ""}, true},
		"Poetry": {repo{"pyproject.toml": project, "poetry.lock": "", "main.py": ""}, true},
		"PDM":    {repo{"pyproject.toml": project, "pdm.lock": "", "main.py": ""}, true},
		"pip":    {repo{"requirements.txt": "flask\n", "main.py": ""}, false},
		"none":   {repo{"main.py": ""}, false},
	} {
		out := mustPlan(t, pythonProvider, newest(t, tt.files, nil))
		i := slices.IndexFunc(out.Fixes, func(f Fix) bool { return f.Rule == "python-bytecode" })
		if (i >= 0) != tt.compiled {
			t.Errorf("%s: %v", name, out.Fixes)
			continue
		}
		if i >= 0 {
			cmds, want := out.Fixes[i].Over.Phases["install"].Cmds, out.Plan.Phases["install"].Cmds[0]
			if !strings.HasPrefix(cmds[0], want) || !strings.HasSuffix(cmds[0], "|| true; }") {
				t.Errorf("%s: %q", name, cmds)
			}
		}
	}
}
