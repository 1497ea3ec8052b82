package bench

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheSamplesAreOfRealSize holds them to the sizes that the aims are for.
func TestTheSamplesAreOfRealSize(t *testing.T) {
	for _, tt := range []struct {
		file, each string // regular expression for the name of one
		least      int
	}{
		{"node/package-lock.json", `(?m)^    "(node_modules/[^"]+)": \{`, 400},
		{"go/go.sum", `(?m)^(\S+) `, 90},
		{"django/requirements.txt", `(?m)^(\S+)==`, 30},
	} {
		text, err := os.ReadFile(filepath.Join("apps", tt.file))
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, m := range regexp.MustCompile(tt.each).FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
		if len(names) < tt.least {
			t.Errorf("%s names %d packages, want %d", tt.file, len(names), tt.least)
		}
		if strings.Contains(string(text), `"resolved"`) {
			t.Errorf("%s names the registry that it was made with", tt.file)
		}
	}
}

// TestTheChangesApply makes each change, so that an app and its patches stay in step.
func TestTheChangesApply(t *testing.T) {
	for _, s := range samples {
		h := newHistory(t, s)
		seen := map[string]bool{}
		for _, scenario := range []string{cold, line, dependency} {
			tree := git(t, h.checkout(t, scenario), "rev-parse", "HEAD^{tree}")
			if seen[tree] {
				t.Errorf("%s: %s changes nothing", s.name, scenario)
			}
			seen[tree] = true
		}
		if got := git(t, h.checkout(t, dependency), "status", "--porcelain"); got != "" {
			t.Errorf("%s: a clone is not clean:\n%s", s.name, got)
		}
	}
}
