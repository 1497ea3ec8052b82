package providers

import (
	"fmt"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/store"
)

// layouts say of the tools that plans take as releases how their archives become a directory with programs in bin.
var layouts = map[string]store.Release{
	"node":   {Strip: 1},
	"go":     {Strip: 1},
	"python": {Strip: 1},
	"bun":    {Strip: 1, Links: []store.Link{{Path: "bin/bunx", Target: "bun"}}},
	"deno":   {Strip: 1, Into: "bin"},
	"dotnet": {Paths: []string{"."}},

	"aspnetcore-runtime": {Paths: []string{"."}},

	initTool:    program(initTool),
	npxStatic:   program(npxStatic),
	npxCompress: program(npxCompress),
}

// program is the layout of a release that is one file, which is run.
func program(name string) store.Release {
	return store.Release{File: true, Into: "lib/" + name, Links: []store.Link{{Path: "bin/" + name, Target: "../lib/" + name}}}
}

// libraries are the Debian packages that the program of a release loads and that no base image has. A package of nixpkgs brings its own.
func (c choice) libraries() []string {
	switch {
	case c.release == "":
		return nil
	case c.tool == "node" && ranges.Compare(c.version, nodeAtomicSince) >= 0:
		return []string{"libatomic1"}
	case c.tool == "dotnet", c.tool == "aspnetcore-runtime":
		return []string{dotnetICU}
	}
	return nil
}

// system is whose libraries the tool loads.
func (c choice) system() systemKind {
	return systemKind{distribution: c.release != "", nix: c.release == ""}
}

// released is a release of a tool as a plan has it.
func released(tool string, r catalogue.Release, url string) (string, error) {
	release := layouts[tool]
	release.Name, release.Version, release.Platform, release.URL, release.Hash = tool, r.Version, r.Platform, url, r.Hash
	if err := release.Check(); err != nil {
		return "", fmt.Errorf("taking %s %s of the catalogue: %w", tool, r.Version, err)
	}
	return release.String(), nil
}
