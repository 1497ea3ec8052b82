package plan_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func phases(dependsOn map[string][]string) map[string]plan.Phase {
	out := map[string]plan.Phase{}
	for name, deps := range dependsOn {
		out[name] = plan.Phase{DependsOn: deps}
	}
	return out
}

func TestOrder(t *testing.T) {
	tests := []struct {
		name   string
		phases map[string][]string
		want   []string
	}{
		{"nothing", nil, []string{}},
		{"bytes decide without dependencies", map[string][]string{"b": nil, "B": nil, "a": nil}, []string{"B", "a", "b"}},
		{
			"the usual chain", map[string][]string{"build": {"install"}, "install": {"setup"}, "setup": nil},
			[]string{"setup", "install", "build"},
		},
		{
			"a level at a time", // depth first would run a2 before b1
			map[string][]string{"a1": nil, "b1": nil, "a2": {"a1"}, "a3": {"a2"}, "b2": {"b1"}},
			[]string{"a1", "b1", "a2", "b2", "a3"},
		},
		{"unknown phases do not count", map[string][]string{"a": {"missing"}, "b": {"a", "gone"}}, []string{"a", "b"}},
		{"repeated dependencies count once", map[string][]string{"a": {"b", "b"}, "b": nil}, []string{"b", "a"}},
		{"all dependencies must be done", map[string][]string{"a": {"b", "c"}, "b": {"c"}, "c": nil}, []string{"c", "b", "a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := plan.Order(phases(tt.phases))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOrderRefusesCycles(t *testing.T) {
	tests := []struct {
		phases map[string][]string
		want   string
	}{
		{map[string][]string{"a": {"a"}}, "circular dependency detected: a -> a"},
		{map[string][]string{"a": {"b"}, "b": {"a"}}, "circular dependency detected: a -> b -> a"},
		// The cycle alone is named, not the way to it, and it begins with its least phase.
		{map[string][]string{"a": {"d"}, "c": {"b"}, "d": {"c"}, "b": {"d"}, "e": nil}, "circular dependency detected: b -> d -> c -> b"},
		// What is done or unknown is not part of it.
		{map[string][]string{"a": nil, "b": {"a", "0", "c"}, "c": {"a", "b"}}, "circular dependency detected: b -> c -> b"},
		{map[string][]string{"x\ny": {"x\ny"}}, `circular dependency detected: "x\ny" -> "x\ny"`},
	}
	for _, tt := range tests {
		order, err := plan.Order(phases(tt.phases))
		var cycle *plan.CycleError
		if !errors.As(err, &cycle) || err.Error() != tt.want {
			t.Errorf("Order(%v) = %v, %v; want error %q", tt.phases, order, err, tt.want)
		}
	}
}
