package providers

import (
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// denoProvider is specification 3.5.
var denoProvider = Provider{
	Name:   "deno",
	Looks:  "deno.json, deno.jsonc or a script that imports from deno.land",
	Detect: detectDeno,
	Newest: detectDenoAlone,
	Plan:   planDeno,
	Locks:  []string{denoJSON, denoJSONC, denoLock},

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
	// denoLand is an import that makes an app one of Deno. Its dots are those of Nixpacks.
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
// (specification 6.1, item 9).
func detectDenoAlone(app App) (string, error) {
	if firstFile(app, denoJSON, denoJSONC) == "" {
		if app.Tree.HasFile("package.json") || rootManifest(app) != "" {
			return "", nil
		}
		return detectDeno(app)
	}
	task, _, err := denoStartTask(app)
	if err == nil && task == nil && builtByNode(app) && firstFile(app, denoEntries...) == "" {
		return "", nil // what Deno has here is beside the app, as functions of Supabase are
	}
	return detectDeno(app)
}

func planDeno(app App) (Output, error) {
	file, why, err := denoEntry(app)
	if err != nil {
		return Output{}, err
	}
	task, config, err := denoStartTask(app)
	if err != nil {
		return Output{}, err
	}
	c := choice{pkg: "deno", why: byDefault("no version of Deno can be asked for")}
	setup, reasons := plan.Phase{NixPkgs: []string{c.pkg}, NixOverlays: []string{}}, []Reason{c.why.decided("setup", "nix", "")}
	if app.choosesVersions() {
		if c, err = chooseOr(app, "deno", "deno"); err != nil {
			return Output{}, err
		}
		setup, reasons = c.install(plan.Phase{}), c.reasons()
	}
	phases := map[string]plan.Phase{"setup": setup}
	out := Output{
		Plan:     plan.Plan{Phases: phases},
		Warnings: c.warnings,
		Reasons:  reasons,
	}
	if task == nil && app.findsPrograms() {
		if out.NoStart, err = denoNoService(app, config, file); err != nil {
			return Output{}, err
		}
	}
	if file != "" {
		phases["build"] = plan.Phase{DependsOn: []string{"install", "setup"}, Cmds: []string{"deno cache " + shellPath(file)}}
		out.Reasons = append(out.Reasons, why.decided("build", "cmd", ""))
	}
	switch {
	case task != nil:
		out.Plan.Start = &plan.Start{Cmd: task}
		out.Reasons = append(out.Reasons, byKey(app, config, *task, "tasks", "start").decided("start", "cmd", ""))
	case file != "" && out.NoStart == "":
		out.Plan.Start = &plan.Start{Cmd: new("deno run --allow-all " + shellPath(file))}
		out.Reasons = append(out.Reasons, why.decided("start", "cmd", ""))
	}
	remote, _, err := app.Tree.Match(denoRemote, denoTexts)
	if err != nil {
		return Output{}, err
	}
	if remote != "" {
		out.Warnings = append(out.Warnings, noLockfile(app, denoLock)...)
	}
	return out, nil
}

// A denoTask is a command, or in Deno 2 a table with one.
type denoTasks struct {
	Tasks struct {
		Start any `json:"start"`
	} `json:"tasks"`
}

// start returns nil if there is no such task.
func (t denoTasks) start() *string {
	switch task := t.Tasks.Start.(type) {
	case string:
		return &task
	case map[string]any:
		if command, ok := task["command"].(string); ok {
			return &command
		}
	}
	return nil
}

// denoStartTask returns the task start and the file that has it. Nixpacks takes deno.jsonc if deno.json is not plain
// JSON, and stops if there is none; for Deno that file too may have comments.
func denoStartTask(app App) (task *string, file string, err error) {
	var t denoTasks
	if app.Tree.HasFile(denoJSON) {
		if err := app.Tree.JSON(denoJSON, &t); err == nil {
			return t.start(), denoJSON, nil
		}
	}
	file = firstFile(app, denoJSONC, denoJSON)
	if file == "" {
		return nil, "", nil
	}
	t = denoTasks{}
	if err := app.Tree.JSONC(file, &t); err != nil {
		return nil, "", err
	}
	return t.start(), file, nil
}
