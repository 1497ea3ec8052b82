package cli

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
)

func TestAnImageIsDatedByVariableThenEventThenCheckout(t *testing.T) {
	committed := time.Date(2024, 5, 1, 12, 0, 0, 0, time.FixedZone("", 7200))
	checkout := t.TempDir()
	repo, err := git.PlainInit(checkout, false)
	if err != nil {
		t.Fatal(err)
	}
	work, err := repo.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	author := &object.Signature{Name: "a", Email: "a@b", When: committed}
	if _, err := work.Commit("x", &git.CommitOptions{AllowEmptyCommits: true, Author: author}); err != nil {
		t.Fatal(err)
	}
	event := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		environ []string
		dir     string
		commit  time.Time
		want    time.Time
	}{
		"variable":     {[]string{"SOURCE_DATE_EPOCH=60"}, checkout, event, time.Unix(60, 0)},
		"event":        {nil, checkout, event, event},
		"checkout":     {nil, checkout, time.Time{}, committed},
		"empty":        {[]string{"SOURCE_DATE_EPOCH="}, checkout, time.Time{}, committed},
		"no commit":    {nil, t.TempDir(), time.Time{}, time.Time{}},
		"year of zero": {[]string{"SOURCE_DATE_EPOCH=0"}, t.TempDir(), time.Time{}, time.Unix(0, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			p := program{Process: Process{Environ: tt.environ}}
			got, err := p.born(tt.dir, tt.commit)
			if err != nil || !got.Equal(tt.want) {
				t.Errorf("%v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestADateThatIsNoneIsRefused(t *testing.T) {
	for _, value := range []string{"yesterday", "-1", "1e9", "99999999999999999999"} {
		p := program{Process: Process{Environ: []string{"SOURCE_DATE_EPOCH=" + value}}}
		if _, err := p.born(t.TempDir(), time.Time{}); status(err) != statusUsage {
			t.Errorf("%s: %v", value, err)
		}
	}
}

func TestOnlyAReproducibleImageHasItsTimesRewritten(t *testing.T) {
	exports := func() []builder.Export {
		return []builder.Export{{Kind: builder.Push, Attrs: map[string]string{"annotation.a": "b"}}, {Kind: builder.Tar}}
	}
	base := json.RawMessage(`{"os":"linux"}`)
	g := &graph.Graph{Nodes: []graph.Node{{Op: graph.Image{Config: base}}}}
	im := image{epoch: time.Unix(60, 0)}
	plain := builder.Request{Exports: exports()}
	im.reproduce(&plain, g)
	if diff := cmp.Diff(exports(), plain.Exports); diff != "" || plain.BaseConfig != nil {
		t.Errorf("not asked for (-want +got):\n%s", diff)
	}
	im.reproducible = true
	req := builder.Request{Exports: exports()}
	im.reproduce(&req, g)
	want := []builder.Export{
		{Kind: builder.Push, Attrs: map[string]string{"annotation.a": "b", "source-date-epoch": "60", "rewrite-timestamp": "true"}},
		{Kind: builder.Tar, Attrs: map[string]string{"source-date-epoch": "60"}},
	}
	if diff := cmp.Diff(want, req.Exports); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if string(req.BaseConfig) != string(base) {
		t.Errorf("base %s", req.BaseConfig)
	}
}

func TestAReproducibleImageWithoutACommitHasAFixedDate(t *testing.T) {
	if got := (&image{}).created(); got != nil {
		t.Error(got)
	}
	if got := (&image{reproducible: true}).created(); got == nil || got.Unix() != graph.Epoch {
		t.Error(got)
	}
}
