package lower

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
)

var armRelease = "node@22.14.0 linux/arm64 https://upstream.example/node.tar.gz sha256:" + strings.Repeat("1", 64)

func released(releases ...string) plan.Plan {
	return plan.Plan{BuildImage: new("run"), Phases: map[string]plan.Phase{
		"setup": {Releases: releases}, "build": {DependsOn: []string{"setup"}, Cmds: []string{"make"}},
	}}
}

func TestAReleaseIsFetchedByItsHashAndUnpackedAsRoot(t *testing.T) {
	g := pinned(t, released(armRelease), graph.Options{})
	def, config := lowered(t, g, Options{})
	text, err := Dump(def)
	if err != nil {
		t.Fatal(err)
	}
	r, err := store.ParseRelease(armRelease)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"source https://upstream.example/node.tar.gz\n  name \"[tools] fetch https://upstream.example/node.tar.gz\"\n" +
			"  http.checksum sha256:" + strings.Repeat("1", 64) + "\n  http.filename archive\n",
		"  name \"[tools] unpack node@22.14.0\"\n",
		"  in /app\n  user root\n  network none\n",
		"  mount /archive of 3 at /run/npx-action/archive, read-only\n  mount  of scratch at /run/npx-action/release\n",
		`  env PATH="` + r.Out() + `/bin:` + defaultPath + `"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	var image ocispecs.Image
	if err := json.Unmarshal([]byte(config), &image); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"PATH=" + r.Out() + "/bin:" + defaultPath}, image.Config.Env); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	if got := created(image.History); !strings.HasPrefix(strings.Join(got, "|"), "[base] make /app|[tools] unpack node@22.14.0|[build] ") {
		t.Errorf("history %q", got)
	}
}

func TestAReleaseForAnotherPlatformIsRefused(t *testing.T) {
	g := pinned(t, released(strings.Replace(armRelease, "arm64", "amd64", 1)), graph.Options{})
	_, _, err := LLB(g, platform, Options{})
	want := `lowering "unpack node@22.14.0": it is for linux/amd64, and the image for linux/arm64`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
