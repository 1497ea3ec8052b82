package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/report"
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
	job := ci.Job{Dir: dir, Sink: sink}
	r := report.Report{
		Plan:     plan.Plan{Start: &plan.Start{Cmd: new("node main.js\n::set-output name=x::y")}},
		Detected: []report.Detection{{Provider: "node"}, {Provider: "python"}},
	}
	p := &program{}
	if err := p.planOutputs(job, r); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, planFile))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	want := map[string]string{"plan": planFile, "plan-digest": "sha256:" + hex.EncodeToString(sum[:]), "plan-changed": "true", "plan-diff": "", "providers": "node,python"}
	if diff := cmp.Diff(want, sink.values); diff != "" {
		t.Errorf("without a base (-want +got):\n%s", diff)
	}
	r.Base = &report.Base{Plan: plan.Plan{Start: &plan.Start{Cmd: new("node .")}, Variables: map[string]string{"CI": "true"}}}
	if err := p.planOutputs(job, r); err != nil {
		t.Fatal(err)
	}
	want["plan-diff"] = "- variable CI: true\n- start cmd: node .\n+ start cmd: \"node main.js\\n::set-output name=x::y\""
	if diff := cmp.Diff(want, sink.values); diff != "" {
		t.Errorf("with a base (-want +got):\n%s", diff)
	}
}

func TestOutputsTellOfTheBuild(t *testing.T) {
	sink := setOutputs{values: map[string]string{}}
	im := &image{refs: []string{"r.example/app:1"}, push: true}
	out := outcome{Result: builder.Result{Digest: "sha256:aa", ConfigDigest: "sha256:bb"}, duration: time.Second}
	if err := buildOutputs(ci.Job{Sink: sink}, im, out, ""); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"digest": "sha256:aa", "imageid": "sha256:bb", "pushed": "true", "push-skipped-reason": "", "promoted": "false",
		"metadata": string(newMetadata(im, out).json())}
	if diff := cmp.Diff(want, sink.values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
