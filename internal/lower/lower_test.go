package lower

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
)

var platform = ocispecs.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"}

const baseJSON = `{"created":"2025-01-01T00:00:00Z","author":"x","os":"linux","architecture":"amd64",
	"config":{"Env":["USER=root","PATH=/nix/bin"],"Cmd":["bash"],"Labels":{"base":"1"}},
	"rootfs":{"type":"layers","diff_ids":["sha256:1"]},"history":[{"created_by":"x"}]}`

const runJSON = `{"os":"linux","architecture":"arm64","config":{"User":"nobody","WorkingDir":"/"}}`

func small() plan.Plan {
	return plan.Plan{
		BuildImage: new("base"),
		Variables:  map[string]string{"CI": "true", "A": "$x"},
		Phases: map[string]plan.Phase{
			"setup":   {NixPkgs: []string{"go"}, NixpkgsArchive: new("abc"), AptPkgs: []string{"curl"}},
			"install": {DependsOn: []string{"setup"}, OnlyIncludeFiles: []string{"go.mod", "cmd"}, Cmds: []string{"go mod download"}, CacheDirectories: []string{"~/go"}},
			"build":   {DependsOn: []string{"install"}, Cmds: []string{"go build"}},
		},
		Start: &plan.Start{Cmd: new("./out"), RunImage: new("run"), User: new("me")},
	}
}

