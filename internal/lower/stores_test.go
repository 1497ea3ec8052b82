package lower

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
)

// cached is a plan with two phases that share a directory, and one directory more.
func cached() plan.Plan {
	return plan.Plan{BuildImage: new("base"), Phases: map[string]plan.Phase{
		"install": {Cmds: []string{"one", "two"}, CacheDirectories: []string{"/shared"}},
		"build":   {DependsOn: []string{"install"}, Cmds: []string{"three"}, CacheDirectories: []string{"/shared", "own"}},
	}}
}

// mountLines are what the commands of a definition mount, by the command.
func mountLines(t *testing.T, def *llb.Definition) map[string][]string {
	t.Helper()
	text, err := Dump(def)
	if err != nil {
		t.Fatal(err)
	}
	sources, got, step, current := map[string]string{}, map[string][]string{}, "", ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		number, head, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(head, "source "):
			sources[number] = strings.TrimPrefix(head, "source docker-image://")
		case strings.HasPrefix(head, "exec "):
			current = number
		case strings.HasPrefix(line, `name "[`):
			step = strings.Trim(strings.TrimPrefix(line, "name "), `"`)
			if sources[current] == "" {
				sources[current] = step
			}
		case strings.HasPrefix(line, "mount "), strings.HasPrefix(line, "cache "):
			line = regexp.MustCompile(`#\d+ at`).ReplaceAllString(line, " at") // which output is told by the target
			for number, ref := range sources {
				line = strings.ReplaceAll(line, "of "+number+" at", "of "+ref+" at")
			}
			got[step] = append(got[step], line)
		}
	}
	return got
}

func TestStoresAreHandedOnFromStepToStep(t *testing.T) {
	ref := "r.example/cache@sha256:" + strings.Repeat("3", 64)
	own, shared := "cache npx-/app/own at /app/own, shared", "cache npx-/shared at /shared, shared"
	tests := map[string]struct {
		stores []Store
		want   map[string][]string
	}{
		"without stores the builder keeps all": {nil, map[string][]string{
			"[install] one": {shared}, "[install] two": {shared}, "[build] three": {own, shared}}},
		"from nothing": {[]Store{{Phase: "install", Target: "/shared"}, {Phase: "build", Target: "/app/own"}}, map[string][]string{
			"[install] one": {"mount  of scratch at /shared"},
			"[install] two": {"mount  of [install] one at /shared"},
			"[build] three": {"mount  of scratch at /app/own", "mount  of [install] two at /shared"}}},
		"anew at a later phase": {[]Store{{Phase: "install", Target: "/shared"}, {Phase: "build", Target: "/shared", Ref: ref}}, map[string][]string{
			"[install] one": {"mount  of scratch at /shared"},
			"[install] two": {"mount  of [install] one at /shared"},
			"[build] three": {own, "mount  of " + ref + " at /shared"}}},
		"given back to the builder": {[]Store{{Phase: "install", Target: "/shared"}, {Phase: "build", Target: "/shared", Keep: true}}, map[string][]string{
			"[install] one": {"mount  of scratch at /shared"},
			"[install] two": {"mount  of [install] one at /shared"},
			"[build] three": {own, shared}}},
	}
	g := pinned(t, cached(), graph.Options{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			def, _ := lowered(t, g, Options{Stores: tt.stores})
			if diff := cmp.Diff(tt.want, mountLines(t, def)); diff != "" {
				text, _ := Dump(def)
				t.Errorf("mounts differ (-want +got):\n%s\n%s", diff, text)
			}
		})
	}
}

func TestAStoreIsMadeByTheStepsOfTheImage(t *testing.T) {
	g := pinned(t, cached(), graph.Options{})
	opt := Options{Stores: []Store{{Phase: "install", Target: "/shared"}}}
	image, _ := lowered(t, g, opt)
	store, ok, err := StoreLLB(g, "/shared", platform, opt)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for _, op := range store.Def[:len(store.Def)-1] {
		has := false
		for _, other := range image.Def {
			has = has || bytes.Equal(op, other)
		}
		if !has {
			t.Error("the store has a step that the image has not")
		}
	}
	if _, ok, err := StoreLLB(g, "/app/own", platform, opt); ok || err != nil {
		t.Errorf("what the builder keeps is a store: %v", err)
	}
}
