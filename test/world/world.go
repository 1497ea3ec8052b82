// Package world brings up, on one machine, the real things that a build talks to: registries, a base image with Nix, a
// miniature nixpkgs behind an HTTP mirror, and a Docker engine to run what was built.
//
// Nothing in it is a stand-in for behaviour: Nix evaluates and builds, npm, pip and go install from their registries,
// the registry is distribution's. It needs Debian on amd64, root and Go, and installs the rest with apt-get when it is
// missing. Everything listens on loopback and ends with the process, however that ends.
package world

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/org/npx-action/internal/plan"
)

// Options are how a world is brought up. The zero value is the default.
type Options struct {
	Log      io.Writer // of every program that is started; nil discards it
	CacheDir string    // for what outlives a world; "" is npx-action/world in the user's cache directory
	Program  bool      // whether the program is compiled while the rest is made, for [World.Program]
}

// A World is running until [World.Close].
type World struct {
	Registry  string // host:port of a registry that holds Base, RunImage and Tools; deletion is on
	Base      string // reference of the base image with Nix, what ghcr.io/railwayapp/nixpacks:ubuntu-1745885067 is
	RunImage  string // reference of the stand-in for ubuntu:noble
	Tools     string // reference of the stand-in for the build tools
	Compilers string // reference of the stand-in for the build tools with compilers
	NixMirror string // URL that serves archives as https://github.com does: /OWNER/REPO/archive/REF.tar.gz
	Catalogue string // path of a catalogue of versions, in which nixpkgs is the miniature one
	CABundle  string // path of the machine's CA certificates, which steps need where a proxy opens TLS

	log   *syncWriter
	cache cache
	run   *runDir

	static string // directory of the programs for static sites
	served atomic.Int64

	compiles bool
	program  *Program // once it is compiled

	mu         sync.Mutex // guards what follows
	registries []*Registry
	engine     *engine
	offers     map[string]tool // of [World.Offer], by name
	stops      []func() error  // in the order of starting
}

// Start brings up a registry with the base images, and the Nix mirror. The Docker engine starts with the first
// [World.Run]. The first world on a machine takes minutes, later ones seconds. On an error nothing is left running. The
// context is for starting alone: only Close ends a world.
func Start(ctx context.Context, o Options) (*World, error) {
	w, err := newWorld(o)
	if err != nil {
		return nil, err
	}
	if err := w.start(ctx); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// newWorld returns a world in which nothing runs yet.
func newWorld(o Options) (*World, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.CacheDir == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("finding the cache directory: %w", err)
		}
		o.CacheDir = filepath.Join(dir, "npx-action", "world")
	}
	return &World{log: &syncWriter{w: o.Log}, cache: cache{dir: o.CacheDir}, CABundle: caBundle(), compiles: o.Program, offers: map[string]tool{}}, nil
}

func (w *World) start(ctx context.Context) error {
	var err error
	if err := check(); err != nil {
		return err
	}
	if err := install(ctx, w.cache, w.log, "runc", "igzip", "mmdebstrap", "docker-registry", "tini"); err != nil {
		return err
	}
	if w.run, err = newRunDir(); err != nil {
		return err
	}
	if err := w.startMirror(); err != nil {
		return err
	}
	if err := w.writeCatalogue(ctx); err != nil {
		return err
	}
	r, err := w.NewRegistry(ctx, RegistryOptions{})
	if err != nil {
		return err
	}
	w.Registry = r.Host
	local := func(name string) string {
		_, repository, _ := strings.Cut(name, "/")
		return r.Host + "/" + repository
	}
	w.Base, w.RunImage = local(plan.UbuntuImage), local("docker.io/library/"+plan.SlimImage)
	w.Tools, w.Compilers = local(plan.ToolsImage), local(plan.CompilersImage)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.push(ctx, w.RunImage, runImage) })
	g.Go(func() error { return w.push(ctx, w.Base, baseImage) })
	g.Go(func() error { return w.pushBuildTools(ctx) })
	if w.compiles {
		g.Go(func() error {
			program, err := w.compileProgram(ctx)
			w.program = program
			return err
		})
	}
	return g.Wait()
}

// NewBuilderDir makes an empty directory for a BuildKit with no history. It goes with the world, mounts included.
func (w *World) NewBuilderDir() (string, error) { return w.run.mkdir("builder") }

// Close stops everything that was started and removes what was written outside the cache. It can be called again.
func (w *World) Close() error {
	w.mu.Lock()
	stops := w.stops
	w.stops = nil
	w.mu.Unlock()
	var errs []error
	for i := len(stops) - 1; i >= 0; i-- {
		errs = append(errs, stops[i]())
	}
	if w.run != nil {
		errs = append(errs, w.run.remove())
	}
	return errors.Join(errs...)
}

func (w *World) onClose(stop func() error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stops = append(w.stops, stop)
}

// caBundle is where the machine's programs find their CA certificates.
func caBundle() string {
	if f := os.Getenv("SSL_CERT_FILE"); f != "" {
		return f
	}
	return "/etc/ssl/certs/ca-certificates.crt"
}

// syncWriter lets several programs write to one log.
type syncWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *syncWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}
