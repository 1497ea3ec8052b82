package registry

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

func canonicalHost(host string) string {
	host = strings.ToLower(host)
	if known, ok := aliases[host]; ok {
		return known
	}
	return host
}

// canonical brings a repository, a registry host or a key of a docker configuration file such as
// "https://index.docker.io/v1/" to the form host[/path].
func canonical(s string) string {
	s = strings.ToLower(strings.TrimSpace(s)) // as the names of images are
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	host, path, _ := strings.Cut(s, "/")
	host = canonicalHost(host)
	path = strings.TrimSuffix(path, "/")
	if path == "" || path == "v1" || path == "v2" {
		return host
	}
	return host + "/" + path
}

// Loopback reports whether host, with or without a port, is this machine: localhost, 127.0.0.0/8 or [::1].
// Such registries are spoken to by HTTP.
func Loopback(host string) bool {
	h := host
	if rest, ok := strings.CutPrefix(h, "["); ok {
		h, _, _ = strings.Cut(rest, "]")
	} else if strings.Count(h, ":") == 1 {
		h, _, _ = strings.Cut(h, ":")
	}
	if h == "localhost" || strings.HasSuffix(h, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(h)
	return err == nil && addr.IsLoopback()
}

func (c *Client) insecure(host string) bool {
	return Loopback(host) || c.named(host)
}

// named reports whether the user says that a host is insecure.
func (c *Client) named(host string) bool {
	return slices.ContainsFunc(c.Insecure, func(h string) bool {
		return canonicalHost(h) == canonicalHost(host)
	})
}

// Mirrored returns ref as it is asked of the mirror of its registry, or ref itself if there is none.
// With the mirror docker.io=127.0.0.1:5000, ubuntu:noble is 127.0.0.1:5000/library/ubuntu:noble.
// A reference that cannot be parsed is returned as it is.
func (c *Client) Mirrored(ref string) string {
	if len(c.Mirrors) == 0 {
		return ref
	}
	r, err := name.ParseReference(ref)
	if err != nil {
		return ref
	}
	host := canonicalHost(r.Context().RegistryStr())
	for _, key := range slices.Sorted(maps.Keys(c.Mirrors)) {
		if mirror := c.Mirrors[key]; canonical(key) == host && mirror != "" {
			return canonical(mirror) + "/" + r.Context().RepositoryStr() + separator(r) + r.Identifier()
		}
	}
	return ref
}

func separator(r name.Reference) string {
	if _, ok := r.(name.Digest); ok {
		return "@"
	}
	return ":"
}

// familiar is the repository's full name with docker.io as the name of Docker Hub, which every tool understands.
func familiar(r name.Repository) string {
	return canonicalHost(r.RegistryStr()) + "/" + r.RepositoryStr()
}
