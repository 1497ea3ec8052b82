package builder

import (
	"fmt"
	"strings"
)

// configuration is buildkitd.toml.
//
// Steps use the host's network: only there do they reach what the job reaches (a mirror on loopback, the runner's proxy and
// DNS), and a bridge would need CNI plugins. Steps still have their own process and mount namespaces.
func configuration(root, socket string, persistent bool, insecure []string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "root = %q\n\n[grpc]\naddress = [%q]\n\n", root, "unix://"+socket)
	// A state that is thrown away soon needs no sweeping, and sweeping would compete with the build.
	fmt.Fprintf(&b, "[worker.oci]\nenabled = true\nnetworkMode = \"host\"\ngc = %t\n", persistent)
	if persistent {
		b.WriteString("maxUsedSpace = \"50%\"\nminFreeSpace = \"10%\"\n")
	}
	b.WriteString("\n[worker.containerd]\nenabled = false\n\n[cdi]\ndisabled = true\n")
	for _, host := range insecure {
		fmt.Fprintf(&b, "\n[registry.%q]\nhttp = true\ninsecure = true\n", host)
	}
	return []byte(b.String())
}
