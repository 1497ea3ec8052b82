package ci

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/reserved"
)

func TestFindingsAreWhereTheMessageSays(t *testing.T) {
	type where struct {
		Path string
		Line int
	}
	for msg, want := range map[string]where{
		"nixpacks.toml:12: unknown key prase":               {"svc/api/nixpacks.toml", 12},
		"reading packages/web/package.json: unexpected end": {"svc/api/packages/web/package.json", 1},
		`reading "Cargo.lock": line 7: broken`:              {"svc/api/Cargo.lock", 1},
		"Procfile, line 3: no command":                      {"svc/api/Procfile", 3},
		"the registry is slow":                              {".gitlab-ci.yml", 1},
		"/etc/passwd.toml is outside":                       {".gitlab-ci.yml", 1},
		"node.jsx is no manifest":                           {".gitlab-ci.yml", 1},
	} {
		f := newFinding("svc/api", "minor", msg)
		if got := (where{f.Location.Path, f.Location.Lines.Begin}); got != want {
			t.Errorf("%s: %+v, want %+v", msg, got, want)
		}
	}
}

func TestAGitLabJobReportsWarnings(t *testing.T) {
	report := func(say func(Sink)) []finding {
		files := map[string]*bytes.Buffer{}
		job, err := ReadGitLab(nil, func(name string) (io.WriteCloser, error) {
			files[name] = &bytes.Buffer{}
			return file{files[name]}, nil
		}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		say(job.Sink)
		if err := job.Sink.Summary("the plan"); err != nil {
			t.Fatal(err)
		}
		var list []finding
		if err := json.Unmarshal(files[reserved.Quality].Bytes(), &list); err != nil || list == nil {
			t.Fatalf("%s: %v", files[reserved.Quality], err)
		}
		return list
	}
	say := func(s Sink) {
		s.Notice("not this")
		s.Warning("nixpacks.toml:2: a\nb")
		s.Error("nixpacks.toml:2: c")
	}
	first := report(say)
	var severities []string
	for _, f := range first {
		severities = append(severities, f.Severity)
		if f.Check == "" || len(f.Fingerprint) != 32 || strings.Contains(f.Description, "\n") {
			t.Errorf("%+v", f)
		}
	}
	if diff := cmp.Diff([]string{"minor", "major"}, severities); diff != "" {
		t.Error(diff)
	}
	if first[0].Fingerprint == first[1].Fingerprint {
		t.Error("two findings have one fingerprint")
	}
	if diff := cmp.Diff(first, report(say)); diff != "" {
		t.Errorf("the next run finds something else: %s", diff)
	}
	if list := report(func(Sink) {}); len(list) != 0 {
		t.Errorf("nothing was said: %+v", list)
	}
}

func TestListsOfGitLab(t *testing.T) {
	job, err := ReadGitLab(map[string]string{
		"NPX_TAGS": `["type=ref,event=branch", " edge ", "", "a\"b"]` + "\n", "NPX_PKGS": `["jq", "ripgrep fd"]`, "NPX_ENV": "[]\n",
		"NPX_IMAGES": "r.io/a\nr.io/b", "NPX_LABELS": "[not=json]",
	}, nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	in := job.Inputs
	for _, tt := range []struct{ got, want []string }{
		{in.Tags, []string{"type=ref,event=branch", "edge", `a"b`}}, {in.Pkgs, []string{"jq", "ripgrep", "fd"}}, {in.Env, nil},
		{in.Images, []string{"r.io/a", "r.io/b"}}, {in.Labels, []string{"[not=json]"}},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Error(diff)
		}
	}
}
