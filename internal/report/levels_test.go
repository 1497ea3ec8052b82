package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// large is a report whose plan has n packages, all of them new.
func large(n int) Report {
	r := sample()
	setup := r.Plan.Phases["setup"]
	setup.AptPkgs = nil
	for i := range n {
		setup.AptPkgs = append(setup.AptPkgs, fmt.Sprintf("a-package-with-a-long-name-%06d", i))
	}
	r.Plan.Phases["setup"] = setup
	for _, f := range plan.Facts(r.Plan) {
		r.Origins = append(r.Origins, Origin{Fact: f, By: "nixpacks.toml", File: "nixpacks.toml", Line: 3})
	}
	return r
}

func TestEachLevelIsSmallerAndSaysWhatItLeavesOut(t *testing.T) {
	r := large(300)
	last := 1 << 30
	for n := range Levels {
		text := r.AtLevel(n)
		if len(text) >= last {
			t.Errorf("level %d has %d bytes, the one before %d", n, len(text), last)
		}
		last = len(text)
		has(t, text, "### Build plan of `services/api`", "🔄 **", "[run](")
		if said := strings.Contains(text, "left out") || strings.Contains(text, "all that fits"); said != (n > 0) {
			t.Errorf("level %d: says that something is missing: %v", n, said)
		}
	}
	if last > 1000 {
		t.Errorf("the smallest has %d bytes", last)
	}
}

func TestACommentIsTheLargestThatFits(t *testing.T) {
	r := large(300)
	for n := range Levels {
		if got := r.Comment(len(r.AtLevel(n))); got != r.AtLevel(n) {
			t.Errorf("room for level %d gives %d bytes", n, len(got))
		}
	}
	if got := r.Comment(0); got != r.AtLevel(Levels-1) {
		t.Errorf("no room gives %d bytes", len(got))
	}
}

func TestAPlanOfTwoMegabytes(t *testing.T) {
	r := large(60_000)
	if n := len(r.Plan.JSON()); n < 2<<20 {
		t.Fatalf("the plan has %d bytes", n)
	}
	for _, limit := range []int{Limit, 900_000, 1000} {
		got := r.Comment(limit)
		if len(got) > limit {
			t.Errorf("%d bytes are over the limit of %d", len(got), limit)
		}
		has(t, got, "60000 packages")
	}
	got := r.Summary(SummaryLimit)
	if len(got) > SummaryLimit {
		t.Errorf("a summary of %d bytes", len(got))
	}
	has(t, got, "#### Timeline", "#### Plan", "leaves out the parts that are too long", "[run](")
	hasNot(t, got, "The plan as JSON")
}

func TestAPartIsShorter(t *testing.T) {
	r := sample()
	has(t, r.Part(Limit), "#### `services/api`\n", "🔄 **Node.js", "The plan: 2 phases")
	hasNot(t, r.Part(Limit), "Where each part", "as JSON", "### Build plan")
	r.Base = nil
	has(t, r.Part(Limit), "<details><summary>The plan: 2 phases")
	r.App = "."
	has(t, r.Part(Limit), "#### Top of the repository")
}
