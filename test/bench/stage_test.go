package bench

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/test/world"
)

// A stage is where both build: one world, and a counter in front of its registries.
type stage struct {
	world   *world.World
	program *world.Program
	counter *counter
	login   bool   // whether builds have a token, and images are in a registry that asks for a login
	onDisk  bool   // whether the builders' state has to be there
	place   string // where it was: "memory" or "a disk"
}

func newStage(b *testing.B) *stage {
	b.Helper()
	w, err := world.Start(b.Context(), world.Options{Program: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := w.Close(); err != nil {
			b.Error(err)
		}
	})
	program, err := w.Program(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	s := &stage{world: w, program: program, login: withLogin(b)}
	images := w.Registry
	if s.login {
		private, err := w.NewRegistry(b.Context(), world.RegistryOptions{User: jobUser, Password: jobToken})
		if err != nil {
			b.Fatal(err)
		}
		images = private.Host
	}
	s.counter = countBefore(b, w.Registry, images)
	return s
}

// registry is where images are pushed to, behind the counter.
func (s *stage) registry() string { return s.counter.hosts[1] }

// options are those of the world, with the counter as the registry.
func (s *stage) options() []string {
	var out []string
	for _, o := range s.world.Options() {
		out = append(out, strings.ReplaceAll(o, s.world.Registry, s.counter.hosts[0]))
	}
	return out
}

// inputs are the options as those of a job.
func (s *stage) inputs() map[string]string {
	mirror := s.counter.hosts[0]
	return map[string]string{"nix-mirror": s.world.NixMirror, "ca-certificates": s.world.CABundle, "catalogue": s.world.Catalogue,
		"registry-mirror": "ghcr.io=" + mirror + "\ndocker.io=" + mirror}
}

// images are those that plans start from, behind the counter.
func (s *stage) images() map[string]string {
	out := map[string]string{plan.UbuntuImage: s.world.Base, plan.SlimImage: s.world.RunImage, plan.ToolsImage: s.world.Tools, plan.CompilersImage: s.world.Compilers}
	for known, local := range out {
		out[known] = strings.Replace(local, s.world.Registry, s.counter.hosts[0], 1)
	}
	return out
}

// newBuilder makes a directory for a builder without history, in memory if the world has room there. The function
// removes it.
func (s *stage) newBuilder(b *testing.B) (dir string, remove func()) {
	b.Helper()
	make := s.world.NewBuilderDir
	if s.onDisk {
		make = func() (string, error) { return os.MkdirTemp("", "npx-bench-builder-") }
	}
	dir, err := make()
	if err != nil {
		b.Fatal(err)
	}
	s.place = "a disk"
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err == nil && fs.Type == unix.TMPFS_MAGIC {
		s.place = "memory"
	}
	return dir, func() {
		if err := os.RemoveAll(dir); err != nil {
			b.Error(err)
		}
	}
}

// ours builds a clone with the program on the command line, from its start to its end.
func (s *stage) ours(b *testing.B, dir, image string, more ...string) measured {
	b.Helper()
	file := filepath.Join(b.TempDir(), "metadata.json")
	args := append([]string{"build", dir, "--tag", image, "--push", "--progress", "quiet", "--metadata-file", file}, s.options()...)
	cmd := s.program.Command(b.Context(), append(args, more...)...)
	var m measured
	t := s.counter.during(func() {
		start := time.Now()
		run(b, cmd)
		m.Seconds = time.Since(start).Seconds()
	})
	m.Memory, m.Pushed, m.Pulled = peak(cmd), t.pushed, t.pulled
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	m.read(b, string(text))
	return m
}

// peak is the memory that a command had at most, in bytes.
func peak(cmd *exec.Cmd) int64 {
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10
}

// answer starts an image and checks what it says, so that no broken one is measured. It returns how long the program took to answer first, in seconds,
// and how much memory it has then, in bytes.
func (s *stage) answer(b *testing.B, image, want string) (took float64, resident int64) {
	b.Helper()
	image = s.past(image) // what is pulled to run is not counted
	c, err := s.world.Run(b.Context(), image, world.RunOptions{})
	if err != nil {
		b.Fatal(err)
	}
	connected := time.Now()
	got, err := get(b, c.URL+"/health")
	if err != nil || !strings.Contains(got, want) {
		b.Fatalf("%s: %q is missing in what it says: %v\n%s\n%s", image, want, err, got, c.Logs())
	}
	took = (c.Took + time.Since(connected)).Seconds()
	resident, err = c.Resident(b.Context())
	if err := errors.Join(err, c.Stop(), s.world.Forget(b.Context(), image)); err != nil {
		b.Fatal(err)
	}
	return took, resident
}

func get(b *testing.B, url string) (string, error) {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", resp.StatusCode)
	}
	return string(text), err
}

// past is the name of an image past the counter.
func (s *stage) past(image string) string { return s.counter.past(image) }
