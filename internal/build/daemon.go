package build

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/registry"
)

// AnyRoute is the route of a build that is not told one.
const AnyRoute = "auto"

// CheckRoute finds mistakes in --route and in addresses.
func (s Settings) CheckRoute() error {
	if err := (builder.Options{Route: s.Route}).Check(); err != nil {
		return fault.Usage("give "+AnyRoute+", "+strings.Join(builder.Routes(), ", "), "reading --route: there is no route %q", s.Route)
	}
	builders, err := ParseAddresses(s.BuildkitHost)
	if err != nil {
		return err
	}
	if builders[""] != "" && s.Route != "" && s.Route != AnyRoute {
		return fault.Usage("give one of them", "--buildkit-host and --route both say where to build")
	}
	return nil
}

// BuilderOptions say on which BuildKit to build for a platform. own is what that should trust besides the system's certificates.
func (e Environment) BuilderOptions(s Settings, platform string, own []byte) builder.Options {
	builders, _ := ParseAddresses(s.BuildkitHost) // mistakes are found before
	host, _ := e.Lookup("BUILDKIT_HOST")
	if s.Route != "" && s.Route != AnyRoute {
		host = ""
	}
	engine, _ := e.Engine(s.Engine)
	o := builder.Options{
		Host:     cmp.Or(builders.At(platform), host),
		Route:    s.Route,
		TLS:      builder.TLS{CA: s.BuildkitCA, Cert: s.BuildkitCert, Key: s.BuildkitKey},
		Embedded: builder.Embedded{Dir: cmp.Or(s.BuilderDir, e.builderDir())},
		Engine:   engine,
		Image:    s.BuilderImage,
		Owner:    e.Owner(),
		Environ:  e.Vars,
		Insecure: s.InsecureRegistry,
		CustomCA: own,
		Notice:   func(text string) { e.Say("note", text) },
		Buildx:   e.buildxBuilders(),
	}
	if e.Verbose {
		o.Reason = func(route, why string) { e.Say("note", "no builder by the route "+route+": "+why) }
	}
	return o
}

// buildxBuilders are the builders that the user has made with docker buildx, by its own list.
func (e Environment) buildxBuilders() []string {
	dir, _ := e.Lookup("BUILDX_CONFIG")
	if dir == "" {
		config, _ := e.Lookup("DOCKER_CONFIG")
		home, _ := e.Lookup("HOME")
		dir = filepath.Join(registry.ConfigDir(config, home), "buildx")
	}
	entries, _ := os.ReadDir(filepath.Join(dir, "instances"))
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// builderDir is where a BuildKit of ours keeps its state: where the environment says, as in our image, else a directory of the
// user, so that the second build is fast. In CI it is "", a temporary one, as the machine does not come back.
func (e Environment) builderDir() string {
	if dir, _ := e.Lookup("NPX_BUILDER_DIR"); dir != "" {
		return dir
	}
	if ci, _ := e.Lookup("CI"); ci == "true" {
		return ""
	}
	base, _ := e.Lookup("XDG_CACHE_HOME")
	if home, _ := e.Lookup("HOME"); base == "" && home != "" {
		base = filepath.Join(home, ".cache")
	}
	if base == "" {
		return ""
	}
	return filepath.Join(base, "npx-action", "buildkit")
}
