package providers

import (
	"maps"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// pythonProvider follows nixpacks-1.39.md 3.18.
var pythonProvider = Provider{
	Name:         "python",
	Looks:        "main.py, requirements.txt, pyproject.toml or Pipfile",
	Detect:       detectPython,
	Newest:       detectPythonApp,
	Beside:       besidePython,
	Plan:         planPython,
	InstallFiles: pythonInstallFiles,
	Prebuilt:     pythonPrebuilt,
	Locks:        pythonLocks(),
	BuildOnly:    []string{"gcc"},
	MemberFiles:  []string{pythonMemberFile},
	Members:      pythonMembers,
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
	member, warnings, err := pythonMemberOf(app)
	if err != nil {
		return Output{}, err
	}
	defer member.close()
	version, err := member.python(app)
	if err != nil {
		return Output{}, err
	}
	warnings = append(warnings, version.warnings...)
	tool, unknown := choosePythonTool(app)
	if unknown != "" {
		warnings = append(warnings, unknown)
	}
	variables, err := pythonVariablesOf(app)
	if err != nil {
		return Output{}, err
	}
	program := member.of(app)
	start, started, err := pythonStart(program, traits)
	if err != nil {
		return Output{}, err
	}
	better, err := betterPythonStart(program, traits)
	if err != nil {
		return Output{}, err
	}
	member.relocate(start, better)
	scripted, err := scriptInstall(app)
	if err != nil {
		return Output{}, err
	}
	maps.Copy(variables, version.variables)
	installed := installedPython(app, member)
	setup, added := pythonSetup(app, traits, version, installed)
	maps.Copy(variables, added.variables)
	reasons := append(slices.Concat(added.reasons, version.variableReasons()), started.decided("start", "cmd", ""), tool.why(app).decided("install", "cmd", ""))
	install := member.installs(tool.install(app))
	install.Cmds = append(install.Cmds, added.commands...)
	made := plan.Plan{
		Variables: variables,
		Phases:    map[string]plan.Phase{"setup": setup, "install": install},
		Start:     start,
	}
	out := Output{
		Plan:     made,
		Labels:   pythonLabels(app, traits),
		Warnings: slices.Concat(warnings, added.warnings, tool.lockWarnings(app)),
		Reasons:  reasonsOf(made, append(reasons, pythonVariableReasons(app, variables)...)),
		Fixes:    scripted,
		Chosen:   version.chosen,

		BuildOnly: added.buildOnly,
	}
	better.improve(&out)
	owned, err := ownsFiles(app, installed)
	if err != nil {
		return Output{}, err
	}
	out.Fixes = slices.Concat(out.Fixes, owned, tool.bytecodeFix(install), venvFix(install))
	out.Warnings = append(out.Warnings, checkPythonStart(program)...)
	return out, nil
}

// pythonSetup adds to Python what the app's packages need and what installs them. Edition 1.39 goes by words in the app's files.
func pythonSetup(app App, t pythonTraits, version pythonVersion, installed pythonInstalled) (plan.Phase, systemAdded) {
	phase := plan.Phase{NixLibs: slices.Clone(version.libs)}
	var added systemAdded
	add := func(wanted bool, pkg string, why cause) {
		if wanted {
			phase.NixPkgs = append(phase.NixPkgs, pkg)
			added.reasons = append(added.reasons, why.decided("setup", "nix", pkg))
		}
	}
	exact := !app.choosesVersions()
	if !exact {
		added = addSystem(app, pypi, version.system, &phase, installed.why)
		listed, warnings := addListed(app, &phase, installed)
		added.reasons, added.warnings = append(added.reasons, listed...), warnings
	}
	add(exact && t.postgres, "postgresql_16.dev", t.whyPostgres)
	add(exact && t.mysql, "libmysqlclient.dev", t.whyMySQL)
	for _, tool := range pythonTools {
		add(tool.pkg != "" && tool.marksOf(app), tool.pkg, byFile(firstFile(app, tool.marks...), "the app has one"))
	}
	add(exact && t.uses("pydub"), "ffmpeg-headless", t.why(app, "pydub"))
	add(exact && t.uses("pdf2image"), "poppler_utils", t.why(app, "pdf2image"))
	add(len(added.buildOnly) == 0, "gcc", byDefault("some packages compile C"))
	if exact && t.uses("cairo") {
		phase.NixLibs = slices.Insert(phase.NixLibs, 0, "cairo")
		added.reasons = append(added.reasons, t.why(app, "cairo").decided("setup", "nix-lib", "cairo"))
	}
	added.reasons = slices.Concat(version.reasons, added.reasons, []Reason{byDefault("binary packages need them").decided("setup", "nix-lib", "")})
	return version.install(phase), added
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
