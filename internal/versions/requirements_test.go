package versions

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
)

func TestPinnedRequirementsBoundPython(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		want  []string
	}{
		{"exact versions", repo{"requirements.txt": "Flask==3.0.0\nnumpy==1.26.2\npandas == 2.1.3\r\nscipy[x]===1.11.4 # fast\ngreenlet==2.0.0\n"},
			[]string{"greenlet 2.0.0 (requirements.txt) <3.11", "numpy 1.26.2, pandas 2.1.3, scipy 1.11.4 (requirements.txt) <3.13"}},
		{"the newest", repo{"requirements.txt": "numpy==2.6.0\nDjango==5.2.8\ntensorflow==2.20.0\n"}, nil},
		{"what is not compiled itself", repo{"requirements.txt": "pydantic==2.10.4\nSQLAlchemy==2.0.25\n"},
			[]string{"sqlalchemy 2.0.25 (requirements.txt) <3.13", "pydantic 2.10.4 (requirements.txt) <3.14"}},
		{"names in other ways", repo{"requirements.txt": "Psycopg2_Binary==2.9.9\nscikit.learn==1.4.0\n"},
			[]string{"psycopg2-binary 2.9.9, scikit-learn 1.4.0 (requirements.txt) <3.13"}},
		{"a long time ago", repo{"requirements.txt": "Pillow==5.1.0"}, []string{"pillow 5.1.0 (requirements.txt) <3.9"}},
		{"a local version and hashes", repo{"requirements.txt": "torch==2.0.1+cu118\nlxml==4.9.3 \\\n    --hash=sha256:00\ncffi==1.16.0 --hash=sha256:00\n"},
			[]string{"torch 2.0.1 (requirements.txt) <3.12", "cffi 1.16.0, lxml 4.9.3 (requirements.txt) <3.13"}},
		{"not exact, or not always installed", repo{"requirements.txt": "numpy>=1.26.2\nnumpy==1.26.*\nscipy==1.11.4,<2\ngreenlet==3.0.3 ; python_version < '3.13'\n# lxml==4.9.3\n"}, nil},
		{"a file that is included", repo{"requirements.txt": "-r requirements/base.txt\n-r /etc/x\n", "requirements/base.txt": "-r ../requirements.txt\n--requirement=more.txt\n",
			"requirements/more.txt": "regex==2023.12.25\n"}, []string{"regex 2023.12.25 (requirements.txt) <3.13"}},
		{"UTF-16", repo{"requirements.txt": "\xff\xfea\x00s\x00y\x00n\x00c\x00p\x00g\x00=\x00=\x000\x00.\x002\x009\x00.\x000\x00\r\x00\n\x00"},
			[]string{"asyncpg 0.29.0 (requirements.txt) <3.13"}},
	} {
		found, err := Read(tt.files.tree(t), plan.Vars{}, "python")
		wantBounds(t, tt.name, found, err, tt.want)
	}
}

func TestLockedCratesBoundRust(t *testing.T) {
	lock := func(crates ...string) string { return "version = 3\n\n" + strings.Join(crates, "\n") }
	crate := func(name, version string, needs ...string) string {
		return "[[package]]\nname = \"" + name + "\"\nversion = \"" + version + "\"\ndependencies = [\n \"" + strings.Join(needs, "\",\n \"") + "\",\n]\n"
	}
	const manifest = "[package]\nname = \"shop\"\nedition = \"2021\"\n"
	for _, tt := range []struct {
		name, lock, manifest string
		want                 []string
	}{
		{"the first that fails", lock(crate("time", "0.3.18", "itoa")), manifest, []string{"time 0.3.18 (Cargo.lock) <1.80"}},
		{"the last that fails", lock(crate("serde", "1.0.0"), crate("time", "0.3.34", "deranged", "itoa")), manifest, []string{"time 0.3.34 (Cargo.lock) <1.80"}},
		{"the last before", lock(crate("time", "0.3.17", "itoa")), manifest, nil},
		{"the first that is mended", lock(crate("time", "0.3.35", "itoa")), manifest, nil},
		{"two versions", lock(crate("time", "0.1.45", "libc"), crate("time", "0.3.20", "itoa")), manifest, []string{"time 0.3.20 (Cargo.lock) <1.80"}},
		{"without the sources that fail", lock(crate("time", "0.3.34", "deranged")), manifest, nil},
		{"another crate", lock(crate("time-macros", "0.3.20", "itoa")), manifest, nil},
		{"an edition that needs a newer Rust", lock(crate("time", "0.3.34", "itoa")), "[package]\nname = \"shop\"\nedition = \"2024\"\n", nil},
		{"no version", lock("[[package]]\nname = \"time\"\n \"itoa\"\n"), manifest, nil},
	} {
		found, err := Read(repo{"Cargo.lock": tt.lock, "Cargo.toml": tt.manifest}.tree(t), plan.Vars{}, "rust")
		wantBounds(t, tt.name, found, err, tt.want)
	}
}

func TestPinsAreInOrder(t *testing.T) {
	for name, since := range pythonPins {
		if !slices.IsSortedFunc(since, ranges.Compare) || len(since) > 7 {
			t.Errorf("%s: %v", name, since)
		}
	}
}

// wantBounds compares the bounds of an app, each with the place that it is from.
func wantBounds(t *testing.T, name string, found Found, err error, want []string) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	var got []string
	for _, b := range found.Bounds {
		got = append(got, b.From+" "+b.Range.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
