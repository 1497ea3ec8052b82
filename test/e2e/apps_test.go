package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/test/world"
)

// A sample is an app of test/apps, and what becomes of it.
type sample struct {
	app     string
	args    []string                       // of the build
	prepare func(t *testing.T, dir string) // makes what names a registry, and so is in no repository
	path    string                         // to GET; "" is for a program that prints and ends
	want    string                         // in what it answers or prints
	also    map[string]string              // more paths, and what is in their answers
}

var samples = []sample{
	{app: "node", path: "/health", want: `"app":"node","built":["client.js"]`},
	{app: "node-pnpm", path: "/health", want: `"greeting":"2 guests"`},
	{app: "node-yarn-berry", prepare: yarnRelease, path: "/", want: `"slug":"blue-whale"`},
	{app: "node-bun", path: "/health", want: `"total":42`},
	{app: "node-vite", path: "/orders/7", want: `src="/assets/index-`},
	{app: "node-next", path: "/health", want: `{"app":"node-next","path":"/health"}`},
	{app: "python", path: "/health", want: `"rendered":"<p><em>hello</em></p>"`},
	{app: "python-poetry", prepare: nameIndex, path: "/health", want: `"next": 18.42`},
	{app: "python-pdm", path: "/health", want: `"bottle": "0.13.4"`},
	{app: "python-uv", prepare: uvLock, path: "/health", want: `"bottle": "0.13.4"`},
	{app: "django", path: "/health", want: `"titles": ["The Old Man and the Sea"]`},
	{app: "go", path: "/health", want: `"app":"go"`},
	{app: "go-cmd", want: "report: many whales"},
	{app: "go-cgo", args: []string{"--env", "CGO_ENABLED=1"}, want: "linked against glibc 2."},
	{app: "deno", path: "/health", want: `{"app":"deno","major":2}`},
	{app: "rust-musl", want: "musl: true, caught: true"},
	{app: "rust", path: "/", want: "412 cm"},
	{app: "staticfile", path: "/", want: "A page of the static app"},
}

func TestAppsAreBuiltPushedAndStarted(t *testing.T) { testSamples(t, samples) }

func testSamples(t *testing.T, samples []sample) {
	t.Helper()
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// As in CI, the environment holds what no phase has asked for.
	tokens := map[string]string{"NPM_TOKEN": npmToken, "GITHUB_TOKEN": "ghs_of-the-job-0123456789"}
	for name, value := range tokens {
		t.Setenv(name, value)
	}
	for _, s := range samples {
		t.Run(s.app, func(t *testing.T) {
			t.Parallel()
			dir := app(t, s.app)
			if s.prepare != nil {
				s.prepare(t, dir)
			}
			// What all of them leave would not fit in memory: so each has a registry and a builder of its own.
			registry, err := here.NewRegistry(t.Context(), world.RegistryOptions{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := registry.Close(); err != nil {
					t.Error(err)
				}
			})
			image := registry.Host + "/" + s.app + ":main"
			// Compression would take longer than most of these builds.
			m := buildOn(t, newBuilder(t), dir, append(s.args, "--tag", image, "--push", "--compression", "uncompressed")...)
			if !strings.HasPrefix(m.Digest, "sha256:") {
				t.Errorf("digest %q", m.Digest)
			}
			t.Cleanup(func() {
				if err := here.Forget(context.WithoutCancel(t.Context()), image); err != nil {
					t.Error(err)
				}
			})
			if found := leaks(t, image, tokens); len(found) > 0 {
				t.Errorf("the image holds what was in the environment of the job: %+v", found)
			}
			var got string
			if s.path == "" {
				got = docker{host}.run(t, "run", "--rm", "--network", "host", image)
			} else {
				got = get(t, image, s.path)
			}
			if !strings.Contains(got, s.want) {
				t.Errorf("%q is missing in what the app says:\n%s", s.want, got)
			}
			for path, want := range s.also {
				if got := get(t, image, path); !strings.Contains(got, want) {
					t.Errorf("GET %s: %q is missing in %s", path, want, got)
				}
			}
		})
	}
}

// yarnRelease puts Yarn where .yarnrc.yml says that it is, as "yarn set version" does.
func yarnRelease(t *testing.T, dir string) {
	t.Helper()
	const spec = "@yarnpkg/cli-dist@4.9.4"
	tmp := t.TempDir()
	var packed []struct{ Filename string }
	out := output(t, tmp, exec.CommandContext(t.Context(), "npm", "pack", "--json", spec))
	if err := json.Unmarshal([]byte(out), &packed); err != nil || len(packed) != 1 {
		t.Fatalf("npm pack: %v\n%s", err, out)
	}
	output(t, tmp, exec.CommandContext(t.Context(), "tar", "-xzf", packed[0].Filename, "package/bin/yarn.js"))
	program, err := os.ReadFile(filepath.Join(tmp, "package", "bin", "yarn.js"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, ".yarn/releases/yarn-4.9.4.cjs", string(program))
}

// uvLock writes uv.lock, which holds the addresses of all files.
func uvLock(t *testing.T, dir string) {
	t.Helper()
	cmd, err := here.PythonTool(t.Context(), "uv==0.4.30", "uv", "lock")
	if err != nil {
		t.Fatal(err)
	}
	output(t, dir, cmd)
}

// nameIndex fills in the address of pip's package index. The index that Poetry asks by itself has to answer in a form that not each
// mirror has.
func nameIndex(t *testing.T, dir string) {
	t.Helper()
	url := os.Getenv("PIP_INDEX_URL")
	if url == "" {
		url = strings.TrimSpace(output(t, dir, exec.CommandContext(t.Context(), "python3", "-c",
			"from pip._internal.models.index import PyPI; print(PyPI.simple_url)")))
	}
	for _, name := range []string{"pyproject.toml", "poetry.lock"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, strings.ReplaceAll(string(text), "@pypi@", url))
	}
}

// output runs a command in a directory and returns its standard output.
func output(t *testing.T, dir string, cmd *exec.Cmd) string {
	t.Helper()
	cmd.Dir = dir
	r, err := world.Finish(cmd)
	if err != nil || r.Status != 0 {
		t.Fatalf("%s: %v, status %d\n%s\n%s", strings.Join(cmd.Args, " "), err, r.Status, r.Stdout, r.Stderr)
	}
	return r.Stdout
}
