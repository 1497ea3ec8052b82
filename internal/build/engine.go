package build

import (
	"cmp"
	"os"
	"path/filepath"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registry"
)

// EngineOptions name the Docker engine; the environment says the rest.
type EngineOptions struct{ Host, Verify, Certificates string }

// Engine is the Docker engine that the options name, else the environment, and whether it is there.
func (e Environment) Engine(o EngineOptions) (builder.Engine, bool) {
	host, _ := e.Lookup("DOCKER_HOST")
	engine := builder.Engine{Host: cmp.Or(o.Host, host)}
	if engine.Host != "" {
		engine.TLS = e.engineTLS(o)
		return engine, true
	}
	info, err := os.Stat("/var/run/docker.sock")
	return engine, err == nil && info.Mode()&os.ModeSocket != 0
}

// engineTLS are the certificates that the docker program would use: those in a directory, if TLS is wanted.
func (e Environment) engineTLS(o EngineOptions) builder.TLS {
	verify, _ := e.Lookup("DOCKER_TLS_VERIFY")
	if cmp.Or(o.Verify, verify, o.Certificates) == "" {
		return builder.TLS{}
	}
	dir, _ := e.Lookup("DOCKER_CERT_PATH")
	config, _ := e.Lookup("DOCKER_CONFIG")
	home, _ := e.Lookup("HOME")
	dir = e.Path(cmp.Or(o.Certificates, dir, registry.ConfigDir(config, home)))
	t := builder.TLS{CA: filepath.Join(dir, "ca.pem")}
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if exists(cert) || exists(key) {
		t.Cert, t.Key = cert, key
	}
	return t
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
