package dockerfile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/dockerfile"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
)

var platform = ocispecs.Platform{OS: "linux", Architecture: "amd64"}

const config = `{"os":"linux","architecture":"amd64","config":{"User":"1000","Env":["PATH=/nix/bin:/bin","USER=root"],
	"Cmd":["bash"],"Shell":["/bin/sh","-c"],"Labels":{"base":"1"},"ExposedPorts":{"80/tcp":{}}},
	"rootfs":{"type":"layers","diff_ids":["sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"]}}`

// nasty are the texts that a Dockerfile likes to change.
var nasty = []string{
	`plain`, `"quoted" 'too'`, `$HOME ${HOME} $$ \$ \\`, `end \`, `<<EOF`, `a <<< b`, "two\nlines", "here <<EOF\n$x\nEOF\n",
	"\n# comment\n\ncommand", `["array"]`, `--mount=type=cache`, `# comment`, ` blank `, "tab\there", "\u2028 <&>", `a","b`, "a\r\nb\r",
}

func plans() map[string]plan.Plan {
	cmds := plan.Phase{Cmds: nasty, Paths: []string{"$HOME/bin", "/opt/${DIR}"}, CacheDirectories: []string{"~/.npm", "node_modules/.cache", "/tmp"}}
	cmds.OnlyIncludeFiles = []string{"with blank", "[id].tsx", "$slug", `back\slash`, "-flag", "<<EOF", "it's", `a"b`, "./a/../b"}
	vars := map[string]string{"DIR": "dir"}
	for i, s := range nasty {
		vars[fmt.Sprintf("V%02d", i)] = s
	}
	nix := plan.Phase{
		NixPkgs: []string{"go"}, NixLibs: []string{"zlib"}, NixpkgsArchive: new("abc"),
		AptPkgs: []string{"nginx=1.*", "curl git"}, OnlyIncludeFiles: []string{"rust-toolchain.toml"},
	}
	return map[string]plan.Plan{
		"empty":    {BuildImage: new("base")},
		"commands": {BuildImage: new("base"), Variables: vars, Phases: map[string]plan.Phase{"x": cmds, "y": {Cmds: []string{"a"}}}, Start: &plan.Start{Cmd: new(nasty[7])}},
		"packages": {BuildImage: new("base"), StaticAssets: map[string]string{"a/b": "c"}, Phases: map[string]plan.Phase{"setup": nix}, Start: &plan.Start{User: new("me"), Healthcheck: new(nasty[1])}},
		"two stages": {
			BuildImage: new("base"), Phases: map[string]plan.Phase{"build": {Cmds: []string{"make"}}},
			Start: &plan.Start{RunImage: new("other"), OnlyIncludeFiles: []string{"bin", "$x"}, User: new("me")},
		},
		"two stages, whole": {BuildImage: new("base"), Phases: map[string]plan.Phase{"build": {Cmds: []string{"make"}}}, Start: &plan.Start{RunImage: new("base")}},
	}
}

func TestDockerfileSaysWhatLLBSays(t *testing.T) {
	for name, p := range plans() {
		for _, ca := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%v", name, ca), func(t *testing.T) {
				g, err := graph.New(p, graph.Options{CACertificates: ca})
				if err != nil {
					t.Fatal(err)
				}
				g.Config.Labels = []graph.Var{{Name: "a", Value: nasty[2]}}
				pin := graph.Pinned{Ref: "base.example/x@" + digest.FromString("x").String(), Config: []byte(config)}
				if g, err = g.Pin(map[string]graph.Pinned{"base": pin, "other": pin}); err != nil {
					t.Fatal(err)
				}
				compare(t, g, p.Variables)
			})
		}
	}
}

func compare(t *testing.T, g *graph.Graph, vars map[string]string) {
	t.Helper()
	def, wantConfig, err := lower.LLB(g, platform, lower.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := dockerfile.Format(g)
	parsed, err := parser.Parse(strings.NewReader(text))
	if err != nil || len(parsed.Warnings) > 0 {
		t.Fatalf("parsing: %v, warnings %v in\n%s", err, parsed, text)
	}
	local := llb.Local("context")
	res, err := dockerfile2llb.Dockerfile2LLB(t.Context(), []byte(text), dockerfile2llb.ConvertOpt{
		Config:         dockerui.Config{BuildArgs: vars},
		MainContext:    &local,
		TargetPlatform: &platform,
		MetaResolver:   resolver{},
		Warn: func(rule, _, _, msg string, _ []parser.Range) {
			t.Errorf("%s: %s", rule, msg)
		},
	})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	got, err := res.State.Marshal(t.Context(), llb.Platform(platform))
	if err != nil {
		t.Fatal(err)
	}
	drop := func(s string) bool { return strings.Contains(s, `"rm -rf .nixpacks"`) }
	if diff := cmp.Diff(operations(t, def), slices.DeleteFunc(operations(t, got), drop)); diff != "" {
		t.Errorf("operations differ (-LLB +Dockerfile):\n%s\n%s", diff, text)
	}
	var want dockerspec.DockerOCIImage
	if err := json.Unmarshal(wantConfig, &want); err != nil {
		t.Fatal(err)
	}
	ignore := cmpopts.IgnoreFields(ocispecs.ImageConfig{}, "ArgsEscaped") // means nothing on Linux
	if diff := cmp.Diff(want.Config, res.Image.Config, cmpopts.EquateEmpty(), ignore); diff != "" {
		t.Errorf("configurations differ (-LLB +Dockerfile):\n%s", diff)
	}
}

type resolver struct{}

func (resolver) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	return ref, digest.FromString("x"), []byte(config), nil
}

// operations lists what a definition does to files, sorted, in terms that do not depend on who stands on whom.
func operations(t *testing.T, def *llb.Definition) []string {
	t.Helper()
	var out []string
	for _, dt := range def.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			t.Fatal(err)
		}
		switch o := op.Op.(type) {
		case *pb.Op_Source:
			if strings.HasPrefix(o.Source.Identifier, "docker-image:") {
				out = append(out, o.Source.Identifier)
			}
		case *pb.Op_File:
			for _, a := range o.File.Actions {
				if c := a.GetCopy(); c != nil {
					out = append(out, fmt.Sprintf("copy %s to %s", unescape(c), c.Dest))
				} else {
					out = append(out, fmt.Sprintf("mkdir %s %o %d", a.GetMkdir().Path, a.GetMkdir().Mode, a.GetMkdir().Owner.GetUser().GetByID()))
				}
			}
		case *pb.Op_Exec:
			slices.Sort(o.Exec.Meta.Env)
			var b bytes.Buffer
			fmt.Fprintf(&b, "exec %q in %s by %s with %q", o.Exec.Meta.Args, o.Exec.Meta.Cwd, o.Exec.Meta.User, o.Exec.Meta.Env)
			for _, m := range o.Exec.Mounts {
				fmt.Fprintf(&b, "\n mount %s %s %v %v %s %v", m.MountType, m.Dest, m.Readonly, m.Selector,
					strings.TrimPrefix(m.CacheOpt.GetID(), "/"), m.SecretOpt)
			}
			out = append(out, b.String())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// unescape takes a Dockerfile's source pattern literally.
func unescape(c *pb.FileActionCopy) string {
	if !c.AllowWildcard {
		return c.Src
	}
	return strings.NewReplacer(`[[]`, `[`, `[\\]`, `\`).Replace(c.Src)
}
