// Package bench measures speed as ratios within one run; "make bench" prints them.
package bench

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/source"
)

// hugeTree makes a Node app of a hundred thousand files in a thousand directories.
func hugeTree(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	for d := range 1000 {
		sub := filepath.Join(dir, fmt.Sprintf("src/%d/%d", d/50, d))
		if err := os.MkdirAll(sub, 0o755); err != nil {
			b.Fatal(err)
		}
		for f := range 100 {
			if err := os.WriteFile(filepath.Join(sub, fmt.Sprintf("file%d.ts", f)), nil, 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	for name, text := range map[string]string{
		"package.json":      `{"scripts":{"build":"tsc","start":"node ."},"engines":{"node":"22"}}`,
		"package-lock.json": `{"lockfileVersion":3}`,
		".gitignore":        "node_modules\n*.log\ndist/\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// BenchmarkPlanOfAHugeTree compares planning with a bare walk of the same tree, the best of ten each, taken in turns.
func BenchmarkPlanOfAHugeTree(b *testing.B) {
	dir := hugeTree(b)
	walk := func() {
		err := filepath.WalkDir(dir, func(_ string, _ fs.DirEntry, err error) error { return err })
		if err != nil {
			b.Fatal(err)
		}
	}
	plan := func() {
		tree, err := source.Open(dir, source.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		defer tree.Close()
		if _, err := planner.Make(planner.Input{Tree: tree, Arch: "x86_64"}); err != nil {
			b.Fatal(err)
		}
	}
	walk()
	for b.Loop() {
		bestWalk, bestPlan := time.Hour, time.Hour
		for range 10 {
			bestWalk = min(bestWalk, timed(walk))
			bestPlan = min(bestPlan, timed(plan))
		}
		b.ReportMetric(bestPlan.Seconds()/bestWalk.Seconds(), "plan/walk")
		b.ReportMetric(bestPlan.Seconds()*1000, "plan-ms")
		b.ReportMetric(bestWalk.Seconds()*1000, "walk-ms")
	}
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// BenchmarkConformanceExamples plans each example with a process of its own.
func BenchmarkConformanceExamples(b *testing.B) {
	root := os.Getenv("CONFORMANCE_DIR")
	if root == "" {
		b.Fatal("set CONFORMANCE_DIR to the conformance data")
	}
	if !filepath.IsAbs(root) {
		root = filepath.Join("..", "..", root)
	}
	program := filepath.Join(b.TempDir(), "npx-action")
	if out, err := exec.Command("go", "build", "-trimpath", "-tags", "grpcnotrace", "-ldflags", "-s -w", "-o", program, "../../cmd/npx-action").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	cases, err := os.ReadDir(filepath.Join(root, "examples"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var times []time.Duration
		for _, c := range cases {
			cmd := exec.CommandContext(context.Background(), program, "plan", filepath.Join(root, "examples", c.Name()))
			cmd.Env = append(slices.DeleteFunc(os.Environ(), isCI), "NO_COLOR=1")
			times = append(times, timed(func() { _ = cmd.Run() })) // some examples need arguments to succeed; the time counts
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "median-ms")
		b.ReportMetric(float64(times[len(times)-1].Microseconds())/1000, "max-ms")
		b.ReportMetric(float64(len(times)), "examples")
	}
}

func isCI(entry string) bool {
	return strings.HasPrefix(entry, "GITHUB_ACTIONS=") || strings.HasPrefix(entry, "GITLAB_CI=")
}
