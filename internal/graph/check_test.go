package graph

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
)

func TestNewRefuses(t *testing.T) {
	phase := func(ph plan.Phase) plan.Plan {
		return plan.Plan{BuildImage: new("base"), Phases: map[string]plan.Phase{"x": ph, "setup": {}}}
	}
	start := func(s plan.Start) plan.Plan {
		return plan.Plan{BuildImage: new("base"), Start: &s, Phases: map[string]plan.Phase{"build": {CacheDirectories: []string{"target"}}}}
	}
	include := func(f string) plan.Plan {
		return phase(plan.Phase{Cmds: []string{"a"}, OnlyIncludeFiles: []string{f}})
	}
	cache := func(d string) plan.Plan {
		return phase(plan.Phase{Cmds: []string{"a"}, CacheDirectories: []string{d}})
	}
	assets := func(names ...string) plan.Plan {
		p := plan.Plan{BuildImage: new("base"), StaticAssets: map[string]string{}}
		for _, n := range names {
			p.StaticAssets[n] = ""
		}
		return p
	}
	nixed := plan.Phase{NixPkgs: []string{"go"}, NixpkgsArchive: new("a")}
	outside := nixed
	outside.OnlyIncludeFiles = []string{"../x"}
	tests := []struct {
		name string
		plan plan.Plan
		opt  Options
		want string // after "checking the plan: "
	}{
		{"no build image", plan.Plan{}, Options{}, `buildImage: it is not set; pin the plan first`},
		{"odd build image", plan.Plan{BuildImage: new("a b")}, Options{}, `buildImage: "a b" is no reference to an image; use a name such as ubuntu:noble`},
		{"odd run image", start(plan.Start{RunImage: new("$x")}), Options{}, `start.runImage: "$x" is no reference to an image; use a name such as ubuntu:noble`},
		{"odd cache key", phase(plan.Phase{}), Options{CacheKey: "a,b"}, `cache-key: "a,b" has other characters; use letters, digits and any of ._/@:+-`},

		{"name of a variable", plan.Plan{Variables: map[string]string{"A B": ""}}, Options{}, `variables: "A B" is no name of a variable; use letters, digits and underscores`},
		{"no name of a variable", plan.Plan{Variables: map[string]string{"": ""}}, Options{}, `variables: "" is no name of a variable; use letters, digits and underscores`},
		{"NUL in a variable", plan.Plan{Variables: map[string]string{"A": "\x00"}}, Options{}, `variables.A: "\x00" is not UTF-8 or has a NUL byte; use text`},

		{"missing phase", phase(plan.Phase{DependsOn: []string{"build", "node:install", "instal"}}), Options{}, `phase x, dependsOn: there is no phase "instal"; the phases are "setup", "x"`},
		{"name of a phase", plan.Plan{BuildImage: new("b"), Phases: map[string]plan.Phase{"a\nb": {}}}, Options{}, `phases: "a\nb" is no name of a phase; rename the phase`},
		{"empty command", phase(plan.Phase{Cmds: []string{"a", " \n"}}), Options{}, `phase x, cmds: a command is empty; write a command or leave it out`},
		{"NUL in a command", phase(plan.Phase{Cmds: []string{"a\x00"}}), Options{}, `phase x, cmds: "a\x00" is not UTF-8 or has a NUL byte; use text`},
		{"command that is not UTF-8", phase(plan.Phase{Cmds: []string{"\xff"}}), Options{}, `phase x, cmds: "\xff" is not UTF-8 or has a NUL byte; use text`},
		{"NUL in a Nix package", phase(plan.Phase{NixPkgs: []string{"\x00"}}), Options{}, `phase x, nixPkgs: "\x00" is not UTF-8 or has a NUL byte; use text`},

		{"absolute include", include("/etc"), Options{}, `phase x, onlyIncludeFiles: "/etc" is an absolute path; write it relative to the app's directory`},
		{"escaping include", include("a/../../b"), Options{}, `phase x, onlyIncludeFiles: "a/../../b" leaves the app's directory; name a file below it`},
		{"parent", include(".."), Options{}, `phase x, onlyIncludeFiles: ".." leaves the app's directory; name a file below it`},
		{"empty include", include(""), Options{}, `phase x, onlyIncludeFiles: an entry is empty; name a file or leave it out`},
		{"line break in an include", include("a\nb"), Options{}, `phase x, onlyIncludeFiles: "a\nb" has a control character; rename the file`},
		{"wildcard", include("*.json"), Options{}, `phase x, onlyIncludeFiles: "*.json" has a wildcard; name each file, or their directory`},
		{"generated include", include(".nixpacks/x"), Options{}, `phase x, onlyIncludeFiles: ".nixpacks/x" is in the build's own directory; keep the app's files elsewhere`},
		{"escaping include of Nix", phase(outside), Options{}, `phase x, onlyIncludeFiles: "../x" leaves the app's directory; name a file below it`},

		{"cache directory with a parent", cache("a/../b"), Options{}, `phase x, cacheDirectories: "a/../b" has a parent directory in it; write the path without it`},
		{"empty cache directory", cache(""), Options{}, `phase x, cacheDirectories: an entry is empty; name a directory or leave it out`},
		{"comma in a cache directory", cache("a,b"), Options{}, `phase x, cacheDirectories: "a,b" has a blank, quote, comma or other special character; use another directory`},
		{"app as a cache directory", cache("."), Options{}, `phase x, cacheDirectories: "." would hide the files of /app; use a directory below it`},
		{"home as a cache directory", cache("~"), Options{}, `phase x, cacheDirectories: "~" would hide the files of /root; use a directory below it`},
		{"root as a cache directory", cache("/"), Options{}, `phase x, cacheDirectories: "/" would hide the files of /; use a directory below it`},

		{"unknown variable in a path", phase(plan.Phase{Paths: []string{"$GEMS/bin"}}), Options{}, `phase x, paths: "$GEMS/bin" uses $GEMS, which is no variable of the plan; set it in variables, or write the path out`},
		{"quote in a path", phase(plan.Phase{Paths: []string{"/a'b"}}), Options{}, `phase x, paths: "/a'b" is empty or has a character that is special to a shell; use a path that needs no quoting`},
		{"command in a path", phase(plan.Phase{Paths: []string{"$(id)"}}), Options{}, `phase x, paths: "$(id)" is empty or has a character that is special to a shell; use a path that needs no quoting`},
		{"empty path", phase(plan.Phase{Paths: []string{""}}), Options{}, `phase x, paths: "" is empty or has a character that is special to a shell; use a path that needs no quoting`},

		{"shell in apt", phase(plan.Phase{AptPkgs: []string{"curl; id"}}), Options{}, `phase x, aptPkgs: "curl;" is no Debian package; use a name such as libpq-dev or nginx=1.24.*`},
		{"option in apt", phase(plan.Phase{AptPkgs: []string{"-y"}}), Options{}, `phase x, aptPkgs: "-y" is no Debian package; use a name such as libpq-dev or nginx=1.24.*`},
		{"no archive", phase(plan.Phase{NixPkgs: []string{"go"}}), Options{}, `phase x, nixpkgsArchive: is not set; pin the plan first`},
		{"odd substituter", phase(nixed), Options{Nix: nix.Options{Substituters: []string{"'"}}}, `nix-substituters: "'" is not the address of a binary cache; use a URL`},

		{"absolute asset", assets("/etc/passwd"), Options{}, `staticAssets: "/etc/passwd" is an absolute path; write it relative to /assets`},
		{"escaping asset", assets("../../x"), Options{}, `staticAssets: "../../x" leaves /assets; name a file below it`},
		{"one asset twice", assets("./a", "a"), Options{}, `staticAssets: "./a" and "a" go to the same place; rename one of them`},
		{"asset below an asset", assets("a", "a/b"), Options{}, `staticAssets: "a" and "a/b" go to the same place; rename one of them`},
		{"directory as an asset", assets("."), Options{}, `staticAssets: "." is a directory; name a file`},
		{"asset that is not UTF-8", assets("\xff"), Options{}, `staticAssets: "\xff" is not UTF-8; use text`},

		{"empty start command", start(plan.Start{Cmd: new(" ")}), Options{}, `start.cmd: the command is empty; write a command or leave the key out`},
		{"NUL in the start command", start(plan.Start{Cmd: new("\x00")}), Options{}, `start.cmd: "\x00" is not UTF-8 or has a NUL byte; use text`},
		{"odd user", start(plan.Start{User: new("a; id")}), Options{}, `start.user: "a; id" is no name of a user; use letters, digits, - and _, or a number as in 65532`},
		{"escaping file of the run image", start(plan.Start{RunImage: new("r"), OnlyIncludeFiles: []string{"../x"}}), Options{}, `start.onlyIncludeFiles: "../x" leaves the app's directory; name a file below it`},
		{"file that is not UTF-8", start(plan.Start{RunImage: new("r"), OnlyIncludeFiles: []string{"\xff"}}), Options{}, `start.onlyIncludeFiles: "\xff" is not UTF-8 or has a NUL byte; use text`},
		{"copy out of a cache", start(plan.Start{RunImage: new("r"), OnlyIncludeFiles: []string{"target/x"}}), Options{}, `start.onlyIncludeFiles: "target/x" is in the cache directory /app/target of phase build, which is not kept; copy it elsewhere in a command of the phase`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.plan, tt.opt)
			var typed *Error
			if !errors.As(err, &typed) {
				t.Fatalf("got %v, want an *Error", err)
			}
			got, ok := strings.CutPrefix(err.Error(), "checking the plan: ")
			if diff := cmp.Diff(tt.want, got); diff != "" || !ok {
				t.Errorf("message differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewPrintsACycleAsAPath(t *testing.T) {
	_, err := New(plan.Plan{BuildImage: new("b"), Phases: map[string]plan.Phase{
		"a": {DependsOn: []string{"b"}}, "b": {DependsOn: []string{"c"}}, "c": {DependsOn: []string{"a"}},
	}}, Options{})
	var cycle *plan.CycleError
	if !errors.As(err, &cycle) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "a"}, cycle.Path); diff != "" {
		t.Error(diff)
	}
}

func TestNewAcceptsWhatNixpacksPlansSay(t *testing.T) {
	p := plan.Plan{
		BuildImage: new("ghcr.io/railwayapp/nixpacks:ubuntu-1745885067"),
		Phases: map[string]plan.Phase{
			"build":      {DependsOn: []string{"install"}, Cmds: []string{"a"}, CacheDirectories: []string{"/tmp", "/build", "~/.m2"}},
			"node:build": {DependsOn: []string{"node:install"}, Paths: []string{"/usr/local/rvm/gems/2.6.6@global/bin"}},
			"apt":        {AptPkgs: []string{"libstdc++6 g++", "nginx=1.24.*", "libc6:amd64"}},
		},
		Start: &plan.Start{OnlyIncludeFiles: []string{"../ignored/without/runImage"}},
	}
	if _, err := New(p, Options{}); err != nil {
		t.Error(err)
	}
}
