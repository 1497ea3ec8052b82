package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestNodeVersion(t *testing.T) {
	engine := func(v string) string { return `{"engines": {"node": "` + v + `"}}` }
	variable := func(v string) plan.Vars { return plan.Vars{"NIXPACKS_NODE_VERSION": v} }
	for _, tt := range []struct {
		name    string
		files   repo
		vars    plan.Vars
		want    string
		archive string // "" is that of new versions
		warns   string // the text that cannot be had
	}{
		{name: "none", files: repo{"package.json": "{}"}, want: "nodejs_18"},
		{name: "an engine", files: repo{"package.json": engine(">=20")}, want: "nodejs_22"},
		{name: "another engine", files: repo{"package.json": `{"engines": {"npm": "9"}}`}, want: "nodejs_18"},
		{name: "any", files: repo{"package.json": engine("*")}, want: "nodejs_18"},
		{name: "any by x", files: repo{"package.json": engine("x")}, want: "nodejs_22"},
		{name: "not a version", files: repo{"package.json": engine("latest")}, want: "nodejs_18", warns: "latest"},
		{name: "empty", files: repo{"package.json": engine("")}, want: "nodejs_18", warns: ""},
		{name: "=*", files: repo{"package.json": engine("=*")}, want: "nodejs_18", warns: "=*"},
		{name: "~x", files: repo{"package.json": engine("~x")}, want: "nodejs_18", warns: "~x"},
		{name: "unknown", files: repo{"package.json": engine("23")}, want: "nodejs_18", warns: "23"},
		{name: "old", files: repo{"package.json": engine("16")}, want: "nodejs_16", archive: nodeOldArchive},
		{name: "older", files: repo{"package.json": engine("<=16")}, want: "nodejs_14", archive: nodeOldArchive},
		{name: "bun", files: repo{"package.json": engine("20"), "bun.lock": ""}, want: "nodejs_20", archive: nodeBunArchive},
		{name: "old with bun", files: repo{"package.json": engine("14"), "bun.lock": ""}, want: "nodejs_14", archive: nodeOldArchive},
		{name: "a variable before an engine", files: repo{"package.json": engine("20")}, vars: variable("22"), want: "nodejs_22"},
		{name: "a variable does not choose the archive", files: repo{"package.json": "{}"}, vars: variable("16"), want: "nodejs_16", warns: "16"},
		{name: "a variable does not leave the old archive", files: repo{"package.json": engine("16")}, vars: variable("22"), want: "nodejs_22", archive: nodeOldArchive, warns: "22"},
		{name: "a variable with a line break", files: repo{"package.json": "{}"}, vars: variable("2\n2"), want: "nodejs_22"},
		{name: "an engine before .nvmrc", files: repo{"package.json": engine("20"), ".nvmrc": "22"}, want: "nodejs_20"},
		{name: ".nvmrc", files: repo{"package.json": "{}", ".nvmrc": " v22.1.0\n"}, want: "nodejs_22"},
		{name: ".nvmrc, any LTS", files: repo{"package.json": "{}", ".nvmrc": "lts/*\n"}, want: "nodejs_22"},
		{name: ".nvmrc, an LTS", files: repo{"package.json": "{}", ".nvmrc": "lts/gallium"}, want: "nodejs_16", archive: nodeOldArchive},
		{name: ".nvmrc, an LTS too old", files: repo{"package.json": "{}", ".nvmrc": "lts/argon"}, want: "nodejs_18", warns: "lts/argon"},
		{name: ".nvmrc, upper case", files: repo{"package.json": "{}", ".nvmrc": "lts/Iron"}, want: "nodejs_18", warns: "lts/Iron"},
		{name: ".nvmrc before .node-version", files: repo{"package.json": "{}", ".nvmrc": "20", ".node-version": "22"}, want: "nodejs_20"},
		{name: ".nvmrc that is no text", files: repo{"package.json": "{}", ".nvmrc": "\xff", ".node-version": "22"}, want: "nodejs_22"},
		{name: ".node-version", files: repo{"package.json": "{}", ".node-version": "v20.v1\n"}, want: "nodejs_20"},
		{name: ".node-version has no aliases", files: repo{"package.json": "{}", ".node-version": "lts/iron"}, want: "nodejs_18", warns: "lts/iron"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, nodeProvider, appOf(t, tt.files, tt.vars))
			setup := out.Plan.Phases["setup"]
			diffOf(t, "package", tt.want, setup.NixPkgs[0])
			if tt.archive == "" {
				tt.archive = nodeArchive
			}
			diffOf(t, "archive", tt.archive, *setup.NixpkgsArchive)
			switch {
			case tt.warns == "" && tt.name != "empty":
				if len(out.Warnings) > 0 {
					t.Errorf("warnings %q, want none", out.Warnings)
				}
			case len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0], `"`+tt.warns+`"`):
				t.Errorf("warnings %q, want one about %q", out.Warnings, tt.warns)
			}
		})
	}
}
