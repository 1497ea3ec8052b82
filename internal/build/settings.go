package build

import (
	"net/netip"
	"strings"

	"github.com/distribution/reference"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/internal/registry"
)

// Settings are the options of a build that say where and how, as opposed to what, of flags or of a job.
type Settings struct {
	option.Build
	Engine      EngineOptions
	InlineCache bool
	Checkout    string // that files are named in, see [checkout.ReadFile]; "" outside of a job
	Logins      []registry.Credential
}

// Check finds mistakes in the values of settings, as far as no app is needed for that.
func (s Settings) Check(e Environment) error {
	_, err := s.parse(e)
	return err
}

// parsedSettings are settings that have been read.
type parsedSettings struct {
	own, bundle []byte // certificates of the user, and with the system's
	mirrors     map[string]string
	packages    PackageCaches
	builders    Addresses
	attest      Attest
	nix         nix.Options
	hosts       []lower.Host
	cacheFrom   []string
}

func (s Settings) parse(e Environment) (p parsedSettings, err error) {
	if p.own, p.bundle, err = e.certificates(s.Checkout, s.CACertificates); err != nil {
		return p, err
	}
	if p.mirrors, err = parseMirrors(s.RegistryMirror); err != nil {
		return p, err
	}
	if p.packages, err = ParsePackages(s.PackageCache, s.PackageCacheSkip, s.PackageCacheLimit); err != nil {
		return p, err
	}
	if p.builders, err = ParseAddresses(s.BuildkitHost); err != nil {
		return p, err
	}
	if p.attest, err = ParseAttest(s.SBOM, s.Provenance, bool(s.Reproducible)); err != nil {
		return p, err
	}
	upstreams, err := parseUpstreams(s.Mirror)
	if err != nil {
		return p, err
	}
	p.nix = nix.Options{Mirror: s.NixMirror, Mirrors: upstreams, Substituters: s.NixSubstituter, PublicKeys: s.NixPublicKey}
	for _, pair := range s.AddHosts {
		h, err := parseHost(pair)
		if err != nil {
			return p, err
		}
		p.hosts = append(p.hosts, h)
	}
	for _, spec := range s.CacheFrom {
		ref, err := cacheSource(spec)
		if err != nil {
			return p, err
		}
		p.cacheFrom = append(p.cacheFrom, ref)
	}
	return p, nil
}

// parseMirrors reads HOST=MIRROR pairs.
func parseMirrors(pairs []string) (map[string]string, error) {
	m := map[string]string{}
	for _, pair := range pairs {
		host, mirror, ok := strings.Cut(pair, "=")
		if !ok || host == "" || mirror == "" || strings.Contains(pair, "://") || strings.Contains(mirror, "=") {
			return nil, fault.Usage("give HOST=MIRROR, such as docker.io=mirror.example", "reading registry mirror %q", pair)
		}
		m[host] = strings.TrimSuffix(mirror, "/")
	}
	return m, nil
}

// parseUpstreams reads HOST=URL pairs.
func parseUpstreams(pairs []string) (map[string]string, error) {
	m := map[string]string{}
	for _, pair := range pairs {
		host, mirror, _ := strings.Cut(pair, "=")
		if !hostPattern.MatchString(host) || !nix.IsWeb(mirror) {
			return nil, fault.Usage("give HOST=URL, such as nodejs.org=https://mirror.example/node", "reading --mirror %q", pair)
		}
		m[host] = mirror
	}
	return m, nil
}

// hostPattern is a name or an address, with or without a port.
var hostPattern = lazyregexp.New(`^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// parseHost reads NAME:ADDRESS or NAME=ADDRESS, where an IPv6 address may have brackets.
func parseHost(pair string) (lower.Host, error) {
	name, address, ok := strings.Cut(pair, "=")
	if !ok {
		name, address, ok = strings.Cut(pair, ":")
	}
	if address == "host-gateway" {
		return lower.Host{}, fault.Usage("give the address itself", "reading --add-host %q: host-gateway is known to a Docker engine only", pair)
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(address, "["), "]"))
	if !ok || name == "" || strings.ContainsAny(name, " \t\n") || err != nil || ip.Zone() != "" {
		return lower.Host{}, fault.Usage("give NAME:ADDRESS, such as db.example:10.0.0.1", "reading --add-host %q", pair)
	}
	return lower.Host{Name: name, Address: ip}, nil
}

// cacheSource reads an image's name, or type=registry,ref=NAME.
func cacheSource(spec string) (string, error) {
	const hint = "give the name of an image, such as ghcr.io/me/app:main"
	ref := spec
	if strings.Contains(spec, "=") {
		fields := map[string]string{}
		for field := range strings.SplitSeq(spec, ",") {
			key, value, _ := strings.Cut(field, "=")
			fields[key] = value
		}
		if kind := fields["type"]; kind != "registry" || len(fields) != 2 {
			return "", fault.Usage(hint, "reading --cache-from %q: only caches in a registry can be read", spec)
		}
		ref = fields["ref"]
	}
	named, err := reference.ParseNormalizedNamed(lowerName(ref))
	if err != nil {
		return "", fault.Usage(hint, "reading --cache-from %q: %w", spec, err)
	}
	return reference.TagNameOnly(named).String(), nil
}

// lowerName brings the repository of a reference to lower case, as registries demand. Tags keep theirs.
func lowerName(ref string) string {
	name, at := ref, ""
	if i := strings.IndexByte(ref, '@'); i >= 0 {
		name, at = ref[:i], ref[i:]
	}
	tag := ""
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name, tag = name[:i], name[i:]
	}
	return strings.ToLower(name) + tag + at
}

// WritePolicy reads the wish of a developer, who may write what the registry lets him.
func WritePolicy(write string) cache.Policy {
	if cache.Mode(write) == cache.Never {
		return cache.Policy{Read: true, Reason: "cache-write is never"}
	}
	return cache.Policy{Read: true, Write: true}
}
