package cli

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/org/npx-action/internal/builder"
)

// anyRoute is the route of a build that is not told one.
const anyRoute = "auto"

// registerBuilder registers the options that say on which BuildKit to build.
func (s *settings) registerBuilder(flags *pflag.FlagSet) {
	flags.StringArrayVar(&s.buildkitHosts, "buildkit-host", nil, "build on the BuildKit at this `address`: "+builder.Addresses+"; or for one platform, as PLATFORM=ADDRESS; repeatable (default $BUILDKIT_HOST, else --route)")
	flags.StringVar(&s.tls.CA, "buildkit-ca", "", "PEM `file` of the authority of a tcp address")
	flags.StringVar(&s.tls.Cert, "buildkit-cert", "", "PEM `file` of the client certificate for a tcp address")
	flags.StringVar(&s.tls.Key, "buildkit-key", "", "PEM `file` of its key")
	flags.StringVar(&s.route, "route", anyRoute, "find a BuildKit this `way`: "+anyRoute+" for the first that works of "+strings.Join(builder.Routes(), ", ")+"; see doctor")
	flags.StringVar(&s.builderImage, "builder-image", "", "start a BuildKit in a container of this `image` (default "+builder.DefaultImage+")")
	flags.StringVar(&s.builderDir, "builder-dir", "", "keep the started BuildKit's state in this `directory` (default $NPX_BUILDER_DIR, else one for the user, and a temporary one in CI)")
	flags.StringVar(&s.caCertificates, "ca-certificates", "", "PEM `file` of certificates to trust in build steps and by the push")
	flags.StringArrayVar(&s.insecureRegistries, "insecure-registry", nil, "registry `host` to reach by HTTP or with any certificate; loopback ones are; repeatable")
}

// checkRoute finds what is wrong with --route.
func (s *settings) checkRoute() error {
	if err := (builder.Options{Route: s.route}).Check(); err != nil {
		return usage("give "+anyRoute+", "+strings.Join(builder.Routes(), ", "), "reading --route: there is no route %q", s.route)
	}
	builders, err := parseAddresses(s.buildkitHosts)
	if err != nil {
		return err
	}
	if builders[""] != "" && s.route != "" && s.route != anyRoute {
		return usage("give one of them", "--buildkit-host and --route both say where to build")
	}
	return nil
}

// daemon says on which BuildKit to build for the first platform. own is what that should trust besides the system's certificates.
func (p *program) daemon(s settings, own []byte) builder.Options {
	builders, _ := parseAddresses(s.buildkitHosts) // mistakes are found before
	host, _ := p.lookup("BUILDKIT_HOST")
	if s.route != "" && s.route != anyRoute {
		host = ""
	}
	engine, _ := p.engine(s.docker)
	o := builder.Options{
		Host:     cmp.Or(builders.at(p.options.platform.name), host),
		Route:    s.route,
		TLS:      s.tls,
		Embedded: builder.Embedded{Dir: cmp.Or(s.builderDir, p.builderDir())},
		Engine:   engine,
		Image:    s.builderImage,
		Owner:    p.owner(),
		Environ:  p.Environ,
		Insecure: s.insecureRegistries,
		CustomCA: own,
		Notice:   func(text string) { p.say("note", text) },
	}
	if p.verbose() {
		o.Reason = func(route, why string) { p.say("note", "no builder by the route "+route+": "+why) }
	}
	return o
}

// builderDir is where a BuildKit of ours keeps its state: where the environment says, as in our image, else a directory of the
// user, so that the second build is fast. In CI it is "", a temporary one, as the machine does not come back.
func (p *program) builderDir() string {
	if dir, _ := p.lookup("NPX_BUILDER_DIR"); dir != "" {
		return dir
	}
	if ci, _ := p.lookup("CI"); ci == "true" {
		return ""
	}
	base, _ := p.lookup("XDG_CACHE_HOME")
	if home, _ := p.lookup("HOME"); base == "" && home != "" {
		base = filepath.Join(home, ".cache")
	}
	if base == "" {
		return ""
	}
	return filepath.Join(base, "npx-action", "buildkit")
}
