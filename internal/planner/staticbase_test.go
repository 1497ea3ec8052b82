package planner

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

func TestOneProgramOfGoStandsOnTheStaticBase(t *testing.T) {
	const server = "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":3000\", nil) }\n"
	const starts = "package main\n\nimport \"os/exec\"\n\nfunc main() { exec.Command(\"git\").Run() }\n"
	for name, tt := range map[string]struct {
		files  map[string]string
		static bool
	}{
		"a server":                   {map[string]string{"main.go": server}, true},
		"it starts a program":        {map[string]string{"main.go": starts}, false},
		"its tests start a program":  {map[string]string{"main.go": server, "main_test.go": starts}, true},
		"its parts start a program":  {map[string]string{"main.go": server, "vendor/x/x.go": starts}, true},
		"a shell starts it":          {map[string]string{"main.go": server, "nixpacks.toml": "[start]\ncmd = \"./out --port $PORT\"\n"}, false},
		"another package is there":   {map[string]string{"main.go": server, "nixpacks.toml": "[phases.setup]\naptPkgs = [\"...\", \"ffmpeg\"]\n"}, false},
		"C":                          {map[string]string{"main.go": server, "nixpacks.toml": "[variables]\nCGO_ENABLED = \"1\"\n"}, false},
		"the user wants the usual":   {map[string]string{"main.go": server, "nixpacks.toml": "[start]\nruntime = \"full\"\n"}, false},
		"a path to ask for":          {map[string]string{"main.go": server, "nixpacks.toml": "[start]\nhealthcheck = \"GET /health\"\n"}, false},
		"a program to ask by":        {map[string]string{"main.go": server, "nixpacks.toml": "[start]\nhealthcheck = \"./out health\"\n"}, true},
		"a start without its folder": {map[string]string{"main.go": server, "nixpacks.toml": "[start]\ncmd = \"out\"\n"}, false},
	} {
		tt.files["go.mod"] = "module example.org/app\n\ngo 1.26\n"
		in := given{files: tt.files}.input(t)
		in.Providers = providers.All()
		result, err := Make(in)
		if err != nil {
			t.Fatal(err)
		}
		p := result.Plan
		static := p.Start != nil && p.Start.Base != nil && *p.Start.Base == plan.StaticBase
		if static != tt.static {
			t.Errorf("%s: static %v\n%s", name, static, plan.Text(p))
		}
	}
}
