package cli

import (
	"net/netip"
	"strings"

	"github.com/distribution/reference"
	"github.com/spf13/pflag"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/lower"
)

// dockerFlags are the options of the build command that Nixpacks hands on to the docker program (specification 4.7).
type dockerFlags struct {
	host, verify, certificates string
	outputs                    []string
	hosts                      []string
	cacheFrom                  []string
	inlineCache                bool
	currentDir                 bool
	refused                    map[string]*optional
}

// refused are the options that mean nothing to a build without the docker program, with what there is instead.
var refused = []struct{ name, why, hint string }{
	{"incremental-cache-image", "cache directories are not kept in an image", "give --cache-ref REPOSITORY, which keeps the result of every step in a registry"},
	{"cpu-quota", "steps run in BuildKit, which has no such limit", "limit the BuildKit that --buildkit-host names, or the container that npx-action runs in"},
	{"memory", "steps run in BuildKit, which has no such limit", "limit the BuildKit that --buildkit-host names, or the container that npx-action runs in"},
}

// registerEngine registers the options that name the engine.
func (d *dockerFlags) registerEngine(flags *pflag.FlagSet) {
	flags.StringVar(&d.host, "docker-host", "", "`address` of the Docker engine, unix:///path or tcp://host:port (default $DOCKER_HOST, else its usual socket)")
	flags.StringVar(&d.verify, "docker-tls-verify", "", "speak TLS to a tcp address of the engine, if this `text` is not empty (default $DOCKER_TLS_VERIFY)")
	flags.StringVar(&d.certificates, "docker-cert-path", "", "`directory` with ca.pem, cert.pem and key.pem for that (default $DOCKER_CERT_PATH, else the docker configuration's)")
}

func (d *dockerFlags) register(flags *pflag.FlagSet) {
	d.registerEngine(flags)
	flags.StringArrayVar(&d.outputs, "docker-output", nil, "`destination` as docker build has it: what --output, --push and --load are; repeatable")
	flags.StringArrayVar(&d.hosts, "add-host", nil, "`NAME:ADDRESS` that build steps know; repeatable")
	flags.StringArrayVar(&d.cacheFrom, "cache-from", nil, "take steps from the cache in this `image` too; repeatable")
	flags.BoolVar(&d.inlineCache, "inline-cache", false, "keep in the image what --cache-from needs")
	flags.BoolVar(&d.currentDir, "current-dir", false, "no effect: the app is never copied")
	_ = flags.MarkHidden("current-dir") // it is there
	d.refused = map[string]*optional{}
	for _, r := range refused {
		d.refused[r.name] = new(optional)
		flags.Var(d.refused[r.name], r.name, r.why)
		_ = flags.MarkHidden(r.name)
	}
}

// check refuses what cannot be had.
func (d *dockerFlags) check() error {
	for _, r := range refused {
		if o := d.refused[r.name]; o != nil && o.value != nil {
			return usage(r.hint, "--%s: %s", r.name, r.why)
		}
	}
	return nil
}

// apply sets what the build takes from the options.
func (d *dockerFlags) apply(im *image) error {
	for _, pair := range d.hosts {
		h, err := host(pair)
		if err != nil {
			return err
		}
		im.hosts = append(im.hosts, h)
	}
	for _, spec := range d.cacheFrom {
		ref, err := cacheSource(spec)
		if err != nil {
			return err
		}
		im.cacheFrom = append(im.cacheFrom, ref)
	}
	im.inlineCache = d.inlineCache
	return nil
}

// host reads NAME:ADDRESS or NAME=ADDRESS, where an IPv6 address may have brackets.
func host(pair string) (lower.Host, error) {
	name, address, ok := strings.Cut(pair, "=")
	if !ok {
		name, address, ok = strings.Cut(pair, ":")
	}
	if address == "host-gateway" {
		return lower.Host{}, usage("give the address itself", "reading --add-host %q: host-gateway is known to a Docker engine only", pair)
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(address, "["), "]"))
	if !ok || name == "" || strings.ContainsAny(name, " \t\n") || err != nil || ip.Zone() != "" {
		return lower.Host{}, usage("give NAME:ADDRESS, such as db.example:10.0.0.1", "reading --add-host %q", pair)
	}
	return lower.Host{Name: name, Address: ip}, nil
}

// cacheSource reads an image's name, or type=registry,ref=NAME.
func cacheSource(spec string) (string, error) {
	const hint = "give the name of an image, such as ghcr.io/me/app:main"
	ref := spec
	if strings.Contains(spec, "=") {
		fields := fieldsOf(spec)
		if kind := fields["type"]; kind != "registry" || len(fields) != 2 {
			return "", usage(hint, "reading --cache-from %q: only caches in a registry can be read", spec)
		}
		ref = fields["ref"]
	}
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", usage(hint, "reading --cache-from %q: %w", spec, err)
	}
	return reference.TagNameOnly(named).String(), nil
}

// fieldsOf reads KEY=VALUE,KEY=VALUE.
func fieldsOf(spec string) map[string]string {
	fields := map[string]string{}
	for field := range strings.SplitSeq(spec, ",") {
		key, value, _ := strings.Cut(field, "=")
		fields[key] = value
	}
	return fields
}

// translate turns the destinations of docker build into our options.
func (d *dockerFlags) translate(f *buildFlags) error {
	for _, spec := range d.outputs {
		fields := fieldsOf(spec)
		_, hasDest := fields["dest"]
		switch kind := fields["type"]; {
		case spec == "-":
			f.outputs = append(f.outputs, "type=tar,dest=-")
		case spec != "" && !strings.Contains(spec, "="):
			f.outputs = append(f.outputs, "type=local,dest="+spec)
		case kind == "registry", kind == "image" && fields["push"] == "true":
			f.push = true
		case kind == "docker" && !hasDest:
			f.load = true
		case kind == builder.OCI, kind == builder.Docker, kind == builder.Tar, kind == builder.Local:
			f.outputs = append(f.outputs, spec)
			continue // its fields are checked there
		default:
			return usage("give --push, --load, or --output type=oci|docker|tar|local,dest=PATH", "reading --docker-output %q: there is no such destination", spec)
		}
		if name := fields["name"]; name != "" {
			f.tags = append(f.tags, name)
		}
	}
	return nil
}
