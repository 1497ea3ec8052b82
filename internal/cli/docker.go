package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
)

// dockerFlags are the options of the build command that Nixpacks hands on to the docker program (nixpacks-1.39.md 4.7).
type dockerFlags struct {
	outputs    []string
	currentDir bool
	refused    map[string]*option.Command
}

// refused are the options that mean nothing to a build without the docker program, with what there is instead.
var refused = []struct{ name, why, hint string }{
	{"incremental-cache-image", "cache directories are not kept in an image", "give --cache-ref REPOSITORY, which keeps the result of every step in a registry"},
	{"cpu-quota", "steps run in BuildKit, which has no such limit", "limit the BuildKit that --buildkit-host names, or the container that npx-action runs in"},
	{"memory", "steps run in BuildKit, which has no such limit", "limit the BuildKit that --buildkit-host names, or the container that npx-action runs in"},
}

// registerEngine registers the options that name the engine.
func registerEngine(flags *pflag.FlagSet, o *build.EngineOptions) {
	flags.StringVar(&o.Host, "docker-host", "", "`address` of the Docker engine, unix:///path or tcp://host:port (default $DOCKER_HOST, else its usual socket)")
	flags.StringVar(&o.Verify, "docker-tls-verify", "", "speak TLS to a tcp address of the engine, if this `text` is not empty (default $DOCKER_TLS_VERIFY)")
	flags.StringVar(&o.Certificates, "docker-cert-path", "", "`directory` with ca.pem, cert.pem and key.pem for that (default $DOCKER_CERT_PATH, else the docker configuration's)")
	under(flags, topicOfEngine, "docker-host", "docker-tls-verify", "docker-cert-path")
}

func (d *dockerFlags) register(flags *pflag.FlagSet) {
	flags.StringArrayVar(&d.outputs, "docker-output", nil, "`destination` as docker build has it: what --output, --push and --load are; repeatable")
	flags.BoolVar(&d.currentDir, "current-dir", false, "no effect: the app is never copied")
	_ = flags.MarkHidden("current-dir") // it is there
	d.refused = map[string]*option.Command{}
	for _, r := range refused {
		d.refused[r.name] = new(option.Command)
		flags.Var(d.refused[r.name], r.name, r.why)
		_ = flags.MarkHidden(r.name)
	}
}

// check refuses what cannot be had.
func (d *dockerFlags) check() error {
	for _, r := range refused {
		if o := d.refused[r.name]; o != nil && o.Text() != nil {
			return fault.Usage(r.hint, "--%s: %s", r.name, r.why)
		}
	}
	return nil
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
			return fault.Usage("give --push, --load, or --output type=oci|docker|tar|local,dest=PATH", "reading --docker-output %q: there is no such destination", spec)
		}
		if name := fields["name"]; name != "" {
			f.tags = append(f.tags, name)
		}
	}
	return nil
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
