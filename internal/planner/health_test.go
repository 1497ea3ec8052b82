package planner

import (
	"slices"
	"strings"
	"testing"
)

func TestAHealthCheckByAProgramThatIsMissingIsWarnedOf(t *testing.T) {
	for config, want := range map[string]string{
		"[start]\nhealthcheck = 'curl -f localhost:3000 || exit 1'\n":                                         "the health check runs curl, which the image lacks",
		"[start]\nhealthcheck = '/usr/bin/wget -q localhost'\n":                                               "the health check runs wget, which the image lacks",
		"[start]\nhealthcheck = 'curl -f localhost:3000'\n[phases.setup]\naptPkgs = ['...', 'jq curl=8.*']\n": "",
		"[start]\nhealthcheck = 'node check.js'\n":                                                            "",
		"[start]\nhealthcheck = 'GET /health'\n":                                                              "",
		"[start]\nhealthcheck = 'curl -f localhost:3000'\nruntime = 'full'\n":                                 "",
	} {
		result := planOf(t, map[string]string{"package.json": `{"engines": {"node": "22"}}`, "server.js": "", "nixpacks.toml": config})
		got := slices.DeleteFunc(result.Warnings, func(w string) bool { return !strings.Contains(w, "health check") })
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
			t.Errorf("%s%q", config, got)
		}
	}
}
