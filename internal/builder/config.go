package builder

import (
	"fmt"
	"strings"
)

// configuration is buildkitd.toml.
//
// Without a network of their own, steps use the host's. Steps always have their own process and mount namespaces.
func configuration(root, socket string, persistent bool, insecure []string, network *stepNetwork) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "root = %q\n\n[grpc]\naddress = [%q]\n\n", root, "unix://"+socket)
	// A state that is thrown away soon needs no sweeping, and sweeping would compete with the build.
	fmt.Fprintf(&b, "[worker.oci]\nenabled = true\ngc = %t\n", persistent)
	if network == nil {
		b.WriteString("networkMode = \"host\"\n")
	} else {
		fmt.Fprintf(&b, "networkMode = \"cni\"\ncniConfigPath = %q\ncniBinaryPath = %q\n", network.config, network.plugins)
	}
	if persistent {
		b.WriteString("maxUsedSpace = \"50%\"\nminFreeSpace = \"10%\"\n")
	}
	b.WriteString("\n[worker.containerd]\nenabled = false\n\n[cdi]\ndisabled = true\n")
	for _, host := range insecure {
		fmt.Fprintf(&b, "\n[registry.%q]\nhttp = true\ninsecure = true\n", host)
	}
	return []byte(b.String())
}
