package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// folded is what a reader does not see at first.
var folded = regexp.MustCompile(`(?s)<details>.*?</details>`)

func TestNoNumberOfOtherChangesHidesWhatStarts(t *testing.T) {
	for _, n := range []int{20, 60, 400, 2000} {
		r := sample()
		was, is := plan.Vars{}, plan.Vars{}
		for i := range n {
			name := fmt.Sprintf("A%04d", i)
			was[name], is[name] = fmt.Sprintf("https://h%d.a.example/x", i), fmt.Sprintf("https://h%d.b.example/x", i)
		}
		good, evil := "node server.js", "node evil.js"
		packages := func(list ...string) map[string]plan.Phase { return map[string]plan.Phase{"setup": {NixPkgs: list}} }
		r.Base.Plan = plan.Plan{Variables: was, Phases: packages("nodejs_20", "python310", "go_1_20", "ruby_3_1", "php80"), Start: &plan.Start{Cmd: &good}}
		r.Plan = plan.Plan{Variables: is, Phases: packages("nodejs_22", "python312", "go_1_22", "ruby_3_3", "php83"), Start: &plan.Start{Cmd: &evil}}
		text := folded.ReplaceAllString(r.Comment(Limit), "")
		for _, want := range []string{"start command changed", "**another start command**"} {
			if !strings.Contains(strings.ToLower(text), want) {
				t.Errorf("of %d variables: %q is missing in\n%.1500s", n, want, text)
			}
		}
		if !strings.Contains(text, "`node evil.js`") {
			t.Errorf("of %d variables: no row shows the new command\n%.1500s", n, text)
		}
	}
}
