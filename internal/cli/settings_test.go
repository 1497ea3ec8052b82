package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/source"
)

// tree is an app with these files, by name.
func tree(t *testing.T, files map[string]string) *source.Tree {
	t.Helper()
	fsys := fstest.MapFS{"README.md": {}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	app, err := source.New(fsys, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func TestIgnorePatterns(t *testing.T) {
	app := plan.Plan{Phases: map[string]plan.Phase{
		"setup":   {OnlyIncludeFiles: []string{"rust-toolchain.toml"}},
		"install": {OnlyIncludeFiles: []string{"go.mod", "libs/a/go.mod"}},
		"build":   {},
	}}
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"no file":               {nil, []string{".git"}},
		"empty":                 {map[string]string{".dockerignore": ""}, []string{".git"}},
		"comments and blanks":   {map[string]string{".dockerignore": "# big\n\n  data  \r\n/logs/\n!data/keep\n"}, []string{"data", "logs", "!data/keep", ".git"}},
		"others do not count":   {map[string]string{".gitignore": "a", "sub/.dockerignore": "b"}, []string{".git"}},
		"no way to let git in":  {map[string]string{".dockerignore": "!.git"}, []string{"!.git", ".git"}},
		"what the plan copies":  {map[string]string{".dockerignore": "*.toml\nlibs"}, []string{"*.toml", "libs", "!libs/a/go.mod", "!rust-toolchain.toml", ".git"}},
		"what is kept stays so": {map[string]string{".dockerignore": "*\n!go.mod\n!libs\n!*.toml"}, []string{"*", "!go.mod", "!libs", "!*.toml", ".git"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := IgnorePatterns(planner.Result{Tree: tree(t, tt.files), Plan: app})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("patterns differ (-want +got):\n%s", diff)
			}
		})
	}
	for text, want := range map[string]int{"\xff": statusApp, "a\n[": statusUsage, "!": statusUsage} {
		_, err := IgnorePatterns(planner.Result{Tree: tree(t, map[string]string{".dockerignore": text})})
		if err == nil || status(err) != want {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestBuilderDirectory(t *testing.T) {
	for _, tt := range []struct {
		environ []string
		want    string
	}{
		{nil, ""},
		{[]string{"HOME=/home/me"}, "/home/me/.cache/npx-action/buildkit"},
		{[]string{"HOME=/home/me", "XDG_CACHE_HOME=/cache"}, "/cache/npx-action/buildkit"},
		{[]string{"HOME=/home/me", "CI=true"}, ""},
		{[]string{"HOME=/home/me", "CI=false"}, "/home/me/.cache/npx-action/buildkit"},
		{[]string{"HOME=/home/me", "CI=true", "NPX_BUILDER_DIR=/state"}, "/state"},
	} {
		p := &program{Process: Process{Environ: tt.environ}}
		if got := p.builderDir(); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.environ, got, tt.want)
		}
	}
}

func TestMirrors(t *testing.T) {
	got, err := mirrors([]string{"docker.io=mirror.example", "ghcr.io=mirror.example:5000/ghcr/", "docker.io=last.example"})
	want := map[string]string{"docker.io": "last.example", "ghcr.io": "mirror.example:5000/ghcr"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("got %v (-want +got):\n%s", err, diff)
	}
	for _, pair := range []string{"", "docker.io", "docker.io=", "=mirror.example", "="} {
		if _, err := mirrors([]string{pair}); status(err) != statusUsage {
			t.Errorf("%q: got %v", pair, err)
		}
	}
}

func TestPolicyIsWhatTheUserMayWish(t *testing.T) {
	for write, want := range map[string]bool{"auto": true, "always": true, "never": false} {
		got, err := policy(write)
		if err != nil || got.Write != want || !got.Read {
			t.Errorf("%s: got %+v, %v", write, got, err)
		}
	}
	for _, write := range []string{"", "yes", "Auto"} {
		if _, err := policy(write); status(err) != statusUsage {
			t.Errorf("%q: got %v", write, err)
		}
	}
}

func TestEngineIsWhatTheEnvironmentNames(t *testing.T) {
	p := &program{Process: Process{Environ: []string{"DOCKER_HOST=tcp://engine.example:2375"}}}
	if engine, there := p.engine(dockerFlags{}); !there || engine.Host != "tcp://engine.example:2375" {
		t.Errorf("got %+v, %t", engine, there)
	}
}

func TestEngineSpeaksTLSAsDockerDoes(t *testing.T) {
	dir := t.TempDir()
	both := filepath.Join(dir, "both")
	if err := os.Mkdir(both, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
		if err := os.WriteFile(filepath.Join(both, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	client := builder.TLS{CA: both + "/ca.pem", Cert: both + "/cert.pem", Key: both + "/key.pem"}
	for name, tt := range map[string]struct {
		environ []string
		flags   dockerFlags
		want    builder.TLS
	}{
		"not asked for":                 {nil, dockerFlags{}, builder.TLS{}},
		"certificates without the wish": {[]string{"DOCKER_CERT_PATH=" + both}, dockerFlags{}, builder.TLS{}},
		"by the environment":            {[]string{"DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH=" + both}, dockerFlags{}, client},
		"by options":                    {[]string{"DOCKER_CERT_PATH=/other"}, dockerFlags{verify: "1", certificates: "both"}, client},
		"by the directory alone":        {nil, dockerFlags{certificates: "both"}, client},
		"with the docker configuration": {[]string{"HOME=/home/me"}, dockerFlags{verify: "1"}, builder.TLS{CA: "/home/me/.docker/ca.pem"}},
	} {
		p := &program{Process: Process{Dir: dir, Environ: append(tt.environ, "DOCKER_HOST=tcp://engine.example:2376")}}
		if engine, _ := p.engine(tt.flags); engine.TLS != tt.want {
			t.Errorf("%s: got %+v, want %+v", name, engine.TLS, tt.want)
		}
	}
}

// result is a plan with a base image and no more.
func result(t *testing.T, files map[string]string) planner.Result {
	t.Helper()
	app := tree(t, files)
	return planner.Result{Tree: app, Plan: plan.Plan{BuildImage: new("base.example/base:1"), Phases: map[string]plan.Phase{}}}
}

func TestImageTakesTheSettings(t *testing.T) {
	p := &program{
		Process: Process{
			Dir: t.TempDir(), Stderr: io.Discard,
			Environ: []string{"BUILDKIT_HOST=tcp://environment.example:1", "DOCKER_CONFIG=/config", "HOME=/home/me"},
		},
		options: options{platform: platform{name: "linux/arm64"}},
	}
	s := settings{
		nixMirror: "https://nix.example", cacheKey: "shop", noCache: true, cacheRef: "r.example/cache",
		registryMirrors: []string{"docker.io=mirror.example"}, insecureRegistries: []string{"r.example"},
		logins: []registry.Credential{{Prefix: "r.example", Username: "me", Password: "secret"}},
	}
	app := result(t, map[string]string{".dockerignore": "data"})
	app.Subdirectory = "services/api"
	im, err := p.image(s, app, "/checkout")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{
		"dir": im.dir, "platform": im.platform, "daemon": im.daemon.Host, "insecure": im.daemon.Insecure,
		"ignore": im.graph.Ignore, "cache key": im.graph.CacheKey, "no cache": im.noCache && im.graph.NoCache,
		"certificates": im.graph.CACertificates, "nix": im.graph.Nix.Mirror, "mirrors": im.registry.Mirrors,
		"scope": im.cache.scope, "logins": im.keys.Entries, "config": im.keys.Dir,
	}
	want := map[string]any{
		"dir": "/checkout/services/api", "platform": "linux/arm64", "daemon": "tcp://environment.example:1", "insecure": []string{"r.example"},
		"ignore": []string{"data", ".git"}, "cache key": "shop", "no cache": true,
		"certificates": false, "nix": "https://nix.example", "mirrors": map[string]string{"docker.io": "mirror.example"},
		"scope": cache.Scope{Repository: "r.example/cache", Platform: "linux/arm64"}, "logins": s.logins, "config": "/config",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings differ (-want +got):\n%s", diff)
	}
	s.buildkitHosts = []string{"unix:///flag", "linux/amd64=unix:///other"}
	if im, err = p.image(s, app, "/checkout"); err != nil || im.daemon.Host != "unix:///flag" {
		t.Errorf("the option does not beat the environment: %v", err)
	}
}

func TestNoticesOfTheBuilderAreNotes(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{Process: Process{Stderr: &stderr}, options: options{platform: platform{name: "linux/amd64"}}}
	im, err := p.image(settings{}, result(t, nil), "/checkout")
	if err != nil {
		t.Fatal(err)
	}
	im.daemon.Notice("slow")
	if stderr.String() != "note: slow\n" {
		t.Errorf("got %q", &stderr)
	}
}

func TestAnImageIsDatedWhateverBuildsIt(t *testing.T) {
	p := program{Process: Process{Environ: []string{"SOURCE_DATE_EPOCH=60"}, Stderr: io.Discard}, options: options{platform: platform{name: "linux/amd64"}}}
	im, err := p.image(settings{progress: "quiet"}, planner.Result{Tree: tree(t, nil)}, t.TempDir())
	if err != nil || im.epoch.Unix() != 60 {
		t.Errorf("%+v, %v", im, err)
	}
}
