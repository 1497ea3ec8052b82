package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/catalogue"

	"github.com/moby/buildkit/client/llb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/source"
)

// overheadAim is how much longer than buildctl we may take for the same LLB, in percent.
const overheadAim = 5

// warmRuns is how often the program and buildctl build what the builder has already.
const warmRuns = 5

// BenchmarkOverhead compares the program with buildctl, given the same LLB, the same files and the same builder.
//
// Two builds of everything differ by more than the aim from one to the next. So it times what is not the builder's work: builds of which
// the builder has each step. What we take longer for them is given in percent of the build that ran all steps.
func BenchmarkOverhead(b *testing.B) {
	s := newStage(b)
	dir := b.TempDir()
	if err := s.world.CompileBuildKit(b.Context(), dir, "buildctl"); err != nil {
		b.Fatal(err)
	}
	buildctl := filepath.Join(dir, "buildctl")
	for b.Loop() {
		fmt.Print("\n| app | all steps, s | no step, s | buildctl, s | overhead, % | aim | peak memory, MB | buildctl, MB |\n" +
			"| --- | --: | --: | --: | --: | --: | --: | --: |\n")
		for _, sample := range chosen(b) {
			o := s.overhead(b, sample, buildctl)
			fmt.Printf("| %s | %.1f | %.2f | %.2f | %.1f | ≤ %d | %.0f | %.0f |\n", sample.name, o.all.Seconds, o.ours, o.buildctl, o.percent(),
				overheadAim, megabytes(o.all.Memory), megabytes(o.buildctlMemory))
			b.ReportMetric(o.percent(), sample.name+"/overhead-percent")
			b.ReportMetric(megabytes(o.all.Memory), sample.name+"/peak-MB")
		}
	}
}

type overhead struct {
	all            measured
	ours, buildctl float64 // seconds, medians of builds in which no step ran
	buildctlMemory int64
}

func (o overhead) percent() float64 { return 100 * (o.ours - o.buildctl) / o.all.Seconds }

func (s *stage) overhead(b *testing.B, sample sample, buildctl string) overhead {
	b.Helper()
	state, remove := s.newBuilder(b)
	defer remove()
	conn, err := builder.Connect(b.Context(), builder.Options{Embedded: builder.Embedded{Dir: state, Binary: s.program.Daemon()}, Environ: os.Environ()})
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	address := conn.Info().Address
	dir := newHistory(b, sample).checkout(b, cold)
	repository := s.counter.hosts[0] + "/bench/overhead-" + sample.name
	program := func() measured {
		return s.ours(b, dir, repository+":ours", "--buildkit-host", address, "--promote", "never", "--smoke", "never")
	}
	o := overhead{all: program()}
	g, definition := s.llb(b, dir)
	args := append([]string{"--addr", address, "build", "--progress", "plain", "--output", "type=image,push=true,name=" + repository + ":buildctl"},
		s.buildctlInputs(b, dir, g.Files)...)
	var ours, theirs []float64
	for range warmRuns {
		ours = append(ours, program().Seconds)
		cmd := exec.CommandContext(b.Context(), buildctl, args...)
		cmd.Stdin = bytes.NewReader(definition)
		start := time.Now()
		r := run(b, cmd)
		theirs = append(theirs, time.Since(start).Seconds())
		if printed := stepOutput.FindString(r.Stderr); printed != "" {
			b.Fatalf("%s: buildctl ran a step, so its LLB is not ours: %s", sample.name, printed)
		}
		o.buildctlMemory = max(o.buildctlMemory, peak(cmd))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	o.ours, o.buildctl = ours[warmRuns/2], theirs[warmRuns/2]
	if err := s.world.ForgetRepository(b.Context(), s.past(repository)+":ours"); err != nil {
		b.Fatal(err)
	}
	return o
}

// stepOutput is a line that a command of a step prints.
var stepOutput = regexp.MustCompile(`(?m)^#\d+ \d+\.\d+ .*`)

// llb makes the graph of a build as the program does, and its LLB.
func (s *stage) llb(b *testing.B, dir string) (*graph.Graph, []byte) {
	b.Helper()
	tree, err := source.Open(dir, source.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	defer tree.Close()
	text, err := os.ReadFile(s.world.Catalogue)
	if err != nil {
		b.Fatal(err)
	}
	file, err := catalogue.ParseFile(s.world.Catalogue, text)
	if err != nil {
		b.Fatal(err)
	}
	versions, err := catalogue.Open(catalogue.Options{Files: []*catalogue.File{file}})
	if err != nil {
		b.Fatal(err)
	}
	result, err := planner.Make(planner.Input{Tree: tree, Arch: "x86_64", Catalogue: versions})
	if err != nil {
		b.Fatal(err)
	}
	ignore, err := build.IgnorePatterns(result)
	if err != nil {
		b.Fatal(err)
	}
	g, err := graph.New(result.Plan, graph.Options{Nix: nix.Options{Mirror: s.world.NixMirror}, CACertificates: true, Ignore: ignore})
	if err != nil {
		b.Fatal(err)
	}
	images := registry.Client{Mirrors: map[string]string{"ghcr.io": s.counter.hosts[0], "docker.io": s.counter.hosts[0]}}
	pinned := map[string]graph.Pinned{}
	for _, ref := range g.Images() {
		image, err := images.Resolve(b.Context(), ref, "linux/amd64")
		if err != nil {
			b.Fatal(err)
		}
		pinned[ref] = graph.Pinned{Ref: image.Ref, Config: image.Config}
	}
	if g, err = g.Pin(pinned); err != nil {
		b.Fatal(err)
	}
	def, _, err := lower.LLB(g, ocispecs.Platform{OS: "linux", Architecture: "amd64"}, lower.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	if err := llb.WriteTo(def, &out); err != nil {
		b.Fatal(err)
	}
	return g, out.Bytes()
}

// buildctlInputs are buildctl's options for what the definition reads.
func (s *stage) buildctlInputs(b *testing.B, dir string, files []graph.File) []string {
	b.Helper()
	generated := b.TempDir()
	for _, f := range files {
		path := filepath.Join(generated, f.Path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.Content), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return []string{
		"--local", lower.App + "=" + dir, "--local", lower.Generated + "=" + generated,
		"--secret", "id=" + graph.Certificates.ID + ",src=" + s.world.CABundle,
	}
}
