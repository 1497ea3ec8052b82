package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestDiff(t *testing.T) {
	tests := []struct {
		name, base, head string
		want             []plan.Change
	}{
		{
			"a node upgrade and a new Debian package",
			`{"phases":{"setup":{"nixPkgs":["nodejs_20","npm-9_x"],"aptPkgs":[]}}}`,
			`{"phases":{"setup":{"nixPkgs":["nodejs_22","npm-9_x"],"aptPkgs":["curl"]}}}`,
			[]plan.Change{{"setup", "nix", "nodejs_20", "nodejs_22"}, {"setup", "apt", "", "curl"}},
		},
		{
			"upgrades are matched by name, not by place",
			`{"phases":{"a":{"nixPkgs":["go_1_21","x","python311"]}}}`, `{"phases":{"a":{"nixPkgs":["python312","go_1_22"]}}}`,
			[]plan.Change{{"a", "nix", "go_1_21", "go_1_22"}, {"a", "nix", "x", ""}, {"a", "nix", "python311", "python312"}},
		},
		{
			"an expression has no short form", `{"phases":{"a":{"nixPkgs":["(php82.x)"]}}}`, `{"phases":{"a":{"nixPkgs":["(php83.x)"]}}}`,
			[]plan.Change{{"a", "nix", "(php82.x)", "(php83.x)"}},
		},
		{
			"the plan's own fields",
			`{"edition":"1.39","providers":["a"],"buildImage":"x","variables":{"A":"1","B":"1","C":""},"staticAssets":{"a":"1","b":"1","c":""}}`,
			`{"providers":["a","b"],"buildImage":"y","variables":{"A":"2","B":"1","D":"x\ny"},"staticAssets":{"a":"2","b":"1","d":""}}`,
			[]plan.Change{
				{"", "edition", "1.39", ""},
				{"", "provider", "", "b"},
				{"", "build image", "x", "y"},
				{"", "variable A", "1", "2"},
				{"", "variable C", `""`, ""},
				{"", "variable D", "", `"x\ny"`},
				{"", "asset a", "1 bytes, sha256 6b86b273ff34", "1 bytes, sha256 d4735e3a265e"},
				{"", "asset c", "0 bytes, sha256 e3b0c44298fc", ""},
				{"", "asset d", "", "0 bytes, sha256 e3b0c44298fc"},
			},
		},
		{
			"phases in run order, removed ones too, then start",
			`{"phases":{"c":{"cmds":["1"]},"b":{"dependsOn":["c"],"cmds":["2"]}},"start":{"cmd":"x","user":"u"}}`,
			`{"phases":{"c":{"cmds":["3"]},"a":{"dependsOn":["c"],"cmds":["4"]}},"start":{"cmd":"y"}}`,
			[]plan.Change{
				{"c", "cmd", "1", "3"},
				{"a", "after", "", "c"}, {"a", "cmd", "", "4"},
				{"b", "after", "c", ""}, {"b", "cmd", "2", ""},
				{"start", "cmd", "x", "y"}, {"start", "user", "u", ""},
			},
		},
		{
			"phases that do nothing", `{"phases":{"a":{},"b":{}}}`, `{"phases":{"b":{"cmds":[]},"c":{}}}`,
			[]plan.Change{{"a", "phase", "nothing", ""}, {"c", "phase", "", "nothing"}},
		},
		{
			"a new order of what stayed", `{"phases":{"a":{"cmds":["x","y","z"]}}}`, `{"phases":{"a":{"cmds":["y","w","x","z"]}}}`,
			[]plan.Change{{"a", "cmd", "", "w"}, {"a", "cmd", "x, y, z", "y, x, z"}},
		},
		{
			"repeated elements count", `{"phases":{"a":{"aptPkgs":["x","x"]}}}`, `{"phases":{"a":{"aptPkgs":["x","x","x"]}}}`,
			[]plan.Change{{"a", "apt", "", "x"}},
		},
		{
			"several of each side are not matched", `{"phases":{"a":{"cmds":["p","q"]}}}`, `{"phases":{"a":{"cmds":["r","s"]}}}`,
			[]plan.Change{{"a", "cmd", "p", ""}, {"a", "cmd", "q", ""}, {"a", "cmd", "", "r"}, {"a", "cmd", "", "s"}},
		},
		{
			"the files of a phase",
			`{"phases":{"a":{},"b":{"onlyIncludeFiles":["x"]},"c":{"onlyIncludeFiles":[]},"d":{"onlyIncludeFiles":[]},"f":{"onlyIncludeFiles":["x"]}}}`,
			`{"phases":{"a":{"onlyIncludeFiles":["x","y z\n"]},"b":{},"c":{},"e":{"onlyIncludeFiles":[]},"f":{"onlyIncludeFiles":["x","y"]}}}`,
			[]plan.Change{
				{"a", "file", "everything", `x, "y z\n"`},
				{"b", "file", "x", "everything"},
				{"c", "file", "nothing", "everything"},
				{"d", "file", "nothing", ""},
				{"e", "file", "", "nothing"},
				{"f", "file", "", "y"},
			},
		},
		{
			"the files of the image", `{"start":{"onlyIncludeFiles":[]}}`, `{"start":{"onlyIncludeFiles":["x"]}}`,
			[]plan.Change{{"start", "file", "everything", "x"}},
		},
		{"absent and empty", `{}`, `{"providers":[],"variables":{},"phases":{},"start":{"onlyIncludeFiles":[]}}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := plan.Diff(mustParse(t, tt.base), mustParse(t, tt.head))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Diff (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiffIsEmptyExactlyIfTextIsTheSame(t *testing.T) {
	for seed := range uint64(1000) {
		p := randomPlan(seed)
		if changes := plan.Diff(p, p.Clone()); len(changes) > 0 {
			t.Fatalf("seed %d: a plan differs from itself: %v", seed, changes)
		}
		if changes := plan.Diff(p, withoutEmpties(p)); len(changes) > 0 {
			t.Fatalf("seed %d: empty differs from absent: %v", seed, changes)
		}
		q := p.Clone()
		edit(&q, seed)
		if same := plan.Text(p) == plan.Text(q); same != (len(plan.Diff(p, q)) == 0) {
			t.Fatalf("seed %d: same text %v, but the changes are %v", seed, same, plan.Diff(p, q))
		}
	}
}

func TestDiffOfSwappedPlansIsSwapped(t *testing.T) {
	for seed := range uint64(1000) {
		a, b := randomPlan(seed), randomPlan(seed+1)
		there, back := count(plan.Diff(a, b), false), count(plan.Diff(b, a), true)
		if diff := cmp.Diff(there, back); diff != "" {
			t.Fatalf("seed %d (-a to b +b to a):\n%s", seed, diff)
		}
	}
}

// count counts what each field lost and gained.
func count(changes []plan.Change, swap bool) map[string]int {
	n := map[string]int{}
	for _, c := range changes {
		base, head := c.Base, c.Head
		if swap {
			base, head = head, base
		}
		n[c.Phase+"\n"+c.Field+"\n-"+base]++
		n[c.Phase+"\n"+c.Field+"\n+"+head]++
	}
	return n
}

// edit makes one small change to a plan that may or may not matter.
func edit(p *plan.Plan, seed uint64) {
	other := randomPlan(seed + 7919)
	switch seed % 6 {
	case 0:
		p.Variables = other.Variables
	case 1:
		p.StaticAssets = other.StaticAssets
	case 2:
		p.Start = other.Start
	case 3:
		p.Providers = other.Providers
	default:
		for name, ph := range plan.Sorted(p.Phases) {
			for _, q := range plan.Sorted(other.Phases) {
				ph.OnlyIncludeFiles, ph.Cmds, ph.DependsOn = q.OnlyIncludeFiles, q.Cmds, q.DependsOn
			}
			if seed%6 == 4 {
				delete(p.Phases, name)
			} else {
				p.Phases[name] = ph
			}
			break
		}
	}
}
