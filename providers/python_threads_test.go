package providers

import (
	"slices"
	"testing"
)

func TestPythonWithoutTheGlobalLockIsTheUsualOne(t *testing.T) {
	const warning = "the build without the global lock, which cannot be had; the usual build is given"
	for _, tt := range []struct {
		name     string
		files    repo
		release  string
		warnings []string
	}{
		{"a line", repo{".python-version": "3.13t\n"}, "python@3.13.15", []string{".python-version asks for Python 3.13t, " + warning}},
		{"a patch", repo{".python-version": "3.13.15t\n"}, "python@3.13.15", []string{".python-version asks for Python 3.13.15t, " + warning}},
		{"as uv writes it", repo{".python-version": "3.14+freethreaded\n"}, "python@3.14.7", []string{".python-version asks for Python 3.14+freethreaded, " + warning}},
		{"mise compiles it", repo{"mise.toml": "[env]\nPYTHON_BUILD_FREE_THREADING = 1\n"}, "python@3.14.7", []string{"mise.toml (env.PYTHON_BUILD_FREE_THREADING) asks for Python, " + warning}},
		{"mise has it", repo{"mise.toml": "[settings]\npython.precompiled_flavor = \"freethreaded+pgo-full\"\n"}, "python@3.14.7", []string{"mise.toml (settings.python.precompiled_flavor) asks for Python, " + warning}},
		{"mise does not", repo{"mise.toml": "[env]\nPYTHON_BUILD_FREE_THREADING = \"0\"\n"}, "python@3.14.7", nil},
		{"the usual one", repo{".python-version": "3.13\n"}, "python@3.13.15", nil},
	} {
		out := mustPlan(t, pythonProvider, newest(t, over(repo{"main.py": script}, tt.files), nil))
		if !slices.Equal(out.Chosen, []string{tt.release}) || !slices.Equal(out.Warnings, tt.warnings) {
			t.Errorf("%s: %q with %q, want %q with %q", tt.name, out.Chosen, out.Warnings, tt.release, tt.warnings)
		}
	}
}
