package providers

import (
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// denoProvider follows nixpacks-1.39.md 3.5.
var denoProvider = Provider{
	Name:   "deno",
	Looks:  "deno.json, deno.jsonc or a script that imports from deno.land",
	Detect: detectDeno,
	Newest: detectDenoAlone,
	Plan:   planDeno,
	Locks:  []string{denoJSON, denoJSONC, denoLock},

	MemberFiles: []string{denoJSON, denoJSONC},
	Members:     denoMembers,

	Language: Language{
		Manifests: []Manifest{{denoJSON, []string{denoLock}}, {denoJSONC, []string{denoLock}}},
		Lockfiles: []Lockfile{{denoLock, DenoLock}},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{{Name: "Deno", Packages: patterns(`^deno$`)}},
		Programs:  []string{"deno"},
	},
}

const (
	denoJSON  = "deno.json"
	denoJSONC = "deno.jsonc"
	denoLock  = "deno.lock"

	denoScripts = "**/*.{ts,tsx,js,jsx}"
	denoIndex   = "**/index.{ts,tsx,js,jsx}"
	denoTexts   = "**/*.{ts,tsx,js,jsx,json,jsonc}"
)

var (
	// denoLand is an import that makes an app one of Deno. Its dots come from Nixpacks.
	denoLand = lazyregexp.New("import .+ from [\"'`]https://deno.land/[^\"'`]+\\.(?:ts|js|tsx|jsx)[\"'`]")
	// denoRemote is a dependency, in a script or in an import map.
	denoRemote = lazyregexp.New(`\bfrom\s+["']https?://|["'](?:jsr|npm):|"https?://[^"\s]+\.tsx?"`)
)

func detectDeno(app App) (string, error) {
	if name := firstFile(app, denoJSON, denoJSONC); name != "" {
		return name, nil
	}
	name, _, err := app.Tree.Match(denoLand, denoScripts)
	if err != nil || name == "" {
		return "", err
	}
	return name + " imports from deno.land", nil
}

// detectDenoAlone does not read every script of an app that says what it is, as one of them may be somebody else's
// (nixpacks-1.39.md 6.1, item 9).
func detectDenoAlone(app App) (string, error) {
	if firstFile(app, denoJSON, denoJSONC) == "" {
		if app.Tree.HasFile("package.json") || rootManifest(app) != "" {
			return "", nil
		}
		return detectDeno(app)
	}
	tasks, _, err := readDenoTasks(app)
	if err == nil && tasks.command("start") == nil && builtByNode(app) && firstFile(app, denoEntries...) == "" {
		return "", nil // what Deno has here is beside the app, as functions of Supabase are
	}
	return detectDeno(app)
}

func planDeno(app App) (Output, error) {
	member, wrong := app.member(denoJSON, denoJSONC)
	program, done, err := app.in(member)
	if err != nil {
		return Output{}, err
	}
	defer done()
	started, err := startDeno(program)
	if err != nil {
		return Output{}, err
	}
	started.relocate(member)
	c := choice{pkg: "deno", why: byDefault("no version of Deno can be asked for")}
	setup, reasons := plan.Phase{NixPkgs: []string{c.pkg}, NixOverlays: []string{}}, []Reason{c.why.decided("setup", "nix", "")}
	if app.choosesVersions() {
		if c, err = chooseOr(app, "deno", "deno"); err != nil {
			return Output{}, err
		}
		setup, reasons = c.install(plan.Phase{}), c.reasons()
	}
	out := Output{
		Plan:     plan.Plan{Phases: map[string]plan.Phase{"setup": setup}},
		Warnings: c.warnings,
		Reasons:  reasons,
		NoStart:  started.noStart,
	}
	out.keepsHome(app, map[string]string{"DENO_DIR": "/root/.cache/deno"})
	out.Warnings = append(out.Warnings, started.warnings...)
	if wrong != "" {
		out.Warnings = append(out.Warnings, wrong)
	}
	if len(started.builds) > 0 {
		out.Plan.Phases["build"] = plan.Phase{DependsOn: []string{"install", "setup"}, Cmds: started.builds}
		for i, cmd := range started.builds {
			out.Reasons = append(out.Reasons, started.buildsWhy[i].decided("build", "cmd", cmd))
		}
	}
	if started.cmd != nil {
		out.Plan.Start = &plan.Start{Cmd: started.cmd}
		out.Reasons = append(out.Reasons, started.why.decided("start", "cmd", ""))
	}
	remote, _, err := app.Tree.Match(denoRemote, denoTexts)
	if err != nil {
		return Output{}, err
	}
	if remote != "" {
		out.Warnings = append(out.Warnings, noLockfile(app, denoLock)...)
	}
	if started.site != nil {
		return out, out.serveSite(app, started.site, "Vite")
	}
	return out, nil
}

// denoTasks are commands by name, or in Deno 2 tables with one.
type denoTasks struct {
	Tasks map[string]any `json:"tasks"`
}

// command returns nil if there is no such task.
func (t denoTasks) command(name string) *string {
	switch task := t.Tasks[name].(type) {
	case string:
		return &task
	case map[string]any:
		if command, ok := task["command"].(string); ok {
			return &command
		}
	}
	return nil
}

// readDenoTasks returns the tasks and the file that has them. Nixpacks takes deno.jsonc if deno.json is not plain
// JSON, and stops if there is none; for Deno that file too may have comments.
func readDenoTasks(app App) (t denoTasks, file string, err error) {
	if app.Tree.HasFile(denoJSON) {
		if err := app.Tree.JSON(denoJSON, &t); err == nil {
			return t, denoJSON, nil
		}
	}
	file = firstFile(app, denoJSONC, denoJSON)
	if file == "" {
		return denoTasks{}, "", nil
	}
	t = denoTasks{}
	return t, file, app.Tree.JSONC(file, &t)
}
