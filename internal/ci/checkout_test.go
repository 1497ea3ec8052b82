package ci

import (
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/option"
)

func TestWhatIsCheckedOutDecidesWithTheEvent(t *testing.T) {
	const head, event, merged, base = "aaaa", "bbbb", "cccc", "dddd"
	main := Event{Kind: Push, Name: "push", Ref: "refs/heads/main", SHA: event, Head: event, Branch: "main", Default: "main", CommitDate: time.Unix(1, 0), Base: "before"}
	pull := Event{Kind: PullRequest, Name: "pull_request", Ref: "refs/pull/7/merge", SHA: merged, Head: head, Base: "tip", BaseTip: true, Number: 7}
	dispatch := main
	dispatch.Kind, dispatch.Name, dispatch.Doubt, dispatch.Remedy = Other, "repository_dispatch", "why", "way out"
	target, fork := pull, pull
	target.Privileged, fork.Fork = true, true
	for name, tt := range map[string]struct {
		event     Event
		checkout  Checkout
		trust     string
		standing  standing
		ref, base string
		why       string
	}{
		"the event's commit":                  {main, Checkout{Head: event, Branch: "main"}, "", trusted, "refs/heads/main", "before", ""},
		"another branch":                      {main, Checkout{Head: head, Branch: "x"}, "", foreign, "refs/heads/x", "", "the checkout is of commit aaaa, and the event is of bbbb; check out the event's ref, or set trust-ref"},
		"a commit without a branch":           {main, Checkout{Head: head}, "", foreign, "", "", "the checkout is of commit aaaa"},
		"a commit that merges the event's":    {main, Checkout{Head: head, Parents: []string{base, event}}, "", foreign, "", "", "the checkout is of commit aaaa"},
		"no commit":                           {main, Checkout{Doubt: "nothing is checked out"}, "", foreign, "refs/heads/main", "before", "nothing is checked out; check out"},
		"an event without a commit":           {Event{Kind: Manual, Branch: "main", Default: "main"}, Checkout{Head: head}, "", foreign, "", "", "the event is of none"},
		"the ref that is trusted":             {main, Checkout{Head: head, Trusted: "refs/heads/rel/1"}, "rel/1", trusted, "refs/heads/rel/1", "", ""},
		"the tag that is trusted":             {main, Checkout{Head: head, Trusted: "refs/tags/v1"}, "v1", trusted, "refs/tags/v1", "", ""},
		"a trusted ref that is not there":     {main, Checkout{Head: head}, "rel", foreign, "", "", `and trust-ref "rel" is not the ref of the checkout; check out`},
		"a dispatch":                          {dispatch, Checkout{Head: event}, "", foreign, "refs/heads/main", "before", "why; way out"},
		"a dispatch of a ref that is trusted": {dispatch, Checkout{Head: event, Trusted: "refs/heads/main"}, "main", trusted, "refs/heads/main", "before", ""},
		"another clone that is trusted":       {main, Checkout{Head: event, Doubt: "lib is a checkout of its own", Trusted: "refs/heads/main"}, "main", trusted, "refs/heads/main", "before", ""},

		"the merge":                  {pull, Checkout{Head: merged, Parents: []string{base, head}}, "", request, pull.Ref, base, ""},
		"a newer merge":              {pull, Checkout{Head: "eeee", Parents: []string{base, head}}, "", request, pull.Ref, base, ""},
		"the head":                   {pull, Checkout{Head: head, Parents: []string{base, "other"}}, "", request, pull.Ref, "tip", ""},
		"a newer head":               {pull, Checkout{Head: "eeee", Parents: []string{head}}, "", foreign, pull.Ref, "tip", "the checkout is of commit eeee, and the event is of cccc; check out the event's ref"},
		"a request trusts no ref":    {pull, Checkout{Head: "eeee", Trusted: "refs/heads/main"}, "main", foreign, pull.Ref, "tip", "the checkout is of commit eeee"},
		"nor does a fork":            {fork, Checkout{Head: merged, Trusted: "refs/heads/main"}, "main", foreign, pull.Ref, "tip", "the code comes from a fork"},
		"nor a job with more rights": {target, Checkout{Head: "eeee", Trusted: "refs/heads/main"}, "main", exposed, pull.Ref, "tip", "it runs with rights"},
	} {
		t.Run(name, func(t *testing.T) {
			e := tt.event.CheckedOut(tt.checkout, tt.trust)
			if e.standing() != tt.standing || e.Ref != tt.ref || e.Base != tt.base {
				t.Errorf("standing %s, ref %q, base %q", e.standing(), e.Ref, e.Base)
			}
			why := e.Rights(Inputs{Job: option.Job{Push: "true"}, Build: option.Build{CacheWrite: "always"}}).Push.Why
			if (tt.why == "") != (why == "") || !strings.Contains(why, tt.why) {
				t.Errorf("not pushed because %q", why)
			}
			if e.SHA != tt.event.SHA && !e.CommitDate.IsZero() {
				t.Error("a commit has the date of another one")
			}
			if tt.checkout.Head != "" && e.SHA != tt.checkout.Head {
				t.Errorf("the revision is %s, and %s is built", e.SHA, tt.checkout.Head)
			}
		})
	}
}
