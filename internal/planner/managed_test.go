package planner

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/providers"
)

func TestRuntimesOfToolManagersAreInstalledBesideTheLanguages(t *testing.T) {
	node := map[string]string{"package.json": `{"scripts":{"build":"tsc","start":"node index.js"},"engines":{"node":"24"}}`, "index.js": ""}
	for _, tt := range []struct {
		name     string
		files    map[string]string // beside the files of an app of Node
		pkgs     []string
		edition  string
		releases string // of the phases, without the init
		without  string
		warning  string // a part of one; "" for none
	}{
		{name: "nothing is listed", releases: "node@24.19.0"},
		{name: "another runtime", files: map[string]string{"mise.toml": "[tools]\npython = '3.13'\n"}, releases: "node@24.19.0 python@3.13.15", without: "python@3.13.15"},
		{name: "one that is called", files: map[string]string{"mise.toml": "[tools]\npython = '3.13'\n", "index.js": `spawn("python3", [])`},
			releases: "node@24.19.0 python@3.13.15"},
		{name: "asdf and devbox", files: map[string]string{".tool-versions": "golang 1.26.1\n", "devbox.json": `{"packages":["python@3.13"]}`},
			releases: "node@24.19.0 go@1.26.1 python@3.13.15", without: "go@1.26.1 python@3.13.15"},
		{name: "the app's own", files: map[string]string{"mise.toml": "[tools]\nnode = '24'\n"}, releases: "node@24.19.0"},
		{name: "what no archive of its maker has", files: map[string]string{"mise.toml": "[tools]\nbun = '1.4'\n"}, releases: "node@24.19.0",
			warning: "mise.toml:2 asks for bun, which comes from nixpkgs"},
		{name: "a file of the tool alone", files: map[string]string{".python-version": "3.13\n", ".go-version": "1.26\n"}, releases: "node@24.19.0"},
		{name: "the tool's own file decides", files: map[string]string{".python-version": "3.12\n", "mise.toml": "[tools]\npython = 'latest'\n"},
			releases: "node@24.19.0 python@3.12.14", without: "python@3.12.14"},
		{name: "the user's list", files: map[string]string{"mise.toml": "[tools]\npython = '3.13'\n"}, pkgs: []string{"python@3.12"},
			releases: "node@24.19.0 python@3.12.14"},
		{name: "no such version", files: map[string]string{"mise.toml": "[tools]\npython = '2.7'\n"}, releases: "node@24.19.0",
			warning: "python is not installed: reading mise.toml:2: "},
		{name: "edition 1.39", files: map[string]string{"mise.toml": "[tools]\npython = '3.13'\n"}, edition: "1.39"},
		{name: "nothing builds", files: map[string]string{"package.json": "", "index.html": "", "mise.toml": "[tools]\nnode = '24'\n"}},
	} {
		files := maps.Clone(node)
		maps.Copy(files, tt.files)
		if files["package.json"] == "" {
			delete(files, "package.json")
		}
		in := given{files: files, flags: config.Flags{Pkgs: tt.pkgs}, edition: tt.edition}.input(t)
		in.Providers = providers.All()
		result, err := Make(in)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var releases []string
		for name, phase := range result.Plan.Phases {
			if name != initPhase {
				releases = append(releases, phase.ReleaseNames()...)
			}
		}
		if got := strings.Join(releases, " "); got != tt.releases {
			t.Errorf("%s: the plan has %s, want %s", tt.name, got, tt.releases)
		}
		if got := result.Plan.Start; got != nil {
			without := slices.DeleteFunc(got.WithoutPkgs, func(pkg string) bool { return strings.HasSuffix(pkg, "/npm") })
			if strings.Join(without, " ") != tt.without {
				t.Errorf("%s: the image is without %q, want %q", tt.name, without, tt.without)
			}
		}
		found := slices.ContainsFunc(result.Warnings, func(w string) bool { return tt.warning != "" && strings.Contains(w, tt.warning) })
		if found != (tt.warning != "") {
			t.Errorf("%s: warnings %q, want %q", tt.name, result.Warnings, tt.warning)
		}
	}
}
