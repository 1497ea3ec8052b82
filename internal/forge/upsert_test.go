package forge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var systems = []string{"github", "gitlab"}

// onBoth runs a test against both forges, in time that passes at once.
func onBoth(t *testing.T, f func(t *testing.T, fake *fakeForge, thread Thread)) {
	for _, system := range systems {
		t.Run(system, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := &fakeForge{}
				f(t, fake, threads(t, fake, "secret")[system])
			})
		})
	}
}

func post(run int64, text string) Post {
	return Post{Key: "app", Part: "app", Run: run, Attempt: 1, SHA: "ABC123", Create: true, Text: func(int) string { return text }}
}

func upsertText(t *testing.T, thread Thread, p Post) Outcome {
	t.Helper()
	_, outcome, err := Upsert(t.Context(), thread, p)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

// written is what a comment of one part says.
func written(body string) string {
	for _, p := range parts(body) {
		return p.text
	}
	return ""
}

func TestUpsertKeepsOneComment(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		f.pageSize = 2
		forged := compose("app", "", map[string]part{"": newPart(post(99, ""), "forged")})
		f.comments = []fakeComment{
			{id: 901, author: "someone", body: forged},
			{id: 902, author: "bot", body: "> quoted\n" + forged},
			{id: 903, author: "bot", body: "text", system: true},
		}
		steps := []struct {
			run  int64
			text string
			want Outcome
		}{
			{1, "one", Created}, {2, "one", Unchanged}, {2, "two", Updated}, {1, "late", Stale}, {3, "three", Updated},
		}
		for _, s := range steps {
			before := f.writes
			c, got, err := Upsert(t.Context(), thread, post(s.run, s.text))
			if err != nil || got != s.want {
				t.Fatalf("run %d %q: %v, %v, want %v", s.run, s.text, got, err, s.want)
			}
			if c.ID != 1 {
				t.Errorf("run %d wrote comment %d", s.run, c.ID)
			}
			if wrote := f.writes > before; wrote != (got == Created || got == Updated) {
				t.Errorf("run %d %q is %s with %d writes", s.run, s.text, got, f.writes-before)
			}
		}
		if len(f.comments) != 4 || written(f.comments[3].body) != "three" {
			t.Errorf("comments: %+v", f.comments)
		}
		other := post(1, "x")
		other.Key, other.Create = "other", false
		if got := upsertText(t, thread, other); got != Unchanged || len(f.comments) != 4 {
			t.Errorf("update only: %v", got)
		}
	})
}

