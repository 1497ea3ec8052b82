package store

import (
	"fmt"
	pathpkg "path"
	"slices"
	"strings"
)

// A Part is a named set of a release's files on which programs do not run. So it is a layer of its own.
type Part struct {
	Name     string   // as in npm
	Paths    []string // below the release's directory; a path that a version lacks is passed over
	Programs []string // by name: who calls one needs the part
}

// parts are by tool. The headers of Node are for native modules, which its package managers compile.
var parts = map[string]Part{
	"node": {
		Name:     "npm",
		Paths:    []string{"bin/corepack", "bin/npm", "bin/npx", "include", "lib/node_modules", "share"},
		Programs: []string{"corepack", "npm", "npx", "pnpm", "pnpx", "yarn", "yarnpkg"},
	},
}

// Part returns the part of a release that is a layer of its own, and whether there is one.
func (r Release) Part() (Part, bool) {
	p, ok := parts[r.Name]
	return p, ok
}

// PartID names the part of a release, as in node@22.14.0/npm.
func (r Release) PartID() string { return r.ID() + "/" + parts[r.Name].Name }

// CoreStep is [Release.Step] without the files of the part, and [Release.PartStep] the rest of it.
func (r Release) CoreStep(archive, root string) string {
	return r.step(archive, root, fmt.Sprintf("(cd \"$out\" && rm -rf %s)\n", strings.Join(parts[r.Name].Paths, " ")))
}

// PartStep is [Release.Step] with the files of the part alone.
func (r Release) PartStep(archive, root string) string {
	return r.step(archive, root, fmt.Sprintf("for path in %s; do\n", strings.Join(parts[r.Name].Paths, " "))+
		"  if test -e \"$out/$path\" || test -L \"$out/$path\"; then\n"+
		"    mkdir -p \"$(dirname \"$root/part/$path\")\"\n    mv \"$out/$path\" \"$root/part/$path\"\n  fi\ndone\n"+
		"rm -rf \"$out\"\nmkdir -p \"$root/part\"\nmv \"$root/part\" \"$out\"\n")
}

// Called reports whether a command may start a program of the part. It has the program's name as a word, or hands over to a script or to a
// program of the app. Neither is read.
func (p Part) Called(command string) bool {
	first := true
	for word := range strings.FieldsFuncSeq(command, func(r rune) bool { return strings.ContainsRune(" \t\n;&|()<>{}'\"`$=,", r) }) {
		if slices.Contains(p.Programs, pathpkg.Base(word)) || strings.HasSuffix(word, ".sh") || word == "--run" || first && strings.HasPrefix(word, "./") {
			return true
		}
		first = false
	}
	return false
}
