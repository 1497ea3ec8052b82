package forge

import (
	"testing"

	"github.com/org/npx-action/test/forges"
)

// TestACommentOfSomebodyWithTheNameOfAnAppIsNotOurs has people who copy the marker, called as the app is without the mark of bots.
func TestACommentOfSomebodyWithTheNameOfAnAppIsNotOurs(t *testing.T) {
	onEach(t, func(t *testing.T, fake fake, as func(string) conversation) {
		thread := as(writes)
		upsertText(t, thread, post(1, "ours"))
		body := fake.Comments(5)[0].Body
		set(fake, forges.Comment{ID: 1, Author: "npx", Body: body})
		if got := upsertText(t, thread, post(2, "ours, too")); got != Created {
			t.Errorf("the comment of a person is %s", got)
		}
		comments := fake.Comments(5)
		if len(comments) != 2 || comments[0].Body != body || comments[1].Author != self {
			t.Errorf("comments: %+v", comments)
		}
	})
}

func TestATokenTellsAnAppFromAPerson(t *testing.T) {
	for token, want := range map[string]bool{"ghs_x": true, "v1.x": true, "ghp_x": false, "github_pat_x": false, "gho_x": false, "": false} {
		g, err := NewGitHub(NewHTTP(nil), "", token, "acme/shop", 5)
		if err != nil || g.bot != want {
			t.Errorf("%q: %t, %v", token, g.bot, err)
		}
	}
	if account("npx", true) == account("npx", false) || account("npx[bot]", true) != account("npx", true) {
		t.Error("a kind is no part of an account")
	}
}
