package versions

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheDocumentationHasTheTable compares the table of .github/docs/versions.md, and the list of the files of tool managers before it, with the
// sources.
func TestTheDocumentationHasTheTable(t *testing.T) {
	text, err := os.ReadFile("../../.github/docs/versions.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| tool | places, in their order |\n| --- | --- |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	const managed = "tool managers"
	var tools, managers []string
	places := map[string][]string{}
	for _, r := range sources {
		if r.file == json5 {
			continue // it counts as package.json does, and the page about providers says so
		}
		name := "`NIXPACKS_" + r.key + "`"
		if r.file != "" {
			name = "`" + r.file + "`"
		}
		if r.file != "" && r.key != "" {
			name = "`" + r.key + "` of " + name
		}
		if places[r.tool] == nil {
			tools = append(tools, r.tool)
		}
		if isManager(r.file) {
			if !slices.Contains(managers, name) {
				managers = append(managers, name)
			}
			name = managed
		}
		if list := places[r.tool]; name != managed || list[len(list)-1] != managed {
			places[r.tool] = append(list, name)
		}
	}
	var want []string
	for _, tool := range tools {
		want = append(want, "| "+tool+" | "+strings.Join(places[tool], ", ")+" |")
	}
	if diff := cmp.Diff(want, strings.Split(table, "\n")); diff != "" {
		t.Errorf("the sources and the page (-sources +page):\n%s", diff)
	}
	if list := strings.Join(managers, ", "); !strings.Contains(strings.ReplaceAll(string(text), "\n", " "), "Tool managers are "+list+".") {
		t.Errorf("the files of tool managers are %s", list)
	}
}

func isManager(file string) bool {
	return slices.ContainsFunc(managers("node", "nodejs"), func(r row) bool { return r.file == file })
}
