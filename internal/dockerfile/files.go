package dockerfile

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/shell"
)

// ignore returns the ignore file that belongs to the Dockerfile and comes before an app's own .dockerignore. The app's patterns
// apply, but the build's own files have to be seen.
func ignore(g *graph.Graph) string {
	var b strings.Builder
	for _, p := range g.Ignore {
		if p != graph.GeneratedDir {
			b.WriteString(p + "\n")
		}
	}
	b.WriteString("!" + graph.GeneratedDir + "\n")
	return b.String()
}

// script returns the build's shell script.
func script(g *graph.Graph) string {
	var b strings.Builder
	b.WriteString(`#!/bin/sh
# Builds the image: put ` + graph.GeneratedDir + ` into the app's directory and run this file with sh.
# Arguments go to docker build, such as: -t NAME
set -eu
cd "$(dirname "$0")/.."
DOCKER_BUILDKIT=1 exec docker build -f ` + Path)
	for _, n := range g.Nodes {
		env, ok := n.Op.(graph.Env)
		if !ok {
			continue
		}
		for _, v := range env.Vars {
			if !oneLine(v.Value) {
				b.WriteString(" \\\n    --build-arg " + v.Name + "=" + shell.Quote(v.Value))
			}
		}
	}
	var given []string
	for _, s := range g.Secrets() {
		if s.Env != "" && !slices.Contains(given, s.ID) {
			given = append(given, s.ID)
			b.WriteString(" \\\n    --secret id=" + s.ID)
		}
	}
	b.WriteString(" \"$@\" .\n")
	return b.String()
}
