package main

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/test/manifests"
)

const later catalogue.Day = "2027-05-06"

// A copy is the indexes of testdata on loopback; change gives other text for a path.
type copied struct {
	bases
	change map[string]func(w http.ResponseWriter, text []byte)
	npm    map[string]string // what npm view says of a package, in place of testdata/npm
}

func serve(t *testing.T) *copied {
	t.Helper()
	c := &copied{change: map[string]func(http.ResponseWriter, []byte){}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Path
		if name == "/go/" && r.URL.Query().Get("mode") == "json" && r.URL.Query().Get("include") == "all" {
			name = "/go/index.json"
		}
		text, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
		if change := c.change[name]; change != nil {
			change(w, text)
			return
		}
		if err != nil {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(text)
	}))
	t.Cleanup(s.Close)
	c.bases = bases{node: s.URL + "/node", golang: s.URL + "/go", uv: s.URL + "/uv", dotnet: s.URL + "/dotnet", endOfLife: s.URL + "/end-of-life",
		multiverse: s.URL + "/multiverse", outpaths: s.URL + "/outpaths", own: s.URL + "/own", rustOverlay: s.URL + "/rust"}
	c.change[overlayPath] = packed(t, strings.Repeat("c", 40))
	return c
}

// view says what npm view says.
func (c *copied) view(_ context.Context, args ...string) ([]byte, error) {
	at := strings.LastIndexByte(args[0], '@')
	name := args[0][:at]
	if text, ok := c.npm[name]; ok {
		return []byte(text), nil
	}
	if text, err := os.ReadFile("testdata/npm/" + strings.ReplaceAll(name, "/", "+") + ".json"); err == nil {
		return text, nil
	}
	return []byte("[]"), nil
}

// copyData is a small part of the program's data, as it was on its first day, in a directory of its own.
func copyData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/data")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func run(t *testing.T, dir string, from *copied, today catalogue.Day) ([]string, error) {
	t.Helper()
	d, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient()
	c.npm = from.view
	c.http.RetryWaitMin, c.http.RetryWaitMax = time.Millisecond, time.Millisecond
	if err := refresh(context.Background(), d, from.bases, c, today); err != nil {
		return nil, err
	}
	return d.told(), d.write()
}

// texts are all files of a directory.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(name)] = string(b)
	}
	return out
}

