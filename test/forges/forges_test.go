package forges

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A recorder is a test of which the errors are looked at.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestABreakOfTheContractFailsTheTest(t *testing.T) {
	tests := map[string]struct{ method, path, body, want string }{
		"a parameter of another type": {"GET", "/repos/acme/shop/issues/seven/comments", "", "issue_number"},
		"an unknown parameter":        {"GET", "/repos/acme/shop/issues/7/comments?sort=asc", "", "there is no parameter sort"},
		"a body without what it must": {"POST", "/repos/acme/shop/issues/7/comments", `{"text":"hello"}`, "body"},
		"an unknown path":             {"GET", "/repos/acme/shop/issues/7/labels", "", "not asked for that"},
		"another query":               {"POST", "/graphql", `{"query":"{viewer{email}}"}`, "viewer{email}"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			g := NewGitHub(r, "acme/shop")
			g.Grant("secret", Token{Account: "bot"})
			g.Open(7, "abc")
			ask(t, g.Serve(), tt.method, tt.path, tt.body, "Authorization", "Bearer secret")
			if len(r.errors) == 0 || !strings.Contains(r.errors[0], tt.want) {
				t.Errorf("errors: %q", r.errors)
			}
		})
	}
}

func TestAnAnswerThatBreaksTheContractFailsTheTest(t *testing.T) {
	r := &recorder{TB: t}
	g := NewGitHub(r, "acme/shop")
	g.Fail(Fault{Status: http.StatusOK, Body: `[{"id":"one"}]`}, Fault{Status: http.StatusBadGateway, Body: `{"message":5}`})
	for range 2 {
		ask(t, g.Serve(), "GET", "/repos/acme/shop/issues/7/comments", "", "Authorization", "Bearer secret")
	}
	if len(r.errors) != 2 {
		t.Errorf("errors: %q", r.errors)
	}
}

func TestGitLabKnowsWhatAJobsTokenMayDo(t *testing.T) {
	g := NewGitLab(t, "99")
	g.Grant("of-a-job", Token{Account: "ann", Comment: true, Job: true})
	g.Grant("of-a-bot", Token{Account: "project_99_bot", Comment: true})
	g.Grant("to-read", Token{Account: "reader"})
	g.Open(7, "abc")
	api := g.Serve()
	const notes = "/projects/99/merge_requests/7/notes"
	for _, tt := range []struct {
		method, path, header, token string
		want                        int
	}{
		{"GET", notes, "JOB-TOKEN", "of-a-job", 200},
		{"POST", notes, "JOB-TOKEN", "of-a-job", 401},
		{"POST", notes, "PRIVATE-TOKEN", "of-a-job", 401},
		{"GET", "/user", "JOB-TOKEN", "of-a-job", 401},
		{"POST", notes, "PRIVATE-TOKEN", "of-a-bot", 201},
		{"PUT", notes + "/1", "PRIVATE-TOKEN", "of-a-bot", 200},
		{"GET", notes, "PRIVATE-TOKEN", "to-read", 200},
		{"POST", notes, "PRIVATE-TOKEN", "to-read", 403},
		{"GET", notes, "PRIVATE-TOKEN", "expired", 401},
		{"GET", "/projects/98/merge_requests/7/notes", "PRIVATE-TOKEN", "of-a-bot", 404},
	} {
		if got := ask(t, api, tt.method, tt.path, `{"body":"hello"}`, tt.header, tt.token); got != tt.want {
			t.Errorf("%s %s with %s %s: %d, want %d", tt.method, tt.path, tt.header, tt.token, got, tt.want)
		}
	}
}

func TestGitLabFindsQuickActions(t *testing.T) {
	for body, want := range map[string]int{
		"text\n/merge": 1, "/close": 1, "   /label ~a": 1, "a/b": 0, "`/merge`": 0, "```\n/merge\n```": 0, "````\n```\n/merge\n````\n": 0, "    /indented": 0,
	} {
		r := &recorder{TB: t}
		g := NewGitLab(r, "99")
		g.Grant("secret", Token{Account: "bot", Comment: true})
		g.Open(7, "abc")
		ask(t, g.Serve(), "POST", "/projects/99/merge_requests/7/notes", fmt.Sprintf(`{"body":%q}`, body), "PRIVATE-TOKEN", "secret")
		if len(r.errors) != want {
			t.Errorf("%q: %q", body, r.errors)
		}
	}
}

// ask returns the status of an answer.
func ask(t *testing.T, api, method, path, body, header, value string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, api+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(header, value)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}