func pinned(t *testing.T, p plan.Plan, opt graph.Options) *graph.Graph {
	t.Helper()
	g, err := graph.New(p, opt)
	if err != nil {
		t.Fatal(err)
	}
	g, err = g.Pin(map[string]graph.Pinned{
		"base": {Ref: "r.example/base@sha256:" + strings.Repeat("1", 64), Config: []byte(baseJSON)},
		"run":  {Ref: "r.example/run@sha256:" + strings.Repeat("2", 64), Config: []byte(runJSON)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func lowered(t *testing.T, g *graph.Graph, opt Options) (*llb.Definition, string) {
	t.Helper()
	def, config, err := LLB(g, platform, opt)
	if err != nil {
		t.Fatal(err)
	}
	return def, string(config)
}

func TestLLB(t *testing.T) {
	def, config := lowered(t, pinned(t, small(), graph.Options{CACertificates: true, Ignore: []string{".git"}}), Options{})
	got, err := Dump(def)
	if err != nil {
		t.Fatal(err)
	}
	trust := "test ! -s /run/npx-action/ca-certificates.crt || export " +
		"{SSL_CERT_FILE,NODE_EXTRA_CA_CERTS,PIP_CERT,REQUESTS_CA_BUNDLE,NIX_SSL_CERT_FILE,CURL_CA_BUNDLE,CARGO_HTTP_CAINFO,GIT_SSL_CAINFO,DENO_CERT}" +
		"=/run/npx-action/ca-certificates.crt; test ! -s /run/npx-action/ca-certificates.jks || export JAVA_TOOL_OPTIONS=" +
		`\"${JAVA_TOOL_OPTIONS:+$JAVA_TOOL_OPTIONS }-Djavax.net.ssl.trustStore=/run/npx-action/ca-certificates.jks\";`
	want := `1 source docker-image://r.example/run@sha256:2222222222222222222222222222222222222222222222222222222222222222
  name "[start] from run"
2 file on 1
  name "[start] make /app"
  mkdir /app, mode 0755, owner nobody
3 source docker-image://r.example/base@sha256:1111111111111111111111111111111111111111111111111111111111111111
  name "[base] from base"
4 file on 3
  name "[base] make /app"
  mkdir /app, mode 0755
5 source local://generated
  name "[context] generated"
  local.sharedkeyhint generated
6 exec on 4
  name "[nix] install packages of nixpkgs-abc.nix"
  args ["/bin/bash" "-ol" "pipefail" "-c" "TRUST nix-env -if .nixpacks/nixpkgs-abc.nix && nix-collect-garbage -d && rm -rf ~/.cache/nix"]
  in /app
  env PATH="/nix/bin"
  env USER="root"
  mount /.nixpacks/nixpkgs-abc.nix of 5 at /app/.nixpacks/nixpkgs-abc.nix, read-only
  secret ca-certificates at /run/npx-action/ca-certificates.crt, mode 0444, optional
  secret ca-certificates-java at /run/npx-action/ca-certificates.jks, mode 0444, optional
7 diff from 4 to 6
  name "[base] layer of nix"
8 exec on 4
  name "[apt] install curl"
  args ["/bin/bash" "-ol" "pipefail" "-c" "TRUST sudo apt-get update && sudo apt-get install -y --no-install-recommends curl && sudo apt-get clean && sudo rm -rf /var/lib/apt/lists/*"]
  in /app
  env PATH="/nix/bin"
  env USER="root"
  secret ca-certificates at /run/npx-action/ca-certificates.crt, mode 0444, optional
  secret ca-certificates-java at /run/npx-action/ca-certificates.jks, mode 0444, optional
9 diff from 4 to 8
  name "[base] layer of apt"
10 merge 4 7 9
  name "[base] merge packages and assets"
11 source local://app
  name "[context] app"
  local.excludepatterns [".git",".nixpacks"]
  local.sharedkeyhint app
12 file on 10
  name "[install] copy go.mod cmd"
  copy "/go.mod" of 11 to "/app/go.mod"
  copy "/cmd" of 11 to "/app/cmd"
13 exec on 12
  name "[install] go mod download"
  args ["/bin/bash" "-ol" "pipefail" "-c" "TRUST go mod download"]
  in /app
  env PATH="/nix/bin"
  env USER="root"
  env A="$x"
  env CI="true"
  cache npx-/root/go at /root/go, shared
  secret ca-certificates at /run/npx-action/ca-certificates.crt, mode 0444, optional
  secret ca-certificates-java at /run/npx-action/ca-certificates.jks, mode 0444, optional
14 file on 13
  name "[build] copy the app"
  copy "/" of 11 to "/app"
15 exec on 14
  name "[build] go build"
  args ["/bin/bash" "-ol" "pipefail" "-c" "TRUST go build"]
  in /app
  env PATH="/nix/bin"
  env USER="root"
  env A="$x"
  env CI="true"
  secret ca-certificates at /run/npx-action/ca-certificates.crt, mode 0444, optional
  secret ca-certificates-java at /run/npx-action/ca-certificates.jks, mode 0444, optional
16 file on 2
  name "[start] copy certificates"
  copy "/etc/ssl/certs" of 15 to "/etc/ssl/certs"
17 file on 16
  name "[start] copy the app"
  copy "/app" of 15 to "/app"
18 exec on 17
  name "[start] create user me"
  args ["/bin/bash" "-ol" "pipefail" "-c" "id -u me >/dev/null 2>&1 || useradd -m -s /bin/bash me"]
  in /app
  user nobody
  env PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
`
	if diff := cmp.Diff(strings.ReplaceAll(want, "TRUST", trust), got); diff != "" {
		t.Errorf("operations differ (-want +got):\n%s", diff)
	}
	wantConfig := `{"architecture":"arm64","os":"linux","variant":"v8","rootfs":{"type":"layers","diff_ids":null},` +
		`"history":[{"created_by":"[start] make /app","comment":"npx-action"},` +
		`{"created_by":"[start] copy certificates","comment":"npx-action"},{"created_by":"[start] copy the app","comment":"npx-action"},` +
		`{"created_by":"[start] create user me","comment":"npx-action"}],` +
		`"config":{"User":"me","Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],` +
		`"Entrypoint":["/bin/bash","-l","-c"],"Cmd":["./out"],"WorkingDir":"/app","Shell":["/bin/bash","-ol","pipefail","-c"]}}`
	if diff := cmp.Diff(wantConfig, config); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
}

func TestImageConfigKeepsTheBaseAndAddsVariables(t *testing.T) {
	p := small()
	p.Start = nil
	p.Variables["USER"] = "app"
	g := pinned(t, p, graph.Options{})
	g.Config.Labels = []graph.Var{{Name: "own", Value: "2"}}
	_, config := lowered(t, g, Options{})
	var got struct {
		Created, Author any
		Config          struct {
			Env, Cmd []string
			Labels   map[string]string
		}
	}
	if err := json.Unmarshal([]byte(config), &got); err != nil {
		t.Fatal(err)
	}
	want := got
	want.Created, want.Author = nil, nil
	want.Config.Env = []string{"USER=app", "PATH=/nix/bin", "A=$x", "CI=true"}
	want.Config.Cmd = nil
	want.Config.Labels = map[string]string{"base": "1", "own": "2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
}

func TestEqualGraphsGiveEqualBytes(t *testing.T) {
	first, config := lowered(t, pinned(t, small(), graph.Options{}), Options{})
	for range 10 {
		def, c := lowered(t, pinned(t, small(), graph.Options{}), Options{})
		if !bytes.Equal(bytes.Join(first.Def, nil), bytes.Join(def.Def, nil)) || c != config {
			t.Fatal("two definitions of one graph differ")
		}
	}
	other, _ := lowered(t, pinned(t, small(), graph.Options{}), Options{BuildID: "2"})
	if bytes.Equal(bytes.Join(first.Def, nil), bytes.Join(other.Def, nil)) {
		t.Error("the build's ID is not in the definition")
	}
	a, err := Dump(first)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Dump(other)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("the build's ID is in the dump:\n%s", diff)
	}
}

func TestNodeEndsAtAPhase(t *testing.T) {
	g := pinned(t, small(), graph.Options{})
	i, ok := g.After("install")
	if !ok {
		t.Fatal("install has no node")
	}
	def, err := Node(g, i, platform, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Dump(def)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, "go mod download") || strings.Contains(got, "go build") {
		t.Errorf("got\n%s", got)
	}
}

func TestLLBNeedsAPinnedGraph(t *testing.T) {
	g, err := graph.New(small(), graph.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = LLB(g, platform, Options{}); err == nil || err.Error() != `lowering "from base": the image is not pinned` {
		t.Errorf("got %v", err)
	}
	g = pinned(t, small(), graph.Options{})
	image := g.Nodes[0].Op.(graph.Image)
	image.Config = []byte("{")
	g.Nodes[0].Op = image
	if _, _, err = LLB(g, platform, Options{}); err == nil || !strings.HasPrefix(err.Error(), `lowering "from base": reading the configuration of r.example/base@`) {
		t.Errorf("got %v", err)
	}
}

func TestEveryStepKnowsTheHosts(t *testing.T) {
	g := pinned(t, small(), graph.Options{})
	def, _ := lowered(t, g, Options{Hosts: []Host{{"db.example", netip.MustParseAddr("10.0.0.1")}, {"six.example", netip.MustParseAddr("::1")}}})
	steps := 0
	for _, data := range def.Def {
		var op pb.Op
		if err := op.Unmarshal(data); err != nil {
			t.Fatal(err)
		}
		exec := op.GetExec()
		if exec == nil {
			continue
		}
		steps++
		var got []string
		for _, h := range exec.Meta.ExtraHosts {
			got = append(got, h.Host+" "+h.IP)
		}
		if diff := cmp.Diff([]string{"db.example 10.0.0.1", "six.example ::1"}, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", exec.Meta.Args, diff)
		}
	}
	if steps == 0 {
		t.Error("there is no step")
	}
}

func TestASecretIsAVariableOfItsStepWithTheFingerprintInTheKey(t *testing.T) {
	p := small()
	ph := p.Phases["install"]
	ph.Secrets = []string{"NPM_TOKEN"}
	p.Phases["install"] = ph
	execs := func(fingerprint string) map[string]string {
		def, config := lowered(t, pinned(t, p, graph.Options{Fingerprints: map[string]string{"install": fingerprint}}), Options{})
		if strings.Contains(config, "NPM_TOKEN") {
			t.Errorf("the configuration tells of the secret: %s", config)
		}
		text, err := Dump(def)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for op := range strings.SplitSeq(text, "\n  name ") {
			if name, rest, ok := strings.Cut(op, "\n"); ok {
				found[name] = rest
			}
		}
		return found
	}
	one, two := execs("f1"), execs("f2")
	for name, op := range one {
		asks := name == `"[install] go mod download"`
		if got := strings.Contains(op, "\n  secret NPM_TOKEN.f1 as variable NPM_TOKEN\n"); got != asks {
			t.Errorf("%s: has the secret: %v\n%s", name, got, op)
		}
		if (op != two[name]) != asks {
			t.Errorf("%s changes with another value, or does not", name)
		}
	}
}
