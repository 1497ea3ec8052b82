package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A nodeCommand is one program that a script runs, without what wraps it.
type nodeCommand struct {
	program string // its name alone: "vite" of node_modules/.bin/vite
	args    []string
}

func (c nodeCommand) String() string {
	return strings.Join(append([]string{c.program}, c.args...), " ")
}

// words are the arguments that are no flags.
func (c nodeCommand) words() []string {
	return slices.DeleteFunc(slices.Clone(c.args), func(a string) bool { return strings.HasPrefix(a, "-") })
}

// first is the first argument that is no flag, or "".
func (c nodeCommand) first() string {
	if words := c.words(); len(words) > 0 {
		return words[0]
	}
	return ""
}

// flag is the value of an option, as "--name value" or "--name=value".
func (c nodeCommand) flag(name string) (string, bool) {
	for i, a := range c.args {
		if v, ok := strings.CutPrefix(a, name+"="); ok {
			return v, true
		}
		if a == name && i+1 < len(c.args) {
			return c.args[i+1], true
		}
	}
	return "", false
}

var (
	shellAssignment = lazyregexp.New(`^[A-Za-z_]\w*=`)
	shellOperators  = []string{"&&", "||", ";", "|", "&", "\n"}
)

// nodeWrappers run the program that their arguments name. The value tells their flags that take a word.
var nodeWrappers = map[string][]string{
	"cross-env": nil, "cross-env-shell": nil, "env": {"-u"}, "exec": nil, "time": nil, "nohup": nil, "call": nil, "set": nil, "export": nil,
	"dotenv": {"-e", "-c", "-v"}, "dotenvx": {"-f", "-e"}, "dotenv-cli": {"-e", "-c", "-v"}, "env-cmd": {"-f", "-e", "-r", "--file"}, "infisical": nil, "doppler": nil,
	"npx": {"-p", "--package"}, "bunx": nil, "pnpx": nil,
}

// nodeSecretWrappers set variables for the command after two dashes.
var nodeSecretWrappers = []string{"dotenv", "dotenvx", "dotenv-cli", "infisical", "doppler"}

// nodeRunners run a script by its name.
var nodeRunners = []string{"npm", "pnpm", "yarn", "bun"}

// scriptReader follows the scripts that a script runs.
type scriptReader struct {
	scripts map[string]string
	seen    map[string]bool
	found   []nodeCommand
}

// scriptCommands are all commands that a script of package.json runs, with the commands of the scripts that it calls, and of the scripts before
// and after each.
func (n *nodeApp) scriptCommands(name string) []nodeCommand {
	r := scriptReader{scripts: n.pkg.Scripts, seen: map[string]bool{}}
	r.script(name)
	return r.found
}

func (r *scriptReader) script(name string) {
	for _, name := range []string{"pre" + name, name, "post" + name} {
		if text := r.scripts[name]; text != "" && !r.seen[name] {
			r.seen[name] = true
			r.text(text)
		}
	}
}

func (r *scriptReader) text(text string) {
	for _, words := range shellWords(text) {
		r.command(words)
	}
}

func (r *scriptReader) command(words []string) {
	words = unwrapped(words)
	if len(words) == 0 {
		return
	}
	c := nodeCommand{programOf(words[0]), words[1:]}
	switch {
	case slices.Contains(nodeRunners, c.program):
		r.runner(c)
		return
	case slices.Contains([]string{"run-s", "run-p", "npm-run-all", "npm-run-all2"}, c.program):
		for _, name := range c.words() {
			r.matching(name)
		}
		return
	case slices.Contains([]string{"sh", "bash", "concurrently"}, c.program):
		for _, text := range c.words() {
			if name, ok := strings.CutPrefix(text, "npm:"); ok {
				r.matching(name)
			} else {
				r.text(text)
			}
		}
	case c.program == "node" && strings.Contains(c.first(), "node_modules/"):
		at := slices.Index(c.args, c.first())
		c = nodeCommand{programOf(c.first()), c.args[at+1:]}
	}
	r.found = append(r.found, c)
}

