package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
)

// directDepth is how many scripts may call one another on the way to a program.
const directDepth = 5

// directStart starts the program that a script names, where the plan starts the script by a package manager. Then the program gets the
// signals of the container's end, which a package manager need not pass on, and the package manager takes no memory.
func (n *nodeApp) directStart(start string) []Fix {
	name, ok := n.scriptOf(start)
	if !ok || n.plugAndPlay() {
		return nil
	}
	program, ok := n.scriptProgram(name, directDepth)
	if !ok || n.readsNPM() {
		return nil
	}
	return []Fix{{
		Rule: "direct-start", Over: plan.Plan{Start: &plan.Start{Cmd: &program}},
		Why: fmt.Sprintf("the container starts the program of the script %s and not %s, which need not pass signals on", name, n.manager.name),
	}}
}

// scriptOf returns the script of package.json that a command runs and does nothing else, as in "npm run start".
func (n *nodeApp) scriptOf(command string) (name string, ok bool) {
	words, ok := shell.Words(command)
	words = slices.DeleteFunc(words, func(w string) bool { return w == "-s" || w == "--silent" })
	if !ok || len(words) < 2 || !slices.Contains(nodeRunners, words[0]) {
		return "", false
	}
	name = words[len(words)-1]
	_, known := n.pkg.Scripts[name]
	return name, known && (len(words) == 3 && words[1] == "run" || len(words) == 2 && name == "start")
}

// scriptProgram returns the command line of a script. It is false where the package manager does more than to run it: it runs the scripts
// before and after it, and sets variables that begin with npm_.
func (n *nodeApp) scriptProgram(name string, depth int) (string, bool) {
	text := strings.TrimSpace(n.pkg.Scripts[name])
	if text == "" || depth == 0 || namesNPM(text) || n.pkg.Scripts["pre"+name] != "" || n.pkg.Scripts["post"+name] != "" {
		return "", false
	}
	if next, ok := n.scriptOf(text); ok {
		return n.scriptProgram(next, depth-1)
	}
	if _, ok := shell.Exec(text); !ok {
		return "", false
	}
	commands := shellWords(text)
	return text, len(commands) > 0 && !startsManager(commands[len(commands)-1])
}

// startsManager reports whether a command starts a package manager, which is no better than the one that would start the script. Bun runs files
// too.
func startsManager(words []string) bool {
	words = unwrapped(words)
	return len(words) > 0 && words[0] != bunPackage && slices.Contains(nodeRunners, words[0])
}

// npmVariables are how the names of the variables begin that package managers set for the scripts that they run.
var npmVariables = []string{"npm_command", "npm_config_", "npm_execpath", "npm_lifecycle_", "npm_node_execpath", "npm_package_", "INIT_CWD"}

func namesNPM(text string) bool {
	return slices.ContainsFunc(npmVariables, func(name string) bool { return strings.Contains(text, name) })
}

// readsNPM reports whether a file of the app reads one of [npmVariables]. Hidden folders hold tools. Where there are too many files to look at,
// none does.
func (n *nodeApp) readsNPM() bool {
	files, err := nodeSourceFiles(n.App, "sh")
	return err == nil && len(files) <= nodePruneSources && slices.ContainsFunc(files, func(name string) bool {
		if strings.Contains("/"+name, "/.") {
			return false
		}
		text, err := n.Tree.Read(name)
		return err == nil && namesNPM(text)
	})
}

// plugAndPlay reports whether Yarn may install without node_modules, so that programs are found by Yarn alone. From version 2 on it does so
// unless its settings name another linker.
func (n *nodeApp) plugAndPlay() bool {
	if n.manager.name != "yarn" {
		return false
	}
	berry := n.release != nil && n.release.berry || n.Tree.HasFile(".yarnrc.yml") || n.Tree.Contains("yarn.lock", n.manager.berryIn)
	if !berry {
		return n.Tree.HasFile(".pnp.cjs")
	}
	return n.Tree.HasFile(".pnp.cjs") || !n.Tree.Contains(".yarnrc.yml", "nodeLinker: node-modules") && !n.Tree.Contains(".yarnrc.yml", "nodeLinker: pnpm")
}
