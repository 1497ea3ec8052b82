package builder

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
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

func findDaemon(ctx context.Context, binary string) (string, error) {
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
	if p := ownTool(ctx); p != "" {
		return p, nil
	}
	return "", &SetupError{Problem: "starting a builder needs buildkitd, which is neither on PATH nor next to this program",
		Hint: "install buildkit or " + elsewhere}
}

// ownTool builds the buildkitd that go.mod names, in the checkout that this program was compiled from. It never looks at the working
// directory, which may be anyone's. Released programs are built with -trimpath and so know no checkout.
func ownTool(ctx context.Context) string {
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) {
		return ""
	}
	root := filepath.Dir(filepath.Dir(filepath.Dir(file)))
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		return ""
	}
	cmd := exec.CommandContext(ctx, "go", "tool", "-n", "buildkitd")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
