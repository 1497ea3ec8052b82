package job

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
)

// jobImageOf is the image of a job on GitHub, for the default branch.
func jobImageOf(t *testing.T, environ ...string) (build.Spec, error) {
	t.Helper()
	j, err := specifiedOf(t, environ...)
	return j.spec, err
}

// specifiedOf is such a job as far as it is settled what it builds.
func specifiedOf(t *testing.T, environ ...string) (specifiedJob, error) {
	t.Helper()
	dir := t.TempDir()
	apptest.Write(t, dir, "package.json", `{"scripts":{"start":"node ."}}`)
	j, err := World{Dir: dir, Stdout: io.Discard, Stderr: io.Discard, Platform: "linux/amd64", Environ: append([]string{
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/main", "GITHUB_REPOSITORY=acme/shop", "GITHUB_WORKSPACE=" + dir,
		"GITHUB_OUTPUT=" + filepath.Join(t.TempDir(), "output"),
		"DOCKER_HOST=tcp://engine.example:1"}, environ...)}.Read()
	if err != nil {
		t.Fatal(err)
	}
	planned, err := j.planApp()
	if err != nil {
		t.Fatal(err)
	}
	return planned.specify(t.Context())
}

func TestAJobTakesTheInputsOfOtherActions(t *testing.T) {
	j, err := specifiedOf(t, "INPUT_LOAD=true", "INPUT_NO-CACHE=true", "INPUT_CACHE-FROM=type=registry,ref=ghcr.io/me/app:main", "INPUT_ADD-HOSTS=db:10.0.0.1",
		"INPUT_BUILDER=builder-7", "INPUT_REGISTRY-AUTH=- {registry: one.example, username: ann, password: hidden}\n- {username: bob, password: hidden too}")
	if err != nil {
		t.Fatal(err)
	}
	im := j.spec
	if len(im.Output.Exports) != 1 || im.Output.Exports[0].Kind != builder.Load || im.Output.Exports[0].Engine.Host != "tcp://engine.example:1" || len(im.Output.Exports[0].Refs) == 0 {
		t.Errorf("exports %+v", im.Output.Exports)
	}
	if !im.Steps.Anew || len(im.Cache.From) != 1 || im.Cache.From[0] != "ghcr.io/me/app:main" || len(im.Steps.Hosts) != 1 {
		t.Errorf("no cache %t, caches %q, hosts %v", im.Steps.Anew, im.Cache.From, im.Steps.Hosts)
	}
	if got := im.Apps[0].Address; got != "docker-container://buildx_buildkit_builder-70" {
		t.Errorf("the builder is %s", got)
	}
	var hosts []string
	for _, c := range j.reach.Keys.Entries {
		hosts = append(hosts, c.Prefix+" "+c.Username)
	}
	if got := strings.Join(hosts, ", "); got != "one.example ann, docker.io bob" {
		t.Errorf("logins for %s", got)
	}
}

func TestABuilderMayBeAnAddress(t *testing.T) {
	im, err := jobImageOf(t, "INPUT_BUILDER=tcp://builder.example:1")
	if err != nil || im.Apps[0].Address != "tcp://builder.example:1" {
		t.Errorf("%v", err)
	}
}

func TestAnEngineTakesOneOfSeveralPlatforms(t *testing.T) {
	_, err := jobImageOf(t, "INPUT_LOAD=true", "INPUT_PLATFORMS=linux/amd64,linux/arm64")
	if fault.Status(err) != fault.Misuse || !strings.Contains(err.Error(), "one platform") {
		t.Errorf("%v", err)
	}
}

func TestAJobTellsWhyABuilderIsNotTakenIfItsVariablesAskForMore(t *testing.T) {
	for env, want := range map[string]bool{"NIXPACKS_VERBOSE=1": true, "NIXPACKS_VERBOSE=0": false} {
		im, err := jobImageOf(t, "INPUT_ENV="+env)
		if err != nil || (im.Builder.Reason != nil) != want {
			t.Errorf("%s: %t, %v", env, im.Builder.Reason != nil, err)
		}
	}
}