func TestTwoRunsAtOnceLeaveOneCommentAndItIsTheNewest(t *testing.T) {
	for _, system := range systems {
		for round := range 50 {
			synctest.Test(t, func(t *testing.T) {
				f := &fakeForge{pageSize: 3}
				for range rand.IntN(7) {
					f.next++
					f.comments = append(f.comments, fakeComment{id: f.next, author: "someone", body: "hello"})
				}
				others := len(f.comments)
				if round%2 == 0 {
					upsertText(t, threads(t, f, "secret")[system], post(1, "run 1"))
				}
				var wg sync.WaitGroup
				for run := range int64(2) {
					thread := threads(t, f, "secret")[system]
					wg.Go(func() {
						time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
						if _, _, err := Upsert(t.Context(), thread, post(2+run, fmt.Sprint("run ", 2+run))); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				if len(f.comments) != others+1 || written(f.comments[others].body) != "run 3" {
					t.Errorf("%s, round %d: %+v", system, round, f.comments[others:])
				}
			})
		}
	}
}

func TestPartsSurviveTheUpdatesOfOtherJobs(t *testing.T) {
	for _, system := range systems {
		for round := range 50 {
			synctest.Test(t, func(t *testing.T) {
				f := &fakeForge{}
				if round%2 == 0 {
					upsertText(t, threads(t, f, "secret")[system], shared("app 0", 1))
				}
				var wg sync.WaitGroup
				for app := range 6 {
					thread := threads(t, f, "secret")[system]
					for run := range int64(2) {
						wg.Go(func() {
							time.Sleep(time.Duration(rand.IntN(2000)) * time.Millisecond)
							if _, _, err := Upsert(t.Context(), thread, shared(fmt.Sprint("app ", app), 2+run)); err != nil {
								t.Error(err)
							}
						})
					}
				}
				wg.Wait()
				var got []string
				for _, line := range strings.Split(f.comments[0].body, "\n") {
					if !strings.HasPrefix(line, "<!--") && line != "" {
						got = append(got, line)
					}
				}
				want := "### Apps|app 0 run 3|app 1 run 3|app 2 run 3|app 3 run 3|app 4 run 3|app 5 run 3"
				if len(f.comments) != 1 || strings.Join(got, "|") != want {
					t.Errorf("%s, round %d: %d comments, %q", system, round, len(f.comments), got)
				}
			})
		}
	}
}

func shared(app string, run int64) Post {
	p := post(run, fmt.Sprint(app, " run ", run))
	p.Title, p.Part = "### Apps", app
	return p
}

func TestPartsAreInTheOrderOfRankAndName(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		for _, p := range []struct {
			name string
			rank int
		}{{"c", 1}, {"b", 2}, {"a", 2}, {"d", 0}, {"c", 3}} {
			post := shared(p.name, int64(p.rank))
			post.Rank = p.rank
			upsertText(t, thread, post)
		}
		got := partStart.FindAllStringSubmatch(f.comments[0].body, -1)
		if len(got) != 4 || got[0][2] != "64" || got[1][2] != "61" || got[2][2] != "62" || got[3][2] != "63" {
			t.Errorf("parts: %q", got)
		}
	})
}

func TestAPartGetsAShareOfWhatIsLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		for app := range 25 {
			p := shared(fmt.Sprintf("app %02d", app), 1)
			p.Text = func(limit int) string { return strings.Repeat("x", limit) }
			upsertText(t, thread, p)
		}
		if n := len(f.comments[0].body); n > thread.Limit() || len(parts(f.comments[0].body)) != 25 {
			t.Errorf("%d bytes in %d parts", n, len(parts(f.comments[0].body)))
		}
	})
}

func TestUpsertHealsDuplicates(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		one := newPart(shared("one", 3), "from the first")
		two := newPart(shared("two", 1), "from the second")
		f.comments = []fakeComment{
			{id: 11, author: "bot", body: compose("app", "", map[string]part{"": one})},
			{id: 12, author: "someone", body: "hello"},
			{id: 13, author: "bot", body: compose("app", "", map[string]part{"": two})},
		}
		f.pageSize = 1
		upsertText(t, thread, shared("three", 2))
		if len(f.comments) != 2 || f.comments[0].id != 11 || len(parts(f.comments[0].body)) != 3 {
			t.Errorf("comments: %+v", f.comments)
		}
	})
}

func TestUpsertWithoutPermission(t *testing.T) {
	for system, token := range map[string]string{"github": "secret", "gitlab": "wrong"} {
		for _, deny := range []string{"Resource not accessible by integration", "Unable to create comment because issue is locked."} {
			_, _, err := Upsert(t.Context(), threads(t, &fakeForge{deny: deny}, token)[system], post(1, "x"))
			if !errors.Is(err, ErrDenied) {
				t.Errorf("%s: %v", system, err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: the error holds the token: %v", system, err)
			}
		}
	}
}

func TestARequestThatIsLockedIsDeniedWithoutRetries(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		upsertText(t, thread, post(1, "one"))
		f.deny = "Unable to create comment because issue is locked."
		if _, _, err := Upsert(t.Context(), thread, post(2, "two")); !errors.Is(err, ErrDenied) || f.refused != 1 {
			t.Errorf("%d refusals, %v", f.refused, err)
		}
		if got := upsertText(t, thread, post(3, "one")); got != Unchanged {
			t.Errorf("the same text: %v", got)
		}
	})
}

// vanishing deletes the comment before the first update.
type vanishing struct {
	Thread
	f    *fakeForge
	once sync.Once
}

func (v *vanishing) Update(ctx context.Context, id int64, body string) (Comment, error) {
	v.once.Do(func() {
		v.f.mu.Lock()
		v.f.comments = nil
		v.f.mu.Unlock()
	})
	return v.Thread.Update(ctx, id, body)
}

func TestUpsertCreatesAgainWhatWasDeletedMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		upsertText(t, thread, post(1, "a"))
		got := upsertText(t, &vanishing{Thread: thread, f: f}, post(2, "b"))
		if got != Created || len(f.comments) != 1 || written(f.comments[0].body) != "b" {
			t.Errorf("%v, %+v", got, f.comments)
		}
	})
}

