package tags

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWrongInputsAreToldForEveryEvent(t *testing.T) {
	tests := []struct{ tags, flavor, images, want string }{
		{tags: "type=ref", want: "needs event="},
		{tags: "type=ref,event=release", want: `no event "release"`},
		{tags: "type=semver", want: "needs pattern="},
		{tags: "type=pep440", want: "needs pattern="},
		{tags: "type=match", want: "needs pattern="},
		{tags: "type=raw", want: "needs value="},
		{tags: "type=version,pattern=x", want: `no type "version"`},
		{tags: "type=sha,format=medium", want: "neither short nor long"},
		{tags: "type=match,pattern=x,group=one", want: "no number"},
		{tags: "type=match,pattern=x,group=", want: "no number"},
		{tags: "type=match,pattern=x,group=01", want: "no number"},
		{tags: "type=sha,priority=first", want: "no number"},
		{tags: "type=match,pattern=(?=x)", want: "RE2"},
		{tags: "type=match,pattern=/x/q", want: "no flag q"},
		{tags: "type=semver,pattern={{version}},match=v.*", want: "no group"},
		{tags: "type=semver,pattern={{version}},match=(", want: "RE2"},
		{tags: "type=semver,pattern={{branch}}", want: "there is no {{branch}} here"},
		{tags: "type=pep440,pattern={{prerelease}}", want: "there is no {{prerelease}} here"},
		{tags: "type=schedule,pattern={{sha}}", want: "only date, commit_date"},
		{tags: "type=raw,value={{version}}", want: "there is no {{version}} here"},
		{tags: "type=raw,value={{#if tag}}x{{/if}}", want: "is not understood"},
		{tags: "type=raw,value={{tag 'x'}}", want: "takes no argument"},
		{tags: "type=raw,value={{{tag}}", want: "is not understood"},
		{tags: "type=raw,value={{date}}", want: "takes a format"},
		{tags: "type=raw,value={{date YYYY}}", want: "takes a format"},
		{tags: "type=raw,value={{date 'YYYY' 'MM'}}", want: "takes a format"},
		{tags: "type=raw,value={{date 'YYYY' tz='Mars/Base'}}", want: `time zone "Mars/Base"`},
		{tags: "type=raw,value={{date 'YYYY' tz='Local'}}", want: `time zone "Local"`},
		{tags: "type=raw,value={{date 'LL'}}", want: "LL is not offered"},
		{tags: "type=raw,value={{date 'YYYYYY'}}", want: "YYYYYY is not offered"},
		{tags: "type=raw,value={{tag", want: "not closed"},
		{tags: `type=raw,value=\{{tag}}`, want: "backslash"},
		{tags: "type=raw,x,prefix={{no}}", want: "there is no {{no}} here"},
		{tags: "typ=sha", want: "no tag and no rule"},
		{tags: "r.io/cc:.x", want: `tag ".x"`},
		{tags: "r.io/aa?b:1", want: "aa?b"},
		{tags: "r.io/aa:{{sha}}", want: "reading tag"},
		{flavor: "latest=maybe", want: "auto, true, false or highest"},
		{flavor: "latest", want: "not NAME=VALUE"},
		{flavor: "colour=red", want: "there is no colour"},
		{flavor: "prefix=a,onlatest=yes", want: "onlatest is true or false"},
		{flavor: "suffix={{no}}", want: "there is no {{no}} here"},
		{images: "name=a/b,enable=yes", want: "enable is true or false"},
		{images: "name=a/b,tag=x", want: "there is no tag"},
		{images: "enable=true", want: "there is no name"},
	}
	for _, tt := range tests {
		_, err := Parse(Inputs{Tags: lines(tt.tags), Flavor: lines(tt.flavor), Images: lines(tt.images)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v gives %v", tt, err)
		}
	}
	for _, bad := range []Inputs{{Labels: []string{"novalue"}}, {Labels: []string{"a={{no}}"}}, {Annotations: []string{"=x"}}} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

func TestWrongValues(t *testing.T) {
	for _, tags := range []string{"type=raw,x,enable=yes", "type=raw,.hidden", strings.Repeat("x", 129), "type=raw,x,prefix=-"} {
		settings, err := Parse(Inputs{Tags: []string{tags}})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := settings.Make(branch("main")); err == nil {
			t.Errorf("%s gives %q", tags, got.Names)
		}
	}
}

func TestReferences(t *testing.T) {
	tests := []struct {
		name                  string
		images, tags          string
		want, wantVersion, to string
	}{
		{"defaults", "R.io/Acme/Shop", "", "r.io/acme/shop:main", "main", "main"},
		{"images in a line", "r.io/aa, r.io/bb", "x", "r.io/aa:x r.io/bb:x", "x", "x"},
		{"own tags", "r.io/aa; name=r.io/bb", "1.2;1.2;edge", "r.io/aa:1.2 r.io/aa:edge r.io/bb:1.2 r.io/bb:edge", "1.2", "1.2 edge"},
		{"full references", "r.io/aa", "r.io/CC:9, 127.0.0.1:5000/dd;x", "r.io/cc:9 127.0.0.1:5000/dd:latest r.io/aa:x", "x", "x"},
		{"only full references", "r.io/aa", "r.io/cc:9", "r.io/cc:9", "9", ""},
		{"rules and references", "r.io/aa", "r.io/cc:9; type=sha", "r.io/cc:9 r.io/aa:sha-4f2a9c1", "sha-4f2a9c1", "sha-4f2a9c1"},
		{"no image", "", "type=sha", "sha-4f2a9c1", "sha-4f2a9c1", "sha-4f2a9c1"},
		{"images that are off", "name=r.io/aa,enable=false", "x", "x", "x", "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, Inputs{Images: lines(tt.images), Tags: lines(tt.tags)}, branch("main"))
			if diff := cmp.Diff(strings.Fields(tt.want), got.Tags()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Version != tt.wantVersion || strings.Join(got.Names, " ") != tt.to {
				t.Errorf("version %q, names %q", got.Version, got.Names)
			}
		})
	}
}

func run(t *testing.T, in Inputs, src Source) Result {
	t.Helper()
	settings, err := Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := settings.Make(src)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestLatestFollowsTheHighestVersion(t *testing.T) {
	const semver = "type=semver,pattern={{version}}"
	tests := []struct{ name, tag, rule, suffix, existing, want string }{
		{"first", "v1.0.0", semver, "", "", "1.0.0 latest"},
		{"higher", "v1.10.0", semver, "", "1.9.0 1.9 latest nightly", "1.10.0 latest"},
		{"again", "v1.10.0", semver, "", "1.10.0", "1.10.0 latest"},
		{"lower", "v1.9.1", semver, "", "1.9.0 1.10.0", "1.9.1"},
		{"prereleases do not count", "v1.9.1", semver, "", "1.10.0-rc.1", "1.9.1 latest"},
		{"prerelease", "v2.0.0-rc.1", semver, "", "1.0.0", "2.0.0-rc.1"},
		{"other flavors do not count", "v1.9.1", semver, "-alpine", "1.10.0 1.9.0-alpine", "1.9.1-alpine latest"},
		{"own flavor counts", "v1.9.1", semver, "-alpine", "1.10.0-alpine", "1.9.1-alpine"},
		{"ref tag", "v1.9.1", "type=ref,event=tag", "", "v1.10.0", "v1.9.1"},
		{"match", "app-1.9.1", "type=match,pattern=app-(.*),group=1", "", "1.8.0", "1.9.1 latest"},
		{"match of a prefix", "app-1.9.1", "type=match,pattern=app-(.*),group=1,prefix=a-", "", "a-1.10.0", "a-1.9.1"},
		{"no version", "nightly", "type=ref,event=tag", "", "", "nightly"},
		{"python", "1.9", "type=pep440,pattern={{version}}", "", "1.10.0", "1.9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := tag(tt.tag)
			src.Existing = func(image string) ([]string, error) {
				if image != "r.io/aa" {
					t.Errorf("asked for %s", image)
				}
				return strings.Fields(tt.existing), nil
			}
			got := run(t, Inputs{Images: []string{"R.io/aa", "r.io/bb"}, Tags: []string{tt.rule}, Flavor: []string{"latest=highest,suffix=" + tt.suffix}}, src)
			if names := strings.Join(got.Names, " "); names != tt.want {
				t.Errorf("got %q", names)
			}
		})
	}
	src := tag("v1.0.0")
	src.Existing = func(string) ([]string, error) { return nil, errors.New("no answer") }
	settings, err := Parse(Inputs{Images: []string{"r.io/aa"}, Tags: []string{semver}, Flavor: []string{"latest=highest"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := settings.Make(src); err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("got %v", err)
	}
}

func TestLabels(t *testing.T) {
	src := branch("main")
	src.Project = Project{Name: "shop", Description: "A shop & more", URL: "https://f.example/acme/shop", License: "MIT"}
	got := run(t, Inputs{
		Images: []string{"r.io/aa"}, Labels: []string{"org.opencontainers.image.title=Shop=1", "a.branch={{branch}}"}, Annotations: []string{"b={{sha}}"},
	}, src)
	common := []string{
		"org.opencontainers.image.created=2031-03-09T23:15:00.000Z",
		"org.opencontainers.image.description=A shop & more",
		"org.opencontainers.image.licenses=MIT",
		"org.opencontainers.image.revision=" + commit,
		"org.opencontainers.image.source=https://f.example/acme/shop",
		"org.opencontainers.image.title=",
		"org.opencontainers.image.url=https://f.example/acme/shop",
		"org.opencontainers.image.version=main",
	}
	with := func(first, title string) []string {
		list := append([]string{first}, common...)
		list[6] += title
		return list
	}
	if diff := cmp.Diff(with("a.branch=main", "Shop=1"), got.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(with("b=4f2a9c1", "shop"), got.Annotations); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
	text, err := got.JSON([]string{"manifest", "index"})
	if err != nil {
		t.Fatal(err)
	}
	var back struct {
		Tags        []string
		Names       []string `json:"tag-names"`
		Labels      map[string]string
		Annotations []string
	}
	if err := json.Unmarshal([]byte(text), &back); err != nil {
		t.Fatal(err)
	}
	if back.Tags[0] != "r.io/aa:main" || back.Names[0] != "main" || back.Labels["a.branch"] != "main" || len(back.Annotations) != 18 ||
		back.Annotations[9] != "index:b=4f2a9c1" {
		t.Errorf("JSON is %s", text)
	}
	if empty, _ := (Result{}).JSON(nil); empty != `{"tags":[],"tag-names":[],"labels":{},"annotations":[]}` {
		t.Errorf("no tags are %s", empty)
	}
}

func TestAttributesOfNoMeaningAreToldOf(t *testing.T) {
	got := run(t, Inputs{Tags: []string{"type=raw,x,sufix=-y"}}, branch("main"))
	if want := `tag rule "type=raw,x,sufix=-y": sufix means nothing`; len(got.Warnings) != 1 || got.Warnings[0] != want {
		t.Errorf("warnings are %q", got.Warnings)
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2024, 12, 30, 0, 5, 9, 123456789, time.UTC) // a Monday, in week 1 of 2025
	tests := map[string]string{
		"YYYY-MM-DDTHH:mm:ss": "2024-12-30T00:05:09",
		"YY M MMM MMMM Mo":    "24 12 Dec December 12th",
		"D Do DDD DDDD DDDo":  "30 30th 365 365 365th",
		"d do dd ddd dddd E":  "1 1st Mo Mon Monday 1",
		"Q Qo W WW Wo GG":     "4 4th 1 01 1st 25",
		"GGGG-[W]WW":          "2025-W01",
		"H h hh k kk m s":     "0 12 12 24 24 5 9",
		"A a S SSS SSSSSS":    "AM am 1 123 123456",
		"X x":                 "1735517109 1735517109123",
		"Z ZZ z":              "+00:00 +0000 UTC",
		`\Y[MM] v`:            "YMM v",
		`Y \YYYY \\Y`:         "2024 YYYY 2024",
		"":                    "",
	}
	for format, want := range tests {
		if got, err := formatDate(at, format); err != nil || got != want {
			t.Errorf("%q gives %q, %v", format, got, err)
		}
	}
	for n, want := range map[int]string{2: "2nd", 3: "3rd", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 111: "111th"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d gives %q", n, got)
		}
	}
}

func TestVersions(t *testing.T) {
	pep440 := map[string]string{
		"1": "1 1 0 0", "1.2": "1.2 1 2 0", "1!2.0": "1!2.0 2 0 0", "01.02": "1.2 1 2 0", "1.0+Ubuntu.01-x_2": "1.0+ubuntu-1-x-2 1 0 0",
		"1.0ALPHA": "1.0a0", "1.0-preview_4": "1.0rc4", "1.0-1": "1.0.post1", "1.0.rev": "1.0.post0", "v1.0rc1.post2.dev3": "1.0rc1.post2.dev3",
		"x": "", "1.0-": "",
	}
	for raw, want := range pep440 {
		var got string
		if v, ok := parsePEP440(raw); ok && v.stable {
			got = strings.Join([]string{v.fields["version"], v.fields["major"], v.fields["minor"], v.fields["patch"]}, " ")
		} else if ok {
			got = v.fields["version"]
		}
		if got != want {
			t.Errorf("%s is %q", raw, got)
		}
	}
	for raw, want := range map[string]string{
		"v1.2.3": "1.2.3", "1.2.3": "1.2.3", "1.2.3-rc.1+b.7": "1.2.3-rc.1", "1.2.3-0.a-b": "1.2.3-0.a-b", "9007199254740991.0.0": "9007199254740991.0.0",
		"1.2": "", "v1": "", "=1.2.3": "", "vv1.2.3": "", "V1.2.3": "", "1.2.3-01": "", "1.02.3": "", "1.2.3-": "", "1.2.3-a..b": "", "9007199254740992.0.0": "",
		"1.2.3-" + strings.Repeat("a", 256): "",
	} {
		v, ok := parseSemver(raw)
		if got := v.fields["version"]; got != want || ok != (want != "") {
			t.Errorf("%s is %q", raw, got)
		}
	}
	if got := run(t, Inputs{Tags: []string{"type=semver,pattern={{major}}-{{build}}"}}, tag("1.2.3+a.b")); got.Names[0] != "1-a-b" {
		t.Errorf("got %q", got.Names)
	}
}

// TestALabelIsALine is about the description of a project, which may have line breaks.
func TestALabelIsALine(t *testing.T) {
	src := branch("main")
	src.Project = Project{Name: "shop", Description: " A shop\r\n\n and\u2028more \n", URL: "u"}
	got := run(t, Inputs{Images: []string{"r.io/aa"}, Labels: []string{"a= b "}}, src)
	if !slices.Contains(got.Labels, "org.opencontainers.image.description=A shop and more") {
		t.Errorf("labels: %q", got.Labels)
	}
	for _, list := range [][]string{got.Labels, got.Annotations} {
		if text := strings.Join(list, "\n"); strings.Count(text, "\n") != len(list)-1 {
			t.Errorf("%d labels on other lines: %q", len(list), text)
		}
	}
}

func TestQuotedLabels(t *testing.T) {
	for line, want := range map[string]string{
		`"a=x, y"`: "a=x, y", `"a=""q"""`: `a="q"`, `a="x, y"`: `a="x, y"`, `"a"=b`: `"a"=b`, `a={"b":"c","d":"e"}`: `a={"b":"c","d":"e"}`, `a=b,"c"`: "a=b,c",
	} {
		if got := run(t, Inputs{Labels: []string{line}}, branch("main")); !slices.Contains(got.Labels, want) {
			t.Errorf("%s gives %q", line, got.Labels)
		}
	}
}

func TestRepositoryOfADirectory(t *testing.T) {
	for dir, want := range map[string]string{"My App": "my-app", "_x_": "app", "": "app", "web.site": "web.site"} {
		if got := Repository(dir); got != want {
			t.Errorf("%q gives %q", dir, got)
		}
	}
}

func TestShortSHA(t *testing.T) {
	src := branch("main")
	src.Short = 12
	if got := run(t, Inputs{Tags: []string{"type=sha"}}, src); got.Names[0] != "sha-4f2a9c1be001" {
		t.Errorf("got %q", got.Names)
	}
	src.SHA = ""
	if got := run(t, Inputs{Tags: []string{"type=sha"}}, src); got.Names != nil {
		t.Errorf("got %q", got.Names)
	}
}

func TestImagesAreOfTheGrammarOfReferences(t *testing.T) {
	for _, bad := range []string{"bad?name", "https://ghcr.io/acme/shop", "ghcr.io/foo-/app", "ghcr.io/acme/app-", "ghcr.io/acme/.github", "ghcr.io//shop", "ghcr.io/acme/", "/shop",
		"ghcr.io/acme/shop:1", "ghcr.io/acme/shop@sha256:" + strings.Repeat("a", 64), "me:hunter2@ghcr.io/acme/shop", "name=.\xf2/00", strings.Repeat("a", 64), "a b/c", "ghcr.io/acme/" + strings.Repeat("a", 300)} {
		_, err := Parse(Inputs{Images: []string{bad}})
		if err == nil || !strings.Contains(err.Error(), "reading image") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for image, want := range map[string]string{"GHCR.io/Acme/Shop": "ghcr.io/acme/shop", "127.0.0.1:5000/shop": "127.0.0.1:5000/shop", "[::1]:5000/shop": "[::1]:5000/shop",
		"shop": "shop", "registry-1.docker.io/acme/shop": "registry-1.docker.io/acme/shop", "r.example/a/b/c__d.e-f": "r.example/a/b/c__d.e-f"} {
		settings, err := Parse(Inputs{Images: []string{image}})
		if err != nil || len(settings.images) != 1 || settings.images[0] != want {
			t.Errorf("%q: %q, %v", image, settings.images, err)
		}
	}
	for _, bad := range []string{"me:hunter2@ghcr.io/acme/shop:1", "ghcr.io/foo-/app:1"} {
		if _, err := Parse(Inputs{Tags: []string{bad}}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("tag %q: %v", bad, err)
		}
	}
}
