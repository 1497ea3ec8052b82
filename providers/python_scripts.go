package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// A pythonProject is what pyproject.toml says of how the project is started. A file that cannot be read says nothing: the install
// tells of it.
type pythonProject struct {
	BuildSystem map[string]any `toml:"build-system"`
	Project     struct {
		Name    string         `toml:"name"`
		Scripts map[string]any `toml:"scripts"`
	} `toml:"project"`
	Tool struct {
		Poetry struct {
			Name        string         `toml:"name"`
			Scripts     map[string]any `toml:"scripts"`
			PackageMode *bool          `toml:"package-mode"`
		} `toml:"poetry"`
		PDM struct {
			Distribution *bool `toml:"distribution"`
		} `toml:"pdm"`
		UV struct {
			Package *bool `toml:"package"`
		} `toml:"uv"`
	} `toml:"tool"`
}

func readPythonProject(app App) pythonProject {
	var p pythonProject
	if !app.Tree.HasFile("pyproject.toml") || app.Tree.TOML("pyproject.toml", &p) != nil {
		return pythonProject{}
	}
	return p
}

// name is the project's, "" if it has none.
func (p pythonProject) name() string {
	if p.Project.Name != "" {
		return p.Project.Name
	}
	return p.Tool.Poetry.Name
}

// module is the module that is usually called like the project, "" if none can be.
func (p pythonProject) module() string {
	if name := strings.ReplaceAll(p.name(), "-", "_"); pythonModuleName.MatchString(name) {
		return name
	}
	return ""
}

// installed reports whether the tool of that name installs the project's own programs.
func (p pythonProject) installed(tool string) bool {
	switch tool {
	case "setuptools":
		return true
	case "poetry":
		return p.Tool.Poetry.PackageMode == nil || *p.Tool.Poetry.PackageMode
	case "pdm":
		return p.Tool.PDM.Distribution == nil || *p.Tool.PDM.Distribution
	case "uv":
		if p.Tool.UV.Package != nil {
			return *p.Tool.UV.Package
		}
		return p.BuildSystem != nil
	}
	return false
}

// pythonScriptNames are the programs of a project that are taken for a service, after the one that is called like the project.
var pythonScriptNames = []string{"start", "serve", "server", "web", "app", "main"}

// projectScript is the start by a program that pyproject.toml names.
func projectScript(app App) *pythonGuess {
	p := readPythonProject(app)
	tool, _ := choosePythonTool(app)
	if !p.installed(tool.name) {
		return nil
	}
	scripts := p.Project.Scripts
	if len(scripts) == 0 {
		scripts = p.Tool.Poetry.Scripts
	}
	var names []string
	for name := range plan.Sorted(scripts) {
		if asciiProgramName.MatchString(name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	wanted := append([]string{p.name()}, pythonScriptNames...)
	if len(names) == 1 {
		wanted = names
	}
	for _, name := range wanted {
		if !slices.Contains(names, name) {
			continue
		}
		if tool := commandLineTool(app, scripts[name]); tool != "" {
			return &pythonGuess{none: onlyCommandLine(tool)}
		}
		cmd := name
		if tool.name == "setuptools" {
			// The program is installed and the app's own modules are not, as the app runs from its sources.
			root := "."
			if files, err := app.Tree.Files("src/**/*.py"); err == nil && len(files) > 0 {
				root = "src"
			}
			cmd = "PYTHONPATH=" + root + " " + name
		}
		return &pythonGuess{cmd: cmd, cause: byLine(app, "pyproject.toml", name+" =", "the project has the program "+name)}
	}
	return &pythonGuess{none: fmt.Sprintf("pyproject.toml names the programs %s, and none of them is called like the project", strings.Join(names, ", "))}
}

// pythonCommandLine are the modules that read a command line, and pythonLasting the packages by which a program goes on when it is done with that.
var (
	pythonCommandLine = []string{"argparse", "click", "cyclopts", "docopt", "fire", "typer"}
	pythonLasting     = []string{
		"aiogram", "aiohttp", "aiokafka", "apscheduler", "arq", "bottle", "celery", "confluent-kafka", "daphne", "discord-py", "django", "dramatiq", "fastapi", "fastmcp", "flask",
		"gradio", "granian", "grpcio", "gunicorn", "hypercorn", "kafka-python", "litestar", "mcp", "nats-py", "pika", "python-telegram-bot", "quart", "rq", "sanic", "schedule",
		"slack-bolt", "starlette", "streamlit", "tornado", "twisted", "uvicorn", "waitress", "websockets",
	}
)

// commandLineTool is the file of a program of a project, MODULE:NAME, that only reads a command line, in a project that names no package that serves or
// waits; "" if it may do more.
func commandLineTool(app App, program any) string {
	text, _ := program.(string)
	module, _, _ := strings.Cut(text, ":")
	below := strings.ReplaceAll(strings.TrimSpace(module), ".", "/")
	deps := dependenciesOf(app)
	if below == "" || deps.open || slices.ContainsFunc(pythonLasting, func(name string) bool { return deps.names[name] }) {
		return ""
	}
	for _, root := range []string{".", "src"} {
		file := firstFile(app, path.Join(root, below+".py"), path.Join(root, below, "__init__.py"))
		if file == "" {
			continue
		}
		if source, err := app.Tree.Read(file); err == nil && slices.ContainsFunc(pythonCommandLine, readPyModule(source).uses) {
			return file
		}
	}
	return ""
}

// onlyCommandLine says why such a file is not started.
func onlyCommandLine(file string) string {
	return noService(file+" reads a command line, and the project names no package that serves or waits", aCommand)
}

// projectTools are the files of the programs that pyproject.toml names and that are command line tools.
func projectTools(app App) []string {
	var files []string
	for _, program := range plan.Sorted(readPythonProject(app).Project.Scripts) {
		if file := commandLineTool(app, program); file != "" {
			files = append(files, file)
		}
	}
	return files
}

// isIdle reports whether a file does nothing when it is run.
func isIdle(app App, file string) bool {
	text, err := app.Tree.Read(file)
	return err == nil && readPyModule(text).acts() == 0
}

// projectModule is the start by a module that the project is called like, if the app has that module and it can be run.
func projectModule(app App) *pythonGuess {
	module := readPythonProject(app).module()
	if module == "" {
		return nil
	}
	for _, root := range []string{".", "src"} {
		file := firstFile(app, path.Join(root, module, "__main__.py"), path.Join(root, module+".py"))
		if file == "" || path.Base(file) != "__main__.py" && isIdle(app, file) {
			continue
		}
		cmd := "python -m " + module
		if root != "." {
			cmd = "PYTHONPATH=" + root + " " + cmd
		}
		return &pythonGuess{cmd: cmd, cause: byFile(file, "the project is called like this module")}
	}
	return nil
}
