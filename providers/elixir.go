package providers

import (
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// elixirProvider follows nixpacks-1.39.md 3.4.
var elixirProvider = Provider{
	Name:         "elixir",
	Looks:        mixFile,
	Detect:       func(app App) (string, error) { return firstFile(app, mixFile), nil },
	Plan:         planElixir,
	InstallFiles: elixirInstallFiles,
	Locks:        []string{mixFile, mixLock},

	Language: Language{
		Manifests: []Manifest{{File: mixFile, Locks: []string{mixLock}}},
		Lockfiles: []Lockfile{{mixLock, MixLock}},
		Settings:  []string{toolVersionsFile},
		Caches:    []Cache{},
		Runtimes:  []Runtime{{Name: "Elixir", Packages: patterns(`^(?:\(beam\.packages\.\w+\.)?elixir(?:_(\d+)_(\d+))?\)?$`)}},
		Programs:  []string{"mix"},
	},
}

const (
	mixFile = "mix.exs"
	mixLock = "mix.lock"
)

func planElixir(app App) (Output, error) {
	mix, err := app.Tree.Read(mixFile)
	if err != nil {
		return Output{}, err
	}
	version, err := chooseElixir(app, mix)
	if err != nil {
		return Output{}, err
	}
	cmds, reasons := elixirBuild(app, mix)
	start, startWhy, noStart := "mix phx.server", byDefault("every Elixir app is taken for one of Phoenix"), ""
	if app.findsPrograms() {
		var release string
		if start, startWhy, noStart, err = elixirStart(app, mix); err != nil {
			return Output{}, err
		}
		if release = elixirRelease(app, mix, start); release != "" {
			cmds = append(cmds, release)
			reasons = append(reasons, byDefault("the start command runs it").decided("build", "cmd", release))
		}
	}
	archive, archiveWhy := elixirArchive, byDefault("the archive that has Elixir 1.9 to 1.17")
	if version.archive != "" {
		archive, archiveWhy = version.archive, version.why
	}
	made := plan.Plan{
		Variables: map[string]string{"ELIXIR_ERL_OPTIONS": "+fnu", "MIX_ENV": "prod"},
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{version.pkg, "gcc"},
				NixLibs:        []string{"stdenv.cc.cc.lib"},
				NixOverlays:    []string{},
				NixpkgsArchive: &archive,
			},
			"install": {
				DependsOn: []string{"setup"},
				Cmds:      []string{"mix local.hex --force", "mix local.rebar --force", "mix deps.get --only prod"},
			},
			"build": {DependsOn: []string{"install"}, Cmds: cmds},
		},
	}
	if start != "" {
		made.Start = &plan.Start{Cmd: &start}
	}
	out := Output{
		Plan:     made,
		Warnings: elixirWarnings(app, mix, version),
		Reasons: reasonsOf(made, append(reasons,
			version.why.decided("setup", "nix", version.pkg),
			byDefault("many packages compile C").decided("setup", "nix", "gcc"),
			archiveWhy.decided("setup", "nixpkgs", ""),
			startWhy.decided("start", "cmd", ""),
		)),
		Chosen:  version.chosen,
		NoStart: noStart,
	}
	out.keepsHome(app, map[string]string{"HEX_HOME": "/root/.hex", "MIX_HOME": "/root/.mix"})
	return out, nil
}

const (
	mixAssets = "mix assets.deploy"
	mixEcto   = "mix ecto.setup"
)

func elixirBuild(app App, mix string) ([]string, []Reason) {
	cmds, reasons := []string{"mix compile"}, []Reason(nil)
	if strings.Contains(mix, "assets.deploy") {
		cmds = append(cmds, mixAssets)
		reasons = append(reasons, byLine(app, mixFile, "assets.deploy", "mix.exs has assets.deploy").decided("build", "cmd", mixAssets))
	}
	if usesEcto(mix) && !app.findsPrograms() {
		cmds = append(cmds, mixEcto)
		reasons = append(reasons, byLine(app, mixFile, "postgrex", "mix.exs has postgrex and ecto").decided("build", "cmd", mixEcto))
	}
	return cmds, reasons
}

func usesEcto(mix string) bool {
	return strings.Contains(mix, "postgrex") && strings.Contains(mix, "ecto")
}

func elixirWarnings(app App, mix string, version elixirVersion) []string {
	var warnings []string
	if version.warning != "" {
		warnings = append(warnings, version.warning)
	}
	warnings = append(warnings, version.more...)
	if usesEcto(mix) && !app.findsPrograms() {
		warnings = append(warnings, "the build runs "+mixEcto+", which fails without a database that the build reaches")
	}
	if !app.findsPrograms() && !strings.Contains(mix, "phoenix") && !strings.Contains(mix, "apps_path") {
		warnings = append(warnings, "the app is started by mix phx.server, but mix.exs does not name phoenix; set a start command")
	}
	if mixDependency.MatchString(mix) {
		warnings = append(warnings, noLockfile(app, mixLock)...)
	}
	return warnings
}
