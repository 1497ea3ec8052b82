package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/filetree"
	"github.com/org/npx-action/internal/registry"
)

func TestVerifyPrintsWhatDiffers(t *testing.T) {
	const config = `{"created":"2024-05-01T12:00:00Z","config":{"Env":["A=1"]},"rootfs":{"diff_ids":["sha256:1"]}}`
	file := func(digest string, at time.Time) filetree.Tree {
		return filetree.Tree{"f": {Kind: '0', Digest: digest, Time: at}}
	}
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	later := noon.Add(time.Hour)
	old := build.Unpacked{Contents: registry.Contents{Digest: "sha256:m", ID: "old", Config: []byte(config)}, Files: file("x", noon)}
	for name, tt := range map[string]struct {
		id, config string
		files      filetree.Tree
		times      bool
		stdout     string
		status     int
	}{
		"the same image":         {"old", config, old.Files, true, "r/a:1 (sha256:m) is what the app gives\n", 0},
		"content":                {"new", config, file("y", noon), true, "content f\n", 1},
		"a time that counts":     {"new", config, file("x", later), true, "time f\n", 1},
		"a time that does not":   {"new", config, file("x", later), false, "r/a:1 (sha256:m) is what the app gives\n", 0},
		"configuration":          {"new", `{"config":{"Env":["A=2"],"User":"me"}}`, old.Files, true, "configuration config.Env\nconfiguration config.User\n", 1},
		"another history":        {"new", `{"config":{"Env":["A=1"]},"history":[{"created":"2024-05-01T12:00:00Z","created_by":"x"}]}`, old.Files, true, "configuration history\n", 1},
		"a name with an escape":  {"new", config, filetree.Tree{"f": old.Files["f"], "g\x1b[2J": {}}, true, "added g\uFFFD[2J\n", 1},
		"no configuration":       {"new", `{`, old.Files, true, "configuration config\nconfiguration config.Env\n", 1},
		"other layers, no files": {"new", `{"created":"2024-05-01T12:00:00Z","config":{"Env":["A=1"]},"rootfs":{}}`, old.Files, true, "layers\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			p := program{Process: Process{Stdout: &stdout, Stderr: &stderr}}
			err := p.compared("r/a:1", old, build.Unpacked{Contents: registry.Contents{ID: tt.id, Config: []byte(tt.config)}, Files: tt.files}, tt.times)
			if diff := cmp.Diff(tt.stdout, stdout.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if fault.Status(err) != tt.status {
				t.Errorf("status %d: %v", fault.Status(err), err)
			}
		})
	}
}

func TestVerifyTakesNoLabelFromTheImageThatABuildGives(t *testing.T) {
	c := apptest.NewClone(t)
	head := c.Commit("package.json", apptest.NodeApp("22"))
	im := build.Image{Labels: map[string]string{"own": "given"}}
	old := build.Unpacked{Contents: registry.Contents{Config: []byte(`{"config":{"Labels":{"own":"forged","traefik.http.routers.x.rule":"forged",
		"org.opencontainers.image.revision":"forged","org.opencontainers.image.version":"1.2.3","org.opencontainers.image.base.name":"forged"}}}`)}, Files: filetree.Tree{}}
	im, err := im.Restated(old, c.Dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"own": "given", "org.opencontainers.image.revision": head, "org.opencontainers.image.version": "1.2.3"}
	if diff := cmp.Diff(want, im.Labels); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
