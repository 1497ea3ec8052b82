package builder

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// systemDirs are where distributions install runc; PATH need not have them.
var systemDirs = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}

// findBinary returns the path of the first program found, "" if none is.
func findBinary(names ...string) string {
	for _, name := range names {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
		for _, dir := range systemDirs {
			if p, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
				return p
			}
		}
	}
	return ""
}

// findDaemon returns the path of buildkitd: binary if it is given, else the one on PATH or next to our executable, as the released image
// and `make build` have it.
func findDaemon(binary string) (string, error) {
	if binary != "" {
		p, err := exec.LookPath(binary)
		if err != nil {
			return "", &SetupError{Status: 2, Problem: fmt.Sprintf("looking for buildkitd: %v", err), Hint: "check the path that is given"}
		}
		return p, nil
	}
	if p := findBinary("buildkitd"); p != "" {
		return p, nil
	}
	if self, err := os.Executable(); err == nil {
		if p, err := exec.LookPath(filepath.Join(filepath.Dir(self), "buildkitd")); err == nil {
			return p, nil
		}
	}
	return "", &SetupError{Problem: "starting a builder needs buildkitd, which is neither on PATH nor next to this program",
		Hint: "install buildkit or " + elsewhere}
}
