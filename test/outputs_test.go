package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/build"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/dockerfile"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
)

// outputs are what every archive of test/providers records, by file name. An empty output has no file.
var outputs = map[string]func(*testing.T, planner.Result) string{
	"want/plan.txt":  func(_ *testing.T, r planner.Result) string { return plan.Text(r.Plan) },
	"want/notes.txt": notesOutput,
}

// further are those that an archive records if a line of its comment that begins with "also:" names them.
var further = map[string]struct {
	file string
	make func(*testing.T, planner.Result) string
}{
	"dockerfile": {"want/Dockerfile", dockerfileOutput},
	"llb":        {"want/llb.txt", llbOutput},
	"key":        {"want/key.txt", keyOutput},
}

// notesOutput is what the rules did and what the user is warned of.
func notesOutput(_ *testing.T, r planner.Result) string {
	var lines strings.Builder
	for _, n := range r.Notes {
		lines.WriteString(n.String() + "\n")
	}
	for _, w := range r.Warnings {
		lines.WriteString("warning: " + w + "\n")
	}
	return lines.String()
}

// buildGraph is what the command build makes of a plan without options.
func buildGraph(t *testing.T, r planner.Result) *graph.Graph {
	t.Helper()
	ignore, err := build.IgnorePatterns(r)
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.New(r.Plan, graph.Options{Ignore: ignore})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func dockerfileOutput(t *testing.T, r planner.Result) string {
	t.Helper()
	text, _ := dockerfile.Format(buildGraph(t, r))
	return text
}

// baseDigest and baseConfig stand for what a registry says about any image.
const (
	baseDigest = "sha256:b45eb45eb45eb45eb45eb45eb45eb45eb45eb45eb45eb45eb45eb45eb45eb45e"
	baseConfig = `{"os":"linux","architecture":"amd64","config":{"Env":["PATH=/root/.nix-profile/bin:/usr/bin:/bin"]},` +
		`"rootfs":{"type":"layers","diff_ids":["` + baseDigest + `"]}}`
)

var amd64 = ocispecs.Platform{OS: "linux", Architecture: "amd64"}

// definition is the app's image in BuildKit's language, on images with that digest and configuration: as it is sent, with
// the image's configuration at the end, and for people.
func definition(t *testing.T, r planner.Result) (sent [][]byte, dump string) {
	t.Helper()
	g := buildGraph(t, r)
	pins := map[string]graph.Pinned{}
	for _, ref := range g.Images() {
		repository, _, _ := strings.Cut(ref, ":")
		pins[ref] = graph.Pinned{Ref: repository + "@" + baseDigest, Config: []byte(baseConfig)}
	}
	g, err := g.Pin(pins)
	if err != nil {
		t.Fatal(err)
	}
	d, config, err := lower.LLB(g, amd64, lower.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if dump, err = lower.Dump(d); err != nil {
		t.Fatal(err)
	}
	return append(d.Def, config), dump
}

func llbOutput(t *testing.T, r planner.Result) string {
	t.Helper()
	_, dump := definition(t, r)
	return dump
}

// keyOutput lists the parts that name an app's cache, with the beginning of their digests.
func keyOutput(t *testing.T, r planner.Result) string {
	t.Helper()
	files, err := planner.KeyFiles(r)
	if err != nil {
		t.Fatal(err)
	}
	key := cache.NewKey(cache.Inputs{Plan: r.Plan, Base: baseDigest, Platform: "linux/amd64", Files: files})
	var lines strings.Builder
	for _, part := range key.Parts {
		fmt.Fprintf(&lines, "%s %.12s\n", part.Name, part.Digest)
	}
	return lines.String()
}
