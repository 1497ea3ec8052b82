package providers

import (
	"maps"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// pythonProvider is specification 3.18.
var pythonProvider = Provider{
	Name:         "python",
	Looks:        "main.py, requirements.txt, pyproject.toml or Pipfile",
	Detect:       detectPython,
	Plan:         planPython,
	InstallFiles: pythonInstallFiles,
	Locks:        []string{"Pipfile", "Pipfile.lock", "pdm.lock", "poetry.lock", "pyproject.toml", "requirements.txt", "uv.lock"},
	BuildOnly:    []string{"gcc"},
}

func detectPython(app App) (string, error) {
	return firstFile(app, "main.py", "requirements.txt", "pyproject.toml", "Pipfile"), nil
}

func planPython(app App) (Output, error) {
	traits, err := scanPython(app)
	if err != nil {
		return Output{}, err
	}
	release, wish, err := choosePython(app)
	if err != nil {
		return Output{}, err
	}
	warnings := wish.warnings
	kind, unknown := pythonKindOf(app)
	if unknown != "" {
		warnings = append(warnings, unknown)
	}
	variables, err := pythonVariablesOf(app)
	if err != nil {
		return Output{}, err
	}
	start, started, err := pythonStart(app, traits)
	if err != nil {
		return Output{}, err
	}
	setup, reasons := pythonSetup(app, traits, release, wish.why())
	reasons = append(reasons, started.decided("start", "cmd", ""), pythonKindCause(app, kind).decided("install", "cmd", ""))
	made := plan.Plan{
		Variables: variables,
		Phases:    map[string]plan.Phase{"setup": setup, "install": pythonInstall(app, kind)},
		Start:     start,
	}
	return Output{
		Plan:     made,
		Labels:   pythonLabels(app, traits),
		Warnings: append(warnings, pythonLockWarnings(app, kind)...),
		Reasons:  reasonsOf(made, append(reasons, pythonVariableReasons(app, variables)...)),
	}, nil
}

func pythonSetup(app App, t pythonTraits, release pythonRelease, version cause) (plan.Phase, []Reason) {
	phase := plan.Phase{
		NixPkgs:        []string{release.pkg},
		NixLibs:        []string{"zlib", "stdenv.cc.cc.lib"},
		NixOverlays:    []string{},
		NixpkgsArchive: new(release.archive),
	}
	reasons := []Reason{version.decided("setup", "nix", release.pkg), version.decided("setup", "nixpkgs", "")}
	for _, p := range []struct {
		name   string
		wanted bool
		why    cause
	}{
		{postgresPackage, t.postgres, t.whyPostgres},
		{"libmysqlclient.dev", t.mysql, t.whyMySQL},
		{"pipenv", app.Tree.HasFile("Pipfile"), byFile("Pipfile", "the app has one")},
		{"ffmpeg-headless", t.uses("pydub"), t.why(app, "pydub")},
		{"poppler_utils", t.uses("pdf2image"), t.why(app, "pdf2image")},
		{"gcc", true, byDefault("some packages compile C")},
	} {
		if p.wanted {
			phase.NixPkgs = append(phase.NixPkgs, p.name)
			reasons = append(reasons, p.why.decided("setup", "nix", p.name))
		}
	}
	if t.uses("cairo") {
		phase.NixLibs = slices.Insert(phase.NixLibs, 0, "cairo")
		reasons = append(reasons, t.why(app, "cairo").decided("setup", "nix-lib", "cairo"))
	}
	return phase, append(reasons, byDefault("binary packages need them").decided("setup", "nix-lib", ""))
}

// pythonVariablesOf adds the version of the tool of each lock file, whatever tool is used.
func pythonVariablesOf(app App) (map[string]string, error) {
	vars := maps.Clone(pythonVariables)
	if app.Tree.HasFile("poetry.lock") {
		v, ok, err := toolVersion(app, "poetry")
		if err != nil {
			return nil, err
		}
		if !ok {
			v = poetryDefault
		}
		vars["NIXPACKS_POETRY_VERSION"] = v
	}
	if app.Tree.HasFile("pdm.lock") {
		vars["NIXPACKS_PDM_VERSION"] = pdmDefault
	}
	if app.Tree.HasFile("uv.lock") {
		v, ok, err := toolVersion(app, "uv")
		if err != nil {
			return nil, err
		}
		if !ok {
			v = uvDefault
		}
		vars["NIXPACKS_UV_VERSION"] = v
		vars["UV_PROJECT_ENVIRONMENT"] = pythonVenv
	}
	return vars, nil
}

func pythonLabels(app App, t pythonTraits) []string {
	var labels []string
	for _, l := range []struct {
		name string
		fits bool
	}{
		{"django", t.django},
		{"postgres", t.postgres},
		{"poetry", app.Tree.HasFile("poetry.lock")},
		{"pdm", app.Tree.HasFile("pdm.lock")},
	} {
		if l.fits {
			labels = append(labels, l.name)
		}
	}
	return labels
}
