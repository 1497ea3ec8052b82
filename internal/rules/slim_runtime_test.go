package rules

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestSlimRuntime(t *testing.T) {
	start := func(without ...string) *plan.Start { return &plan.Start{Runtime: new("slim"), WithoutPkgs: without} }
	packages := func(s *plan.Start, pkgs ...string) plan.Plan {
		return plan.Plan{Start: s, Phases: map[string]plan.Phase{"setup": {NixPkgs: pkgs}}}
	}
	for _, tt := range []struct {
		name      string
		plan      plan.Plan
		buildOnly []string
		want      plan.Plan
		why       string
	}{
		{"an app that runs on all of its packages", packages(nil, "nodejs_22"), nil,
			packages(start(), "nodejs_22"), "the image holds what runs and not what builds"},
		{"a compiler stays behind", packages(nil, "python3", "gcc"), []string{"gcc"},
			packages(start("gcc"), "python3", "gcc"), "the image holds what runs and not what builds, so it is without gcc"},
		{"packages by the beginning or the end of their names",
			packages(nil, "(rust-bin.stable)", "php83Packages.composer", "php83"), []string{"(rust-bin*", "*Packages.composer"},
			packages(start("(rust-bin.stable)", "php83Packages.composer"), "(rust-bin.stable)", "php83Packages.composer", "php83"),
			"the image holds what runs and not what builds, so it is without (rust-bin.stable), php83Packages.composer"},
		{"a command to start is kept", packages(&plan.Start{Cmd: new("./x")}), nil,
			packages(&plan.Start{Cmd: new("./x"), Runtime: new("slim")}), "the image holds what runs and not what builds"},
		{"a run image settles it", packages(&plan.Start{RunImage: new("run")}, "go"), []string{"go"},
			packages(&plan.Start{RunImage: new("run")}, "go"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, why, err := applySlimRuntime(Subject{Plan: tt.plan, BuildOnly: tt.buildOnly})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if why != tt.why {
				t.Errorf("why %q, want %q", why, tt.why)
			}
		})
	}
}