func TestRefreshAddsWhatIsNew(t *testing.T) {
	dir, from := copyData(t), serve(t)
	before := texts(t, dir)
	told, err := run(t, dir, from, later)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"aspnetcore-runtime: 10.0.11",
		"bun: 1.4.6",
		"deno: 2.9.6 (nixpkgs)",
		"dotnet: 10.0.303, 10.0.206",
		"go: 1.27.1, 1.25.14, line 1.26",
		"java: 25.0.5+9 (nixpkgs)",
		"node: line 26, 27.0.0, 26.8.0, line 27, 28.0.0 (nixpkgs)",
		"npx-compress: 1.4.0",
		"npx-static: 1.4.0",
		"php: 8.5.12 (nixpkgs)",
		"pnpm: 11.29.0",
		"python: 3.13.15, 3.15.0",
		"ruby: 3.4.10 (nixpkgs), 3.4.11 (nixpkgs), 4.1.0 (nixpkgs)",
		"rust: 1.100.0 (overlay)",
	}
	for i, line := range told { // the platforms of a version come in no order
		name, list, _ := strings.Cut(line, ": ")
		parts := strings.Split(list, ", ")
		slices.Sort(parts)
		told[i] = name + ": " + strings.Join(slices.Compact(parts), ", ")
	}
	for i, line := range want {
		name, list, _ := strings.Cut(line, ": ")
		parts := strings.Split(list, ", ")
		slices.Sort(parts)
		want[i] = name + ": " + strings.Join(parts, ", ")
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	after := texts(t, dir)
	if after["date"] != string(later)+"\n" {
		t.Errorf("the date is %q", after["date"])
	}
	for name, text := range before {
		if filepath.Ext(name) == ".tsv" {
			onlyAdds(t, name, text, after[name])
		}
	}
	for _, line := range []string{
		"node.tsv\trelease\t26.8.0\tlinux/amd64\t2027-05-06\tsha256:",
		"node.tsv\tline\t26\t2027-05-06\t2026-05-05\t2026-10-28\t2029-04-30\tlithium",
		"node.tsv\tline\t27\t2027-05-06\t2026-10-20\t-\t2027-06-01\t-",
		"go.tsv\tline\t1.26\t2027-05-06\t2026-02-10\t-\t2027-02-09\t-",
		"python.tsv\trelease\t3.13.15\tlinux/arm64\t2027-05-06\tsha256:",
		"dotnet.tsv\trelease\t10.0.206\tlinux/arm64\t2027-05-06\tsha512:",
	} {
		name, line, _ := strings.Cut(line, "\t")
		if !strings.Contains(after[name], line) {
			t.Errorf("%s has no %q", name, line)
		}
	}
	for _, not := range []string{"27.0.0\tlinux/arm64", "12.22.12", "musl", "composite"} {
		if strings.Contains(after["node.tsv"]+after["dotnet.tsv"], not) {
			t.Errorf("%s was added", not)
		}
	}
	if strings.Contains(after["go.tsv"], "release\t1.28rc1") || strings.Contains(after["python.tsv"], "3.15.1") || strings.Contains(after["python.tsv"], "release\t3.8.3\t") {
		t.Error("a prerelease, or a row without a hash, was added")
	}
	if !strings.Contains(after["deno.tsv"], "-deno-2.9.6\t/nix/store/") || strings.Count(after["nixpkgs.tsv"], string(later)) != 2 {
		t.Error("store paths or archives are missing")
	}
}

// TestVersionsOfOnePlatformAloneWait are added when both platforms have them.
func TestVersionsOfOnePlatformAloneWait(t *testing.T) {
	dir := copyData(t)
	if _, err := run(t, dir, serve(t), later); err != nil {
		t.Fatal(err)
	}
	text := texts(t, dir)["bun.tsv"]
	if strings.Contains(text, "release\t1.4.7") || !strings.Contains(text, "release\t1.4.6\tlinux/arm64\t2027-05-06\tsha512:") || !strings.Contains(text, "\tnpm:@oven/bun-linux-x64@1.4.6\t") {
		t.Error(text)
	}
}

// onlyAdds checks that every line of a text is still there, and that the others are of the day.
func onlyAdds(t *testing.T, name, before, after string) {
	t.Helper()
	old := map[string]bool{}
	for line := range strings.Lines(before) {
		old[line] = true
	}
	for line := range strings.Lines(after) {
		if !old[line] && !strings.Contains(line, "\t"+string(later)+"\t") {
			t.Errorf("%s: a line is neither old nor of the day: %q", name, line)
		}
		delete(old, line)
	}
	for line := range old {
		t.Errorf("%s: %q is gone", name, line)
	}
}

func TestRefreshAgainAddsNothing(t *testing.T) {
	dir, from := copyData(t), serve(t)
	if _, err := run(t, dir, from, later); err != nil {
		t.Fatal(err)
	}
	first := texts(t, dir)
	told, err := run(t, dir, from, later)
	if err != nil || len(told) > 0 {
		t.Errorf("%q, %v", told, err)
	}
	if diff := cmp.Diff(first, texts(t, dir)); diff != "" {
		t.Errorf("it changed: %.1000s", diff)
	}
}

