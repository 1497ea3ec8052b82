package forge

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/org/npx-action/test/forges"
)

// A historian is what the clients can say of commits.
type historian interface {
	MergeBase(ctx context.Context, a, b string) (string, error)
	TrustedBranch(ctx context.Context, commit, standard string) (string, error)
}

// withHistory has three branches that part at the second commit: the default one, a protected one and one of anybody's.
func withHistory(f interface {
	Grant(string, forges.Token)
	Branch(string, bool, ...string)
}) {
	f.Grant(reads, forges.Token{Account: "ann"})
	f.Grant(ofTheJob, forges.Token{Account: "ann", Job: true})
	f.Branch("main", false, "1", "2", "3")
	f.Branch("release/1", true, "1", "2", "r")
	f.Branch("feat", false, "1", "2", "f")
	f.Branch("docs", true, "d")
}

func TestTheForgeKnowsTheHistory(t *testing.T) {
	gh, gl := forges.NewGitHub(t, "acme/shop"), forges.NewGitLab(t, "99")
	withHistory(gh)
	withHistory(gl)
	onGitHub, err := NewGitHub(&http.Client{Transport: wire{forge: gh}}, "https://forge.example", reads, "acme/shop", 0)
	if err != nil {
		t.Fatal(err)
	}
	onGitLab, err := NewGitLab(wire{forge: gl}, "https://forge.example/api/v4", reads, "99", 0)
	if err != nil {
		t.Fatal(err)
	}
	inAJob, err := NewGitLabJob(wire{forge: gl}, "https://forge.example/api/v4", ofTheJob, "99")
	if err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]historian{"GitHub": onGitHub, "GitLab": onGitLab, "a job of GitLab": inAJob} {
		t.Run(name, func(t *testing.T) {
			if got, err := h.MergeBase(t.Context(), "3", "f"); got != "2" || err != nil {
				t.Errorf("merge base %q, %v", got, err)
			}
			if got, err := h.MergeBase(t.Context(), "main", "2"); got != "2" || err != nil {
				t.Errorf("merge base of a branch and a commit of it %q, %v", got, err)
			}
			if _, err := h.MergeBase(t.Context(), "3", "unknown"); !errors.Is(err, ErrGone) {
				t.Errorf("merge base with a commit that is not there: %v", err)
			}
			for commit, want := range map[string]string{"3": "main", "1": "main", "r": "release/1", "f": "", "d": "docs"} {
				if got, err := h.TrustedBranch(t.Context(), commit, "main"); got != want || err != nil {
					t.Errorf("commit %s is on %q, %v", commit, got, err)
				}
			}
		})
	}
}
