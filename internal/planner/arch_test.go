package planner_test

import (
	"testing"

	"github.com/org/npx-action/internal/planner"
)

func TestNixArch(t *testing.T) {
	for platform, want := range map[string]string{
		"linux/amd64": "x86_64", "linux/arm64": "aarch64", "linux/arm64/v8": "aarch64",
		"linux": "", "linux/riscv64": "", "darwin/arm64": "", "": "", "amd64": "",
	} {
		got, err := planner.NixArch(platform)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: got %q, %v; want %q", platform, got, err, want)
		}
	}
}
