package source

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

const benchFiles = 100_000

// benchName is the name of the i-th file of a large app: ten to a directory, five directories deep.
func benchName(i int) string {
	base := "package.json"
	if i%10 > 0 {
		base = fmt.Sprintf("file%d.js", i%10)
	}
	return fmt.Sprintf("src/pkg%d/mod%d/dir%d/%s", i/10%10, i/100%100, i/10, base)
}

// BenchmarkWalk reports the time of a walk with a glob as a multiple of a bare filepath.WalkDir.
func BenchmarkWalk(b *testing.B) {
	root := b.TempDir()
	for i := range benchFiles {
		writeFile(b, root, benchName(i), "")
	}
	b.Run("plain", func(b *testing.B) { benchWalk(b, root) })
	writeFile(b, root, ".gitignore", "node_modules/\n*.log\n*.py[cod]\n/dist\n[Bb]in/\n.env*\n!.env.example\n**/coverage/\ntmp/*.bak\n*~\n._*\nThumbs.db\n")
	b.Run("ignore", func(b *testing.B) { benchWalk(b, root) })
}

func benchWalk(b *testing.B, root string) {
	var bare, ours time.Duration
	for b.Loop() {
		start := time.Now()
		if err := filepath.WalkDir(root, func(_ string, _ fs.DirEntry, err error) error { return err }); err != nil {
			b.Fatal(err)
		}
		bare += time.Since(start)

		start = time.Now()
		t, err := Open(root, Limits{})
		if err != nil {
			b.Fatal(err)
		}
		names, err := t.Files("**/package.json")
		if err != nil || len(names) != benchFiles/10 {
			b.Fatal(len(names), err)
		}
		ours += time.Since(start)
		if err := t.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(ours)/float64(bare), "x-bare")
}

// BenchmarkFiles reports the time of one glob over the names of a large app.
func BenchmarkFiles(b *testing.B) {
	list := make([]entry, benchFiles)
	for i := range list {
		list[i] = entry{benchName(i), file}
	}
	t := &Tree{walk: func() ([]entry, error) { return list, nil }}
	for _, pattern := range []string{"**/package.json", "*.js", "**/*.{ts,tsx,js,jsx}", "src/**/file1.js", "src/*/mod?/[a-d]*"} {
		b.Run(pattern, func(b *testing.B) {
			for b.Loop() {
				if _, err := t.Files(pattern); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func writeFile(tb testing.TB, dir, name, text string) {
	tb.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
}
