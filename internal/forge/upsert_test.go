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

	"github.com/org/npx-action/test/forges"
)

// onBoth runs a test against both forges, with a token that may write.
func onBoth(t *testing.T, f func(t *testing.T, fake fake, thread Thread)) {
	t.Helper()
	onEach(t, func(t *testing.T, fake fake, as func(string) conversation) { f(t, fake, as(writes)) })
}

// latency is what a request takes at most, each way.
const latency = 160 * time.Millisecond

// set replaces the comments of the request.
func set(f fake, comments ...forges.Comment) {
	f.Change(5, func([]forges.Comment) []forges.Comment { return comments })
}

// count tells how often a forge was asked for something since the last count, by the beginnings of METHOD /path.
func count(f fake, beginnings ...string) int {
	n := 0
	for _, request := range f.Requests() {
		for _, beginning := range beginnings {
			if strings.HasPrefix(request, beginning) && request != "POST /graphql" && request != "POST /api/graphql" {
				n++
			}
		}
	}
	return n
}

// changes counts what was written, or tried to be.
func changes(f fake) int { return count(f, "POST", "PATCH", "PUT", "DELETE") }

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
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		f.Paginate(2)
		forged := compose("app", "", map[string]part{"": newPart(post(99, ""), "forged")})
		set(f,
			forges.Comment{ID: 901, Author: "someone", Body: forged},
			forges.Comment{ID: 902, Author: self, Body: "> quoted\n" + forged},
			forges.Comment{ID: 903, Author: self, Body: "text", System: true})
		steps := []struct {
			run  int64
			text string
			want Outcome
		}{
			{1, "one", Created}, {2, "one", Unchanged}, {2, "two", Updated}, {1, "late", Stale}, {3, "three", Updated},
		}
		for _, s := range steps {
			count(f)
			c, got, err := Upsert(t.Context(), thread, post(s.run, s.text))
			if err != nil || got != s.want {
				t.Fatalf("run %d %q: %v, %v, want %v", s.run, s.text, got, err, s.want)
			}
			if c.ID != 1 {
				t.Errorf("run %d wrote comment %d", s.run, c.ID)
			}
			if n := changes(f); (n > 0) != (got == Created || got == Updated) {
				t.Errorf("run %d %q is %s with %d writes", s.run, s.text, got, n)
			}
		}
		if len(f.Comments(5)) != 4 || written(f.Comments(5)[3].Body) != "three" {
			t.Errorf("comments: %+v", f.Comments(5))
		}
		other := post(1, "x")
		other.Key, other.Create = "other", false
		if got := upsertText(t, thread, other); got != Unchanged || len(f.Comments(5)) != 4 {
			t.Errorf("update only: %v", got)
		}
	})
}