// TestANewNodeReleaseIsOneRun is what adding a release takes.
func TestANewNodeReleaseIsOneRun(t *testing.T) {
	dir := copyData(t)
	if _, err := run(t, dir, serve(t), later); err != nil {
		t.Fatal(err)
	}
	rows, err := catalogue.ParseRows("node.tsv", texts(t, dir)["node.tsv"])
	if err != nil {
		t.Fatal(err)
	}
	want := catalogue.Release{Version: "26.8.0", Platform: "linux/arm64", Added: later,
		Address: "https://nodejs.org/dist/v26.8.0/node-v26.8.0-linux-arm64.tar.gz"}
	i := slices.IndexFunc(rows.Releases, func(r catalogue.Release) bool { return r.Version == want.Version && r.Platform == want.Platform })
	if i < 0 {
		t.Fatal("it is not there")
	}
	want.Hash = rows.Releases[i].Hash
	if diff := cmp.Diff(want, rows.Releases[i]); diff != "" || !hashForm.MatchString(want.Hash) {
		t.Error(diff, want.Hash)
	}
}

func replace(from, to string) func(http.ResponseWriter, []byte) {
	return func(w http.ResponseWriter, text []byte) {
		_, _ = w.Write([]byte(strings.ReplaceAll(string(text), from, to)))
	}
}

