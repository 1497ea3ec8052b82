package providers

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// readers blocks if the install script of a dependency reads the app.
func (f *nodeFiles) readers() {
	for _, r := range nodeReaders {
		if f.installs(r.dep) && (r.globs == nil || slices.ContainsFunc(r.globs, f.has)) {
			f.block("the install script of %s reads the app", r.dep)
		}
	}
	// Some package managers keep what is there, others do not.
	if f.hasDir("node_modules") {
		f.block("node_modules is part of the source")
	}
}

func (f *nodeFiles) has(glob string) bool {
	names, err := f.app.Tree.Files(glob)
	return err != nil || len(names) > 0
}

func (f *nodeFiles) hasDir(glob string) bool {
	names, err := f.app.Tree.Dirs(glob)
	return err != nil || len(names) > 0
}

// installs reports whether a package is among the dependencies, or in a lockfile that is text.
func (f *nodeFiles) installs(dep string) bool {
	if f.deps[dep] {
		return true
	}
	name := regexp.QuoteMeta(dep)
	locked := regexp.MustCompile(`(?m)(?:^|[\s"'/])` + name + `(?:@|/\d|": [{\[])|node_modules/` + name + `"`)
	for _, lock := range nodeLocks() {
		// The plain search is much faster, and most often enough.
		if text, err := f.app.Tree.Read(lock); err == nil && strings.Contains(text, dep) && locked.MatchString(text) {
			return true
		}
	}
	return false
}

var prismaProvider = lazyregexp.New(`\bprovider\s*=\s*(?:"([^"\n]*)")?`)

// prisma adds the schema, from which Prisma's client is generated into node_modules on install. It blocks
// unless the schema lies where it is by default, and generates nothing else.
func (f *nodeFiles) prisma(root nodeManifest) {
	const client = "@prisma/client"
	if !f.installs(client) {
		return
	}
	_, prod := root.Dependencies[client]
	_, dev := root.DevDependencies[client]
	_, moved := root.Prisma["schema"]
	switch {
	case !prod && !dev || len(f.members) > 0:
		f.block("the install script of %s reads the app", client)
	case moved || slices.ContainsFunc([]string{"prisma.config.*", ".config/prisma.*"}, f.has):
		f.block("the schema of Prisma is not at its default place")
	}
	const schema = "schema.prisma"
	f.file(schema)
	f.dir("prisma")
	f.file(".env")
	names, err := f.app.Tree.Files("prisma/**/*.prisma")
	if err != nil {
		f.unread("prisma", err)
	}
	if f.app.Tree.HasFile(schema) {
		names = append(names, schema)
	}
	for _, name := range names {
		f.prismaSchema(path.Clean(name))
	}
}

func (f *nodeFiles) prismaSchema(name string) {
	text, err := f.app.Tree.Read(name)
	if err != nil {
		f.unread(name, err)
	}
	for _, m := range prismaProvider.FindAllStringSubmatch(text, -1) {
		if !prismaProviders[m[1]] {
			f.block("%s has a provider that may read more than the schema", name)
		}
	}
}
