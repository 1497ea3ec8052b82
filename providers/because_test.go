package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// reasonOf returns the reason for a fact, which the plan must have.
func reasonOf(t *testing.T, out Output, fact plan.Fact) Reason {
	t.Helper()
	has := false
	for _, f := range plan.Facts(out.Plan) {
		has = has || f == fact || f.Phase == fact.Phase && f.Field == fact.Field && fact.Value == ""
	}
	if !has {
		t.Errorf("the plan has no fact %v", fact)
	}
	for _, r := range out.Reasons {
		if r.Fact == fact {
			return r
		}
	}
	t.Errorf("no reason is about %v", fact)
	return Reason{}
}
