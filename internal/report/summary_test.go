package report

import (
	"strings"
	"testing"
	"time"
)

func TestASummarySaysHowTheBuildWent(t *testing.T) {
	r := sample()
	r.Build.NotPush = "x"
	r.Build.Trial = []string{"user 65532 has no rights", "the image starts: listening on 3000"}
	r.Build.Attested = []string{"bill of materials (SPDX)", "provenance (SLSA, mode min)"}
	r.Build.CacheKey, r.Build.CacheFrom, r.Build.CacheTo = "0c9d", []string{"r.io/app/cache:a"}, "r.io/app/cache:b"
	r.Build.Steps[1].Bytes = 4_500_000
	got := r.Summary(SummaryLimit)
	has(t, got, "🔄 **Node.js 20 → 22**", "Pushed as `sha256:abc`:\n\n- `r.io/app:main`\n\nBeside it: bill of materials (SPDX) and provenance (SLSA, mode min).\n\nTried before the push:\n\n- user 65532 has no rights\n- the image starts: listening on 3000\n",
		"#### Timeline", "  section install\n  step 1 npm ci :1000, 10000\n", "| install |  | 1.0 s | 9.0 s | 4.5 MB |", "| Nix packages | cached | 0.0 s | 0.0 s |  |",
		"#### Cache\n\n- Dependencies: **partial**, changed since the last cache: package-lock.json\n- Steps: 1 of 2 cached\n- Read: `r.io/app/cache:a`\n- Written: `r.io/app/cache:b`\n- Key: `0c9d`\n",
		"#### Image\n\nImage 182 MB, **12 MB more** than on `main`, compressed, in 1 layer.\n", "| 1 | 182 MB | `0123456789ab` | `npm ci` |",
		"#### Plan", "| install | `npm ci` | 9.0 s |", "The plan as JSON", "[run](")
}

func TestASummaryOfOtherOutcomes(t *testing.T) {
	r := sample()
	r.Build.Pushed, r.Build.NotPush = false, "a pull request is built and not pushed; set push: true"
	has(t, r.Summary(SummaryLimit), "Not pushed: a pull request is built and not pushed; set push: true.\n")
	r.Build = &Build{Failure: "npm ci: exit 1", Failed: "install", Steps: r.Build.Steps}
	has(t, r.Summary(SummaryLimit), "❌ **The build failed in install**", "```\nnpm ci: exit 1\n```", "#### Timeline")
	hasNot(t, r.Summary(SummaryLimit), "ushed")
	r.Build, r.NotBuilt, r.Base, r.BaseError = nil, "mode is plan", nil, "the app is new"
	got := r.Summary(SummaryLimit)
	has(t, got, "Not built: mode is plan", "the app is new", "#### Plan", "| install | `npm ci` |\n")
	hasNot(t, got, "#### Timeline", "#### Cache", "#### Image")
	r = Report{Build: &Build{Promoted: "ghcr.io/acme/shop:npx1-c-linux-amd64-0", Digest: "sha256:1", Tags: []string{"ghcr.io/acme/shop:v1"}, Pushed: true, Duration: 400 * time.Millisecond}}
	has(t, r.Summary(SummaryLimit), "Nothing rebuilt, the image is promoted · 0.4 s", "before, as `ghcr.io/acme/shop:npx1-c-linux-amd64-0`: nothing was built", "- `ghcr.io/acme/shop:v1`")
}

func TestAChartShowsTheLongestStepsAndNoDirectives(t *testing.T) {
	b := &Build{}
	for i := range 100 {
		b.Steps = append(b.Steps, Step{Part: "install", Name: "click evil: %%{init} \n  section x", Start: time.Duration(i) * time.Second, Duration: time.Duration(i+1) * time.Second, Cached: i == 99})
	}
	b.Steps = append(b.Steps, Step{Part: "```\nclick", Name: "::;#\"<img>`", Duration: 2 * time.Minute})
	got := b.gantt()
	if n := strings.Count(got, "\n  step "); n != charted {
		t.Errorf("%d steps", n)
	}
	has(t, got, " cached :99000, 199000\n", "  section click\n  step 101 img :0, 120000\n")
	hasNot(t, got, "active,", "done,", "crit,") // their labels cannot be read on a dark page
	for line := range strings.Lines(strings.TrimSuffix(strings.TrimPrefix(got, "```mermaid\n"+chartColours), "```\n")) {
		first := strings.Fields(line)[0]
		if first != "step" && first != "section" && line != "gantt\n" && line != "  dateFormat x\n" && line != "  axisFormat %M:%S\n" {
			t.Errorf("line %q", line)
		}
	}
	if b.Steps = b.Steps[:1]; b.gantt() != "" {
		t.Error("a chart of one step")
	}
}

func TestACommentSaysWhatTheTrialFound(t *testing.T) {
	r := sample()
	r.Build.Trial = []string{"the program ignores SIGTERM\n# and <b>more</b>"}
	has(t, r.Comment(Limit), "<summary>Tried before the push</summary>", "\n- the program ignores SIGTERM `#` and `<b>more</b>`\n")
	r.Build.Trial = nil
	hasNot(t, r.Comment(Limit), "Tried before")
}
