package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// A sample is an app of test/apps, and what becomes of it.
type sample struct {
	app     string
	args    []string                       // of the build
	prepare func(t *testing.T, dir string) // makes what names a registry, and so is in no repository
	stores  bool                           // in a database of PostgreSQL, which DATABASE_URL names and which is empty at first
	path    string                         // to GET; "" is for a program that prints and ends
	want    string                         // in what it answers or prints
	also    map[string]string              // more paths, each asked of a new container, and what is in their answers
}

// firstSamples are the apps that `make test` builds.
var firstSamples = []sample{
	{app: "node", path: "/health", want: `"app":"node","built":["client.js"]`},
	{app: "python", path: "/health", want: `"rendered":"<p><em>hello</em></p>"`},
	{app: "go", path: "/health", want: `"app":"go"`},
	{app: "django-postgres", stores: true, path: "/visit", want: `{"app": "django-postgres", "database": "PostgreSQL 15", "visits": 1}`,
		also: map[string]string{"/visit?again": `"visits": 2`}},
}

var samples = []sample{
	{app: "node-pnpm", path: "/health", want: `"greeting":"2 guests"`},
	{app: "node-yarn-berry", prepare: yarnRelease, path: "/", want: `"slug":"blue-whale"`},
	{app: "node-bun", path: "/health", want: `"total":42`},
	{app: "node-vite", path: "/orders/7", want: `src="/assets/index-`},
	{app: "node-vite-react", path: "/orders/7", want: `src="/assets/index-`},
	{app: "node-next", path: "/health", want: `{"app":"node-next","path":"/health"}`},
	{app: "node-astro", path: "/health", want: `{"app":"node-astro","path":"/health"}`},
	{app: "node-astro-static", path: "/setup", want: "How the handbook is set up", also: map[string]string{"/": `href="/setup"`}},
	{app: "node-vite-express", path: "/health", want: `{"app":"node-vite-express"}`, also: map[string]string{"/": `src="/assets/index-`}},
	{app: "python-poetry", prepare: nameIndex, path: "/health", want: `"next": 18.42`},
	{app: "python-pdm", path: "/health", want: `"bottle": "0.13.4", "compiled": true`},
	{app: "python-uv", prepare: uvLock, path: "/health", want: `"bottle": "0.13.4", "compiled": true`},
	{app: "python-fastapi", path: "/health", want: `"next":16.8`},
	{app: "python-flask", path: "/health", want: `"balance":42`},
	{app: "django", path: "/health", want: `"titles": ["The Old Man and the Sea"]`},
	{app: "go-cmd", want: "report: many whales"},
	{app: "go-cgo", args: []string{"--env", "CGO_ENABLED=1"}, want: "linked against glibc 2."},
	{app: "go-work", path: "/health", want: `{"app":"go-work","pears":8}`},
	{app: "go-procfile", path: "/harbour", want: "ahoy /harbour"},
	{app: "deno-workspace", args: []string{"--env", "NIXPACKS_WORKSPACE_APP=api"}, path: "/", want: `{"app":"deno-workspace","free":["north","south"]}`},
	{app: "uv-workspace", prepare: uvLock, args: []string{"--env", "NIXPACKS_WORKSPACE_APP=apps/api"}, path: "/log", want: `{"app":"uv-workspace","entries":["set sail","saw land"]}`},
	{app: "deno", path: "/health", want: `{"app":"deno","major":2}`},
	{app: "rust-musl", want: "musl: true, caught: true"},
	{app: "rust", path: "/", want: "412 cm"},
	{app: "staticfile", path: "/", want: "A page of the static app"},
	// One of each way in which the toolchains of the corpus come: packages of Debian, Maven's repository, a registry of packages.
	{app: "php", path: "/any/where", want: `{"app":"php","greeting":"hello, ÜBUNG","sum":"0.3","path":"/any/where","server":"fpm-fcgi"}`,
		also: map[string]string{"/style.css": "color: teal"}},
	{app: "java-maven", path: "/", want: `{"app":"java-maven","runtime":17}`},
	{app: "zig", path: "/health", want: `{"app":"zig","mode":"ReleaseSafe","runtime":"0.11.0"}`},
}

