package config

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
	"go.yaml.in/yaml/v3"
)

// Procfile is the layer of the file Procfile (nixpacks-1.39.md 1.8); the Layer's name is empty if there is none.
// With compat139 it is YAML. Without, it is also read as the lines "name: command" that it is elsewhere, when it
// is not YAML or YAML would take the end of a command for a comment.
func Procfile(tree *source.Tree, compat139 bool) (Layer, error) {
	const name = "Procfile"
	if !tree.HasFile(name) {
		return Layer{}, nil
	}
	text, err := tree.Read(name)
	if err != nil {
		return Layer{}, err
	}
	processes, cut, err := yamlProcesses(text)
	if !compat139 && (err != nil || cut) {
		processes, err = lineProcesses(text)
	}
	if err != nil {
		return Layer{}, err
	}
	started, cmd := startProcess(processes)
	layer := Layer{Name: name, Plan: procfilePlan(processes, started)}
	if !compat139 && started != "web" && takesJobs(cmd) {
		layer.Background = started
	}
	if others, unnamed := otherProcesses(processes, started); !compat139 && layer.Plan.Start != nil {
		layer.Plan.Start.Processes = others
		for _, process := range unnamed {
			layer.Warnings = append(layer.Warnings, fmt.Sprintf("Procfile: process %q is left out, as its name is no name of a program: use letters, digits, - and _", process))
		}
	}
	if len(processes) == 0 {
		layer.Warnings = []string{"Procfile names no process"}
	}
	return layer, nil
}

func procfilePlan(processes map[string]string, started string) plan.Plan {
	p := plan.Plan{}
	if release, ok := processes["release"]; ok {
		p.Phases = map[string]plan.Phase{"release": {
			DependsOn: []string{"setup", "install", "build"},
			Cmds:      []string{"...", release},
		}}
	}
	if started != "" {
		p.Start = &plan.Start{Cmd: new(processes[started])}
	}
	return p
}

// startProcess is the name and the command of web, else of worker, else of the byte-smallest name; "" for none.
func startProcess(processes map[string]string) (name, cmd string) {
	for _, name := range []string{"web", "worker"} {
		if cmd, ok := processes[name]; ok {
			return name, cmd
		}
	}
	for name, cmd := range plan.Sorted(processes) {
		if name != "release" {
			return name, cmd
		}
	}
	return "", ""
}

// otherProcesses are those that are neither started nor a phase, nil for none, and the names, sorted, of those that no program can have.
func otherProcesses(processes map[string]string, started string) (others map[string]string, unnamed []string) {
	for name, cmd := range plan.Sorted(processes) {
		switch {
		case name == started || name == "release":
		case !plan.NamesProgram(name):
			unnamed = append(unnamed, name)
		default:
			if others == nil {
				others = map[string]string{}
			}
			others[name] = cmd
		}
	}
	return others, unnamed
}

// jobQueues are programs that take jobs from a queue.
var jobQueues = []string{"arq", "celery", "dramatiq", "huey_consumer", "huey_consumer.py", "rq", "rqworker"}

// takesJobs reports whether a command runs one of them, perhaps by another program that is named before it.
func takesJobs(cmd string) bool {
	words := strings.Fields(cmd)
	for len(words) > 0 && (slices.Contains([]string{"exec", "-m", "python", "python3", "run", "poetry", "uv", "pipenv"}, words[0]) || strings.Contains(words[0], "=")) {
		words = words[1:]
	}
	return len(words) > 0 && slices.Contains(jobQueues, words[0])
}

// yamlProcesses reads a YAML mapping of plain scalars, the last of duplicate keys winning. It reports whether
// an unquoted command was cut short by a comment, or is empty.
func yamlProcesses(text string) (processes map[string]string, cut bool, err error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var document yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, false, procfileError(0, "the file is empty")
	} else if err != nil {
		return nil, false, yamlError(text, err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, false, procfileError(0, "the file has more than one YAML document")
	}
	root := resolve(document.Content[0])
	if root.Kind != yaml.MappingNode {
		return nil, false, procfileError(root.Line, "expected a mapping of process names to commands")
	}
	processes = map[string]string{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := resolve(root.Content[i]), resolve(root.Content[i+1])
		if key.Kind != yaml.ScalarNode || value.Kind != yaml.ScalarNode {
			return nil, false, procfileError(key.Line, "expected a process name and a command")
		}
		cut = cut || value.Style == 0 && (value.LineComment != "" || value.Value == "")
		processes[key.Value] = value.Value
	}
	return processes, cut, nil
}

// resolve follows an alias, which YAML never nests.
func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

var processLine = lazyregexp.New(`^([A-Za-z0-9_-]+)\s*:\s*(.*?)\s*$`)

// lineProcesses reads one "name: command" a line, the last of duplicate names winning. A command that YAML can read
// whole is unquoted as YAML does.
func lineProcesses(text string) (map[string]string, error) {
	processes := map[string]string{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if trimmed := strings.TrimSpace(line); trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		match := processLine.FindStringSubmatch(line)
		if match == nil || match[2] == "" {
			return nil, procfileError(number, "expected a process name, a colon and a command")
		}
		processes[match[1]] = match[2]
		if alone, cut, err := yamlProcesses(line); err == nil && !cut && len(alone) == 1 {
			processes[match[1]] = alone[match[1]]
		}
	}
	return processes, nil
}

func procfileError(line int, message string) error {
	return &Error{
		File: "Procfile",
		Line: line,
		Err:  errors.New(message),
		Hint: `write one process a line, such as "web: ./server"`,
	}
}

func yamlError(text string, err error) error {
	line, message := source.YAMLError([]byte(text), err)
	return procfileError(line, "reading as YAML: "+message)
}
