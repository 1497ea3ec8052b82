package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/test/world"
)

// BenchmarkBuildsOnFreshBuilders builds the sample apps four times, each on a new builder with the registry cache that the
// builds before have left, and prints a table.
func BenchmarkBuildsOnFreshBuilders(b *testing.B) {
	w, err := world.Start(b.Context(), world.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	program, err := w.Program(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		fmt.Print("\n| app | run | s | ratio to cold | steps cached | cache |\n| --- | --- | --: | --: | --: | --- |\n")
		for _, app := range []struct{ name, source, lock string }{
			{"node", "src/server.ts", "package-lock.json"},
			{"python", "main.py", "requirements.txt"},
			{"go", "main.go", "go.sum"},
		} {
			fourRuns(b, w, program, app.name, app.source, app.lock)
		}
	}
}

func fourRuns(b *testing.B, w *world.World, program *world.Program, name, source, lock string) {
	dir := filepath.Join(b.TempDir(), name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := world.CopyApp(dir, filepath.Join("..", "apps", name)); err != nil {
		b.Fatal(err)
	}
	image := w.Registry + "/bench/" + name
	comment := map[string]string{"node": "\n// changed\n", "python": "\n# changed\n", "go": "\n// changed\n"}[name]
	var cold float64
	for _, run := range []struct {
		name   string
		change func() error
	}{
		{"cold", func() error { return nil }},
		{"same", func() error { return nil }},
		{"source line", func() error { return add(filepath.Join(dir, source), comment) }},
		{"lockfile", func() error { return changeLock(filepath.Join(dir, lock)) }},
	} {
		if err := run.change(); err != nil {
			b.Fatal(err)
		}
		m, err := build(b, w, program, dir, image)
		if err != nil {
			b.Fatal(err)
		}
		if run.name == "cold" {
			cold = m.Seconds
		}
		cached, total := m.cached()
		fmt.Printf("| %s | %s | %.1f | %.2f | %d of %d | %s |\n", name, run.name, m.Seconds, m.Seconds/cold, cached, total, m.Cache.Hit)
		b.ReportMetric(m.Seconds/cold, name+"-"+strings.ReplaceAll(run.name, " ", "-")+"/cold")
	}
}

type metadata struct {
	Seconds float64
	Cache   struct{ Hit string }
	Steps   []struct{ InPlan, Cached bool }
}

func (m metadata) cached() (cached, total int) {
	for _, s := range m.Steps {
		if s.InPlan {
			total++
			if s.Cached {
				cached++
			}
		}
	}
	return cached, total
}

func build(b *testing.B, w *world.World, program *world.Program, dir, image string) (metadata, error) {
	builder, err := w.NewBuilderDir()
	if err != nil {
		return metadata{}, err
	}
	defer os.RemoveAll(builder)
	file := filepath.Join(b.TempDir(), "metadata.json")
	args := append([]string{"build", dir, "--tag", image + ":main", "--push", "--cache-ref", image + "/cache", "--progress", "quiet",
		"--builder-dir", builder, "--metadata-file", file}, w.Options()...)
	r, err := program.Run(b.Context(), args...)
	if err != nil || r.Status != 0 {
		return metadata{}, fmt.Errorf("build: %w, status %d\n%s", err, r.Status, r.Stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return metadata{}, err
	}
	var m metadata
	return m, json.Unmarshal(text, &m)
}

func add(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(old, text...), 0o644)
}

// changeLock changes the bytes of a lockfile as an added dependency would, in a way that every package manager takes.
func changeLock(path string) error {
	if strings.HasSuffix(path, ".json") {
		return add(path, "\n")
	}
	if strings.HasSuffix(path, ".txt") {
		return add(path, "six==1.16.0\n")
	}
	return add(path, "github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=\n")
}
