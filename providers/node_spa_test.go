package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestSinglePageAppPlan(t *testing.T) {
	p := mustPlan(t, nodeProvider, appOf(t, repo{
		"package.json": `{"dependencies": {"vue": "3", "vite": "5"}, "scripts": {"start": "node server.js"}}`,
	}, nil)).Plan
	diffOf(t, "caddy", plan.Phase{
		DependsOn:      []string{"setup"},
		NixPkgs:        []string{"caddy"},
		NixOverlays:    []string{},
		NixpkgsArchive: new("ba913eda2df8eb72147259189d55932012df6301"),
		Cmds:           []string{"caddy fmt --overwrite /assets/Caddyfile"},
	}, p.Phases["caddy"])
	diffOf(t, "start", "exec caddy run --config /assets/Caddyfile --adapter caddyfile 2>&1", *p.Start.Cmd)
	diffOf(t, "output", "dist", p.Variables["NIXPACKS_SPA_OUTPUT_DIR"])
	for _, part := range []string{":{$PORT:3000} {\n", "{$NIXPACKS_SPA_OUTPUT_DIR}\n", "/health", "try_files {path} /index.html\n"} {
		if !strings.Contains(p.StaticAssets["Caddyfile"], part) {
			t.Errorf("the Caddyfile has no %q", part)
		}
	}
}

func TestCaddyServesKnownFrameworksOfVite(t *testing.T) {
	deps := func(names ...string) string {
		return `{"dependencies": {"` + strings.Join(names, `": "1", "`) + `": "1"}}`
	}
	for _, tt := range []struct {
		name   string
		files  repo
		vars   plan.Vars
		caddy  bool
		output string // "" if it is not Vite
	}{
		{name: "React", files: repo{"package.json": deps("vite", "react")}, caddy: true, output: "dist"},
		{name: "React without Vite", files: repo{"package.json": deps("react")}},
		{name: "React by a configuration", files: repo{"package.json": deps("react"), "vite.config.ts": ""}, caddy: true, output: "dist"},
		{name: "React by a script", files: repo{"package.json": `{"dependencies": {"react": "1"}, "scripts": {"build": "tsc && Vite Build"}}`}, caddy: true, output: "dist"},
		{name: "Remix", files: repo{"package.json": deps("vite", "react", "@remix-run/react")}, output: "dist"},
		{name: "React Router", files: repo{"package.json": deps("vite", "react", "@react-router/node")}, output: "dist"},
		{name: "Svelte", files: repo{"package.json": deps("vite", "svelte")}, caddy: true, output: "dist"},
		{name: "SvelteKit", files: repo{"package.json": deps("vite", "svelte", "@sveltejs/kit")}, output: "dist"},
		{name: "Preact", files: repo{"package.json": deps("vite", "preact")}, caddy: true, output: "dist"},
		{name: "Lit", files: repo{"package.json": deps("vite", "lit")}, caddy: true, output: "dist"},
		{name: "Solid", files: repo{"package.json": deps("vite", "solid-js")}, caddy: true, output: "dist"},
		{name: "Qwik", files: repo{"package.json": deps("vite", "@builder.io/qwik")}, caddy: true, output: "dist"},
		{name: "nothing known", files: repo{"package.json": deps("vite")}, output: "dist"},
		{name: "development only", files: repo{"package.json": `{"devDependencies": {"vite": "1", "vue": "3"}}`}, caddy: true, output: "dist"},
		{name: "development is passed over", files: repo{"package.json": `{"dependencies": {"vue": "3"}, "devDependencies": {"vite": "1"}}`}},
		{name: "off", files: repo{"package.json": deps("vite", "vue")}, vars: plan.Vars{"NIXPACKS_SPA_CADDY": "0"}, output: "dist"},
		{name: "off in words", files: repo{"package.json": deps("vite", "vue")}, vars: plan.Vars{"NIXPACKS_SPA_CADDY": "False"}, output: "dist"},
		{name: "not off", files: repo{"package.json": deps("vite", "vue")}, vars: plan.Vars{"NIXPACKS_SPA_CADDY": "no"}, caddy: true, output: "dist"},
		{name: "asked for by an output", files: repo{"package.json": deps("vite")}, vars: plan.Vars{"NIXPACKS_SPA_OUT_DIR": "out"}, caddy: true, output: "out"},
		{name: "an output without Vite", files: repo{"package.json": "{}"}, vars: plan.Vars{"NIXPACKS_SPA_OUT_DIR": "out"}},
		{name: "without a manifest", files: repo{"vite.config.js": "outDir: 'x'"}, output: "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPlan(t, nodeProvider, appOf(t, tt.files, tt.vars)).Plan
			_, phase := p.Phases["caddy"]
			_, asset := p.StaticAssets["Caddyfile"]
			if phase != tt.caddy || asset != tt.caddy || (p.Start != nil) != tt.caddy {
				t.Errorf("phase %v, asset %v, start %v; want all %v", phase, asset, p.Start != nil, tt.caddy)
			}
			diffOf(t, "output", tt.output, p.Variables["NIXPACKS_SPA_OUTPUT_DIR"])
		})
	}
}

func TestViteOutput(t *testing.T) {
	for _, tt := range []struct{ js, ts, script, want string }{
		{want: "dist"},
		{js: "outDir:  \"a b\"", want: "a b"},
		{js: "outDir:`a', b'", want: "a"},
		{js: "outDir: out", want: "dist"},
		{ts: "build: {\n  outDir:\n    'a'\n}", want: "a"},
		{js: "export {}", ts: "outDir: 'b'", want: "dist"},
		{js: "outDir: 'a'", ts: "outDir: 'b'", want: "a"},
		{js: "outDir: 'a'", script: "vite build --outDir b", want: "a"},
		{script: "tsc && vite  build --outDir foo/b-r && x", want: "foo/b"},
		{script: "vite build --ssr -m --outDir  out;true", want: "out"},
		{script: "vite build src --outDir out", want: "dist"},
		{script: "vite build --outDir=out", want: "dist"},
	} {
		files := repo{"package.json": `{"dependencies": {"vite": "1"}, "scripts": {"build": "` + tt.script + `"}}`}
		if tt.js != "" {
			files["vite.config.js"] = tt.js
		}
		if tt.ts != "" {
			files["vite.config.ts"] = tt.ts
		}
		got := mustPlan(t, nodeProvider, appOf(t, files, nil)).Plan.Variables["NIXPACKS_SPA_OUTPUT_DIR"]
		if got != tt.want {
			t.Errorf("%+v: output %q, want %q", tt, got, tt.want)
		}
	}
}
