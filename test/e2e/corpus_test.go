//go:build corpus

package e2e

import (
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
)

var corpusTable = flag.String("corpus-table", "", "write the table of the corpus to this `file`")

// A variant is a sample that asks for another version than its own.
type variant struct {
	sample
	version string
}

// variants are of the versions that the miniature nixpkgs has.
func variants() []variant {
	var list []variant
	for _, v := range []string{"20", "24"} {
		list = append(list, asking("node", v, "package.json", `"node": "22"`, `"node": "`+v+`"`))
	}
	for _, v := range []string{"1.24.13", "1.25.14"} {
		list = append(list, asking("go", v, "go.mod", "\ngo 1.23\n", "\ngo 1.23\n\ntoolchain go"+v+"\n"))
	}
	list = append(list, asking("django-postgres", "ASGI", "requirements.txt", "gunicorn==27.0.1\npsycopg2==2.9.11\n", "psycopg==3.2.13\nuvicorn==0.54.0\n"))
	return list
}

// asking is one of the first samples with a file changed to ask for a version.
func asking(app, version, file, old, asks string) variant {
	i := slices.IndexFunc(firstSamples, func(s sample) bool { return s.app == app })
	s := firstSamples[i]
	s.prepare = func(t *testing.T, dir string) {
		text := slurp(t, filepath.Join(dir, file))
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		write(t, dir, file, strings.Replace(text, old, asks, 1))
	}
	return variant{s, version}
}

// TestCorpus builds and starts every app of test/apps and its variants, and tells of each in a table.
func TestCorpus(t *testing.T) {
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range tokens {
		t.Setenv(name, value)
	}
	list := variants()
	for _, s := range slices.Concat(firstSamples, samples, nodeTemplates, smallSamples, debianSamples) {
		list = append(list, variant{sample: s})
	}
	pack = packedBytes
	var mu sync.Mutex
	var rows []string
	t.Cleanup(func() { writeTable(t, rows) }) // when all have ended
	for _, v := range list {
		name := v.app
		if v.version != "" {
			name += " " + v.version
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b built
			defer func() { // also after a fatal error
				result := "starts and answers"
				if t.Failed() {
					result = "**fails**"
				}
				mu.Lock()
				defer mu.Unlock()
				rows = append(rows, fmt.Sprintf("| %s | %s | %s | %.0f | %.0f | %.0f |\n", v.app, v.version, result, float64(b.bytes)/1e6, float64(b.packed)/1e6, b.seconds))
			}()
			b = testSample(t, docker{host}, v.sample)
		})
	}
}

const corpusHead = `# Corpus

` + "`make corpus`" + ` builds each of these apps of ` + "`test/apps`" + ` on an empty builder, pushes its image, starts it and asks it. The toolchains come from
the tests' miniature nixpkgs. The size by gzip is what a registry stores; the seconds are of two cores that also did other work.

| app | asks for | result | image, MB | by gzip, MB | build, s |
| --- | --- | --- | --: | --: | --: |
`

// writeTable writes the table. Rows of apps that did not run stay.
func writeTable(t *testing.T, rows []string) {
	if *corpusTable == "" {
		return
	}
	old, err := os.ReadFile(*corpusTable)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	key := func(row string) string { return strings.Join(strings.SplitN(row, "|", 4)[:3], "|") }
	for line := range strings.Lines(string(old)) {
		known := func(row string) bool { return key(row) == key(line) }
		if strings.HasPrefix(line, "| ") && !strings.Contains(corpusHead, line) && !slices.ContainsFunc(rows, known) {
			rows = append(rows, line)
		}
	}
	slices.Sort(rows)
	if err := os.WriteFile(*corpusTable, []byte(corpusHead+strings.Join(rows, "")), 0o644); err != nil {
		t.Error(err)
	}
}

// packedBytes is the size of an image's layers as the default compression of images makes them, at its level.
func packedBytes(t *testing.T, ref string) int64 {
	t.Helper()
	layers, err := registrytest.Image(t, ref).Layers()
	if err != nil {
		t.Fatal(err)
	}
	var sum countingWriter
	for _, l := range layers {
		content, err := l.Uncompressed()
		if err != nil {
			t.Fatal(err)
		}
		w, err := gzip.NewWriterLevel(&sum, 4)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, content); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Close(), content.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return int64(sum)
}

// A countingWriter counts bytes.
type countingWriter int64

func (c *countingWriter) Write(p []byte) (int, error) {
	*c += countingWriter(len(p))
	return len(p), nil
}
