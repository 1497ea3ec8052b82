package discover

import (
	"errors"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/source"
)

// FuzzFind writes each manifest that discovery reads itself: it ends in apps that stay inside, or in a mistake of a file, and says the
// same again.
func FuzzFind(f *testing.F) {
	f.Add(`{"workspaces": ["a", "b/*"]}`, `{"name": "a", "scripts": {"start": "x"}, "dependencies": {"b": "file:../b"}}`, "packages: [a]\n", "[workspace]\nmembers = ['a']\n",
		"[package]\nname = 'a'\n[dependencies]\nb = { path = '../b' }\n", "use ./a\n", "module a\nrequire b v1.0.0\n", "apps = ['a']\n", "{}")
	f.Add(`{"workspaces": {"packages": ["!**", "{a,b}/**"]}}`, `{"name": "-a", "scripts": 1}`, "", "", "[[bin]]\n", "use (\n../b\n)", "replace x => ../..", "[apps.a]\ncontext='.'\n", `{"targets": {"build": {"executor": "x"}}}`)
	f.Fuzz(func(t *testing.T, root, member, pnpm, cargo, crate, work, mod, apps, nx string) {
		files := repository{"a/main.go": "package main", "a/src/main.rs": "", "b/package.json": `{"name": "b"}`, "b/x": "", "apps/n/project.json": nx, "nx.json": "{}"}
		for name, text := range map[string]string{
			"package.json": root, "a/package.json": member, "pnpm-workspace.yaml": pnpm, "Cargo.toml": cargo, "a/Cargo.toml": crate,
			"go.work": work, "a/go.mod": mod, "nixpacks.toml": apps,
		} {
			if text != "" {
				files[name] = text
			}
		}
		find := func() (Result, error) {
			return Find(files.tree(t), Options{Name: "x", Images: []string{"r.example/x"}, Starts: starting})
		}
		r, err := find()
		again, errAgain := find()
		if diff := cmp.Diff(r.Entries(), again.Entries()); diff != "" || (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("not the same again: %v, %v\n%s", err, errAgain, diff)
		}
		if err != nil {
			if _, isConfig := errors.AsType[*config.Error](err); !isConfig && !errors.As(err, new(*source.Error)) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		names := map[string]bool{}
		for _, a := range r.Apps {
			if names[a.Name] || slug(a.Name) != a.Name || a.Name == "" {
				t.Errorf("the name %q is no name, or not the only one", a.Name)
			}
			names[a.Name] = true
			for _, dir := range []string{a.Directory, a.Context} {
				if path.Clean(dir) != dir || path.IsAbs(dir) || dir == ".." || strings.HasPrefix(dir, "../") {
					t.Errorf("%q leaves the repository", dir)
				}
			}
			if e := a.Entry(); strings.Count(e.Env, "\n") >= max(len(a.Env), 1) {
				t.Errorf("a variable has lines: %q", e.Env)
			}
		}
		if _, err := r.Matrix(); err != nil {
			t.Error(err)
		}
		if text, err := r.Pipeline("c"); err != nil || !utf8.ValidString(text) {
			t.Errorf("%q %v", text, err)
		}
		r.Affected([]string{"a/x", "package.json", "x"})
	})
}
