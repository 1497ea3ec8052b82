package planner

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// A manifest gives names to commands.
type manifest struct {
	file    string
	scripts map[string]string
	also    map[string][]string // commands that a script runs besides its text
	first   string              // what is run without a name, "" for nothing
	line    func(name string) int
}

// A runner is a program that runs commands by the names of a manifest.
type runner struct {
	programs []string
	read     func(tree *source.Tree, dir string) *manifest      // nil if there is none
	names    func(words []string, m *manifest) (names []string) // that a call runs, the program first; they may be unknown
}

var runners = []runner{
	{providers.NodeManagers(), readPackageJSON, nodeNames},
	{[]string{"composer"}, readComposer, composerNames},
	{[]string{"deno"}, readDeno, after("task")},
	{[]string{"make"}, readMakefile, makeNames},
	{providers.PythonPrograms("pyproject.toml"), readPyproject, after("run")},
	{providers.PythonPrograms("Pipfile"), readPipfile, after("run")},
}

// after names the word behind a sub-command.
func after(subcommand string) func([]string, *manifest) []string {
	return func(words []string, _ *manifest) []string {
		if len(words) > 2 && words[1] == subcommand {
			return words[2:3]
		}
		return nil
	}
}

// abroad are the options by which a call runs scripts of another directory, or none.
var abroad = lazyregexp.New(`^(?:-w|-F|-C|-r|-f|-d|-g|--(?:global|workspace|workspaces|filter|prefix|dir|cwd|recursive|ignore-scripts|no-scripts|working-dir|directory|file|makefile))(?:=.*)?$`)

// arguments are the arguments of a call that are no options, and whether it stays in its directory.
func arguments(words []string) (args []string, here bool) {
	for _, w := range words[1:] {
		switch {
		case abroad.MatchString(w):
			return nil, false
		case w == "--":
			return args, true
		case !strings.HasPrefix(w, "-"):
			args = append(args, w)
		}
	}
	return args, true
}

func around(name string) []string { return []string{"pre" + name, name, "post" + name} }

// nodeNames are the scripts of a call of npm and its kind, with the scripts that run before and behind them.
func nodeNames(words []string, _ *manifest) []string {
	args, here := arguments(words)
	if !here {
		return nil
	}
	if len(args) == 0 {
		args = []string{map[bool]string{true: "install"}[words[0] == "yarn"]}
	}
	switch name := args[0]; {
	case (name == "run" || name == "run-script") && len(args) > 1:
		return around(args[1])
	case slices.Contains([]string{"ci", "install", "i", "clean-install"}, name):
		return append(around("install"), around("prepare")...)
	case slices.Contains([]string{"start", "test", "stop", "restart"}, name), words[0] != "npm":
		return around(name)
	}
	return nil
}

// linesIn are the lines of what a JSON file has below a key. They are looked up once: a manifest may have thousands.
func linesIn(tree *source.Tree, file, key string) func(string) int {
	lines := sync.OnceValue(func() map[string]int { return tree.LinesIn(file, key) })
	return func(name string) int { return lines()[name] }
}

func readPackageJSON(tree *source.Tree, dir string) *manifest {
	file := providers.NodeManifest(tree, dir)
	p, err := providers.ReadNodePackage(tree, file)
	scripts, ok := p.Scripts.(map[string]any)
	if err != nil || !ok && p.Scripts != nil {
		return nil
	}
	return &manifest{file: file, scripts: texts(scripts), line: linesIn(tree, file, "scripts")}
}

// texts are the scripts of a manifest that are a command, a list of commands, or a table with a command.
func texts(scripts map[string]any) map[string]string {
	all := map[string]string{}
	for name, v := range scripts {
		if table, ok := v.(map[string]any); ok {
			for _, key := range []string{"command", "cmd", "shell", "call", "composite", "reference", "callable"} {
				if table[key] != nil {
					v = table[key]
					break
				}
			}
		}
		switch v := v.(type) {
		case string:
			all[name] = v
		case []any:
			var lines []string
			for _, item := range v {
				if text, ok := item.(string); ok {
					lines = append(lines, text)
				}
			}
			all[name] = strings.Join(lines, "\n")
		}
	}
	return all
}

// composerNames are the scripts of a call of composer, with the scripts of its own events.
func composerNames(words []string, _ *manifest) []string {
	args, here := arguments(words)
	if !here || len(args) == 0 {
		return nil
	}
	switch args[0] {
	case "install", "update":
		return []string{"pre-" + args[0] + "-cmd", "pre-autoload-dump", "post-autoload-dump", "post-" + args[0] + "-cmd"}
	case "dump-autoload", "dumpautoload":
		return []string{"pre-autoload-dump", "post-autoload-dump"}
	case "run", "run-script":
		return args[1:min(len(args), 2)]
	}
	return args[:1]
}

