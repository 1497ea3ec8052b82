package cli

import (
	"bytes"
	"context"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/lower"
)

// A nixpacksOption is one of Nixpacks' command line, with one of the things that it can do here: change what a command prints, change what is
// built, say something, or be refused.
type nixpacksOption struct {
	command string   // plan, detect or build
	names   []string // all its spellings
	value   string   // "" for none
	stdout  string   // regular expression
	image   func(build.Spec) bool
	flags   func(buildFlags) bool
	stderr  string // regular expression
	refused string // regular expression of the sentence
}

// nixpacks lists each option of nixpacks-1.39.md 5.
var nixpacks = []nixpacksOption{
	{command: "plan", names: []string{"--json-plan"}, value: `{"start": {"cmd": "from json"}}`, stdout: `"cmd": "from json"`},
	{command: "plan", names: []string{"--install-cmd", "-i"}, value: "make deps", stdout: `"cmds": \[\n *"make deps"`},
	{command: "plan", names: []string{"--build-cmd", "-b"}, value: "make all", stdout: `"cmds": \[\n *"make all"`},
	{command: "plan", names: []string{"--start-cmd", "-s"}, value: "make run", stdout: `"cmd": "make run"`},
	{command: "plan", names: []string{"--pkgs", "-p"}, value: "ffmpeg,sox", stdout: `"nixPkgs": \[\n *"ffmpeg,sox"\n *\],(?s).*"releases": \[\n *"go@1\.26\.`},
	{command: "plan", names: []string{"--apt", "-a"}, value: "sl", stdout: `"aptPkgs": \[\n *"sl"`},
	{command: "plan", names: []string{"--libs"}, value: "zlib", stdout: `"nixLibs": \[\n *"zlib"`},
	{command: "plan", names: []string{"--env", "-e"}, value: "A=b,c", stdout: `"A": "b,c"`},
	{command: "plan", names: []string{"--config", "-c"}, value: "other.toml", stdout: `"cmd": "from other"`},
	{command: "plan", names: []string{"--format", "-f"}, value: "toml", stdout: `^providers = \[\]\n`},
	{command: "plan", names: []string{"--help", "-h"}, stdout: `^Plan prints `},
	{command: "plan", names: []string{"--version", "-V"}, stdout: `^npx-action .* \(edition .*\)\n$`},
	{command: "detect", names: []string{"--config", "-c"}, value: "other.toml", stdout: `^staticfile\n$`},
	{command: "detect", names: []string{"--help", "-h"}, stdout: `^Detect prints `},
	{command: "detect", names: []string{"--version", "-V"}, stdout: `^npx-action `},
	{command: "build", names: []string{"--help", "-h"}, stdout: `^Build plans `},
	{command: "build", names: []string{"--version", "-V"}, stdout: `^npx-action `},
	{command: "build", names: []string{"--name", "-n"}, value: "shop", image: func(im build.Spec) bool { return im.Image.Names[0] == "index.docker.io/library/shop:latest" }},
	{command: "build", names: []string{"--tag", "-t"}, value: "r.example/app:1", image: func(im build.Spec) bool { return slices.Equal(im.Image.Names, []string{"r.example/app:1"}) }},
	{command: "build", names: []string{"--label", "-l"}, value: "a=b", image: func(im build.Spec) bool { return im.Image.Labels["a"] == "b" }},
	{command: "build", names: []string{"--out", "-o"}, value: "made", flags: func(f buildFlags) bool { return f.out == "made" }},
	{command: "build", names: []string{"--dockerfile", "-d"}, stdout: `(?s)FROM ubuntu:noble.*RUN .*go build`},
	{command: "build", names: []string{"--platform"}, value: "linux/arm64", image: func(im build.Spec) bool { return im.Apps[0].Platform == "linux/arm64" }},
	{command: "build", names: []string{"--cache-key"}, value: "key", image: func(im build.Spec) bool { return im.Steps.CacheKey == "key" }},
	{command: "build", names: []string{"--no-cache"}, image: func(im build.Spec) bool { return im.Steps.Anew && im.Steps.NoMounts }},
	{command: "build", names: []string{"--env", "-e"}, value: "NIXPACKS_NO_CACHE=1", image: func(im build.Spec) bool { return !im.Steps.Anew && im.Steps.NoMounts }},
	{command: "build", names: []string{"--current-dir"}, stderr: `^warning: --current-dir has no effect: `},
	{command: "build", names: []string{"--incremental-cache-image"}, value: "i", refused: `(?s)--incremental-cache-image.*--cache-ref`},
	{command: "build", names: []string{"--cache-from"}, value: "me/app", image: func(im build.Spec) bool { return slices.Equal(im.Cache.From, []string{"docker.io/me/app:latest"}) }},
	{command: "build", names: []string{"--cache-from"}, value: "type=registry,ref=r.example/app:1", image: func(im build.Spec) bool { return slices.Equal(im.Cache.From, []string{"r.example/app:1"}) }},
	{command: "build", names: []string{"--cache-from"}, value: "type=gha", refused: `only caches in a registry`},
	{command: "build", names: []string{"--cache-from"}, value: "Two Words", refused: `(?s)reading --cache-from "Two Words": .*give the name of an image`},
	{command: "build", names: []string{"--inline-cache"}, image: func(im build.Spec) bool { return im.Cache.Inline }},
	{command: "build", names: []string{"--docker-host"}, value: "tcp://e.example:1", image: func(im build.Spec) bool { return im.Output.Exports[0].Engine.Host == "tcp://e.example:1" }},
	{command: "build", names: []string{"--docker-host"}, value: "ssh://e.example", refused: `(?s)ssh://e.example.*--docker-host`},
	{command: "build", names: []string{"--docker-tls-verify"}, value: "1", refused: `reading the CA certificate: open /home/me/.docker/ca.pem`},
	{command: "build", names: []string{"--docker-cert-path"}, value: "certs", refused: `reading the CA certificate: open .*/certs/ca.pem`},
	{command: "build", names: []string{"--docker-output"}, value: "type=oci,dest=/a.tar", image: exports(builder.Export{Kind: builder.OCI, Dest: "/a.tar"})},
	{command: "build", names: []string{"--docker-output"}, value: "/files", image: exports(builder.Export{Kind: builder.Local, Dest: "/files"})},
	{command: "build", names: []string{"--docker-output"}, value: "-", image: func(im build.Spec) bool {
		return im.Output.Exports[0].Kind == builder.Tar && im.Output.Exports[0].Output != nil
	}},
	{command: "build", names: []string{"--docker-output"}, value: "type=docker,name=app", image: exports(builder.Export{Kind: builder.Load, Engine: builder.Engine{Host: "tcp://env.example:1"}})},
	{command: "build", names: []string{"--docker-output"}, value: "type=image,name=r.example/app:1,push=true", image: func(im build.Spec) bool { return im.Output.Push && im.Image.Names[0] == "r.example/app:1" }},
	{command: "build", names: []string{"--docker-output"}, value: "type=registry,name=r.example/app:1", image: func(im build.Spec) bool { return im.Output.Push && len(im.Output.Exports) == 0 }},
	{command: "build", names: []string{"--docker-output"}, value: "type=registry", refused: `needs the name of an image\n.*--tag`},
	{command: "build", names: []string{"--docker-output"}, value: "type=cacheonly", refused: `(?s)there is no such destination.*--output`},
	{command: "build", names: []string{"--docker-output"}, value: "", refused: `there is no such destination`},
	{command: "build", names: []string{"--add-host"}, value: "db.example:10.0.0.1", image: hosts("db.example", "10.0.0.1")},
	{command: "build", names: []string{"--add-host"}, value: "db.example=[::1]", image: hosts("db.example", "::1")},
	{command: "build", names: []string{"--add-host"}, value: "db.example:::1", image: hosts("db.example", "::1")},
	{command: "build", names: []string{"--add-host"}, value: "host.docker.internal:host-gateway", refused: `(?s)host-gateway.*give the address itself`},
	{command: "build", names: []string{"--add-host"}, value: "db.example", refused: `give NAME:ADDRESS`},
	{command: "build", names: []string{"--no-error-without-start"}, flags: func(f buildFlags) bool { return f.withoutStart }},
	{command: "build", names: []string{"--cpu-quota"}, value: "50000", refused: `(?s)--cpu-quota.*--buildkit-host`},
	{command: "build", names: []string{"--memory"}, value: "1g", refused: `(?s)--memory.*--buildkit-host`},
	{command: "build", names: []string{"--verbose", "-v"}, flags: func(f buildFlags) bool { return f.Progress == "plain" }},
	{command: "build", names: []string{"--env", "-e"}, value: "NIXPACKS_VERBOSE=1", flags: func(f buildFlags) bool { return f.Progress == "plain" }},
}

