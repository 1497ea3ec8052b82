package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/builder"
)

// A platform is what an image is made for, such as linux/amd64.
type platform struct {
	name  string
	more  []string // further ones, of a build for several
	given bool
}

// Set takes one or more, separated by commas, if images can be made for them.
func (f *platform) Set(s string) error {
	for name := range strings.SplitSeq(s, ",") {
		name = strings.TrimSpace(name)
		if _, err := nixArch(name); err != nil {
			return err
		}
		switch {
		case !f.given:
			f.name, f.given = name, true
		case name != f.name && !slices.Contains(f.more, name):
			f.more = append(f.more, name)
		}
	}
	return nil
}

// String is the value.
func (f *platform) String() string { return strings.Join(append([]string{f.name}, f.more...), ",") }

// Type is what the help shows for the value.
func (f *platform) Type() string { return "platform" }

// alone finds several platforms where one is wanted.
func (f *platform) alone(what string) error {
	if len(f.more) > 0 {
		return usage("give one of them", "--platform is given as %s, and %s is for one at a time", f, what)
	}
	return nil
}

// Addresses are those of BuildKits by platform, without its variant; that of "" is for all others.
type addresses map[string]string

// parseAddresses reads ADDRESS and PLATFORM=ADDRESS.
func parseAddresses(list []string) (addresses, error) {
	const hint = "give ADDRESS, or PLATFORM=ADDRESS such as linux/arm64=tcp://builder:1234, each once"
	all := addresses{}
	for _, item := range list {
		name, address, ok := strings.Cut(item, "=")
		if !ok || strings.Contains(name, "://") { // addresses may have a query
			name, address = "", item
		} else if _, err := nixArch(name); err != nil || address == "" {
			return nil, usage(hint, "reading --buildkit-host %q: there is no platform %q", item, name)
		}
		if name = withoutVariant(name); all[name] != "" {
			return nil, usage(hint, "reading --buildkit-host %q: there is another one", item)
		}
		all[name] = address
	}
	return all, nil
}

// at is the address for a platform, "" if it has none.
func (a addresses) at(platform string) string {
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

// buildable refuses a builder on which steps for the image's platform cannot run: neither is it one of that platform, nor does it
// emulate it. One that does is told of.
func (im *image) buildable(on builder.Info) error {
	var names []string
	for _, p := range on.Platforms {
		names = append(names, withoutVariant(p))
	}
	want := withoutVariant(im.platform)
	switch {
	case len(names) == 0 || names[0] == want: // some tell nothing
		return nil
	case slices.Contains(names, want):
		im.say("note", fmt.Sprintf("the builder at %s emulates %s, which is slow; a native one is given by --buildkit-host %s=ADDRESS", on.Address, want, want))
		return nil
	}
	slices.Sort(names)
	return usage("give one by --buildkit-host "+want+"=ADDRESS, or emulate it there with QEMU, as docker run --privileged --rm tonistiigi/binfmt --install "+
		want[strings.LastIndexByte(want, '/')+1:]+" does",
		"there is no builder for %s: that at %s builds %s", im.platform, on.Address, strings.Join(slices.Compact(names), ", "))
}
