package world

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/bcrypt"
)

// RegistryOptions are how a registry is started. The zero value is an open one.
type RegistryOptions struct {
	User, Password string // basic authentication, if User is not ""
}

// A Registry is a running docker-registry, with deletion on and its storage in the world's own directory.
type Registry struct {
	Host           string // host:port, on loopback, without TLS
	User, Password string // "" for an open one

	dir  string
	stop func() error
}

const registryConfig = `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: %q}
  delete: {enabled: true}
  maintenance: {uploadpurging: {enabled: false}}
http: {addr: %q, secret: world}
`

// NewRegistry starts one more registry, empty, for the life of the world.
func (w *World) NewRegistry(ctx context.Context, o RegistryOptions) (*Registry, error) {
	dir, err := w.run.mkdir("registry")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	r := &Registry{Host: fmt.Sprintf("127.0.0.1:%d", port), User: o.User, Password: o.Password, dir: dir}
	config := fmt.Sprintf(registryConfig, filepath.Join(dir, "data"), r.Host)
	if o.User != "" {
		hash, err := bcrypt.GenerateFromPassword([]byte(o.Password), bcrypt.MinCost)
		if err != nil {
			return nil, fmt.Errorf("hashing the registry's password: %w", err)
		}
		users := filepath.Join(dir, "htpasswd")
		if err := os.WriteFile(users, fmt.Appendf(nil, "%s:%s\n", o.User, hash), 0o600); err != nil {
			return nil, err
		}
		config += fmt.Sprintf("auth: {htpasswd: {realm: world, path: %q}}\n", users)
	}
	file := r.configFile()
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return nil, err
	}
	p, err := startProcess(w.log, exec.Command("docker-registry", "serve", file))
	if err != nil {
		return nil, err
	}
	r.stop = sync.OnceValue(p.stop)
	w.onClose(r.stop)
	if err := p.ready(ctx, func() error { return r.answers(ctx) }); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.registries = append(w.registries, r)
	return r, nil
}

// Close stops the registry and removes what it stores. The world's end does it too.
func (r *Registry) Close() error {
	return errors.Join(r.stop(), os.RemoveAll(r.dir))
}

func (r *Registry) configFile() string { return filepath.Join(r.dir, "config.yml") }

// remove removes a repository, and the blobs that no other one needs. Nothing may be pushed meanwhile.
func (r *Registry) remove(ctx context.Context, w *World, repository string) error {
	if err := os.RemoveAll(filepath.Join(r.dir, "data", "docker", "registry", "v2", "repositories", filepath.FromSlash(repository))); err != nil {
		return fmt.Errorf("removing %s: %w", repository, err)
	}
	_, err := runCommand(w.log, exec.CommandContext(ctx, "docker-registry", "garbage-collect", r.configFile()))
	return err
}

func (r *Registry) answers(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.Host+"/v2/", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