func TestACommentThatAPersonHasEditedIsPutRight(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		for name, edit := range map[string]func(string) string{
			"text":         func(s string) string { return strings.Replace(s, "as written", "LGTM", 1) },
			"more":         func(s string) string { return s + "\nan answer below" },
			"end cut off":  func(s string) string { return strings.Replace(s, partEnd, "", 1) },
			"part deleted": func(s string) string { head, _, _ := strings.Cut(s, "\n"); return head },
			"CRLF":         func(s string) string { return strings.ReplaceAll(s, "written", "w") + "\r\n" },
		} {
			f.comments = nil
			upsertText(t, thread, post(1, "as written"))
			f.comments[0].body = edit(f.comments[0].body)
			if got := upsertText(t, thread, post(1, "as written")); got != Updated && name != "more" {
				t.Errorf("%s: %v", name, got)
			}
			if len(f.comments) != 1 || written(f.comments[0].body) != "as written" || strings.Contains(f.comments[0].body, "answer") {
				t.Errorf("%s: %+v", name, f.comments)
			}
		}
		// Whoever takes the marker out keeps the text: there is a new comment.
		f.comments = nil
		upsertText(t, thread, post(1, "as written"))
		f.comments[0].body = "kept\n" + f.comments[0].body
		if got := upsertText(t, thread, post(1, "as written")); got != Created || len(f.comments) != 2 {
			t.Errorf("without a marker: %v", got)
		}
	})
}

func TestACommentThatAPersonHasCopiedIsLeftAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		upsertText(t, thread, post(1, "one"))
		f.comments = append([]fakeComment{{id: 900, author: "someone", body: f.comments[0].body}}, f.comments...)
		if got := upsertText(t, thread, post(2, "two")); got != Updated || written(f.comments[0].body) != "one" || len(f.comments) != 2 {
			t.Errorf("%v, %+v", got, f.comments)
		}
	})
}

func TestAnOlderCommitDoesNotReplaceWhatIsThere(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		f.head = "newer"
		if got := upsertText(t, thread, post(1, "one")); got != Created {
			t.Errorf("nothing was there: %v", got)
		}
		if got := upsertText(t, thread, post(2, "two")); got != Stale || written(f.comments[0].body) != "one" {
			t.Errorf("%v, %+v", got, f.comments)
		}
		f.head = "ABC123"
		if got := upsertText(t, thread, post(2, "two")); got != Updated {
			t.Errorf("the newest commit: %v", got)
		}
	})
}

func TestARequestWithThreeThousandComments(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		for range 3000 {
			f.next++
			f.comments = append(f.comments, fakeComment{id: f.next, author: "someone", body: "hello"})
		}
		upsertText(t, thread, post(1, "one"))
		for range 500 {
			f.next++
			f.comments = append(f.comments, fakeComment{id: f.next, author: "bot", body: "hello"})
		}
		f.lists = 0
		if got := upsertText(t, thread, post(2, "two")); got != Updated || len(f.comments) != 3501 || f.lists > 40 {
			t.Errorf("%v, %d comments after %d lists", got, len(f.comments), f.lists)
		}
		for range 2000 {
			f.next++
			f.comments = append(f.comments, fakeComment{id: f.next, author: "someone", body: "hello"})
		}
		if _, _, err := Upsert(t.Context(), thread, post(3, "three")); !errors.Is(err, ErrTooMany) || len(f.comments) != 5501 {
			t.Errorf("more than can be read: %v", err)
		}
	})
}

func TestWhatIsTooLongIsShortenedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fakeForge, thread Thread) {
		f.limit = thread.Limit() / 2
		p := post(1, "")
		p.Text = func(limit int) string { return strings.Repeat("x", limit) }
		if got := upsertText(t, thread, p); got != Created || len(f.comments[0].body) > thread.Limit()/10 {
			t.Errorf("%v, %d bytes", got, len(f.comments[0].body))
		}
		f.comments, f.limit = nil, 10
		if _, _, err := Upsert(t.Context(), thread, p); !errors.Is(err, ErrTooLong) {
			t.Errorf("nothing fits: %v", err)
		}
	})
}
