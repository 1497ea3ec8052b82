package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestText(t *testing.T) {
	p := wholePlan.Clone()
	p.Phases["build"] = plan.Phase{DependsOn: []string{"setup"}, Cmds: []string{"make\ninstall", "b"}, OnlyIncludeFiles: []string{}}
	p.Phases["last"] = plan.Phase{DependsOn: []string{"build"}}
	p.Phases["idle"] = plan.Phase{Cmds: []string{}}
	const want = `edition: 1.39
provider: ...
provider: node
build image: image
variable A=1
variable B=""
asset dir/nginx.conf: 5 bytes, sha256 c73b73af8851
phase idle: nothing
phase setup: after x
phase setup: nix nodejs_18
phase setup: nix npm-9_x
phase setup: nix-lib zlib
phase setup: nixpkgs abc
phase setup: apt curl
phase setup: cmd make
phase setup: file Makefile
phase setup: cache /root/.npm
phase setup: path /opt/bin
phase build: after setup
phase build: cmd "make\ninstall"
phase build: cmd b
phase build: no files
phase last: after build
start: cmd run
start: run image ubuntu:noble
start: file bin
start: user app
`
	if diff := cmp.Diff(want, plan.Text(p)); diff != "" {
		t.Errorf("Text (-want +got):\n%s", diff)
	}
}

func TestTextOfNothing(t *testing.T) {
	if got := plan.Text(plan.Plan{Phases: map[string]plan.Phase{}, Start: &plan.Start{}}); got != "" {
		t.Errorf("Text = %q, want nothing", got)
	}
}

func TestTextOfCircleIsInByteOrder(t *testing.T) {
	p := mustParse(t, `{"phases":{"b":{"dependsOn":["a"]},"a":{"dependsOn":["b"]},"c":{}}}`)
	want := "phase a: after b\nphase b: after a\nphase c: nothing\n"
	if got := plan.Text(p); got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
}

func TestTextQuotesWhatDisguises(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{"variables":{"A":"b c \"d\" \\e"}}`, `variable A=b c "d" \e`},
		{`{"variables":{"A=B":"C"}}`, `variable "A=B"=C`},
		{`{"variables":{"A":" x"}}`, `variable A=" x"`},
		{`{"variables":{"A":"\"x\""}}`, `variable A="\"x\""`},
		{`{"variables":{"A":"\""}}`, `variable A="\""`},
		{`{"variables":{"A":"tab\there"}}`, `variable A="tab\there"`},
		{`{"variables":{"A":"\u202egpj.exe"}}`, `variable A="\u202egpj.exe"`},
		{`{"variables":{"A":"é 日本"}}`, `variable A=é 日本`},
		{`{"staticAssets":{"a: b":""}}`, `asset "a: b": 0 bytes, sha256 e3b0c44298fc`},
		{`{"phases":{"a: b":{}}}`, `phase "a: b": nothing`},
		{`{"phases":{"node:a":{}}}`, `phase node:a: nothing`},
		{`{"start":{"cmd":"a\nstart: user root"}}`, `start: cmd "a\nstart: user root"`},
	}
	for _, tt := range tests {
		if got := plan.Text(mustParse(t, tt.in)); got != tt.want+"\n" {
			t.Errorf("Text(%s) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestTextIsLinesAndTellsPlansApart(t *testing.T) {
	seen := map[string]string{}
	for seed := range uint64(2000) {
		p := randomPlan(seed)
		text := plan.Text(p)
		for line := range strings.Lines(text) {
			if !strings.HasSuffix(line, "\n") || strings.ContainsAny(line[:len(line)-1], "\n\r\x00\u2028\u202e") {
				t.Fatalf("seed %d: not a line: %q", seed, line)
			}
		}
		// Absent and empty say the same, but for the files of a phase.
		canon := string(withoutEmpties(p).JSON())
		if other, ok := seen[text]; ok && other != canon {
			t.Fatalf("seed %d: the same text for\n%s\nand\n%s", seed, canon, other)
		}
		seen[text] = canon
	}
}

// withoutEmpties makes absent what Text does not tell from it.
func withoutEmpties(p plan.Plan) plan.Plan {
	p = p.Clone()
	drop := func(lists ...*[]string) {
		for _, list := range lists {
			if len(*list) == 0 {
				*list = nil
			}
		}
	}
	drop(&p.Providers)
	for _, m := range []*map[string]string{&p.Variables, &p.StaticAssets} {
		if len(*m) == 0 {
			*m = nil
		}
	}
	for name, ph := range p.Phases {
		drop(&ph.DependsOn, &ph.NixPkgs, &ph.NixLibs, &ph.NixOverlays, &ph.AptPkgs, &ph.Cmds, &ph.CacheDirectories, &ph.Paths)
		p.Phases[name] = ph
	}
	if len(p.Phases) == 0 {
		p.Phases = nil
	}
	if p.Start != nil {
		drop(&p.Start.OnlyIncludeFiles)
		if len(p.Start.Processes) == 0 {
			p.Start.Processes = nil
		}
		if s := p.Start; s.Cmd == nil && s.RunImage == nil && s.User == nil && s.OnlyIncludeFiles == nil && s.Processes == nil {
			p.Start = nil
		}
	}
	return p
}
