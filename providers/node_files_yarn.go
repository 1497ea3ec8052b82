package providers

import (
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// yarnrc judges the file of Yarn 1: a name, a blank and a value, which may be quoted.
func (f *nodeFiles) yarnrc() {
	const name = ".yarnrc"
	text, err := f.app.Tree.Read(name)
	if err != nil && f.app.Tree.HasFile(name) {
		f.unread(name, err)
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, _ := strings.Cut(line, " ")
		key, value = strings.Trim(key, `":`), strings.Trim(strings.TrimSpace(value), `"'`)
		switch {
		case key == "yarn-path":
			f.needed(name, value)
		case yarnClassicSettings[key] && !isPath(value):
		case strings.HasSuffix(key, ":registry"):
		case strings.HasPrefix(key, "--install.") && yarnClassicSettings[strings.TrimPrefix(key, "--install.")]:
		default:
			f.block("%s line %d has a setting that may read files", name, number)
		}
	}
}

// yarnrcYAML judges the file of Yarn 2 and later.
func (f *nodeFiles) yarnrcYAML() {
	const name = ".yarnrc.yml"
	m := map[string]any{}
	if f.app.Tree.HasFile(name) {
		if err := f.app.Tree.YAML(name, &m); err != nil {
			f.unread(name, err)
		}
	}
	for key, value := range plan.Sorted(m) {
		switch {
		case key == "yarnPath":
			s, _ := value.(string)
			f.needed(name, s)
		case key == "plugins":
			f.yarnPlugins(name, value)
		case !yarnSettings[key]:
			f.block("%s has the setting %s, which may read files", name, key)
		case key == "catalog", key == "catalogs", key == "packageExtensions":
			f.specs(name, ".", value)
		}
	}
}

// yarnPlugins allows Yarn's own plugins: plugins of others may read anything.
func (f *nodeFiles) yarnPlugins(name string, value any) {
	list, _ := value.([]any)
	if list == nil {
		f.block("%s has plugins that are no list", name)
	}
	for _, v := range list {
		if m, ok := v.(map[string]any); ok {
			v = m["path"]
		}
		s, _ := v.(string)
		if !strings.HasPrefix(s, ".yarn/plugins/@yarnpkg/") {
			f.block("%s has a plugin that is not Yarn's own", name)
			continue
		}
		f.needed(name, s)
	}
}
