package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// loadsAtStart names the first configuration that the start command reads and that needs one of the packages.
func (n *nodeApp) loadsAtStart(packages map[string]bool) (blocker string) {
	start := n.startCommand()
	if strings.HasPrefix(start, "cd ") {
		return "the start command leaves the root, and what it reads is not known"
	}
	r := scriptReader{scripts: n.pkg.Scripts, seen: map[string]bool{}}
	r.text(start)
	for _, c := range r.found {
		i := slices.IndexFunc(nodeLoads, func(l nodeLoad) bool { return l.program == c.program && l.word == c.first() })
		if i < 0 {
			continue
		}
		if name := firstFile(n.App, nodeLoads[i].configs...); name != "" {
			return n.needs(name, c, packages)
		}
	}
	return ""
}

// needs says which of the packages a configuration needs when a command reads it, by its imports and the imports of the files that it imports.
func (n *nodeApp) needs(name string, c nodeCommand, packages map[string]bool) (blocker string) {
	command := c.program + " " + c.first()
	if strings.HasSuffix(name, "ts") && packages["typescript"] {
		return fmt.Sprintf("%s reads %s by typescript, one of them", command, name)
	}
	seen := map[string]bool{}
	for todo := []string{name}; len(todo) > 0; todo = todo[1:] {
		if seen[todo[0]] {
			continue
		}
		seen[todo[0]] = true
		text, err := n.Tree.Read(todo[0])
		if err != nil {
			continue
		}
		for _, m := range nodeImport.FindAllStringSubmatch(text, -1) {
			if p := nodePackage(m[1]); packages[p] {
				return fmt.Sprintf("%s reads %s, which imports %s, one of them", command, todo[0], p)
			}
			if strings.HasPrefix(m[1], ".") {
				base := path.Join(path.Dir(todo[0]), m[1])
				for _, ext := range append([]string{"", "/index.js", "/index.ts"}, nodeExtensions...) {
					if n.Tree.HasFile(base + ext) {
						todo = append(todo, base+ext)
						break
					}
				}
			}
		}
	}
	return ""
}
