package planner

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// A Script is what a command of a plan runs by a name that a manifest of the app gives it. The plan stays the same when it changes.
type Script struct {
	Phase   string // that the command is of; "start" for the start command
	Command string // of the plan
	Name    string // as in the manifest
	Text    string // what is run; several commands are lines
	File    string // the manifest
	Line    int    // from 1; 0 if it is not known
}

// Scripts lists what the commands of a plan run by names, and what that runs in turn: phases in the order in which they run, then the
// start command. What several commands of a phase run is listed once, with the first of them. A call that leads where this cannot follow, such
// as into another workspace, lists nothing.
func Scripts(p plan.Plan, tree *source.Tree) []Script {
	if tree == nil {
		return nil
	}
	order, err := plan.Order(p.Phases)
	if err != nil {
		return nil
	}
	f := &follower{tree: tree, manifests: map[string]*manifest{}, met: map[string]bool{}}
	for _, name := range order {
		for _, cmd := range p.Phases[name].Cmds {
			f.command(name, cmd)
		}
	}
	if p.Start != nil && p.Start.Cmd != nil {
		clear(f.met) // what starts is listed, whatever phases run
		f.command("start", *p.Start.Cmd)
	}
	return f.found
}

// A follower collects scripts.
type follower struct {
	tree      *source.Tree
	manifests map[string]*manifest // by runner and directory
	base      Script               // phase and command that are followed
	seen      map[string]bool      // of that phase
	met       map[string]bool      // of all phases
	found     []Script
}

// maxRepeated is how many scripts are listed before scripts of earlier phases are not listed again: a thousand phases may run a thousand.
const maxRepeated = 5000

func (f *follower) command(phase, cmd string) {
	if f.seen == nil || f.base.Phase != phase {
		f.seen = map[string]bool{}
	}
	f.base = Script{Phase: phase, Command: cmd}
	f.follow(cmd, ".")
}

var (
	// separators stand between the calls of a shell's line. Quotes are ignored, so that what sh -c is given is seen as well.
	separators = lazyregexp.New(`&&|\|\||[;|&\n]`)
	quotes     = strings.NewReplacer(`"`, " ", `'`, " ", "(", " ", ")", " ")
	assignment = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*=`)
)

// wrappers run what follows them.
var wrappers = []string{"bash", "command", "env", "exec", "nice", "sh", "sudo", "time", "-c", "-ec", "-lc"}

// follow adds the scripts that a line runs in a directory.
func (f *follower) follow(line, dir string) {
	for _, call := range separators.Split(quotes.Replace(line), -1) {
		words := strings.Fields(call)
		for len(words) > 0 && (slices.Contains(wrappers, words[0]) || assignment.MatchString(words[0])) {
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		if words[0] == "cd" {
			if len(words) != 2 || strings.ContainsAny(words[1], "$~*") || path.IsAbs(words[1]) {
				return // nobody knows where
			}
			dir = path.Join(dir, words[1])
			continue
		}
		f.call(words, dir)
	}
}

func (f *follower) call(words []string, dir string) {
	i := slices.IndexFunc(runners, func(r runner) bool { return slices.Contains(r.programs, words[0]) })
	if i < 0 {
		return
	}
	r := runners[i]
	key := r.programs[0] + " " + dir
	m, ok := f.manifests[key]
	if !ok {
		m = r.read(f.tree, dir)
		f.manifests[key] = m
	}
	if m == nil {
		return
	}
	for _, name := range r.names(words, m) {
		text, ok := m.scripts[name]
		id := m.file + " " + name
		if !ok || f.seen[id] || len(f.found) >= maxRepeated && f.met[id] {
			continue
		}
		f.seen[id], f.met[id] = true, true
		s := f.base
		s.Name, s.Text, s.File, s.Line = name, text, m.file, m.line(name)
		f.found = append(f.found, s)
		for _, next := range append([]string{text}, m.also[name]...) {
			f.follow(next, dir)
		}
	}
}
