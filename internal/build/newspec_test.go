package build_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/registry"
)

// particulars are those of a build of an app in a directory.
func particulars(app planner.Result, dir string, platforms ...string) build.Particulars {
	return build.Particulars{Plan: app, Platforms: platforms, Dir: dir}
}

func TestASpecTakesTheSettings(t *testing.T) {
	e := build.Environment{Dir: t.TempDir(), Vars: []string{"BUILDKIT_HOST=tcp://environment.example:1", "DOCKER_CONFIG=/config", "HOME=/home/me"}}
	s := build.Settings{
		Build: option.Build{
			NixMirror: "https://nix.example", CacheKey: "shop", NoCache: true, CacheRef: "r.example/cache",
			RegistryMirror: []string{"docker.io=mirror.example"}, InsecureRegistry: []string{"r.example"},
			AddHosts: []string{"db:10.0.0.1"}, CacheFrom: []string{"me/app"}, Smoke: build.TrialNever, Promote: build.PromoteAuto, RegistryTimeout: time.Minute,
		},
		InlineCache: true,
		Logins:      []registry.Credential{{Prefix: "r.example", Username: "me", Password: "secret"}},
	}
	app := apptest.Result(t, map[string]string{".dockerignore": "data"})
	app.Subdirectory = "services/api"
	spec, _, err := build.NewSpec(e, s, particulars(app, "/checkout", "linux/arm64"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := e.Registry(s, "me")
	if err != nil {
		t.Fatal(err)
	}
	keys := e.Keychain(s.Logins)
	got := map[string]any{
		"dir": spec.Dir, "platform": spec.Apps[0].Platform, "daemon": spec.Apps[0].Address, "insecure": spec.Builder.Insecure,
		"ignore": spec.Apps[0].Ignore, "cache key": spec.Steps.CacheKey, "no cache": spec.Steps.Anew && spec.Steps.NoMounts,
		"certificates": spec.Steps.Certificates != nil, "nix": spec.Steps.Nix.Mirror, "mirrors": client.Mirrors,
		"scope": spec.Cache.Scope, "logins": keys.Entries, "config": keys.Dir, "from": spec.Cache.From, "inline": spec.Cache.Inline,
		"hosts": len(spec.Steps.Hosts), "trial": spec.Trial, "promote": spec.Cache.Promote, "silence": spec.Silence, "attest": spec.Attest,
	}
	want := map[string]any{
		"dir": "/checkout/services/api", "platform": "linux/arm64", "daemon": "tcp://environment.example:1", "insecure": []string{"r.example"},
		"ignore": []string{"data", "**/.git", "**/gha-creds-*.json"}, "cache key": "shop", "no cache": true,
		"certificates": false, "nix": "https://nix.example", "mirrors": map[string]string{"docker.io": "mirror.example"},
		"scope": cache.Scope{Repository: "r.example/cache", Platform: "linux/arm64"}, "logins": s.Logins, "config": "/config",
		"from": []string{"docker.io/me/app:latest"}, "inline": true, "hosts": 1, "trial": build.TrialNever, "promote": build.PromoteAuto,
		"silence": time.Minute, "attest": build.Attest{SBOM: true, Provenance: "min"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings differ (-want +got):\n%s", diff)
	}
	s.BuildkitHost = []string{"unix:///flag", "linux/amd64=unix:///other"}
	if spec, _, err = build.NewSpec(e, s, particulars(app, "/checkout", "linux/arm64")); err != nil || spec.Apps[0].Address != "unix:///flag" {
		t.Errorf("the option does not beat the environment: %v", err)
	}
}

func TestNoticesOfTheBuilderAreNotes(t *testing.T) {
	var said []string
	e := build.Environment{Verbose: true, Say: func(kind, text string) { said = append(said, kind+": "+text) }}
	spec, _, err := build.NewSpec(e, build.Settings{}, particulars(apptest.Result(t, nil), "/checkout", "linux/amd64"))
	if err != nil {
		t.Fatal(err)
	}
	spec.Builder.Notice("slow")
	spec.Builder.Reason("ssh", "it is away")
	if !slices.Equal(said, []string{"note: slow", "note: no builder by the route ssh: it is away"}) {
		t.Errorf("got %q", said)
	}
}

func TestAnAppIsPlannedForEachPlatform(t *testing.T) {
	in := planner.Input{Tree: apptest.Tree(t, map[string]string{"nixpacks.toml": "[start]\ncmd = \"run\"\n", ".dockerignore": "data"}), Arch: "x86_64"}
	result, err := planner.Make(in)
	if err != nil {
		t.Fatal(err)
	}
	p := particulars(result, "/checkout", "linux/amd64", "linux/arm64")
	p.Input, p.Ignore = in, []string{"own"}
	s := build.Settings{Build: option.Build{BuildkitHost: []string{"unix:///here", "linux/arm64=tcp://arm:1"}}}
	spec, _, err := build.NewSpec(build.Environment{}, s, p)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, app := range spec.Apps {
		got = append(got, app.Platform, app.Address, strings.Join(app.Ignore, " "))
	}
	const ignore = "data **/.git **/gha-creds-*.json own"
	want := []string{"linux/amd64", "unix:///here", ignore, "linux/arm64", "tcp://arm:1", ignore}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p.Platforms = []string{"linux/amd64", "linux/mips"}
	if _, _, err := build.NewSpec(build.Environment{}, s, p); fault.Status(err) != fault.Misuse {
		t.Errorf("an unknown platform: %v", err)
	}
}

func TestWrongSettingsAreWrongUsage(t *testing.T) {
	for name, b := range map[string]option.Build{
		"certificates": {CACertificates: "missing.pem"},
		"mirror":       {RegistryMirror: []string{"x"}},
		"packages":     {PackageCacheLimit: "much"},
		"builders":     {BuildkitHost: []string{"linux/mips=tcp://h:1"}},
		"attestations": {SBOM: "perhaps"},
		"host":         {AddHosts: []string{"db"}},
		"gateway":      {AddHosts: []string{"db:host-gateway"}},
		"cache":        {CacheFrom: []string{"type=gha"}},
		"cache's name": {CacheFrom: []string{"Two Words"}},
	} {
		e, s := build.Environment{Dir: t.TempDir()}, build.Settings{Build: b}
		if err := s.Check(e); fault.Status(err) != fault.Misuse {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := build.NewSpec(e, s, particulars(apptest.Result(t, nil), e.Dir, "linux/amd64")); fault.Status(err) != fault.Misuse {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, b := range map[string]option.Build{"route": {Route: "taxi"}, "both": {Route: "ssh", BuildkitHost: []string{"tcp://h:1"}}, "two": {BuildkitHost: []string{"tcp://h:1", "tcp://h:2"}}} {
		if err := (build.Settings{Build: b}).CheckRoute(); fault.Status(err) != fault.Misuse {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (build.Settings{}).CheckRoute(); err != nil {
		t.Error(err)
	}
}

func TestWhatUsesALoopbackAddressSharesTheMachinesNetwork(t *testing.T) {
	network := func(change func(*build.Settings, *build.Particulars)) string {
		p := particulars(apptest.Result(t, nil), "/checkout", "linux/amd64")
		p.Network.Own = true
		s := build.Settings{}
		change(&s, &p)
		spec, _, err := build.NewSpec(build.Environment{}, s, p)
		if err != nil {
			t.Fatal(err)
		}
		return spec.Builder.Network
	}
	for text, want := range map[string]bool{
		"http://127.0.0.1:4873/": true, "https://localhost/simple": true, "http://me@localhost:1": true, "http://[::1]:80/": true, "127.0.0.1:5000/app": true,
		"localhost:5000/app:1": true, "ghcr.io/localhost-apps/shop": false, "https://127.example.com": false, "https://mirror.example/localhost.tar": false, "": false,
	} {
		got := network(func(_ *build.Settings, p *build.Particulars) { p.Plan.Plan.Variables = map[string]string{"X": text} })
		if shares := got != builder.OwnNetwork; shares != want {
			t.Errorf("%q: %t", text, shares)
		}
	}
	for name, change := range map[string]func(*build.Settings, *build.Particulars){
		"a name of a loopback address": func(s *build.Settings, _ *build.Particulars) { s.AddHosts = []string{"mirror:127.0.0.2"} },
		"a mirror of a registry":       func(s *build.Settings, _ *build.Particulars) { s.RegistryMirror = []string{"docker.io=localhost:5000"} },
		"a mirror of Nix":              func(s *build.Settings, _ *build.Particulars) { s.NixMirror = "http://127.0.0.1:1" },
		"a name of the image":          func(_ *build.Settings, p *build.Particulars) { p.Image.Names = []string{"localhost:5000/app:1"} },
	} {
		if got := network(change); got == builder.OwnNetwork {
			t.Errorf("%s is none", name)
		}
	}
}

func TestAnImageIsLoadedIntoTheEngineThatTheEnvironmentNames(t *testing.T) {
	e := build.Environment{Vars: []string{"DOCKER_HOST=tcp://engine.example:1"}}
	got, err := e.LoadExport(build.EngineOptions{}, []string{"app:1"})
	if err != nil || got.Kind != builder.Load || got.Engine.Host != "tcp://engine.example:1" || !slices.Equal(got.Refs, []string{"app:1"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := e.LoadExport(build.EngineOptions{Host: "ssh://e.example"}, nil); fault.Status(err) != fault.Misuse {
		t.Errorf("%v", err)
	}
}

func TestNamesOfImagesAreInLowerCase(t *testing.T) {
	for spec, want := range map[string]string{
		"ghcr.io/Acme/Shop:Main": "ghcr.io/acme/shop:Main", "type=registry,ref=ghcr.io/Acme/Shop": "ghcr.io/acme/shop:latest", "R.example:5000/Acme/Shop": "r.example:5000/acme/shop:latest",
	} {
		s := build.Settings{Build: option.Build{CacheFrom: []string{spec}}}
		made, _, err := build.NewSpec(build.Environment{}, s, particulars(apptest.Result(t, nil), "/checkout", "linux/amd64"))
		if err != nil || made.Cache.From[0] != want {
			t.Errorf("%s: %q, %v", spec, made.Cache.From, err)
		}
	}
}
