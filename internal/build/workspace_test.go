package build_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/source"
)

// files writes files below a directory.
func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		place := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// entering are the files that a build of a directory sees, and what was said about it.
func entering(t *testing.T, dir string, environ ...string) (names []string, warnings string) {
	t.Helper()
	tree, err := source.Open(dir, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	app := apptest.Result(t, nil)
	app.Tree = tree
	spec, said, err := build.NewSpec(build.Environment{Dir: dir, Vars: environ}, build.Settings{}, particulars(app, dir, "linux/amd64"))
	if err != nil {
		t.Fatal(err)
	}
	excluded, err := source.NewExcluded(spec.Apps[0].Ignore)
	if err != nil {
		t.Fatal(err)
	}
	digest := func() string {
		sum, err := builder.Context{Dir: dir, Exclude: spec.Apps[0].Ignore}.Digest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	err = filepath.WalkDir(dir, func(place string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, place)
		if err != nil || excluded.Has(filepath.ToSlash(rel)) {
			// What stays out changes nothing: the builder's own reading of the patterns agrees.
			before := digest()
			if err := os.Remove(place); err != nil { // Git's objects cannot be written
				return err
			}
			if err := os.WriteFile(place, []byte("other"), 0o644); err != nil {
				return err
			}
			if digest() != before {
				t.Errorf("%s enters the build", rel)
			}
			return nil
		}
		names = append(names, filepath.ToSlash(rel))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names, strings.Join(said, "\n")
}

const token = "//r.example/:_authToken=npm_0123456789\n"

func TestWhatEarlierStepsLeftStaysOutOfTheBuild(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"main.py": "", ".npmrc": "registry=https://r.example\n", "ca.pem": "-----BEGIN CERTIFICATE-----\n", "config/app.json": "{}", ".gitignore": ".env\n",
	})
	apptest.Commit(t, dir)
	want := []string{".gitignore", ".npmrc", "ca.pem", "config/app.json", "generated.txt", "main.py"}
	writeFiles(t, dir, map[string]string{
		"generated.txt":             "a step before may make source",
		"gha-creds-0123456789.json": "{}", "web/gha-creds-1.json": "{}",
		"lib/.git/config": "token", "lib/sub/.git": "gitdir: /elsewhere",
		"aws.json": "{}", "key[1].json": "{}", "kube": "x",
		"web/.npmrc": token, ".env": "API_TOKEN=0123456789\n", "deploy.pem": "-----BEGIN PRIVATE KEY-----\n",
	})
	got, warnings := entering(t, dir,
		"GOOGLE_GHA_CREDS_PATH=/home/runner/work/app/app/gha-creds-0123456789.json", "GOOGLE_APPLICATION_CREDENTIALS="+dir+"/key[1].json",
		"AWS_WEB_IDENTITY_TOKEN_FILE=aws.json", "KUBECONFIG="+dir+"/kube:/elsewhere/kube", "NETRC=/etc/hostname")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
	want = []string{
		"kept out of the build, because a step before left credentials there: gha-creds-0123456789.json, key[1].json, aws.json, kube, web/gha-creds-1.json",
		"kept out of the build, because the commit does not have these credentials: " +
			".env (the variable API_TOKEN), deploy.pem (a private key), web/.npmrc (an npm token); give the phase that needs one a secret",
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), warnings); diff != "" {
		t.Errorf("warnings differ (-want +got):\n%s", diff)
	}
}

func TestATokenThatAStepAddedToACommittedFileStaysOut(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"main.py": "", ".npmrc": "registry=https://r.example\n"})
	apptest.Commit(t, dir)
	writeFiles(t, dir, map[string]string{".npmrc": "registry=https://r.example\n" + token})
	if got, _ := entering(t, dir); !cmp.Equal(got, []string{"main.py"}) {
		t.Errorf("got %q", got)
	}
}

func TestCommittedCredentialsAreNamed(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"main.py": "", ".npmrc": token, "a\nb/.netrc": "machine m login l password p\n", "node_modules/x/key.pem": "-----BEGIN PRIVATE KEY-----\n"}
	writeFiles(t, dir, files)
	const want = `the image may hold credentials, because the repository does: .npmrc (an npm token), "a\nb/.netrc" (a password); ` +
		"name the file in .dockerignore, and give the phase that needs the credential a secret"
	for _, repository := range []bool{false, true} {
		if repository {
			apptest.Commit(t, dir)
		}
		got, warnings := entering(t, dir)
		if len(got) != len(files) || warnings != want {
			t.Errorf("got %q and %s", got, warnings)
		}
	}
	writeFiles(t, dir, map[string]string{".dockerignore": ".npmrc\n**/.netrc\n"})
	if _, warnings := entering(t, dir); warnings != "" {
		t.Errorf("got %s", warnings)
	}
}

func TestWithoutACommitGitignoreSaysWhatIsNoSource(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"main.py": "", ".env": "API_TOKEN=0123456789\n", ".gitignore": ".env\n"})
	got, warnings := entering(t, dir)
	if diff := cmp.Diff([]string{".gitignore", "main.py"}, got); diff != "" || !strings.Contains(warnings, ".env (the variable API_TOKEN)") {
		t.Errorf("%s, %s", diff, warnings)
	}
}
