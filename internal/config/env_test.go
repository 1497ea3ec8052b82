package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/org/npx-action/internal/plan"
)

func TestParseEnv(t *testing.T) {
	environ := map[string]string{"HOME": "/root", "EMPTY": ""}
	lookup := func(name string) (string, bool) {
		value, ok := environ[name]
		return value, ok
	}
	const oddName = ": all after the name is the value, as a name has only letters, digits, _ and -"
	const ignored = ": ignored, as no value is given and the environment has none"
	tests := []struct {
		name     string
		args     []string
		want     plan.Vars
		warnings []string
	}{
		{"none", nil, plan.Vars{}, nil},
		{"value", []string{"A=1"}, plan.Vars{"A": "1"}, nil},
		{"value with equals signs and lines", []string{"A-b_2==x\ny=z"}, plan.Vars{"A-b_2": "=x\ny=z"}, nil},
		{"later wins", []string{"A=1", "A=2"}, plan.Vars{"A": "2"}, nil},
		{"from the environment", []string{"HOME"}, plan.Vars{"HOME": "/root"}, nil},
		{"empty takes the environment's", []string{"HOME="}, plan.Vars{"HOME": "/root"}, nil},
		{"empty in the environment", []string{"EMPTY"}, plan.Vars{"EMPTY": ""}, nil},
		{"not in the environment", []string{"NONE", "A="}, plan.Vars{}, []string{"--env NONE" + ignored, "--env A" + ignored}},
		{"odd name", []string{"A.B=secret"}, plan.Vars{"A": ".B=secret"}, []string{"--env A" + oddName}},
		{"no name", []string{"=x"}, plan.Vars{"": "x"}, nil},
		{"no equals sign", []string{"A:secret"}, plan.Vars{"A": ":secret"}, []string{"--env A" + oddName}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, warnings := ParseEnv(tt.args, lookup)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tt.warnings, warnings); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	tests := []struct {
		name      string
		vars      plan.Vars
		compat139 bool
		want      plan.Plan
	}{
		{"none", plan.Vars{"PORT": "80", "NIXPACKS_NODE_VERSION": "22"}, true, plan.Plan{}},
		{
			"packages",
			plan.Vars{"NIXPACKS_PKGS": "a, b  c", "NIXPACKS_APT_PKGS": "d", "NIXPACKS_LIBS": "a,b  c"},
			false,
			plan.Plan{Phases: map[string]plan.Phase{"setup": {
				NixPkgs: []string{"a", "b", "c", "..."}, AptPkgs: []string{"d", "..."}, NixLibs: []string{"a,b", "", "c", "..."},
			}}},
		},
		{
			"commands in 1.39",
			plan.Vars{"NIXPACKS_INSTALL_CMD": "a\nb", "NIXPACKS_BUILD_CMD": "c", "NIXPACKS_START_CMD": "d\n"},
			true,
			plan.Plan{
				Phases: map[string]plan.Phase{
					"install": {DependsOn: []string{"setup"}, Cmds: []string{"ab"}},
					"build":   {DependsOn: []string{"install"}, Cmds: []string{"c"}},
				},
				Start: &plan.Start{Cmd: new("d")},
			},
		},
		{
			"commands",
			plan.Vars{"NIXPACKS_INSTALL_CMD": "a\nb\n", "NIXPACKS_START_CMD": "d"},
			false,
			plan.Plan{
				Phases: map[string]plan.Phase{"install": {Cmds: []string{"a\nb"}}},
				Start:  &plan.Start{Cmd: new("d")},
			},
		},
		{
			"cache directories belong to a command",
			plan.Vars{"NIXPACKS_INSTALL_CACHE_DIRS": "x", "NIXPACKS_BUILD_CMD": "b", "NIXPACKS_BUILD_CACHE_DIRS": "z,a z"},
			false,
			plan.Plan{Phases: map[string]plan.Phase{"build": {Cmds: []string{"b"}, CacheDirectories: []string{"a", "z"}}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, Environment(tt.vars, tt.compat139), emptyPhases); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestMisplacedNamesVariablesThatOnlyAFileHas(t *testing.T) {
	declared := plan.Vars{"NIXPACKS_PKGS": "a"}
	all := plan.Vars{"NIXPACKS_PKGS": "a", "NIXPACKS_START_CMD": "b", "NIXPACKS_NODE_VERSION": "22"}
	want := []string{"NIXPACKS_START_CMD in [variables] has no effect on the plan; declare it with --env"}
	if d := cmp.Diff(want, Misplaced(declared, all)); d != "" {
		t.Error(d)
	}
}

func TestDeclaredVariablesAreTakenAsTheyStand(t *testing.T) {
	want := plan.Vars{"A": "=x", "EMPTY": "", "HOME": "", "LATER": "2"}
	if d := cmp.Diff(want, Declared([]string{"A==x", "EMPTY=", "HOME", "LATER=1", "LATER=2"})); d != "" {
		t.Error(d)
	}
}
