package build

import (
	"strings"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/planner"
)

// Addresses are the addresses of BuildKits by platform, without its variant; the address of "" is for all others.
type Addresses map[string]string

// ParseAddresses reads ADDRESS and PLATFORM=ADDRESS.
func ParseAddresses(list []string) (Addresses, error) {
	const hint = "give ADDRESS, or PLATFORM=ADDRESS such as linux/arm64=tcp://builder:1234, each once"
	all := Addresses{}
	for _, item := range list {
		name, address, ok := strings.Cut(item, "=")
		if !ok || strings.Contains(name, "://") { // addresses may have a query
			name, address = "", item
		} else if _, err := planner.NixArch(name); err != nil || address == "" {
			return nil, fault.Usage(hint, "reading --buildkit-host %q: there is no platform %q", item, name)
		}
		if name = withoutVariant(name); all[name] != "" {
			return nil, fault.Usage(hint, "reading --buildkit-host %q: there is another one", item)
		}
		all[name] = address
	}
	return all, nil
}

// At is the address for a platform, "" if it has none.
func (a Addresses) At(platform string) string {
	if own := a[withoutVariant(platform)]; own != "" {
		return own
	}
	return a[""]
}

// withoutVariant is a platform's system and architecture.
func withoutVariant(platform string) string {
	if parts := strings.SplitN(platform, "/", 3); len(parts) == 3 {
		return parts[0] + "/" + parts[1]
	}
	return platform
}
