package source

import (
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// names makes the files of a tree, all empty.
func names(list ...string) map[string]string {
	m := map[string]string{}
	for _, s := range list {
		m[s] = ""
	}
	return m
}

func files(t *testing.T, tree *Tree, pattern string) []string {
	t.Helper()
	list, err := tree.Files(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestFilesAreInWalkOrder(t *testing.T) {
	tree := mapTree(t, names("b", "a/z", "a/b/c", "a.txt", "B", ".hidden/x", "a-b/x", "ä"), Limits{})
	want := []string{".hidden/x", "B", "a/b/c", "a/z", "a-b/x", "a.txt", "b", "ä"}
	if diff := cmp.Diff(want, files(t, tree, "**")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	dirs, err := tree.Dirs("**")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{".hidden", "a", "a/b", "a-b"}, dirs); diff != "" {
		t.Errorf("directories (-want +got):\n%s", diff)
	}
}

func TestGitDirectoryIsNotEntered(t *testing.T) {
	tree := mapTree(t, names(".git/config", "a/.git/config", "b/.git", "c/.gitkeep"), Limits{})
	if diff := cmp.Diff([]string{"c/.gitkeep"}, files(t, tree, "**")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestIgnoreFilesApplyWithoutGit(t *testing.T) {
	tests := []struct {
		name        string
		ignore      map[string]string
		files, want []string
	}{
		{"directory", map[string]string{".gitignore": "node_modules/\n"},
			[]string{"node_modules/a", "x/node_modules/b", "y/node_modules"}, []string{"y/node_modules"}},
		{"no return into a directory", map[string]string{".gitignore": "a/\n!a/b\n"}, []string{"a/b"}, nil},
		{"deeper file wins", map[string]string{".gitignore": "*.log\n", "d/.gitignore": "!x.log\n"},
			[]string{"x.log", "d/x.log", "d/y.log"}, []string{"d/x.log"}},
		{"ignore file", map[string]string{".ignore": "x\n"}, []string{"x", "d/x", "y"}, []string{"y"}},
		{"ignore beats deeper gitignore", map[string]string{".ignore": "!x\n", "d/.gitignore": "x\ny\n"},
			[]string{"d/x", "d/y"}, []string{"d/x"}},
		{"crlf and byte order mark", map[string]string{".gitignore": "\ufeffx\r\n#y\r\n"}, []string{"x", "y"}, []string{"y"}},
		{"bad lines", map[string]string{".gitignore": "[x\n\\\nz\n"}, []string{"[x", "z"}, []string{"[x"}},
	}
	for _, tt := range tests {
		all := names(tt.files...)
		for name, text := range tt.ignore {
			all[name] = text
		}
		var got []string
		for _, name := range files(t, mapTree(t, all, Limits{}), "**") {
			if _, ok := tt.ignore[name]; !ok {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestIgnoredFilesAreStillThere(t *testing.T) {
	tree := mapTree(t, map[string]string{".gitignore": "x\n", "x": "text"}, Limits{})
	if s, err := tree.Read("x"); err != nil || s != "text" || !tree.HasFile("x") {
		t.Errorf("x reads %q, %v", s, err)
	}
}

func TestIgnoreFilesOfTheMachineDoNotCount(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, ".gitignore", "app/*\n")
	writeFile(t, dir, "app/.git/info/exclude", "x\n")
	writeFile(t, dir, "app/x", "")
	if got := files(t, openTree(t, filepath.Join(dir, "app"), Limits{}), "*"); !cmp.Equal(got, []string{"x"}) {
		t.Errorf("files: %q", got)
	}
}

// ignoreLines and ignoreNames are tried against each other, by us and by git. Left out are those where git
// does not do what gitignore(5) says: "a**/b", whose literal beginning it cuts off before it looks at what
// follows; and "?" for a letter of two bytes, which git takes for two characters.
var (
	ignoreLines = []string{
		"a", "/a", "a/", "/a/", "a/b", "/a/b", "a/b/", "*", "*/", "/*", "*/b", "a/*", "**", "**/", "**/b", "a/**", "a/**/b", "**/a/**",
		"/**/b", "a**", "**a", "***", "a/***/b", "*.txt", "a*", "?", "a?b", "a/?", "[ab]", "[!a]", "[^a]", "[a-c]", "[]a]", "[!]a]", "[a-]",
		"[[:alpha:]]", "[[:digit:][:punct:]]*", "[[:space:]]", "[[:nope:]]", "[a", "[z-a]", `\a`, `\*`, `\!a`, `\#a`, "!a", "#a", `a\`, "a ", `a\ `, `a\\ `, " a",
		"a/b/c", "b/c", "*/c", "a/*/c", "a//b", "//a", "ä*", "*.{txt,b}", "a.txt", ".*", "a[/]b", "a[!x]b", "**/a/b", "a/b/**/c", "c/**/c",
	}
	ignoreNames = []string{
		"a", "b", "c", "ab", "a b", "a ", " a", "!a", "#a", "*", "a.txt", ".txt", "axb", "]", "-", "1", "äa", `a\`, "x.{txt,b}", ".a", "[a",
		"d/a", "d/b", "d/c", "d/ab", "d/a.txt", "d/e/a", "d/e/c", "f/b", "f/b2/c", "f/g/b", "f/g/h/c",
	}
	// A name cannot be a file and a directory at once.
	ignoreNested = []string{"a/a", "a/b/a", "a/b/c", "a/c", "a/x/b", "a/x/y/b", "a/x/y/c", "c/c", "c/x/c", "b/a/b"}
)

func TestIgnoreRulesAreThoseOfGit(t *testing.T) {
	compareWithGit(t, ignoreNames)
	compareWithGit(t, ignoreNested)
}

func compareWithGit(t *testing.T, list []string) {
	t.Helper()
	dir := t.TempDir()
	git := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(cmd.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git %q: %v", args, err)
		}
		return string(out)
	}
	git("init", "-q")
	for _, name := range list {
		writeFile(t, dir, name, "")
	}
	for _, line := range ignoreLines {
		for _, text := range []string{line, "*\n!*/\n!" + line} {
			writeFile(t, dir, ".gitignore", text+"\n")
			out := git("ls-files", "-z", "--others", "--exclude-per-directory=.gitignore")
			want := map[string]bool{}
			for name := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
				if name != "" {
					want[name] = true
				}
			}
			tree := openTree(t, dir, Limits{})
			got := map[string]bool{}
			for _, name := range files(t, tree, "**") {
				got[name] = true
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q (-git +ours):\n%s", text, diff)
			}
		}
	}
}

func TestWalkIsBounded(t *testing.T) {
	deep := strings.Repeat("d/", 5)
	tests := []struct {
		name  string
		files map[string]string
		lim   Limits
		want  string // part of the error; "" for none
	}{
		{"files", names("a", "b", "c/d"), Limits{Files: 3}, "more than 3 files"},
		{"as many files", names("a", "b", "c/d"), Limits{Files: 4}, ""},
		{"depth", names(deep + "x"), Limits{Depth: 4}, "d/d/d/d/d lies deeper than 4 directories"},
		{"as deep", names(deep + "x"), Limits{Depth: 5}, ""},
		{"ignored content", map[string]string{".gitignore": "d/\n", "d/a": "", "d/b": "", "d/d/d/d": ""}, Limits{Files: 2, Depth: 1}, ""},
		{"large ignore file", map[string]string{".gitignore": strings.Repeat("#", ignoreBytes+1)}, Limits{}, "over the limit of 256 KiB for an ignore file"},
		{"many rules", map[string]string{".gitignore": strings.Repeat("a\n", ignoreRules), "d/.ignore": "b\n"}, Limits{}, "./d has more than 10000 lines"},
		{"as many rules", map[string]string{".gitignore": strings.Repeat("a\n", ignoreRules-1), "d/.ignore": "b\n"}, Limits{}, ""},
	}
	for _, tt := range tests {
		_, err := mapTree(t, tt.files, tt.lim).Files("**")
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		limit := (*LimitError)(nil)
		if !errors.As(err, &limit) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if e := asError(t, err); e.Hint == "" {
			t.Errorf("%s: no hint", tt.name)
		}
	}
}

func TestNamesThatAreNotUTF8AreNotSeen(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "bad\xff", "")
	writeFile(t, dir, "dir\xff/a", "")
	writeFile(t, dir, "good", "")
	if got := files(t, openTree(t, dir, Limits{}), "**"); !cmp.Equal(got, []string{"good"}) {
		t.Errorf("files: %q", got)
	}
}

// sealed is a file system with directories that may not be read, whoever asks.
type sealed struct {
	fs.FS
	dirs []string
}

func (s sealed) Open(name string) (fs.File, error) {
	if slices.Contains(s.dirs, name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return s.FS.Open(name)
}

func (s sealed) Stat(name string) (fs.FileInfo, error) { return fs.Stat(s.FS, name) }

func TestADirectoryThatMayNotBeReadIsPassedOver(t *testing.T) {
	all := fstest.MapFS{"a": {}, "data/db/x": {}, "src/b": {}}
	tree, err := New(sealed{all, []string{"data/db"}}, "app", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "src/b"}, files(t, tree, "**")); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"data/db"}, tree.Unread()); diff != "" {
		t.Errorf("directories differ (-want +got):\n%s", diff)
	}
}
