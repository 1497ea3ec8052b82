package test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/modfile"
)

// modules returns the directories below the checkout's root, sorted, that hold a module of the project.
func modules(t *testing.T) []string {
	t.Helper()
	var dirs []string
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == "test" || d.Name() == "testdata"):
			return fs.SkipDir // tests hold modules of others
		case d.Name() == "go.mod":
			dirs = append(dirs, path.Dir(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// readModule reads the go.mod of a directory below the checkout's root.
func readModule(t *testing.T, dir string) *modfile.File {
	t.Helper()
	name := filepath.Join("..", dir, "go.mod")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := modfile.Parse(name, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// required returns the version that a go.mod requires of a module, "" if none.
func required(m *modfile.File, module string) string {
	for _, r := range m.Require {
		if r.Mod.Path == module {
			return r.Mod.Version
		}
	}
	return ""
}

func TestTheDaemonIsTheBuildKitThatTheProgramSpeaksTo(t *testing.T) {
	const buildkit = "github.com/moby/buildkit"
	program, daemon := required(readModule(t, "."), buildkit), required(readModule(t, "internal/buildkitd"), buildkit)
	if program == "" || daemon != program {
		t.Errorf("go.mod requires BuildKit %q, internal/buildkitd/go.mod %q", program, daemon)
	}
}

// TestTheModulesCanBeInstalledAndUpdated: `go install` of a version refuses a module that replaces or excludes others, and the tools of a
// module are in the graph of all who import it.
func TestTheModulesCanBeInstalledAndUpdated(t *testing.T) {
	main := readModule(t, ".")
	if len(main.Replace) > 0 || len(main.Exclude) > 0 {
		t.Error("go.mod replaces or excludes modules, so go install of a version refuses it")
	}
	for _, tool := range main.Tool {
		t.Errorf("go.mod has the tool %s: give it a module of its own", tool.Path)
	}

	text, err := os.ReadFile("../.github/dependabot.yml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directories []string
		}
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	var updated []string
	for _, u := range config.Updates {
		if u.Ecosystem == "gomod" {
			updated = append(updated, u.Directories...)
		}
	}
	for _, dir := range modules(t) {
		if !slices.Contains(updated, path.Join("/", dir)) {
			t.Errorf("dependabot does not look at %s: %q", dir, updated)
		}
	}
}
