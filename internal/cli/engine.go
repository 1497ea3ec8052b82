package cli

import (
	"cmp"
	"os"
	"path/filepath"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registry"
)

// engine is the Docker engine that the options name, else the environment, and whether it is there.
func (p *program) engine(d dockerFlags) (builder.Engine, bool) {
	host, _ := p.lookup("DOCKER_HOST")
	e := builder.Engine{Host: cmp.Or(d.host, host)}
	if e.Host != "" {
		e.TLS = p.engineTLS(d)
		return e, true
	}
	info, err := os.Stat("/var/run/docker.sock")
	return e, err == nil && info.Mode()&os.ModeSocket != 0
}

// engineTLS are the certificates that the docker program would use: those in a directory, if TLS is wanted.
func (p *program) engineTLS(d dockerFlags) builder.TLS {
	verify, _ := p.lookup("DOCKER_TLS_VERIFY")
	if cmp.Or(d.verify, verify, d.certificates) == "" {
		return builder.TLS{}
	}
	dir, _ := p.lookup("DOCKER_CERT_PATH")
	config, _ := p.lookup("DOCKER_CONFIG")
	home, _ := p.lookup("HOME")
	dir = p.path(cmp.Or(d.certificates, dir, registry.ConfigDir(config, home)))
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