// runner is a package manager, which runs a script, or a program of a package. One that does so in another folder is as it is.
func (r *scriptReader) runner(c nodeCommand) {
	words := c.words()
	elsewhere := slices.ContainsFunc(c.args, func(a string) bool {
		flag, _, _ := strings.Cut(a, "=")
		return slices.Contains([]string{"--prefix", "-C", "--dir", "--cwd", "-w", "--workspace", "--workspaces", "--filter", "-F", "-r"}, flag)
	})
	switch {
	case elsewhere || len(words) == 0:
		r.found = append(r.found, c)
	case (words[0] == "run" || words[0] == "run-script") && len(words) > 1:
		if r.scripts[words[1]] == "" && c.program != "npm" { // a file or a program
			r.command(c.args[slices.Index(c.args, words[1]):])
		} else {
			r.script(words[1])
		}
	case words[0] == "exec" || words[0] == "dlx" || words[0] == "x":
		r.command(slices.DeleteFunc(slices.Clone(c.args[slices.Index(c.args, words[0])+1:]), func(a string) bool { return a == "--" }))
	case words[0] == "start" || c.program != "npm" && r.scripts[words[0]] != "":
		r.script(words[0])
	case c.program == "npm":
		r.found = append(r.found, c)
	default:
		r.command(c.args[slices.Index(c.args, words[0]):])
	}
}

// matching follows scripts by a name that may end in an asterisk, and have arguments behind it.
func (r *scriptReader) matching(name string) {
	name, _, _ = strings.Cut(name, " ")
	prefix, ok := strings.CutSuffix(name, "*")
	if !ok {
		r.script(name)
		return
	}
	var names []string
	for name := range r.scripts {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		r.script(name)
	}
}

// unwrapped is a command without assignments and programs that only run it.
func unwrapped(words []string) []string {
	for len(words) > 0 {
		if shellAssignment.MatchString(words[0]) {
			words = words[1:]
			continue
		}
		flags, ok := nodeWrappers[programOf(words[0])]
		if !ok {
			return words
		}
		if i := slices.Index(words, "--"); i >= 0 && slices.Contains(nodeSecretWrappers, programOf(words[0])) {
			words = words[i+1:]
			continue
		}
		for words = words[1:]; len(words) > 0 && strings.HasPrefix(words[0], "-"); words = words[1:] {
			if slices.Contains(flags, words[0]) && len(words) > 1 {
				words = words[1:]
			}
		}
	}
	return nil
}

// programOf is what a program is called, whatever folder and system it is named for.
func programOf(word string) string {
	name := path.Base(strings.ReplaceAll(word, `\`, "/"))
	for _, ext := range []string{".cmd", ".exe", ".js", ".mjs", ".cjs"} {
		name = strings.TrimSuffix(name, ext)
	}
	return name
}

// shellWords splits a script into its commands, as both kinds of shells that npm uses do: a backslash is a part of a path.
func shellWords(text string) [][]string {
	var all [][]string
	var words []string
	var word strings.Builder
	inWord := false
	endWord := func() {
		if inWord {
			words = append(words, word.String())
		}
		word.Reset()
		inWord = false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		operator := slices.IndexFunc(shellOperators, func(op string) bool { return strings.HasPrefix(text[i:], op) })
		switch {
		case c == '\'' || c == '"':
			inWord = true
			for i++; i < len(text) && text[i] != c; i++ {
				if text[i] == '\\' && i+1 < len(text) && text[i+1] == c {
					i++
				}
				word.WriteByte(text[i])
			}
		case c == ' ' || c == '\t' || c == '(' || c == ')':
			endWord()
		case operator >= 0:
			endWord()
			all, words = append(all, words), nil
			i += len(shellOperators[operator]) - 1
		default:
			inWord = true
			word.WriteByte(c)
		}
	}
	endWord()
	return slices.DeleteFunc(append(all, words), func(words []string) bool { return len(words) == 0 })
}
