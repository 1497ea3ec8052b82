package test

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/semver"
)

// The faults CVE-2025-31133, CVE-2025-52565 and CVE-2025-52881 let a build step write to its host.
func TestTheReleasedImageHasARuncWithTheFixesOfNovember2025(t *testing.T) {
	found := required(readModule(t, ".github/release/runc"), "github.com/opencontainers/runc")
	if semver.Compare(found, "v1.4.0-rc.3") < 0 {
		t.Errorf("runc is %q", found)
	}
	dockerfile, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(dockerfile), "COPY --from=runc /out/runc /usr/local/bin/") {
		t.Error("the image has another runc")
	}
	if !strings.Contains(string(dockerfile), `-tags "seccomp `) {
		t.Error("runc cannot filter system calls, which BuildKit asks it to do: no step would start")
	}
	for line := range strings.Lines(string(dockerfile)) {
		if strings.Contains(line, "apt-get install") && strings.Contains(line, " runc ") {
			t.Errorf("the distribution's runc is installed: %s", line)
		}
	}
}
