package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// pythonCommands are the packages with the programs that start commands of Python apps run.
var pythonCommands = map[string]string{
	"celery":         "celery",
	"chainlit":       "chainlit",
	"daphne":         "daphne",
	"django-admin":   "django",
	"fastapi":        "fastapi-cli",
	"flask":          "flask",
	"granian":        "granian",
	"gunicorn":       "gunicorn",
	"hypercorn":      "hypercorn",
	"litestar":       "litestar",
	"sanic":          "sanic",
	"streamlit":      "streamlit",
	"uvicorn":        "uvicorn",
	"uwsgi":          "uwsgi",
	"waitress-serve": "waitress",
}

// pythonServerCommands are the servers that take an app object as MODULE:NAME.
var pythonServerCommands = []string{"daphne", "granian", "gunicorn", "hypercorn", "uvicorn", "waitress-serve"}

// checkPythonStart warns of what the user's start command names and the app has not: a program that no dependency brings, a file, a module. The
// user's command stays as it is.
func checkPythonStart(app App) []string {
	if app.UserStart == nil || !app.Edition.Has(pythonStartSince) {
		return nil
	}
	words := pythonCommandWords(*app.UserStart)
	if len(words) == 0 {
		return nil
	}
	said := func(format string, a ...any) []string {
		return []string{"the start command " + fmt.Sprintf(format, a...)}
	}
	program, args := words[0], words[1:]
	deps := dependenciesOf(app)
	switch pkg, known := pythonCommands[program]; {
	case known && deps.file != "" && !deps.mayHave(pkg):
		return said("runs %s, but %s", program, deps.lack(pkg))
	case (program == "python" || program == "python3") && len(args) > 0 && path.Ext(args[0]) == ".py" && !strings.HasPrefix(args[0], "/"):
		if !app.Tree.HasFile(path.Clean(args[0])) {
			return said("runs %.80q, which the app has not", args[0])
		}
	case slices.Contains(pythonServerCommands, program):
		if module := missingPythonModule(app, args); module != "" {
			return said("serves the module %.80q, which the app has not", module)
		}
	}
	return nil
}

// pythonCommandWords are the words of a command that is plain enough to be judged: no program before it, no other directory, no quotes.
func pythonCommandWords(cmd string) []string {
	if strings.ContainsAny(cmd, "&|;`\\\"'\n<>()") {
		return nil
	}
	words := strings.Fields(cmd)
	if len(words) > 0 && words[0] == "exec" {
		words = words[1:]
	}
	if len(words) > 0 && strings.Contains(words[0], "=") {
		return nil // a variable may change where modules are
	}
	return words
}

// missingPythonModule is the module that a server is told to serve, if no folder that modules are imported from has it; else "".
func missingPythonModule(app App, args []string) string {
	for _, arg := range args {
		if strings.HasPrefix(arg, "--chdir") || strings.HasPrefix(arg, "--app-dir") || strings.HasPrefix(arg, "--pythonpath") || arg == "-c" || strings.HasPrefix(arg, "--config") {
			return ""
		}
	}
	for _, arg := range args {
		module, name, ok := strings.Cut(arg, ":")
		if !ok || !pythonModuleName.MatchString(module) || !pythonModuleName.MatchString(name) {
			continue
		}
		first, _, _ := strings.Cut(module, ".")
		for _, root := range []string{".", "src"} {
			if app.Tree.HasFile(path.Join(root, first+".py")) || app.Tree.HasDir(path.Join(root, first)) {
				return ""
			}
		}
		if app.Vars["PYTHONPATH"] != "" {
			return ""
		}
		return module
	}
	return ""
}
