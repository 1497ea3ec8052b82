package planner

import (
	"strings"

	"github.com/org/npx-action/internal/fault"
)

// NixArch is the architecture of a platform as Nix calls it.
func NixArch(platform string) (string, error) {
	system, arch, _ := strings.Cut(platform, "/")
	arch, _, _ = strings.Cut(arch, "/")
	names := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}
	if name := names[arch]; system == "linux" && name != "" {
		return name, nil
	}
	return "", fault.Usage("use linux/amd64 or linux/arm64", "unknown platform %q", platform)
}