func TestTwoRunsAtOnceLeaveOneCommentAndItIsTheNewest(t *testing.T) {
	for _, system := range []string{"GitHub", "GitLab"} {
		for round := range 50 {
			synctest.Test(t, func(t *testing.T) {
				f, as := start(t, system, latency)
				f.Paginate(3)
				for range rand.IntN(7) {
					f.Say(5, forges.Comment{Author: "someone", Body: "hello"})
				}
				others := len(f.Comments(5))
				if round%2 == 0 {
					upsertText(t, as(writes), post(1, "run 1"))
				}
				var wg sync.WaitGroup
				for run := range int64(2) {
					thread := as(writes)
					wg.Go(func() {
						time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
						if _, _, err := Upsert(t.Context(), thread, post(2+run, fmt.Sprint("run ", 2+run))); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				if len(f.Comments(5)) != others+1 || written(f.Comments(5)[others].Body) != "run 3" {
					t.Errorf("%s, round %d: %+v", system, round, f.Comments(5)[others:])
				}
			})
		}
	}
}

func TestPartsSurviveTheUpdatesOfOtherJobs(t *testing.T) {
	for _, system := range []string{"GitHub", "GitLab"} {
		for round := range 50 {
			synctest.Test(t, func(t *testing.T) {
				f, as := start(t, system, latency)
				if round%2 == 0 {
					upsertText(t, as(writes), shared("app 0", 1))
				}
				var wg sync.WaitGroup
				for app := range 6 {
					thread := as(writes)
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
				for _, line := range strings.Split(f.Comments(5)[0].Body, "\n") {
					if !strings.HasPrefix(line, "<!--") && line != "" {
						got = append(got, line)
					}
				}
				want := "### Apps|app 0 run 3|app 1 run 3|app 2 run 3|app 3 run 3|app 4 run 3|app 5 run 3"
				if len(f.Comments(5)) != 1 || strings.Join(got, "|") != want {
					t.Errorf("%s, round %d: %d comments, %q", system, round, len(f.Comments(5)), got)
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
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		for _, p := range []struct {
			name string
			rank int
		}{{"c", 1}, {"b", 2}, {"a", 2}, {"d", 0}, {"c", 3}} {
			post := shared(p.name, int64(p.rank))
			post.Rank = p.rank
			upsertText(t, thread, post)
		}
		got := partStart.FindAllStringSubmatch(f.Comments(5)[0].Body, -1)
		if len(got) != 4 || got[0][2] != "64" || got[1][2] != "61" || got[2][2] != "62" || got[3][2] != "63" {
			t.Errorf("parts: %q", got)
		}
	})
}

func TestAPartGetsAShareOfWhatIsLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		for app := range 25 {
			p := shared(fmt.Sprintf("app %02d", app), 1)
			p.Text = func(limit int) string { return strings.Repeat("x", limit) }
			upsertText(t, thread, p)
		}
		if n := len(f.Comments(5)[0].Body); n > thread.Limit() || len(parts(f.Comments(5)[0].Body)) != 25 {
			t.Errorf("%d bytes in %d parts", n, len(parts(f.Comments(5)[0].Body)))
		}
	})
}

func TestUpsertHealsDuplicates(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		one := newPart(shared("one", 3), "from the first")
		two := newPart(shared("two", 1), "from the second")
		set(f,
			forges.Comment{ID: 11, Author: self, Body: compose("app", "", map[string]part{"": one})},
			forges.Comment{ID: 12, Author: "someone", Body: "hello"},
			forges.Comment{ID: 13, Author: self, Body: compose("app", "", map[string]part{"": two})})
		f.Paginate(1)
		upsertText(t, thread, shared("three", 2))
		if len(f.Comments(5)) != 2 || f.Comments(5)[0].ID != 11 || len(parts(f.Comments(5)[0].Body)) != 3 {
			t.Errorf("comments: %+v", f.Comments(5))
		}
	})
}

func TestUpsertWithoutPermission(t *testing.T) {
	onEach(t, func(t *testing.T, f fake, as func(string) conversation) {
		for _, token := range []string{reads, "expired"} {
			_, _, err := Upsert(t.Context(), as(token), post(1, "x"))
			if !errors.Is(err, ErrDenied) || strings.Contains(err.Error(), token) || len(f.Comments(5)) != 0 {
				t.Errorf("%s: %v", token, err)
			}
		}
	})
}

func TestARequestThatIsLockedIsDeniedWithoutRetries(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		upsertText(t, thread, post(1, "one"))
		f.Lock(5)
		count(f)
		_, _, err := Upsert(t.Context(), thread, post(2, "two"))
		if n := changes(f); !errors.Is(err, ErrDenied) || n != 1 {
			t.Errorf("%d tries, %v", n, err)
		}
		if got := upsertText(t, thread, post(3, "one")); got != Unchanged {
			t.Errorf("the same text: %v", got)
		}
	})
}

// vanishing deletes the comment before the first update.
type vanishing struct {
	Thread
	f    fake
	once sync.Once
}

func (v *vanishing) Update(ctx context.Context, id int64, body string) (Comment, error) {
	v.once.Do(func() { set(v.f) })
	return v.Thread.Update(ctx, id, body)
}

func TestUpsertCreatesAgainWhatWasDeletedMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		upsertText(t, thread, post(1, "a"))
		got := upsertText(t, &vanishing{Thread: thread, f: f}, post(2, "b"))
		if got != Created || len(f.Comments(5)) != 1 || written(f.Comments(5)[0].Body) != "b" {
			t.Errorf("%v, %+v", got, f.Comments(5))
		}
	})
}

