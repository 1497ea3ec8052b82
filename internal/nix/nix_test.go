package nix

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

const overlay = "https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz"

func TestExpressionWithLibrariesAndOverlay(t *testing.T) {
	phases := map[string]plan.Phase{
		"setup": {
			NixPkgs:          []string{"nodejs_18", "(php.withExtensions (pe: []))", "nodejs_18"},
			NixLibs:          []string{"zlib", "openssl", "", "openssl.dev"},
			NixOverlays:      []string{overlay, overlay},
			NixpkgsArchive:   new("51485"),
			OnlyIncludeFiles: []string{"./rust-toolchain.toml"},
		},
		"build": {NixPkgs: []string{"cowsay"}, NixpkgsArchive: new("51485"), OnlyIncludeFiles: []string{"a"}},
		"idle":  {Cmds: []string{"true"}},
	}
	want := []File{{
		Name:     "nixpkgs-51485.nix",
		Phases:   []string{"build", "setup"},
		Includes: []string{"a", "./rust-toolchain.toml"},
		Content: `{ }:

let
  pkgs = import (fetchTarball "https://github.com/NixOS/nixpkgs/archive/51485.tar.gz") {
    overlays = [
      (import (fetchTarball "https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz"))
    ];
  };
in
with pkgs;

let
  npx-libraries = lib.makeLibraryPath [
    openssl
    openssl.dev
    zlib
  ];
  npx-script = writeText "51485-env.sh" ''
    export LD_LIBRARY_PATH="${npx-libraries}''${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    export OPENSSL_DIR="${(openssl).dev}"
    export OPENSSL_LIB_DIR="${(openssl).out}/lib"
  '';
  npx-profile = runCommand "51485-env" { } ''
    mkdir -p $out/etc/profile.d
    cp ${npx-script} $out/etc/profile.d/51485-env.sh
  '';
in
buildEnv {
  name = "51485-env";
  paths = [
    npx-profile
    (php.withExtensions (pe: []))
    cowsay
    nodejs_18
  ];
}
`,
	}}
	got, err := Expressions(phases, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("expressions differ (-want +got):\n%s", diff)
	}
}

