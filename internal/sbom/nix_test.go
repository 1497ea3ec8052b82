package sbom

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStorePathsArePackages(t *testing.T) {
	const hash = "0c5bcd1kjm3w8fzbmz1rwrh5l6kq5f3v"
	for path, want := range map[string]string{
		"/nix/store/" + hash + "-nodejs-22.12.0":          "pkg:nix/nodejs@22.12.0?outhash=" + hash,
		"/nix/store/" + hash + "-openssl-3.0.14-bin":      "pkg:nix/openssl@3.0.14?outhash=" + hash + "&output=bin",
		"/nix/store/" + hash + "-gcc-13.2.0-lib":          "pkg:nix/gcc@13.2.0?outhash=" + hash + "&output=lib",
		"/nix/store/" + hash + "-glibc-2.38-44":           "pkg:nix/glibc@2.38-44?outhash=" + hash,
		"/nix/store/" + hash + "-python3.12-pip-24.0":     "pkg:nix/python3.12-pip@24.0?outhash=" + hash,
		"/nix/store/" + hash + "-libidn2-2.3.4":           "pkg:nix/libidn2@2.3.4?outhash=" + hash,
		"/nix/store/" + hash + "-gtk+-3.24":               "pkg:nix/gtk%2B@3.24?outhash=" + hash,
		"/nix/store/" + hash + "-user-environment":        "",
		"/nix/store/" + hash + "-setup-hook-":             "",
		"/nix/store/short-nodejs-22.12.0":                 "",
		"/nix/store/" + hash + "-nodejs-22.12.0/bin/node": "",
		"/usr/lib/" + hash + "-nodejs-22.12.0":            "",
		"":                                                "",
	} {
		list := installedPackages(Closure{All: []string{path}})
		got := ""
		if len(list) > 0 {
			got = list[0].purl.String()
		}
		if got != want {
			t.Errorf("%s is %s, not %s", path, got, want)
		}
	}
}

func TestPackagesThatOnlyBuildAreMarked(t *testing.T) {
	const gcc, node = "/nix/store/0c5bcd1kjm3w8fzbmz1rwrh5l6kq5f3v-gcc-13.2.0", "/nix/store/1c5bcd1kjm3w8fzbmz1rwrh5l6kq5f3v-nodejs-22.12.0"
	got := map[string]bool{}
	for _, p := range installedPackages(Closure{All: []string{gcc, node}, Runtime: []string{node}}) {
		got[p.purl.Name] = p.dev
	}
	if diff := cmp.Diff(map[string]bool{"gcc": true, "nodejs": false}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
