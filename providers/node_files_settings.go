package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// variables blocks on variables that change what the package managers read.
func (f *nodeFiles) variables() {
	for name, value := range plan.Sorted(f.app.Vars) {
		lower := strings.ToLower(name)
		setting, npm := strings.CutPrefix(lower, "npm_config_")
		if !npm {
			setting, npm = strings.CutPrefix(lower, "pnpm_config_")
		}
		bad := lower == "node_options" || strings.HasPrefix(lower, "yarn_") || strings.HasPrefix(lower, "bun_")
		if npm && npmReads(setting, value) || bad {
			f.block("the variable %s may change what the install reads", name)
		}
	}
}

// settings judges the package managers' configuration files in the root.
func (f *nodeFiles) settings() {
	for _, name := range nodeInstallCode {
		if f.app.Tree.HasFile(name) {
			f.block("%s runs on install", name)
		}
	}
	f.npmrc(".npmrc")
	f.yarnrc()
	f.yarnrcYAML()
	f.pnpmWorkspace()
	f.bunfig()
}

// npmNoise is what npm does not see in the name of a setting.
var npmNoise = strings.NewReplacer("-", "", "_", "")

// npmReads reports whether a setting of npm or pnpm may have it read files of the app.
func npmReads(name, value string) bool {
	name = npmNoise.Replace(strings.ToLower(name))
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:] // as in //registry.example/:certfile
	}
	return npmSettings[name] || isPath(value)
}

// isPath reports whether a value of a setting looks like a path that is not only a name.
func isPath(s string) bool {
	s = strings.TrimLeft(strings.TrimSpace(s), `"'`)
	return slices.ContainsFunc([]string{".", "/", "~/", "file:"}, func(p string) bool { return strings.HasPrefix(s, p) })
}

func (f *nodeFiles) npmrc(name string) {
	if !f.app.Tree.HasFile(name) {
		return
	}
	text, err := f.app.Tree.Read(name)
	if err != nil {
		f.unread(name, err)
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		key = strings.TrimSuffix(strings.Trim(strings.TrimSpace(key), `"'`), "[]")
		if npmReads(key, value) {
			// The text of the line may be a password.
			f.block("%s line %d has a setting that may read files", name, number)
		}
	}
}

func (f *nodeFiles) pnpmWorkspace() {
	const name = pnpmWorkspace
	m := map[string]any{}
	if f.app.Tree.HasFile(name) {
		if err := f.app.Tree.YAML(name, &m); err != nil {
			f.unread(name, err)
		}
	}
	for key, value := range plan.Sorted(m) {
		s, _ := value.(string)
		switch {
		case npmReads(key, s):
			f.block("%s has the setting %s, which may read files", name, key)
		case key == "patchedDependencies":
			f.patches(name, value)
		case key != "packages":
			f.specs(name, ".", value)
		}
	}
}

func (f *nodeFiles) bunfig() {
	const name = "bunfig.toml"
	m := map[string]any{}
	if f.app.Tree.HasFile(name) {
		if err := f.app.Tree.TOML(name, &m); err != nil {
			f.unread(name, err)
		}
	}
	if f.app.Tree.Contains(name, "$") || f.app.Tree.Contains(".npmrc", "$") {
		for _, env := range bunEnvironments {
			f.file(env)
		}
	}
	install, _ := m["install"].(map[string]any)
	for key := range plan.Sorted(install) {
		if !bunSettings["install."+key] {
			f.block("%s has the setting install.%s, which may read files", name, key)
		}
	}
	for key := range plan.Sorted(m) {
		if key != "install" && !bunSettings[key] {
			f.block("%s has the setting %s, which may read files", name, key)
		}
	}
}