func TestAnArchiveIsFetchedByItsHash(t *testing.T) {
	const hash = "sha256-FBJRXmbGXiSUDvYEbfLYRkckayyZ6SK1UEqhCrIZ2Cs="
	phases := map[string]plan.Phase{
		"setup": {NixPkgs: []string{"go"}, NixpkgsArchive: new("abc#" + hash)},
		"more":  {NixPkgs: []string{"git"}, NixpkgsArchive: new("abc")},
	}
	got, err := Expressions(phases, Options{Mirror: "http://mirror.example"})
	if err != nil {
		t.Fatal(err)
	}
	want := `import (fetchTarball { url = "http://mirror.example/NixOS/nixpkgs/archive/abc.tar.gz"; sha256 = "` + hash + `"; }) {`
	if len(got) != 1 || got[0].Name != "nixpkgs-abc.nix" || !strings.Contains(got[0].Content, want) {
		t.Errorf("%+v", got)
	}
	for _, bad := range []string{"abc#", "abc#sha256-x", "abc#" + hash + "x", `abc#sha256-"`} {
		phases["more"] = plan.Phase{NixPkgs: []string{"git"}, NixpkgsArchive: &bad}
		if _, err := Expressions(phases, Options{}); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
	phases["more"] = plan.Phase{NixPkgs: []string{"git"}, NixpkgsArchive: new("abc#" + strings.Replace(hash, "F", "G", 1))}
	const twice = "phase setup, nixpkgsArchive: abc has two hashes; give one"
	if _, err := Expressions(phases, Options{}); err == nil || err.Error() != twice {
		t.Errorf("%v, want %s", err, twice)
	}
}

func TestExpressionWithoutLibrariesSetsNoLibraryPath(t *testing.T) {
	got, err := Expressions(map[string]plan.Phase{"setup": {NixPkgs: []string{"go"}, NixpkgsArchive: new("abc")}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `{ }:

let
  pkgs = import (fetchTarball "https://github.com/NixOS/nixpkgs/archive/abc.tar.gz") {
    overlays = [];
  };
in
with pkgs;

buildEnv {
  name = "abc-env";
  paths = [
    go
  ];
}
`
	if diff := cmp.Diff(want, got[0].Content); diff != "" {
		t.Errorf("expression differs (-want +got):\n%s", diff)
	}
}

func TestExpressionsComeInOrderOfTheArchives(t *testing.T) {
	phases := map[string]plan.Phase{
		"a": {NixPkgs: []string{"x"}, NixpkgsArchive: new("f0")},
		"b": {NixLibs: []string{"y"}, NixpkgsArchive: new("0f")},
		"c": {NixPkgs: []string{"z"}, NixpkgsArchive: new("A0")},
	}
	got, err := Expressions(phases, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range got {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"nixpkgs-0f.nix", "nixpkgs-A0.nix", "nixpkgs-f0.nix"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestMirrorReplacesGitHubAlone(t *testing.T) {
	phases := map[string]plan.Phase{"setup": {
		NixPkgs:        []string{"go"},
		NixpkgsArchive: new("abc"),
		NixOverlays:    []string{overlay, "https://example.com/o.tar.gz", "https://github.community/o.tar.gz"},
	}}
	got, err := Expressions(phases, Options{Mirror: "http://127.0.0.1:1234/"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"http://127.0.0.1:1234/NixOS/nixpkgs/archive/abc.tar.gz"`,
		`"http://127.0.0.1:1234/railwayapp/nix-npm-overlay/archive/main.tar.gz"`,
		`"https://example.com/o.tar.gz"`,
		`"https://github.community/o.tar.gz"`,
	} {
		if !strings.Contains(got[0].Content, want) {
			t.Errorf("no %s in\n%s", want, got[0].Content)
		}
	}
}

func TestOverlaysWithAHash(t *testing.T) {
	hash := "sha256-" + strings.Repeat("A", 43) + "="
	got, err := Expressions(map[string]plan.Phase{"setup": {
		NixPkgs: []string{"go"}, NixpkgsArchive: new("a"),
		NixOverlays: []string{"https://github.com/o/r/archive/c.tar.gz#" + hash, "https://example.com/o.tar.gz#part"},
	}}, Options{Mirror: "https://mirror.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`(import (fetchTarball { url = "https://mirror.example/o/r/archive/c.tar.gz"; sha256 = "` + hash + `"; }))`,
		`(import (fetchTarball "https://example.com/o.tar.gz#part"))`,
	} {
		if !strings.Contains(got[0].Content, want) {
			t.Errorf("no %s in\n%s", want, got[0].Content)
		}
	}
}

func TestExpressionsRefuseWhatWouldEndAString(t *testing.T) {
	phase := func(archive *string, overlays ...string) map[string]plan.Phase {
		return map[string]plan.Phase{"setup": {NixPkgs: []string{"go"}, NixpkgsArchive: archive, NixOverlays: overlays}}
	}
	tests := []struct {
		name   string
		phases map[string]plan.Phase
		opt    Options
		want   string
	}{
		{"no archive", phase(nil), Options{}, `phase setup, nixpkgsArchive: is not set; pin the plan first`},
		{"quote in the archive", phase(new(`a"b`)), Options{}, `phase setup, nixpkgsArchive: "a\"b" is no commit of nixpkgs; use a commit hash or a tag`},
		{"slash in the archive", phase(new("a/b")), Options{}, `phase setup, nixpkgsArchive: "a/b" is no commit of nixpkgs; use a commit hash or a tag`},
		{"parent as the archive", phase(new("..")), Options{}, `phase setup, nixpkgsArchive: ".." is no commit of nixpkgs; use a commit hash or a tag`},
		{"antiquotation in an overlay", phase(new("a"), "https://x/${y}"), Options{}, `phase setup, nixOverlays: "https://x/${y}" is not the address of a tarball; use an https URL`},
		{"quote in an overlay", phase(new("a"), `https://x/"`), Options{}, `phase setup, nixOverlays: "https://x/\"" is not the address of a tarball; use an https URL`},
		{"file as an overlay", phase(new("a"), "file:///etc/passwd"), Options{}, `phase setup, nixOverlays: "file:///etc/passwd" is not the address of a tarball; use an https URL`},
		{"a short hash of an overlay", phase(new("a"), "https://x/y#sha256-abc="), Options{}, `phase setup, nixOverlays: "https://x/y#sha256-abc=" ends in no hash; write ADDRESS#sha256-BASE64`},
		{"mirror without a scheme", phase(new("a")), Options{Mirror: "mirror.example"}, `nix-mirror: "mirror.example" is no web address; use a base such as https://mirror.example`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Expressions(tt.phases, tt.opt)
			var typed *Error
			if !errors.As(err, &typed) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCommand(t *testing.T) {
	tests := []struct {
		name string
		opt  Options
		want string
		err  string
	}{
		{"defaults", Options{}, "nix-env -if f.nix && nix-collect-garbage -d && rm -rf ~/.cache/nix", ""},
		{
			"substituters", Options{
				Substituters: []string{"https://a.example", "http://b.example?trusted=true"},
				PublicKeys:   []string{"a-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="},
			},
			"nix-env -if f.nix --option substituters 'https://a.example http://b.example?trusted=true'" +
				" --option trusted-public-keys 'a-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=' && nix-collect-garbage -d && rm -rf ~/.cache/nix", "",
		},
		{"quote in a substituter", Options{Substituters: []string{"https://a'b"}}, "", `nix-substituters: "https://a'b" is not the address of a binary cache; use a URL`},
		{"blank in a key", Options{PublicKeys: []string{"a: b"}}, "", `nix-public-keys: "a: b" is no public key; use the form NAME:BASE64`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Command("f.nix", tt.opt)
			if msg := text(err); msg != tt.err || got != tt.want {
				t.Errorf("got %q, error %q", got, msg)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