func readComposer(tree *source.Tree, dir string) *manifest {
	file := path.Join(dir, "composer.json")
	var v struct {
		Scripts map[string]any `json:"scripts"`
	}
	if !tree.HasFile(file) || tree.JSON(file, &v) != nil {
		return nil
	}
	m := &manifest{file: file, scripts: texts(v.Scripts), also: map[string][]string{}, line: linesIn(tree, file, "scripts")}
	for name, text := range m.scripts {
		for line := range strings.Lines(text) {
			if other, ok := strings.CutPrefix(strings.TrimSpace(line), "@"); ok {
				m.also[name] = append(m.also[name], "composer run "+other)
			}
		}
	}
	return m
}

func readDeno(tree *source.Tree, dir string) *manifest {
	for _, name := range []string{"deno.json", "deno.jsonc"} {
		file := path.Join(dir, name)
		var v struct {
			Tasks map[string]any `json:"tasks"`
		}
		if tree.HasFile(file) && tree.JSONC(file, &v) == nil {
			return &manifest{file: file, scripts: texts(v.Tasks), line: func(name string) int { return tree.Line(file, `"`+name+`"`) }}
		}
	}
	return nil
}

func readPyproject(tree *source.Tree, dir string) *manifest {
	file := path.Join(dir, "pyproject.toml")
	var v struct {
		Project struct {
			Scripts map[string]any `toml:"scripts"`
		} `toml:"project"`
		Tool struct {
			PDM, Poetry struct {
				Scripts map[string]any `toml:"scripts"`
			}
		} `toml:"tool"`
	}
	if !tree.HasFile(file) || tree.TOML(file, &v) != nil {
		return nil
	}
	m := &manifest{file: file, scripts: map[string]string{}, line: func(name string) int { return tree.Line(file, "\n"+name+" =") }}
	for _, scripts := range []map[string]any{v.Project.Scripts, v.Tool.Poetry.Scripts, v.Tool.PDM.Scripts} {
		for name, text := range texts(scripts) {
			m.scripts[name] = text
		}
	}
	return m
}

func readPipfile(tree *source.Tree, dir string) *manifest {
	file := path.Join(dir, "Pipfile")
	var v struct {
		Scripts map[string]any `toml:"scripts"`
	}
	if !tree.HasFile(file) || tree.TOML(file, &v) != nil {
		return nil
	}
	return &manifest{file: file, scripts: texts(v.Scripts), line: func(name string) int { return tree.Line(file, "\n"+name+" =") }}
}

// makeNames are the targets of a call of make.
func makeNames(words []string, m *manifest) []string {
	args, here := arguments(words)
	if !here {
		return nil
	}
	args = slices.DeleteFunc(args, func(word string) bool { return strings.Contains(word, "=") })
	if len(args) == 0 && m.first != "" {
		return []string{m.first}
	}
	return args
}

// rule is the first line of a rule: targets and what they need. An assignment has a sign behind the colon.
var rule = lazyregexp.New(`^([A-Za-z0-9_./-]+(?:[ \t]+[A-Za-z0-9_./-]+)*)[ \t]*::?[ \t]*(?:([^=:#][^=#]*))?(?:#.*)?$`)

// readMakefile reads the rules that are written out: neither patterns nor variables are followed.
func readMakefile(tree *source.Tree, dir string) *manifest {
	for _, name := range []string{"GNUmakefile", "makefile", "Makefile"} {
		file := path.Join(dir, name)
		if !tree.HasFile(file) {
			continue
		}
		text, err := tree.Read(file)
		if err != nil {
			return nil
		}
		m := &manifest{file: file, scripts: map[string]string{}, also: map[string][]string{}, line: func(name string) int { return tree.Line(file, "\n"+name+":") + 1 }}
		var open []string
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\r\n")
			if recipe, ok := strings.CutPrefix(line, "\t"); ok {
				for _, target := range open {
					m.scripts[target] += "\n" + recipe
				}
				continue
			}
			if found := rule.FindStringSubmatch(line); found != nil {
				open = m.rule(found)
			} else if line != "" && line[0] != '#' {
				open = nil
			}
		}
		return m
	}
	return nil
}

// rule notes the first line of a rule and returns its targets.
func (m *manifest) rule(found []string) (targets []string) {
	targets = strings.Fields(found[1])
	for _, target := range targets {
		if strings.HasPrefix(target, ".") {
			continue
		}
		if m.first == "" {
			m.first = target
		}
		m.scripts[target] = strings.TrimPrefix(m.scripts[target]+"\n"+strings.TrimSpace(target+": "+found[2]), "\n")
		for _, other := range strings.Fields(found[2]) {
			m.also[target] = append(m.also[target], "make "+other)
		}
	}
	return targets
}