func TestTheFirstAppsAreBuiltPushedAndStarted(t *testing.T) { testSamples(t, firstSamples) }

func TestAppsAreBuiltPushedAndStarted(t *testing.T) { testSamples(t, samples) }

func testSamples(t *testing.T, samples []sample) {
	t.Helper()
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// As in CI, the environment holds what no phase has asked for.
	for name, value := range tokens {
		t.Setenv(name, value)
	}
	for _, s := range samples {
		t.Run(s.app, func(t *testing.T) {
			t.Parallel()
			testSample(t, docker{host}, s)
		})
	}
}

// tokens are in the environment of the builds of samples.
var tokens = map[string]string{"NPM_TOKEN": npmToken, "GITHUB_TOKEN": "ghs_of-the-job-0123456789"}

// A built sample is what a table tells of it.
type built struct {
	seconds float64
	bytes   int64 // of the layers, not compressed
	packed  int64 // of the layers, compressed; 0 unless it is asked for
}

// pack has testSample compress the layers of each image, to tell their size; nil for none.
var pack func(t *testing.T, image string) int64

// testSample builds a sample, pushes it, looks for tokens in it, starts it and asks it.
func testSample(t *testing.T, d docker, s sample) built {
	t.Helper()
	dir := app(t, s.app)
	if s.prepare != nil {
		s.prepare(t, dir)
	}
	// What all of them leave would not fit in memory: so each has a registry and a builder of its own.
	image := ownRegistry(t).Host + "/" + s.app + ":main"
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
	var o world.RunOptions
	if s.stores {
		o.Env = []string{"DATABASE_URL=" + database(t)}
	}
	var got string
	if s.path == "" {
		d.run(t, "pull", "--quiet", image)
		restrictions, err := here.Restrictions(t.Context(), image)
		if err != nil {
			t.Fatal(err)
		}
		got = d.run(t, append(append([]string{"run", "--rm", "--network", "host"}, restrictions...), image)...)
	} else {
		got = getWith(t, image, s.path, o)
	}
	if !strings.Contains(got, s.want) {
		t.Errorf("%q is missing in what the app says:\n%s", s.want, got)
	}
	for path, want := range s.also {
		if got := getWith(t, image, path, o); !strings.Contains(got, want) {
			t.Errorf("GET %s: %q is missing in %s", path, want, got)
		}
	}
	b := built{seconds: m.Seconds, bytes: bytesOf(t, image)}
	if pack != nil {
		b.packed = pack(t, image)
	}
	return b
}

// ownRegistry starts a registry for a test.
func ownRegistry(t *testing.T) *world.Registry {
	t.Helper()
	registry, err := here.NewRegistry(t.Context(), world.RegistryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := registry.Close(); err != nil {
			t.Error(err)
		}
	})
	return registry
}

// database starts a PostgreSQL server for a test, and returns the URL of an empty database.
func database(t *testing.T) string {
	t.Helper()
	db, err := here.NewPostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db.URL
}

// bytesOf is the size of an image's layers as the registry has them.
func bytesOf(t *testing.T, ref string) int64 {
	t.Helper()
	manifest, err := registrytest.Image(t, ref).Manifest()
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, l := range manifest.Layers {
		sum += l.Size
	}
	return sum
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
		write(t, dir, name, strings.NewReplacer("@pypi@", url, "@hash@", poetryHash(url)).Replace(string(text)))
	}
}

// poetryHash is what Poetry 1 writes into the lockfile of python-poetry: the hash of what pyproject.toml asks for, as Python prints JSON.
func poetryHash(url string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(`{"dependencies": {"bottle": "0.13.4", "python": "^3.11"}, "dev-dependencies": null, "extras": null, `+
		`"source": [{"default": true, "name": "mirror", "url": "`+url+`"}]}`)))
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