func TestACommentThatAPersonHasEditedIsPutRight(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		for name, edit := range map[string]func(string) string{
			"text":         func(s string) string { return strings.Replace(s, "as written", "LGTM", 1) },
			"more":         func(s string) string { return s + "\nan answer below" },
			"end cut off":  func(s string) string { return strings.Replace(s, partEnd, "", 1) },
			"part deleted": func(s string) string { head, _, _ := strings.Cut(s, "\n"); return head },
			"CRLF":         func(s string) string { return strings.ReplaceAll(s, "written", "w") + "\r\n" },
		} {
			set(f)
			upsertText(t, thread, post(1, "as written"))
			edited(f, 0, edit(f.Comments(5)[0].Body))
			if got := upsertText(t, thread, post(1, "as written")); got != Updated && name != "more" {
				t.Errorf("%s: %v", name, got)
			}
			if len(f.Comments(5)) != 1 || written(f.Comments(5)[0].Body) != "as written" || strings.Contains(f.Comments(5)[0].Body, "answer") {
				t.Errorf("%s: %+v", name, f.Comments(5))
			}
		}
		// Whoever takes the marker out keeps the text: there is a new comment.
		set(f)
		upsertText(t, thread, post(1, "as written"))
		edited(f, 0, "kept\n"+f.Comments(5)[0].Body)
		if got := upsertText(t, thread, post(1, "as written")); got != Created || len(f.Comments(5)) != 2 {
			t.Errorf("without a marker: %v", got)
		}
	})
}

func TestACommentThatAPersonHasCopiedIsLeftAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		upsertText(t, thread, post(1, "one"))
		set(f, forges.Comment{ID: 900, Author: "someone", Body: f.Comments(5)[0].Body}, f.Comments(5)[0])
		if got := upsertText(t, thread, post(2, "two")); got != Updated || written(f.Comments(5)[0].Body) != "one" || len(f.Comments(5)) != 2 {
			t.Errorf("%v, %+v", got, f.Comments(5))
		}
	})
}

func TestAnOlderCommitDoesNotReplaceWhatIsThere(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		f.Open(5, "newer")
		if got := upsertText(t, thread, post(1, "one")); got != Created {
			t.Errorf("nothing was there: %v", got)
		}
		if got := upsertText(t, thread, post(2, "two")); got != Stale || written(f.Comments(5)[0].Body) != "one" {
			t.Errorf("%v, %+v", got, f.Comments(5))
		}
		f.Open(5, "ABC123")
		if got := upsertText(t, thread, post(2, "two")); got != Updated {
			t.Errorf("the newest commit: %v", got)
		}
	})
}

func TestARequestWithThreeThousandComments(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		for range 3000 {
			f.Say(5, forges.Comment{Author: "someone", Body: "hello"})
		}
		upsertText(t, thread, post(1, "one"))
		for range 500 {
			f.Say(5, forges.Comment{Author: self, Body: "hello"})
		}
		count(f)
		got := upsertText(t, thread, post(2, "two"))
		if n := count(f, "GET"); got != Updated || len(f.Comments(5)) != 3501 || n > 45 {
			t.Errorf("%v, %d comments after %d reads", got, len(f.Comments(5)), n)
		}
		for range 2000 {
			f.Say(5, forges.Comment{Author: "someone", Body: "hello"})
		}
		if _, _, err := Upsert(t.Context(), thread, post(3, "three")); !errors.Is(err, ErrTooMany) || len(f.Comments(5)) != 5501 {
			t.Errorf("more than can be read: %v", err)
		}
	})
}

func TestWhatIsTooLongIsShortenedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, f fake, thread Thread) {
		f.Limit(thread.Limit() / 2)
		p := post(1, "")
		p.Text = func(limit int) string { return strings.Repeat("x", limit) }
		if got := upsertText(t, thread, p); got != Created || len(f.Comments(5)[0].Body) > thread.Limit()/10 {
			t.Errorf("%v, %d bytes", got, len(f.Comments(5)[0].Body))
		}
		set(f)
		f.Limit(10)
		if _, _, err := Upsert(t.Context(), thread, p); !errors.Is(err, ErrTooLong) {
			t.Errorf("nothing fits: %v", err)
		}
	})
}

func edited(f fake, index int, body string) {
	f.Change(5, func(all []forges.Comment) []forges.Comment {
		all[index].Body = body
		return all
	})
}
