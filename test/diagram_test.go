package test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// The diagram stands in ARCHITECTURE between these lines.
const (
	architecture = "../.github/ARCHITECTURE.md"
	diagramBegin = "<!-- go test ./test -run TestTheDiagramOfTheRooms -update -->\n```mermaid\n"
	diagramEnd   = "```\n"
)

// TestTheDiagramOfTheRooms compares the diagram in ARCHITECTURE with the imports of the program.
func TestTheDiagramOfTheRooms(t *testing.T) {
	text, err := os.ReadFile(architecture)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), diagramBegin)
	_, after, ends := strings.Cut(rest, diagramEnd)
	if !begins || !ends {
		t.Fatalf("%s has no diagram", architecture)
	}
	want := before + diagramBegin + diagram(sourceImports(t), "cmd/npx-action") + diagramEnd + after
	if string(text) == want {
		return
	}
	if !*update {
		t.Fatalf("the diagram in %s is not the one of the imports; run: go test ./test -run TestTheDiagramOfTheRooms -update", architecture)
	}
	if err := os.WriteFile(architecture, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// diagram draws, for Mermaid, the packages that a program is made of. An arrow leads from a package to one that it imports. An arrow is
// left out where a longer way leads to the same package.
func diagram(imports map[string][]string, program string) string {
	reached := map[string][]string{} // by package, all packages that it stands on
	var reach func(string) []string
	reach = func(pkg string) []string {
		if list, ok := reached[pkg]; ok {
			return list
		}
		var list []string
		for _, on := range ours(imports[pkg]) {
			list = append(append(list, on), reach(on)...)
		}
		slices.Sort(list)
		reached[pkg] = slices.Compact(list)
		return reached[pkg]
	}
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	for _, pkg := range append(slices.Clone(reach(program)), program) {
		direct := ours(imports[pkg])
		for _, to := range direct {
			longer := slices.ContainsFunc(direct, func(via string) bool { return via != to && slices.Contains(reached[via], to) })
			if !longer {
				fmt.Fprintf(&b, "  %s --> %s\n", room(pkg), room(to))
			}
		}
	}
	return b.String()
}

// ours are the imports that are packages of the project, without the module's path and without those that any package may import.
func ours(imports []string) []string {
	var list []string
	for _, name := range imports {
		if pkg, ok := strings.CutPrefix(name, module); ok && !slices.Contains(everywhere, pkg) {
			list = append(list, pkg)
		}
	}
	return list
}

// room is the name of a package in the diagram.
func room(pkg string) string { return strings.TrimPrefix(strings.TrimPrefix(pkg, "internal/"), "cmd/") }
