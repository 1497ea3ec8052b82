//go:build world

package builder_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
)

func TestCacheKeysDoNotDependOnTheCheckout(t *testing.T) {
	c := shared(t)
	for i, mode := range []fs.FileMode{0o600, 0o664} {
		dir := t.TempDir()
		path := filepath.Join(dir, "in")
		if err := os.WriteFile(path, []byte("same"), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Unix(int64(i), 0)); err != nil {
			t.Fatal(err)
		}
		base, contexts := program(t)
		contexts["app"] = builder.Context{Dir: dir}
		def := marshal(t, run(base.File(llb.Copy(llb.Local("app"), "/in", "/in")), "use", "copy", "/in", "/out"))
		r := solve(t, c, builder.Request{Definition: def, Contexts: contexts})
		for _, s := range r.Steps {
			if s.Name == "use" && s.Cached != (i > 0) {
				t.Errorf("checkout %d: cached is %v", i, s.Cached)
			}
		}
	}
}

func TestGeneratedContentOfEqualSizeIsSentAgain(t *testing.T) {
	c := shared(t)
	for _, text := range []string{"one", "two"} {
		dir := t.TempDir()
		solve(t, c, builder.Request{
			Definition: marshal(t, llb.Scratch().File(llb.Copy(llb.Local("generated"), "/in", "/out"))),
			Contexts:   map[string]builder.Context{"generated": {Files: map[string]string{"in": text}}},
			Exports:    []builder.Export{{Kind: builder.Local, Dest: dir}}})
		if data, err := os.ReadFile(filepath.Join(dir, "out")); err != nil || string(data) != text {
			t.Errorf("the result is %q, %v; want %q", data, err, text)
		}
	}
}

// A builder that lives on sees each checkout of a runner at one path, and a time that somebody set is the same in all.
func TestFilesOfEqualSizeAndTimeAreSentAgain(t *testing.T) {
	c := shared(t)
	app := t.TempDir()
	path := filepath.Join(app, "in")
	for _, text := range []string{"good()", "evil()"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		solve(t, c, builder.Request{
			Definition: marshal(t, llb.Scratch().File(llb.Copy(llb.Local("app"), "/in", "/out"))),
			Contexts:   map[string]builder.Context{"app": {Dir: app}},
			Exports:    []builder.Export{{Kind: builder.Local, Dest: dir}}})
		if data, err := os.ReadFile(filepath.Join(dir, "out")); err != nil || string(data) != text {
			t.Errorf("the result is %q, %v; want %q", data, err, text)
		}
	}
}
