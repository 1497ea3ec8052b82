package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestPythonVersion(t *testing.T) {
	const ignored = " decides the version of Python, NIXPACKS_PYTHON_VERSION does not count"
	unknown := func(from, text string) string {
		return from + " asks for Python " + text + ", which is none of the known releases (2.7 to 3.13); python3 is used"
	}
	variable := plan.Vars{"NIXPACKS_PYTHON_VERSION": "3.9"}
	for _, tt := range []struct {
		name     string
		files    repo
		vars     plan.Vars
		want     string
		warnings []string
	}{
		{name: "nothing", want: "python3"},
		{name: "the variable", vars: variable, want: "python39"},
		{name: ".python-version", files: repo{".python-version": "3.12\n"}, want: "python312"},
		{name: "the variable beats .python-version", files: repo{".python-version": "3.12"}, vars: variable, want: "python39"},
		{name: ".python-version beats runtime.txt", files: repo{".python-version": "3.12", "runtime.txt": "python-3.8.1"}, want: "python312"},
		{name: "runtime.txt beats Pipfile", files: repo{"runtime.txt": "python-3.8.1", "Pipfile": `python_version = "3.11"`}, want: "python38"},
		{
			name: "runtime.txt beats the variable", files: repo{"runtime.txt": "python-3.8.1", ".python-version": "3.12"}, vars: variable,
			want: "python38", warnings: []string{"runtime.txt" + ignored},
		},
		{name: "Pipfile", files: repo{"Pipfile": `python_version = "3.11"`}, want: "python311"},
		{name: "Pipfile's full version", files: repo{"Pipfile": "python_full_version = '3.10.2'"}, want: "python310"},
		{name: "Pipfile's first", files: repo{"Pipfile": "python_full_version = '3.10.2'\npython_version = '3.11'"}, want: "python310"},
		{name: "Pipfile with other blanks", files: repo{"Pipfile": `python_version="3.11"`}, want: "python3"},
		{name: "Pipfile beats .tool-versions", files: repo{"Pipfile": "", ".tool-versions": "python 3.11.1"}, want: "python3"},
		{name: "Pipfile resets the variable", files: repo{"Pipfile": ""}, vars: variable, want: "python3", warnings: []string{"Pipfile" + ignored}},
		{name: ".tool-versions", files: repo{".tool-versions": "python 3.11.1"}, want: "python311"},
		{name: ".tool-versions with two parts", files: repo{".tool-versions": "python 3.10"}, want: "python310"},
		{
			name: ".tool-versions with two versions", files: repo{".tool-versions": "python 3.11.1 3.10.2"}, want: "python311",
			warnings: []string{`.tool-versions gives "3.11.1 3.10.2" as the version of Python, which is not of the form x.y.z or x.y`},
		},
		{
			name: ".tool-versions with one part", files: repo{".tool-versions": "python 3"}, want: "python3",
			warnings: []string{`.tool-versions gives "3" as the version of Python, which is not of the form x.y.z or x.y`},
		},
		{
			name: ".tool-versions without Python", files: repo{".tool-versions": "nodejs 20.1.1"}, vars: variable, want: "python3",
			warnings: []string{".tool-versions" + ignored},
		},
		{name: "2.7", vars: plan.Vars{"NIXPACKS_PYTHON_VERSION": "2.7.18"}, want: "python27"},
		{name: "3.7", vars: plan.Vars{"NIXPACKS_PYTHON_VERSION": "3.7"}, want: "python37"},
		{name: "3.13", vars: plan.Vars{"NIXPACKS_PYTHON_VERSION": "3.13.0"}, want: "python313"},
		{name: "pypy", files: repo{".python-version": "pypy3.9"}, want: "python39"},
		{name: "only 3", vars: plan.Vars{"NIXPACKS_PYTHON_VERSION": "3"}, want: "python3"},
		{name: "a word", files: repo{".python-version": "system"}, want: "python3"},
		{
			name: "only 2", vars: plan.Vars{"NIXPACKS_PYTHON_VERSION": "2"}, want: "python3",
			warnings: []string{unknown("NIXPACKS_PYTHON_VERSION", `"2"`)},
		},
		{name: "too new", files: repo{".python-version": "3.14\n"}, want: "python3", warnings: []string{unknown(".python-version", `"3.14"`)}},
		{name: "free-threaded", files: repo{".python-version": "3.13t"}, want: "python3", warnings: []string{unknown(".python-version", `"3.13t"`)}},
		{name: "two lines", files: repo{".python-version": "3.12\n3.11"}, want: "python3", warnings: []string{unknown(".python-version", `"3.12\n3.11"`)}},
		{name: "a range", files: repo{".python-version": ">=3.10"}, want: "python3", warnings: []string{unknown(".python-version", `">=3.10"`)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := repo{"main.py": ""}
			for name, text := range tt.files {
				files[name] = text
			}
			out := mustPlan(t, pythonProvider, appOf(t, files, tt.vars))
			if got := out.Plan.Phases["setup"].NixPkgs[0]; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			// A missing lock is another test's.
			warnings := slices.DeleteFunc(out.Warnings, func(w string) bool { return strings.Contains(w, "Pipfile.lock") })
			if len(warnings) == 0 {
				warnings = nil
			}
			diffOf(t, "warnings", tt.warnings, warnings)
		})
	}
}

func TestOldPythonComesFromTheOldArchive(t *testing.T) {
	const old, recent = "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db", "bc8f8d1be58e8c8383e683a06e1e1e57893fff87"
	for version, want := range map[string]string{
		"2.7": old, "3.7": old, "3.8": old, "3.9": old, "3.10": recent, "3.11": recent, "3.12": recent, "3.13": recent, "3": recent,
	} {
		out := mustPlan(t, pythonProvider, appOf(t, repo{"main.py": "", ".python-version": version}, nil))
		if got := *out.Plan.Phases["setup"].NixpkgsArchive; got != want {
			t.Errorf("Python %s comes from %s, want %s", version, got, want)
		}
	}
}
