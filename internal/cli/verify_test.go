package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	old := unpacked{registry.Contents{Digest: "sha256:m", ID: "old", Config: []byte(config)}, file("x", noon)}
	for name, tt := range map[string]struct {
		id, config string
		files      filetree.Tree
		times      bool
		stdout     string
		status     int
	}{
		"the same image":         {"old", config, old.files, true, "r/a:1 (sha256:m) is what the app gives\n", 0},
		"content":                {"new", config, file("y", noon), true, "content f\n", 1},
		"a time that counts":     {"new", config, file("x", later), true, "time f\n", 1},
		"a time that does not":   {"new", config, file("x", later), false, "r/a:1 (sha256:m) is what the app gives\n", 0},
		"configuration":          {"new", `{"config":{"Env":["A=2"],"User":"me"}}`, old.files, true, "configuration config.Env\nconfiguration config.User\n", 1},
		"another history":        {"new", `{"config":{"Env":["A=1"]},"history":[{"created":"2024-05-01T12:00:00Z","created_by":"x"}]}`, old.files, true, "configuration history\n", 1},
		"a name with an escape":  {"new", config, filetree.Tree{"f": old.files["f"], "g\x1b[2J": {}}, true, "added g\uFFFD[2J\n", 1},
		"no configuration":       {"new", `{`, old.files, true, "configuration config\nconfiguration config.Env\n", 1},
		"other layers, no files": {"new", `{"created":"2024-05-01T12:00:00Z","config":{"Env":["A=1"]},"rootfs":{}}`, old.files, true, "layers\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			p := program{Process: Process{Stdout: &stdout, Stderr: &stderr}}
			err := p.compared("r/a:1", old, unpacked{registry.Contents{ID: tt.id, Config: []byte(tt.config)}, tt.files}, tt.times)
			if diff := cmp.Diff(tt.stdout, stdout.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if status(err) != tt.status {
				t.Errorf("status %d: %v", status(err), err)
			}
		})
	}
}

func TestAnImageIsBuiltAgainAsItSaysOfItself(t *testing.T) {
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	of := func(newest time.Time) unpacked {
		return unpacked{registry.Contents{Config: []byte(`{"created":"2024-05-01T12:00:00Z","config":{"Labels":{"a":"b"}}}`)},
			filetree.Tree{"f": {Time: newest}}}
	}
	var im image
	if err := im.take(of(noon)); err != nil || !im.reproducible || !im.graph.Reproducible || !im.epoch.Equal(noon) || im.labels["a"] != "b" {
		t.Errorf("%+v, %v", im, err)
	}
	clock := of(noon)
	clock.Config = []byte(`{"created":"2024-05-01T12:00:00.5Z"}`)
	if err := im.take(clock); err != nil || im.reproducible {
		t.Errorf("dated by a clock: %+v, %v", im, err)
	}
	if err := im.take(of(noon.Add(time.Second))); err != nil || im.reproducible || im.graph.Reproducible {
		t.Errorf("a file is newer: %+v, %v", im, err)
	}
}
