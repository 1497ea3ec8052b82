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
}

func detectPython(app App) (string, error) {
	return firstFile(app, "main.py", "requirements.txt", "pyproject.toml", "Pipfile"), nil
}

func planPython(app App) (Output, error) {
	traits, err := scanPython(app)
	if err != nil {
		return Output{}, err
	}
	setup, warnings, err := pythonSetup(app, traits)
	if err != nil {
		return Output{}, err
	}
	kind, unknown := pythonKindOf(app)
	if unknown != "" {
		warnings = append(warnings, unknown)
	}
	variables, err := pythonVariablesOf(app)
	if err != nil {
		return Output{}, err
	}
	start, err := pythonStart(app, traits)
	if err != nil {
		return Output{}, err
	}
	return Output{
		Plan: plan.Plan{
			Variables: variables,
			Phases:    map[string]plan.Phase{"setup": setup, "install": pythonInstall(app, kind)},
			Start:     start,
		},
		Labels:   pythonLabels(app, traits),
		Warnings: warnings,
	}, nil
}

func pythonSetup(app App, t pythonTraits) (plan.Phase, []string, error) {
	release, warnings, err := choosePython(app)
	if err != nil {
		return plan.Phase{}, nil, err
	}
	pkgs := []string{release.pkg}
	for _, p := range []struct {
		name   string
		wanted bool
	}{
		{postgresPackage, t.postgres},
		{"libmysqlclient.dev", t.mysql},
		{"pipenv", app.Tree.HasFile("Pipfile")},
		{"ffmpeg-headless", t.uses("pydub")},
		{"poppler_utils", t.uses("pdf2image")},
		{"gcc", true},
	} {
		if p.wanted {
			pkgs = append(pkgs, p.name)
		}
	}
	libs := []string{"zlib", "stdenv.cc.cc.lib"}
	if t.uses("cairo") {
		libs = slices.Insert(libs, 0, "cairo")
	}
	return plan.Phase{NixPkgs: pkgs, NixLibs: libs, NixOverlays: []string{}, NixpkgsArchive: new(release.archive)}, warnings, nil
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
