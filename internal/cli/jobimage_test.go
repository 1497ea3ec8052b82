package cli

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/builder"
)

// jobImageOf is the image of a job on GitHub, for the default branch.
func jobImageOf(t *testing.T, environ ...string) (*image, error) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "package.json", `{"scripts":{"start":"node ."}}`)
	p := program{Process: Process{Dir: dir, Stdout: io.Discard, Stderr: io.Discard, Environ: append([]string{
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/main", "GITHUB_REPOSITORY=acme/shop", "GITHUB_WORKSPACE=" + dir,
		"GITHUB_OUTPUT=" + filepath.Join(t.TempDir(), "output"),
		"DOCKER_HOST=tcp://engine.example:1"}, environ...)}}
	p.root() // with the options' defaults
	job, err := p.job()
	if err != nil {
		t.Fatal(err)
	}
	_, result, dir, err := p.planJob(job)
	if err != nil {
		t.Fatal(err)
	}
	return p.jobImage(t.Context(), job, result, dir)
}

func TestAJobTakesTheInputsOfOtherActions(t *testing.T) {
	im, err := jobImageOf(t, "INPUT_LOAD=true", "INPUT_NO-CACHE=true", "INPUT_CACHE-FROM=type=registry,ref=ghcr.io/me/app:main", "INPUT_ADD-HOSTS=db:10.0.0.1",
		"INPUT_BUILDER=builder-7", "INPUT_REGISTRY-AUTH=- {registry: one.example, username: ann, password: hidden}\n- {username: bob, password: hidden too}")
	if err != nil {
		t.Fatal(err)
	}
	if len(im.exports) != 1 || im.exports[0].Kind != builder.Load || im.exports[0].Engine.Host != "tcp://engine.example:1" || len(im.exports[0].Refs) == 0 {
		t.Errorf("exports %+v", im.exports)
	}
	if !im.noCache || len(im.cacheFrom) != 1 || im.cacheFrom[0] != "ghcr.io/me/app:main" || len(im.hosts) != 1 {
		t.Errorf("no cache %t, caches %q, hosts %v", im.noCache, im.cacheFrom, im.hosts)
	}
	if got := im.daemon.Host; got != "docker-container://buildx_buildkit_builder-70" {
		t.Errorf("the builder is %s", got)
	}
	var hosts []string
	for _, c := range im.keys.Entries {
		hosts = append(hosts, c.Prefix+" "+c.Username)
	}
	if got := strings.Join(hosts, ", "); got != "one.example ann, docker.io bob" {
		t.Errorf("logins for %s", got)
	}
}

func TestABuilderMayBeAnAddress(t *testing.T) {
	im, err := jobImageOf(t, "INPUT_BUILDER=tcp://builder.example:1")
	if err != nil || im.daemon.Host != "tcp://builder.example:1" {
		t.Errorf("%v", err)
	}
}

func TestAnEngineTakesOneOfSeveralPlatforms(t *testing.T) {
	_, err := jobImageOf(t, "INPUT_LOAD=true", "INPUT_PLATFORMS=linux/amd64,linux/arm64")
	if status(err) != statusUsage || !strings.Contains(err.Error(), "one platform") {
		t.Errorf("%v", err)
	}
}
