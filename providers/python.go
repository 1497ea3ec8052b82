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
	Newest:       detectPythonApp,
	Plan:         planPython,
	InstallFiles: pythonInstallFiles,
	Locks:        pythonLocks(),
	BuildOnly:    []string{"gcc"},
	Language:     pythonLanguage(),
}

func detectPython(app App) (string, error) {
	return firstFile(app, append([]string{"main.py"}, pythonManifests()...)...), nil
}

func planPython(app App) (Output, error) {
	traits, err := scanPython(app)
	if err != nil {
		return Output{}, err
	}
	version, err := choosePython(app)
	if err != nil {
		return Output{}, err
	}
	warnings := version.warnings
	tool, unknown := choosePythonTool(app)
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
	better, err := betterPythonStart(app, traits)
	if err != nil {
		return Output{}, err
	}
	scripted, err := scriptInstall(app)
	if err != nil {
		return Output{}, err
	}
	maps.Copy(variables, version.variables)
	setup, reasons := pythonSetup(app, traits, version)
	for name, value := range version.variables {
		reasons = append(reasons, byDefault("the compiler that is installed").decided("", "variable "+name, value))
	}
	reasons = append(reasons, started.decided("start", "cmd", ""), tool.why(app).decided("install", "cmd", ""))
	made := plan.Plan{
		Variables: variables,
		Phases:    map[string]plan.Phase{"setup": setup, "install": tool.install(app)},
		Start:     start,
	}
	out := Output{
		Plan:     made,
		Labels:   pythonLabels(app, traits),
		Warnings: append(warnings, tool.lockWarnings(app)...),
		Reasons:  reasonsOf(made, append(reasons, pythonVariableReasons(app, variables)...)),
		Fixes:    scripted,
		Chosen:   version.chosen,
	}
	better.improve(&out)
	out.Warnings = append(out.Warnings, checkPythonStart(app)...)
	return out, nil
}

func pythonSetup(app App, t pythonTraits, version pythonVersion) (plan.Phase, []Reason) {
	phase := plan.Phase{NixLibs: slices.Clone(version.libs)}
	reasons := version.reasons
	add := func(wanted bool, pkg string, why cause) {
		if wanted {
			phase.NixPkgs = append(phase.NixPkgs, pkg)
			reasons = append(reasons, why.decided("setup", "nix", pkg))
		}
	}
	add(t.postgres, pythonPostgres.of(app.Edition), t.whyPostgres)
	add(t.mysql, "libmysqlclient.dev", t.whyMySQL)
	for _, tool := range pythonTools {
		add(tool.pkg != "" && tool.marksOf(app), tool.pkg, byFile(firstFile(app, tool.marks...), "the app has one"))
	}
	add(t.uses("pydub"), "ffmpeg-headless", t.why(app, "pydub"))
	add(t.uses("pdf2image"), pythonPoppler.of(app.Edition), t.why(app, "pdf2image"))
	add(true, "gcc", byDefault("some packages compile C"))
	if t.uses("cairo") {
		phase.NixLibs = slices.Insert(phase.NixLibs, 0, "cairo")
		reasons = append(reasons, t.why(app, "cairo").decided("setup", "nix-lib", "cairo"))
	}
	return version.install(phase), append(reasons, byDefault("binary packages need them").decided("setup", "nix-lib", ""))
}

// pythonVariablesOf adds the version of the tool of each lock file, whatever tool is used.
func pythonVariablesOf(app App) (map[string]string, error) {
	vars := maps.Clone(pythonVariables)
	for _, t := range pythonTools {
		version, err := t.plannedVersion(app)
		if err != nil {
			return nil, err
		}
		if version != "" {
			vars[t.versionVariable()] = version
		}
		if t.locked(app) {
			maps.Copy(vars, t.variables)
		}
	}
	return vars, nil
}

func pythonLabels(app App, t pythonTraits) []string {
	var labels []string
	if t.django {
		labels = append(labels, "django")
	}
	if t.postgres {
		labels = append(labels, "postgres")
	}
	for _, tool := range pythonTools {
		if tool.label && tool.locked(app) {
			labels = append(labels, tool.name)
		}
	}
	return labels
}
