package world

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// npmSpec is a package of npm with its scope and its version.
var npmSpec = regexp.MustCompile(`^(@[a-z0-9-]+/)?[a-z0-9][a-z0-9.-]*@[0-9][0-9A-Za-z.-]*$`)

// serveNPM serves the archives of npm's packages, as /npm/NAME@VERSION.tgz and /npm/@SCOPE/NAME@VERSION.tgz.
func (w *World) serveNPM(rw http.ResponseWriter, r *http.Request) {
	spec, ok := strings.CutSuffix(path.Join(r.PathValue("scope"), r.PathValue("spec")), ".tgz")
	if !ok || !npmSpec.MatchString(spec) {
		http.NotFound(rw, r)
		return
	}
	fmt.Fprintf(w.log, "mirror: npm's %s\n", spec)
	file, err := w.npmArchive(r.Context(), spec)
	if err != nil {
		fmt.Fprintf(w.log, "mirror: %v\n", err)
		http.Error(rw, err.Error(), http.StatusFailedDependency)
		return
	}
	http.ServeFile(rw, r, file)
}

// npmArchive returns the archive of a package, name@version. It stays on the machine.
func (w *World) npmArchive(ctx context.Context, spec string) (string, error) {
	const file = "package.tgz"
	dir, err := w.cache.piece(ctx, "npm-archive-"+packageName.ReplaceAllString(spec, "-"), spec, func(dir string) error {
		if err := install(ctx, w.cache, w.log, "npm"); err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", spec)
		cmd.Dir = dir
		name, err := fetch(ctx, w.log, cmd, fetchPause)
		if err != nil {
			return err
		}
		return os.Rename(filepath.Join(dir, name), filepath.Join(dir, file))
	})
	return filepath.Join(dir, file), err
}

// packageName finds what is no part of a file's name in that of a package.
var packageName = regexp.MustCompile(`[^a-z0-9.]+`)

// Package returns a directory with the files of an npm package, name@version, of which the integrity is that of lockfiles. It stays on
// the machine.
func Package(ctx context.Context, spec, integrity string) (string, error) {
	w, err := newWorld(Options{})
	if err != nil {
		return "", err
	}
	name := "npm-" + packageName.ReplaceAllString(spec, "-")
	return w.cache.piece(ctx, name, spec+integrity, func(dir string) error {
		work, err := os.MkdirTemp("", "npx-action-npm-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		return w.unpackNPM(ctx, npmPackage{Spec: spec, Integrity: integrity}, work, dir)
	})
}

// Webhooks returns the examples that GitHub gives of its webhooks: a JSON list of events, each with payloads.
func Webhooks(ctx context.Context) ([]byte, error) {
	dir, err := Package(ctx, "@octokit/webhooks-examples@7.6.1", "sha512-De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==")
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "api.github.com", "index.json"))
}

// NodeProgram returns the path of the program of an npm package, name@version, with what it depends on. It stays on the machine.
// needs are programs of Debian's that it runs.
func NodeProgram(ctx context.Context, spec string, needs ...string) (string, error) {
	w, err := newWorld(Options{})
	if err != nil {
		return "", err
	}
	if err := install(ctx, w.cache, w.log, append(needs, "npm")...); err != nil {
		return "", err
	}
	name, _, _ := strings.Cut(spec, "@")
	dir, err := w.cache.piece(ctx, "node-"+name, spec, func(dir string) error {
		cmd := exec.CommandContext(ctx, "npm", "install", "--silent", "--no-audit", "--no-fund", "--omit=dev", "--prefix", dir, spec)
		_, err := fetch(ctx, w.log, cmd, fetchPause)
		return err
	})
	return filepath.Join(dir, "node_modules", ".bin", name), err
}

// GoProgram returns the path of a Go program, package@version, compiled apart from this module. It stays on the machine.
func GoProgram(ctx context.Context, spec string) (string, error) {
	w, err := newWorld(Options{})
	if err != nil {
		return "", err
	}
	pkg, _, _ := strings.Cut(spec, "@")
	name := path.Base(pkg)
	dir, err := w.cache.piece(ctx, "go-"+name, spec, func(dir string) error {
		if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
			return err
		}
		return w.buildGo(ctx, spec, os.TempDir(), dir)
	})
	return filepath.Join(dir, "bin", name), err
}

// DebianProgram returns the path of a program of Debian's, which is installed if it is missing.
func DebianProgram(ctx context.Context, name string) (string, error) {
	w, err := newWorld(Options{})
	if err != nil {
		return "", err
	}
	if err := install(ctx, w.cache, w.log, name); err != nil {
		return "", err
	}
	return exec.LookPath(name)
}