func exports(want builder.Export) func(build.Spec) bool {
	return func(im build.Spec) bool {
		want.Refs = im.Image.Names
		return len(im.Output.Exports) == 1 && reflect.DeepEqual(im.Output.Exports[0], want)
	}
}

func hosts(name, address string) func(build.Spec) bool {
	return func(im build.Spec) bool {
		return slices.Equal(im.Steps.Hosts, []lower.Host{{Name: name, Address: netip.MustParseAddr(address)}})
	}
}

func TestOptionsOfNixpacks(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/app\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n",
		"other.toml": "providers = [\"staticfile\"]\n[start]\ncmd = \"from other\"\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range nixpacks {
		for _, name := range o.names {
			given := []string{name}
			if takesValue := o.value != "" || o.refused != ""; takesValue {
				given = append(given, o.value)
			}
			orders := [][]string{slices.Concat([]string{o.command, "."}, given)}
			if o.command != "build" && !slices.Contains([]string{"--format", "-f", "--help", "-h"}, name) {
				orders = append(orders, slices.Concat(given, []string{o.command, "."}))
			}
			for _, args := range orders {
				t.Run(strings.Join(args, " "), func(t *testing.T) { o.try(t, dir, args) })
			}
		}
	}
}

func (o nixpacksOption) try(t *testing.T, dir string, args []string) {
	var stdout, stderr bytes.Buffer
	p := &program{Process: Process{Args: args, Dir: dir, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Environ: []string{"HOME=/home/me", "DOCKER_HOST=tcp://env.example:1"}}}
	var im build.Spec
	var f buildFlags
	root := p.root()
	if o.stdout == "" {
		// What a build would do, without doing it.
		build, _, err := root.Find([]string{"build"})
		if err != nil {
			t.Fatal(err)
		}
		root.RemoveCommand(build)
		root.AddCommand(buildCommand(func(_ context.Context, args []string, given buildFlags) error {
			f = given
			o, err := p.prepare(args, &f)
			im = o.spec
			return err
		}))
	}
	err := p.execute(t.Context(), root)
	if o.refused != "" {
		text, hint := "", ""
		if err != nil {
			text, hint = fault.Message(err)
		}
		if all := text + "\n" + hint; fault.Status(err) != fault.Misuse || hint == "" || !regexp.MustCompile(o.refused).MatchString(all) {
			t.Errorf("ends with status %d: %s", fault.Status(err), all)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case o.stdout != "" && !regexp.MustCompile(o.stdout).Match(stdout.Bytes()):
		t.Errorf("prints\n%s", &stdout)
	case o.stderr != "" && !regexp.MustCompile(o.stderr).Match(stderr.Bytes()):
		t.Errorf("says\n%s", &stderr)
	case o.image != nil && !o.image(im):
		t.Errorf("builds %+v", im)
	case o.flags != nil && !o.flags(f):
		t.Errorf("takes %+v", f)
	}
}

func TestMisusedOptionsAreFoundBeforeAnyWork(t *testing.T) {
	for args, want := range map[string]string{
		"build nowhere --progress raw":                               `reading --progress: unknown progress mode "raw"`,
		"build nowhere --progress rawjson":                           `reading --progress: unknown progress mode "rawjson"`,
		"build nowhere --progress tty":                               `reading --progress: progress mode tty needs a terminal`,
		"build nowhere --memory 1g":                                  `--memory: `,
		"build nowhere --out a --dockerfile":                         `--out writes a Dockerfile`,
		"plan nowhere --platform linux/amd64 --platform linux/arm64": `--platform is given as linux/amd64,linux/arm64, and npx-action plan is for one at a time`,
		"build nowhere --platform linux/amd64,linux/mips":            `unknown platform "linux/mips"`,
		"build . --platform linux/amd64,linux/arm64 --dockerfile":    `--platform is given as linux/amd64,linux/arm64, and a Dockerfile is for one at a time`,
		"completion tcsh":                                            `unknown command "tcsh"`,
		"help nothing":                                               `unknown command "nothing"`,
		"help plan nothing":                                          `unknown command "nothing"`,
	} {
		var stderr bytes.Buffer
		got := Main(t.Context(), Process{Args: strings.Fields(args), Dir: t.TempDir(), Stdout: io.Discard, Stderr: &stderr})
		if got != fault.Misuse || !strings.HasPrefix(stderr.String(), "error: "+want) {
			t.Errorf("%s: ends with %d: %s", args, got, &stderr)
		}
	}
}
