package tags

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const commit = "4f2a9c1be00112233445566778899aabbccddeef"

// on is an event of a repository whose default branch is main, at a fixed time.
func on(event, ref string) Source {
	now := time.Date(2031, 3, 9, 23, 15, 0, 0, time.UTC)
	return Source{Event: event, Ref: ref, SHA: commit, Default: "main", Date: now, CommitDate: now.Add(-time.Hour)}
}

func branch(name string) Source { return on("push", "refs/heads/"+name) }
func tag(name string) Source    { return on("push", "refs/tags/"+name) }
func pull() Source              { return on("pull_request", "refs/pull/42/merge") }

// lines splits at semicolons.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	list := strings.Split(s, ";")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// versionRules are what many workflows have.
const versionRules = "type=semver,pattern={{version}}; type=semver,pattern={{major}}.{{minor}}; type=semver,pattern={{major}}"

// failure is what a vector wants that no inputs can give.
const failure = "!"

// TestVectors has the tags that docker/metadata-action makes for the same inputs, except where the name says ours.
func TestVectors(t *testing.T) {
	tests := []struct {
		name         string
		source       Source
		tags, flavor string
		want         string // separated by blanks; failure for an error
	}{
		{"branch", branch("main"), "", "", "main"},
		{"branch with other characters", branch("feat/a@b#1"), "", "", "feat-a-b-1"},
		{"tag", tag("v3.4.5"), "", "", "v3.4.5 latest"},
		{"prerelease tag moves latest with ref rules", tag("v3.4.5-rc.1"), "type=ref,event=tag", "", "v3.4.5-rc.1 latest"},
		{"pull request", pull(), "", "", "pr-42"},
		{"pull_request_target", on("pull_request_target", "refs/pull/42/merge"), "type=ref,event=branch; type=ref,event=pr; type=sha", "",
			"pr-42 sha-4f2a9c1"},
		{"schedule", on("schedule", "refs/heads/main"), "", "", "nightly main"},
		{"semver", tag("v3.4.5"), versionRules, "", "3.4.5 3.4 3 latest"},
		{"semver prerelease", tag("v3.4.5-rc.1"), versionRules, "", "3.4.5-rc.1"},
		{"semver prerelease raw", tag("v3.4.5-rc.1"), "type=semver,pattern={{ raw }}", "", "v3.4.5-rc.1"},
		{"semver build metadata", tag("v3.4.5+b7"), "type=semver,pattern={{version}}; type=semver,pattern={{raw}}", "", "3.4.5 v3.4.5-b7 latest"},
		{"no semver", tag("nightly-7"), "type=semver,pattern={{version}}; type=ref,event=tag", "", "nightly-7 latest"},
		{"raw first takes latest away", tag("v3.4.5"), "type=raw,stable,priority=950; type=semver,pattern={{version}}", "", "stable 3.4.5"},
		{"priorities", tag("v3.4.5"), "type=sha; type=semver,pattern={{version}}", "", "3.4.5 sha-4f2a9c1 latest"},
		{"semver match", tag("svc/v3.4.5"), "type=semver,pattern={{version}},match=/v(.+)$", "", "3.4.5 latest"},
		{"semver match too early", tag("svc/v3.4.5"), "type=semver,pattern={{version}},match=v(.+)$", "", ""},
		{"match group", tag("v3.4.5-beta.2"), "type=match,pattern=v(.*),group=1", "", "3.4.5-beta.2 latest"},
		{"no match", tag("v3.4.5"), `type=match,pattern=x(\d)`, "", ""},
		{"no such group", tag("v3.4.5"), `type=match,pattern=v(\d+),group=2`, "", ""},
		{"edge", branch("main"), "type=edge; type=sha", "", "edge sha-4f2a9c1"},
		{"edge on another branch", branch("dev"), "type=edge; type=ref,event=branch", "", "dev"},
		{"edge of a branch", branch("dev"), "type=edge,branch=dev", "", "edge"},
		{"enable", branch("main"), "type=raw,latest,enable={{is_default_branch}}; type=ref,event=branch", "latest=false", "main latest"},
		{"enable that is neither true nor false", branch("dev"), "type=raw,x,enable=yes", "", failure},
		{"pr prefix beats flavor", pull(), "type=ref,event=pr", "prefix=ci-,suffix=-amd", "pr-42-amd"},
		{"empty prefix beats flavor", pull(), "type=ref,event=pr,prefix=", "prefix=ci-", "42"},
		{"suffix not on latest", tag("v3.4.5"), "type=semver,pattern={{version}}", "suffix=-alpine", "3.4.5-alpine latest"},
		{"suffix on latest", tag("v3.4.5"), "type=semver,pattern={{version}}", "suffix=-alpine,onlatest=true", "3.4.5-alpine latest-alpine"},
		{"duplicates", tag("v3.4.5"), "type=semver,pattern={{version}}; type=semver,pattern={{major}}.{{minor}}.{{patch}}", "", "3.4.5 latest"},
		{"latest=true", branch("dev"), "type=raw,a; type=raw,b", "latest=true", "a b latest"},
		{"latest=true without a value", branch("dev"), "type=semver,pattern={{version}}", "latest=true", ""},
		{"semver value", branch("main"), "type=semver,pattern={{version}},value=v9.0.1", "", "9.0.1 latest"},
		{"long sha", branch("main"), "type=sha,format=long", "", "sha-" + commit},
		{"date in a zone", branch("main"), "type=raw,value=d-{{date 'YYYYMMDD-HHmm' tz='Asia/Tokyo'}}", "", "d-20310310-0815"},
		{"schedule pattern", on("schedule", "refs/heads/main"), "type=schedule,pattern={{date 'YYYYMMDD'}}; type=sha,priority=2000", "",
			"sha-4f2a9c1 20310309"},
		{"pep440 prerelease", tag("1.2.3rc4"), "type=pep440,pattern={{major}}.{{minor}}", "", "1.2.3rc4"},
		{"pep440", tag("v1.2.3"), "type=pep440,pattern={{version}}; type=pep440,pattern={{major}}", "", "1.2.3 1 latest"},
		{"merge queue as a branch", on("merge_group", "refs/heads/gh-readonly-queue/main/pr-42-ab12"), "type=ref,event=branch", "",
			"gh-readonly-queue-main-pr-42-ab12"},
		{"ours: merge queue of the main branch", on("merge_group", "refs/heads/gh-readonly-queue/main/pr-42-ab12"), "type=ref,event=mq", "", "mq-42"},
		{"ref without event", branch("main"), "type=ref", "", failure},
		{"ours: merge queue", on("merge_group", "refs/heads/gh-readonly-queue/rel/1/pr-42-ab12"), "type=ref,event=mq", "", "mq-42"},
		{"ours: long branch", branch(strings.Repeat("a", 200)), "type=ref,event=branch", "", strings.Repeat("a", 119) + "-c2a908d9"},

		{"tag base", func() Source { s := tag("v1"); s.Base = "rel"; return s }(), "type=raw,{{tag}}-{{base_ref}}-{{branch}}", "", "v1-rel-"},
		{"commit date", branch("main"), "type=raw,{{commit_date 'HHmm'}}-{{sha}}", "", "2215-4f2a9c1"},
		{"not the default branch", branch("dev"), "type=raw,a,enable={{is_not_default_branch}}; type=raw,b,enable={{is_default_branch}}", "", "a"},
		{"nothing is escaped", branch("a&b"), "type=raw,{{branch}}", "", "a-b"},
		{"match with flags", tag("REL-7"), "type=match,pattern=/rel-(\\d)/i,group=1", "", "7 latest"},
		{"match of a value", branch("main"), "type=match,pattern=\\d+,value=build 17", "", "17 latest"},
		{"all matches", tag("1-2-3"), "type=match,pattern=/\\d/g,group=2", "", "3 latest"},
		{"quoted record", tag("v1.0.0"), `"type=semver,pattern={{version}}"`, "", "1.0.0 latest"},
		{"field quoted twice", tag("r12"), `"type=match,""pattern=\d{1,2}"""`, "", "12 latest"},
		{"ours: field quoted once", tag("r12"), `type=match,"pattern=\d{1,2}"`, "", "12 latest"},
		{"short version", tag("v1.2"), "type=semver,pattern={{version}}", "", ""},
		{"number of a merge queue is no sha", on("push", "refs/heads/gh-readonly-queue/main/pr-x"), "type=ref,event=mq", "", ""},
		{"ours: latest once", tag("v1.2.3"), "type=semver,pattern={{version}}; type=raw,latest", "", "1.2.3 latest"},
		{"ours: template on latest", tag("v1.2.3"), "type=ref,event=tag", "prefix={{sha}}-,onlatest=true", "4f2a9c1-v1.2.3 4f2a9c1-latest"},
		{"ours: equals sign in a flavor", branch("main"), "type=ref,event=branch", "suffix=-{{date 'DD' tz='Asia/Tokyo'}}", "main-10"},
		{"ours: group that takes no part", tag("r1"), "type=semver,pattern={{version}},match=r1|(x)", "", ""},
		{"ours: merge request", on("pull_request", "refs/pull/9/merge"), "type=ref,event=mr", "", "mr-9"},
		{"ours: merge train", on("merge_group", "refs/pull/9/merge"), "type=ref,event=mq", "", "mq-9"},
		{"ours: no merge train", on("pull_request", "refs/pull/9/merge"), "type=ref,event=mq", "", ""},
		{"ours: hidden branch", branch("-.hidden"), "", "", "hidden"},
		{"ours: branch of slashes", branch("///"), "", "", "ref"},
		{"ours: plain tags", branch("main"), "1.2, edge; x y", "", "1.2 edge x y"},
		{"ours: plain template", branch("main"), "{{date 'YYYY' tz='Asia/Tokyo'}}", "", "2031"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			settings, err := Parse(Inputs{Images: []string{"R.io/Acme/Shop", "x/y,enable=false"}, Tags: lines(tt.tags), Flavor: lines(tt.flavor)})
			var got Result
			if err == nil {
				got, err = settings.Make(tt.source)
			}
			if tt.want == failure {
				if err == nil {
					t.Errorf("got %q", got.Names)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Fields(tt.want), append([]string{}, got.Names...)); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, strings.Join(got.Warnings, "\n"))
			}
			var refs []string
			for _, name := range got.Names {
				refs = append(refs, "r.io/acme/shop:"+name)
			}
			if diff := cmp.Diff(refs, got.References); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
			if want := append(got.Names, "")[0]; got.Version != want {
				t.Errorf("version is %q", got.Version)
			}
			if len(got.Names) == 0 && !slices.Contains(got.Warnings, "no tag is made for this event; see the input tags") {
				t.Errorf("warnings are %q", got.Warnings)
			}
		})
	}
}
