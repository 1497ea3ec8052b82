package source

import "testing"

func TestExcludedIsWhatDockerignoreKeepsOut(t *testing.T) {
	tree := mapTree(t, map[string]string{Dockerignore: "# comment\n.npmrc\n*.log\nlibs\n!libs/a\n**/secret\n/data/\n*.toml\n!keep.toml\n"}, Limits{})
	e, err := tree.Excluded()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		".npmrc": true, "./.npmrc": true, "a.log": true, "sub/a.log": false, "libs/b": true, "libs/a": false, "libs/a/x": false, "libs": false,
		"x/y/secret": true, "x/secret/y": true, "data/x": true, "go.mod": false, "a.toml": true, "keep.toml": false, ".": false,
	} {
		if got := e.Has(name); got != want {
			t.Errorf("%s: %t, want %t", name, got, want)
		}
	}
	all, err := NewExcluded([]string{"**"})
	if err != nil || all.Has(".") || !all.Has("x") {
		t.Errorf("the root is excluded, or a file is not: %v", err)
	}
}

func TestNoDockerignoreExcludesNothing(t *testing.T) {
	e, err := mapTree(t, nil, Limits{}).Excluded()
	if err != nil || e.Has("a") || len(e.Patterns) > 0 {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestAPatternThatIsNoneIsNamedWithItsLine(t *testing.T) {
	_, err := mapTree(t, map[string]string{Dockerignore: "a\n\n[\n"}, Limits{}).Excluded()
	if e := asError(t, err); e.Name != Dockerignore || e.Line != 3 {
		t.Errorf("%v", err)
	}
}
