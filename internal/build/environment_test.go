package build_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
)

func TestAnImageIsDatedByVariableThenEventThenCheckout(t *testing.T) {
	committed := time.Date(2024, 5, 1, 12, 0, 0, 0, time.FixedZone("", 7200))
	checkout := t.TempDir()
	repo, err := git.PlainInit(checkout, false)
	if err != nil {
		t.Fatal(err)
	}
	work, err := repo.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	author := &object.Signature{Name: "a", Email: "a@b", When: committed}
	if _, err := work.Commit("x", &git.CommitOptions{AllowEmptyCommits: true, Author: author}); err != nil {
		t.Fatal(err)
	}
	event := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		environ []string
		dir     string
		commit  time.Time
		want    time.Time
	}{
		"variable":     {[]string{"SOURCE_DATE_EPOCH=60"}, checkout, event, time.Unix(60, 0)},
		"event":        {nil, checkout, event, event},
		"checkout":     {nil, checkout, time.Time{}, committed},
		"empty":        {[]string{"SOURCE_DATE_EPOCH="}, checkout, time.Time{}, committed},
		"no commit":    {nil, t.TempDir(), time.Time{}, time.Time{}},
		"year of zero": {[]string{"SOURCE_DATE_EPOCH=0"}, t.TempDir(), time.Time{}, time.Unix(0, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			p := build.Environment{Vars: tt.environ}
			got, err := p.Created(tt.dir, tt.commit)
			if err != nil || !got.Equal(tt.want) {
				t.Errorf("%v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestADateThatIsNoneIsRefused(t *testing.T) {
	for _, value := range []string{"yesterday", "-1", "1e9", "99999999999999999999"} {
		p := build.Environment{Vars: []string{"SOURCE_DATE_EPOCH=" + value}}
		if _, err := p.Created(t.TempDir(), time.Time{}); fault.Status(err) != fault.Misuse {
			t.Errorf("%s: %v", value, err)
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
		e := build.Environment{Vars: tt.environ}
		if got := e.BuilderOptions(build.Settings{}, "linux/amd64", nil).Embedded.Dir; got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.environ, got, tt.want)
		}
	}
}

func TestMirrors(t *testing.T) {
	mirrors := func(pairs ...string) (map[string]string, error) {
		client, err := build.Environment{}.Registry(build.Settings{Build: option.Build{RegistryMirror: pairs}}, "me")
		if err != nil {
			return nil, err
		}
		return client.Mirrors, nil
	}
	got, err := mirrors("docker.io=mirror.example", "ghcr.io=mirror.example:5000/ghcr/", "docker.io=last.example")
	want := map[string]string{"docker.io": "last.example", "ghcr.io": "mirror.example:5000/ghcr"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("got %v (-want +got):\n%s", err, diff)
	}
	for _, pair := range []string{"", "docker.io", "docker.io=", "=mirror.example", "="} {
		if _, err := mirrors(pair); fault.Status(err) != fault.Misuse {
			t.Errorf("%q: got %v", pair, err)
		}
	}
}

func TestPolicyIsWhatTheUserMayWish(t *testing.T) {
	for write, want := range map[string]bool{"auto": true, "always": true, "never": false} {
		if got := build.WritePolicy(write); got.Write != want || !got.Read {
			t.Errorf("%s: got %+v", write, got)
		}
	}
}

func TestEngineIsWhatTheEnvironmentNames(t *testing.T) {
	p := build.Environment{Vars: []string{"DOCKER_HOST=tcp://engine.example:2375"}}
	if engine, there := p.Engine(build.EngineOptions{}); !there || engine.Host != "tcp://engine.example:2375" {
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
		flags   build.EngineOptions
		want    builder.TLS
	}{
		"not asked for":                 {nil, build.EngineOptions{}, builder.TLS{}},
		"certificates without the wish": {[]string{"DOCKER_CERT_PATH=" + both}, build.EngineOptions{}, builder.TLS{}},
		"by the environment":            {[]string{"DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH=" + both}, build.EngineOptions{}, client},
		"by options":                    {[]string{"DOCKER_CERT_PATH=/other"}, build.EngineOptions{Verify: "1", Certificates: "both"}, client},
		"by the directory alone":        {nil, build.EngineOptions{Certificates: "both"}, client},
		"with the docker configuration": {[]string{"HOME=/home/me"}, build.EngineOptions{Verify: "1"}, builder.TLS{CA: "/home/me/.docker/ca.pem"}},
	} {
		p := build.Environment{Dir: dir, Vars: append(tt.environ, "DOCKER_HOST=tcp://engine.example:2376")}
		if engine, _ := p.Engine(tt.flags); engine.TLS != tt.want {
			t.Errorf("%s: got %+v, want %+v", name, engine.TLS, tt.want)
		}
	}
}

func TestBuildersOfBuildxAreThoseOfTheUsersList(t *testing.T) {
	home := t.TempDir()
	apptest.Write(t, home, ".docker/buildx/instances/theirs", "{}")
	builders := func(environ ...string) []string {
		return build.Environment{Vars: environ}.BuilderOptions(build.Settings{}, "linux/amd64", nil).Buildx
	}
	if got := builders("HOME=" + home); !slices.Equal(got, []string{"theirs"}) {
		t.Errorf("of a person: %q", got)
	}
	if got := builders("HOME="+home, "BUILDX_CONFIG="+home+"/none"); len(got) > 0 {
		t.Errorf("elsewhere: %q", got)
	}
}