func TestAnotherHashEndsTheRefresh(t *testing.T) {
	zeros := strings.Repeat("0", 64)
	rows := func(name string) catalogue.Rows {
		text, err := os.ReadFile("testdata/data/" + name + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		r, err := catalogue.ParseRows(name, string(text))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	hash := func(name, version, platform string) string {
		for _, r := range rows(name).Releases {
			if r.Version == version && r.Platform == platform {
				return r.Hash[strings.IndexByte(r.Hash, ':')+1:]
			}
		}
		t.Fatalf("%s %s", name, version)
		return ""
	}
	nar := "FBJRXmbGXiSUDvYEbfLYRkckayyZ6SK1UEqhCrIZ2Cs="
	for _, c := range []struct{ path, from, to, start string }{
		{"/node/v22.14.0/SHASUMS256.txt", hash("node", "22.14.0", "linux/amd64"), zeros, "node 22.14.0 for linux/amd64 has another hash: sha256:"},
		{"/go/index.json", hash("go", "1.20", "linux/arm64"), zeros, "go 1.20 for linux/arm64 has another hash: sha256:"},
		{"/uv/download-metadata.json", hash("python", "3.11.9", "linux/amd64"), zeros, "python 3.11.9 for linux/amd64 has another hash: sha256:"},
		{"/dotnet/10.0/releases.json", hash("dotnet", "10.0.302", "linux/amd64"), zeros + zeros, ".NET 10.0: dotnet 10.0.302 for linux/amd64 has another hash: sha512:"},
		{"/dotnet/10.0/releases.json", hash("aspnetcore-runtime", "10.0.10", "linux/amd64"), zeros + zeros, ".NET 10.0: aspnetcore-runtime 10.0.10 for linux/amd64 has another hash: sha512:"},
		{"/multiverse/revisions.json", nar, "A" + nar[1:], "ruby "},
	} {
		dir, from := copyData(t), serve(t)
		before := texts(t, dir)
		from.change[c.path] = replace(c.from, c.to)
		_, err := run(t, dir, from, later)
		if err == nil || !strings.HasPrefix(err.Error(), c.start) || !strings.Contains(err.Error(), c.from) || !strings.Contains(err.Error(), c.to) {
			t.Errorf("%s: %v; want both hashes", c.path, err)
		}
		if diff := cmp.Diff(before, texts(t, dir)); diff != "" {
			t.Errorf("%s: something was written", c.path)
		}
	}
}

func TestAnotherIntegrityEndsTheRefresh(t *testing.T) {
	dir, from := copyData(t), serve(t)
	zeros := strings.Repeat("0", 128)
	from.npm = map[string]string{"pnpm": `[{"version":"10.0.0","dist.integrity":"sha1-x sha512-` + base64.StdEncoding.EncodeToString(make([]byte, 64)) + `"}]`}
	_, err := run(t, dir, from, later)
	if want := "pnpm 10.0.0 for linux/amd64 has another hash: sha512:b8fef5494bd3"; err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), zeros) {
		t.Error(err)
	}
	for text, want := range map[string]string{
		"{":               "npm view npm: unexpected end of JSON input",
		`[{"version":7}]`: "npm view npm: json: cannot unmarshal number",
		`[{"version":"1\n","dist.integrity":"sha512-` + base64.StdEncoding.EncodeToString(make([]byte, 64)) + `"}]`: `npm "1\n" for linux/amd64: the index has `,
	} {
		from.npm = map[string]string{"npm": text}
		if _, err := run(t, dir, from, later); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestNPMView runs a program called npm, which says what it was asked.
func TestNPMView(t *testing.T) {
	dir := t.TempDir()
	script := "#!/bin/sh\nif [ \"$3\" = bad ]; then echo 'npm error code E404' >&2; exit 1; fi\necho \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "npm"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := npmView(context.Background(), "pnpm@>=6.0.0", "version", "dist.integrity")
	if err != nil || string(out) != "view --json pnpm@>=6.0.0 version dist.integrity\n" {
		t.Errorf("%s, %v", out, err)
	}
	if _, err := npmView(context.Background(), "bad"); err == nil || err.Error() != "npm view bad: exit status 1: npm error code E404" {
		t.Error(err)
	}
}

func TestAMovedArchiveOfTheSameBytesIsANewRow(t *testing.T) {
	dir, from := copyData(t), serve(t)
	from.change["/dotnet/10.0/releases.json"] = func(w http.ResponseWriter, text []byte) {
		_, _ = w.Write([]byte(strings.ReplaceAll(string(text), "https://builds.dotnet.microsoft.com/", "https://new.example/")))
	}
	if _, err := run(t, dir, from, later); err != nil {
		t.Fatal(err)
	}
	text := texts(t, dir)["dotnet.tsv"]
	for _, host := range []string{"builds.dotnet.microsoft.com", "new.example"} {
		if !strings.Contains(text, "https://"+host+"/dotnet/Sdk/10.0.302/dotnet-sdk-10.0.302-linux-x64.tar.gz") {
			t.Errorf("no row of %s", host)
		}
	}
}

func TestNothingIsRemoved(t *testing.T) {
	dir, from := copyData(t), serve(t)
	before := texts(t, dir)
	for path, empty := range map[string]string{"/node/index.json": "[]", "/go/index.json": "[]", "/uv/download-metadata.json": "{}",
		"/dotnet/releases-index.json": `{"releases-index":[]}`, "/multiverse/index/versions.json": `{"revisionCount":1,"attrs":{}}`} {
		from.change[path] = func(w http.ResponseWriter, _ []byte) { _, _ = w.Write([]byte(empty)) }
	}
	if _, err := run(t, dir, from, later); err != nil {
		t.Fatal(err)
	}
	for name, text := range before {
		if filepath.Ext(name) == ".tsv" {
			onlyAdds(t, name, text, texts(t, dir)[name])
		}
	}
}

func TestHostileIndexes(t *testing.T) {
	say := func(text string) func(http.ResponseWriter, []byte) {
		return func(w http.ResponseWriter, _ []byte) { _, _ = w.Write([]byte(text)) }
	}
	for _, c := range []struct {
		path   string
		change func(http.ResponseWriter, []byte)
		want   string
	}{
		{"/node/index.json", say("<html>"), "node/index.json: "},
		{"/node/index.json", say(`[{"version":"x"}]`), `node/index.json: version "x"`},
		{"/node/index.json", say(`[{"version":`), "node/index.json: "},
		{"/node/v26.8.0/SHASUMS256.txt", replace("  node-v26.8.0-linux-x64.tar.gz", "zz  node-v26.8.0-linux-x64.tar.gz"), `node "26.8.0" for linux/amd64: the index has `},
		{"/go/index.json", replace(`"go1.27.1.linux-amd64.tar.gz"`, `"go1.27.1\nrelease\t9.linux-amd64.tar.gz"`), `go "1.27.1" for linux/amd64: the index has `},
		{"/go/index.json", replace(`"version": "go1.27.1"`, `"version": "go1.27.1\n"`), `go "1.27.1\n" for linux/`},
		{"/uv/download-metadata.json", say(`{"cpython-3.15.0-linux-x86_64-gnu":{"url":"file:///etc/passwd","sha256":"` + strings.Repeat("0", 64) + `"}}`), `python "3.15.0" for linux/amd64: the index has "file:///etc/passwd"`},
		{"/dotnet/10.0/releases.json", replace(`"version": "10.0.303"`, `"version": "../../x"`), `.NET 10.0: dotnet "../../x" for linux/`},
		{"/end-of-life/go.json", say(`[{"cycle":"1.28","releaseDate":"soon","lts":false,"eol":false}]`), `reading the end of life of go "1.28": "soon" is not a day`},
		{"/end-of-life/go.json", say(`[{"cycle":"a\tb","releaseDate":"2026-01-01"}]`), `"a\tb" is not a line`},
		{"/multiverse/index/versions.json", replace(`"revisionCount": 3`, `"revisionCount": 9`), "it is of 9 revisions, and there are 3"},
		{"/multiverse/index/versions.json", replace(`"8.5.12": null`, `"8.5.12": -7`), "php85 8.5.12 is at -7 of 3 revisions"},
		{"/multiverse/revisions.json", replace(`"date": "2026-11-27"`, `"date": "yesterday"`), "the index has the revision "},
		{"/outpaths/outpaths-x86_64-linux.json", func(w http.ResponseWriter, _ []byte) { w.WriteHeader(http.StatusNotFound) }, "outpaths-x86_64-linux.json: status 404"},
		{"/go/index.json", func(w http.ResponseWriter, _ []byte) { w.WriteHeader(http.StatusServiceUnavailable) }, "giving up after 4 attempt(s)"},
	} {
		dir, from := copyData(t), serve(t)
		before := texts(t, dir)
		from.change[c.path] = c.change
		_, err := run(t, dir, from, later)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want %s", c.path, err, c.want)
		}
		if diff := cmp.Diff(before, texts(t, dir)); diff != "" {
			t.Errorf("%s: something was written", c.path)
		}
	}
}

// TestStorePathsOfAnotherFormAreLeftOut keeps text of an index out of commands.
func TestStorePathsOfAnotherFormAreLeftOut(t *testing.T) {
	dir, from := copyData(t), serve(t)
	from.change["/outpaths/outpaths-x86_64-linux.json"] = func(w http.ResponseWriter, _ []byte) {
		_, _ = w.Write([]byte(`{"attrs":{"deno":{"2.9.6":["../../../etc/passwd"]},"jdk25":{"25.0.5+9":["` + strings.Repeat("a", 32) + `","x;id"]}}}`))
	}
	if _, err := run(t, dir, from, later); err != nil {
		t.Fatal(err)
	}
	after := texts(t, dir)
	if strings.Contains(after["deno.tsv"]+after["java.tsv"], "passwd") || strings.Contains(after["java.tsv"], ";id") {
		t.Error("they were taken")
	}
}

func TestAnIndexThatFailsOnceIsReadAgain(t *testing.T) {
	dir, from := copyData(t), serve(t)
	var asked atomic.Int32
	from.change["/go/index.json"] = func(w http.ResponseWriter, text []byte) {
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = w.Write(text)
	}
	if _, err := run(t, dir, from, later); err != nil || asked.Load() != 2 {
		t.Errorf("%d times, %v", asked.Load(), err)
	}
}

func TestTheDateDoesNotGoBack(t *testing.T) {
	if _, err := run(t, copyData(t), serve(t), "2020-01-01"); err == nil || err.Error() != "today is 2020-01-01, and the catalogue is of 2026-11-28" {
		t.Error(err)
	}
}

// TestAttributesNameOneTool lets an attribute that is new, such as nodejs_28, be known by an old one.
func TestAttributesNameOneTool(t *testing.T) {
	d, err := open("../data")
	if err != nil {
		t.Fatal(err)
	}
	tools := d.attributes()
	for name, rows := range d.files {
		for _, p := range rows.Packages {
			if got := tools[digits.ReplaceAllString(p.Attribute, "0")]; got != name {
				t.Errorf("%s is of %s and %s", p.Attribute, got, name)
			}
		}
	}
	for attribute, want := range map[string]string{"nodejs_28": "node", "python316": "python", "go_1_30": "go", "jdk29": "java", "php86": "php", "ruby_5_0": "ruby", "postgresql_19": "postgresql"} {
		if got := tools[digits.ReplaceAllString(attribute, "0")]; got != want {
			t.Errorf("%s is of %q", attribute, got)
		}
	}
}

// allData is the program's own data, in a directory of its own.
func allData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../data")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestAPinnedPlanIsTheSameAfterARefresh plans a list of packages with every tool, and the manifests of all languages, by the data as it is and
// after a refresh that adds to every tool. Without the pin, the plans move on.
func TestAPinnedPlanIsTheSameAfterARefresh(t *testing.T) {
	before, after := allData(t), allData(t)
	if _, err := run(t, after, serve(t), later); err != nil {
		t.Fatal(err)
	}
	grow(t, after)
	catalogueOf := func(dir string, date catalogue.Day) *catalogue.Catalogue {
		c, err := catalogue.Open(catalogue.Options{Data: os.DirFS(dir), Date: date})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	pinned, grown, free := catalogueOf(before, catalogue.Began), catalogueOf(after, catalogue.Began), catalogueOf(after, "")
	apps := map[string]map[string]string{}
	for _, tool := range pinned.Tools() {
		apps["the tool "+tool] = map[string]string{"start.sh": "", "nixpacks.toml": "[phases.setup]\nnixPkgs = ['" + tool + "@*']\n"}
	}
	for _, m := range manifests.All() {
		files := m.Files()
		files[m.Name] = m.Content
		apps[m.Name+" of "+m.Provider] = files
	}
	moved := 0
	for name, files := range apps {
		first := planned(t, files, pinned)
		if diff := cmp.Diff(first, planned(t, files, grown)); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
		if first != planned(t, files, free) {
			moved++
		}
	}
	if moved < len(apps)/4 {
		t.Errorf("of %d plans, %d move on without the pin", len(apps), moved)
	}
}

// grow adds to every tool a newer version of each kind, and ends its lines, on the day of the refresh.
func grow(t *testing.T, dir string) {
	t.Helper()
	d, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range d.files {
		if name == "nixpkgs" {
			continue
		}
		for _, r := range slices.Clone(rows.Releases) {
			r.Version, r.Added = r.Version+"9", later
			rows.Releases = append(rows.Releases, r)
		}
		for _, p := range slices.Clone(rows.Packages) {
			p.Version, p.Added = p.Version+"9", later
			rows.Packages = append(rows.Packages, p)
		}
		for _, l := range slices.Clone(rows.Lines) {
			l.End, l.Added = "2026-01-01", later
			rows.Lines = append(rows.Lines, l)
		}
	}
	if err := d.write(); err != nil {
		t.Fatal(err)
	}
}

// planned is all that a plan says, or why there is none.
func planned(t *testing.T, files map[string]string, all *catalogue.Catalogue) string {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := source.New(fsys, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := planner.Make(planner.Input{Tree: tree, Arch: "x86_64", Catalogue: all})
	if err != nil {
		return err.Error()
	}
	return string(result.Plan.JSON()) + strings.Join(result.Warnings, "\n")
}
