package sbom

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	spdxjson "github.com/spdx/tools-golang/json"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/spdx/tools-golang/spdxlib"

	"github.com/org/npx-action/internal/plan"
)

func inputs(t *testing.T) Inputs {
	t.Helper()
	return Inputs{
		Name: "shop",
		Tree: tree(t, map[string]string{
			"package-lock.json": `{"packages":{"node_modules/a":{"version":"1.0.0"},"node_modules/b":{"version":"2.0.0","dev":true},"node_modules/x/node_modules/b":{"version":"2.0.0"},"node_modules/t":{"version":"3.0.0","dev":true}}}`,
			"poetry.lock":       "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n",
		}),
		Plan: plan.Plan{Phases: map[string]plan.Phase{
			"tools": {Releases: []string{"node@22.14.0 linux/amd64 https://example.com/node.tar.gz sha256:" + strings.Repeat("0", 64)}},
			"setup": {NixPkgs: []string{"nodejs_22"}, NixLibs: []string{"zlib"}, NixpkgsArchive: new("abc"), AptPkgs: []string{"curl git=1:2.43"}},
		}},
		Bases:   []Base{{"docker.io/library/ubuntu:noble", "sha256:0"}},
		Created: time.Date(2024, 5, 1, 14, 0, 0, 0, time.FixedZone("", 7200)),
		Tool:    "npx-action-1",
	}
}

func TestTheDocumentHoldsLockfilesPackagesAndBase(t *testing.T) {
	text, warnings, err := Document(inputs(t))
	if err != nil || warnings != nil {
		t.Fatal(err, warnings)
	}
	read, err := spdxjson.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := spdxlib.ValidateDocument(read); err != nil {
		t.Error(err)
	}
	var got []string
	for _, p := range read.Packages {
		url := p.PackageName
		for _, r := range p.PackageExternalReferences {
			url = r.Locator
		}
		got = append(got, url)
	}
	want := []string{
		"shop",
		"pkg:deb/ubuntu/curl", "pkg:deb/ubuntu/git@1:2.43",
		"pkg:generic/node@22.14.0?checksum=sha256:" + strings.Repeat("0", 64) + "&download_url=https:%2F%2Fexample.com%2Fnode.tar.gz",
		"pkg:nix/nodejs_22?nixpkgs=abc", "pkg:nix/zlib?nixpkgs=abc",
		"pkg:npm/a@1.0.0", "pkg:npm/b@2.0.0", "pkg:npm/t@3.0.0",
		"pkg:oci/ubuntu@sha256:0?repository_url=docker.io%2Flibrary%2Fubuntu&tag=noble",
		"pkg:pypi/a@1.0.0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if created := read.CreationInfo.Created; created != "2024-05-01T12:00:00Z" {
		t.Errorf("created %s", created)
	}
	kinds := map[string]int{}
	for _, r := range read.Relationships {
		kinds[r.Relationship]++
	}
	if diff := cmp.Diff(map[string]int{"DESCRIBES": 1, "DEPENDS_ON": 9, "DEV_DEPENDENCY_OF": 1}, kinds); diff != "" {
		t.Errorf("relationships (-want +got):\n%s", diff)
	}
}

func TestEqualInputsGiveEqualDocumentsAndOthersAnotherName(t *testing.T) {
	in := inputs(t)
	one, _, err := Document(in)
	if err != nil {
		t.Fatal(err)
	}
	two, _, err := Document(in)
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("not equal: %v", err)
	}
	in.Plan.Phases["setup"] = plan.Phase{NixPkgs: []string{"nodejs_24"}}
	three, _, err := Document(in)
	if err != nil || namespace(t, one) == namespace(t, three) {
		t.Errorf("%s for both: %v", namespace(t, one), err)
	}
}

func namespace(t *testing.T, text []byte) string {
	t.Helper()
	var doc spdx.Document
	if err := spdxjson.ReadInto(bytes.NewReader(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.DocumentNamespace
}

func TestIdentifiersAreThoseThatSPDXAllows(t *testing.T) {
	in := Inputs{Name: "x", Tool: "y", Tree: tree(t, map[string]string{"package-lock.json": `{"packages":{"node_modules/@a/b c_d":{"version":"1"},"node_modules/@a/b-c-d":{"version":"1"}}}`})}
	text, _, err := Document(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"SPDXRef-Package-1-npm-b-c-d"`, `"SPDXRef-Package-2-npm-b-c-d"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
}
