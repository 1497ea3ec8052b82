package job

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/reserved"
)

// setOutputs is a sink that remembers outputs.
type setOutputs struct {
	ci.Sink
	values map[string]string
}

func (s setOutputs) Output(name, value string) error {
	s.values[name] = value
	return nil
}

func TestOutputsTellOfThePlan(t *testing.T) {
	dir := t.TempDir()
	sink := setOutputs{values: map[string]string{}}
	job := ci.Job{Dir: dir, Sink: sink, Inputs: ci.Inputs{Job: option.Job{Name: "api", Context: "."}}}
	r := report.Report{
		Plan:     plan.Plan{Start: &plan.Start{Cmd: new("node main.js\n::set-output name=x::y")}},
		Detected: []report.Detection{{Provider: "node"}, {Provider: "python"}},
	}
	j := Job{Job: job}
	if err := j.planOutputs(r); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, planFile(job)))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	want := map[string]string{"name": "api", "plan": planFile(job), "plan-digest": "sha256:" + hex.EncodeToString(sum[:]), "plan-changed": "true", "plan-diff": "", "providers": "node,python"}
	if diff := cmp.Diff(want, sink.values); diff != "" {
		t.Errorf("without a base (-want +got):\n%s", diff)
	}
	r.Base = &report.Base{Plan: plan.Plan{Start: &plan.Start{Cmd: new("node .")}, Variables: map[string]string{"CI": "true"}}}
	if err := j.planOutputs(r); err != nil {
		t.Fatal(err)
	}
	want["plan-diff"] = "- variable CI: true\n- start cmd: node .\n+ start cmd: \"node main.js\\n::set-output name=x::y\""
	if diff := cmp.Diff(want, sink.values); diff != "" {
		t.Errorf("with a base (-want +got):\n%s", diff)
	}
}

func TestOutputsTellOfTheBuild(t *testing.T) {
	sink := setOutputs{values: map[string]string{}}
	out := build.Outcome{Names: []string{"r.example/app:1"}, Pushed: true, Result: builder.Result{Digest: "sha256:aa", ConfigDigest: "sha256:bb"}, Duration: time.Second}
	if err := buildOutputs(ci.Job{Sink: sink}, out, ""); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"digest": "sha256:aa", "imageid": "sha256:bb", "pushed": "true", "push-skipped-reason": "", "promoted": "false",
		"metadata": string(out.Metadata())}
	if diff := cmp.Diff(want, sink.values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEachAppHasAPlanOfItsOwn(t *testing.T) {
	taken := map[string]string{}
	for _, tt := range []struct{ name, context, config, want string }{
		{"", ".", "", "npx-plan.json"}, {"", "./", "", "npx-plan.json"}, {"", "api", "", "npx-plan-api.json"}, {"", "./api/", "", "npx-plan-api.json"},
		{"", "web", "", ""}, {"", "a/b", "", ""}, {"", "a-b", "", ""}, {"", "日本", "", ""}, {"", "中文", "", ""}, {"", "api", "x.toml", ""},
		{"api", ".", "", ""}, {"web", ".", "", ""}, {"a\nb", ".", "", ""},
	} {
		got := planFile(ci.Job{Inputs: ci.Inputs{Job: option.Job{Name: tt.name, Context: tt.context}, Plan: option.Plan{Config: tt.config}}})
		if tt.want != "" && got != tt.want {
			t.Errorf("%+v: got %s", tt, got)
		}
		matched := slices.ContainsFunc(reserved.Plans(), func(pattern string) bool { ok, _ := path.Match(pattern, got); return ok })
		if !matched || !regexp.MustCompile(`^[A-Za-z0-9._-]+$`).MatchString(got) {
			t.Errorf("%+v: got %q", tt, got)
		}
		app := fmt.Sprint(tt.name, filepath.Clean(tt.context), tt.config)
		if other, ok := taken[got]; ok && other != app {
			t.Errorf("%q and %q share %s", other, app, got)
		}
		taken[got] = app
	}
}
