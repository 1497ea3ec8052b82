package git

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// run runs git in dir, with no configuration but its own.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(),
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_AUTHOR_DATE=1700000000 +0000",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_COMMITTER_DATE=1700000000 +0000",
	)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, dir, name, target string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
		t.Fatal(err)
	}
}

func commit(t *testing.T, dir, message string) string {
	t.Helper()
	run(t, dir, "add", "-A")
	run(t, dir, "commit", "-q", "--allow-empty", "-m", message)
	return run(t, dir, "rev-parse", "HEAD")
}

// newRepository has three commits: a tag and a branch at the first, files that change in each.
func newRepository(t *testing.T) (dir string, hashes []string) {
	t.Helper()
	dir = t.TempDir()
	run(t, dir, "init", "-q", "-b", "main")
	write(t, dir, "a.txt", "one\n")
	write(t, dir, "sub/deep/b.txt", "b\n")
	write(t, dir, "sub/run.sh", "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(dir, "sub/run.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	hashes = append(hashes, commit(t, dir, "one"))
	run(t, dir, "tag", "-a", "-m", "v1", "v1")
	run(t, dir, "branch", "old/one")
	for _, s := range []string{"two\n", "three\n"} {
		write(t, dir, "a.txt", s)
		hashes = append(hashes, commit(t, dir, s))
	}
	return dir, hashes
}

func open(t *testing.T, dir string) *Repository {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// textAt is a.txt of a revision.
func textAt(t *testing.T, r *Repository, rev string) string {
	t.Helper()
	tree, err := r.Tree(rev, ".")
	if err != nil {
		t.Fatal(err)
	}
	b, err := fs.ReadFile(tree, "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTreeFindsRevisions(t *testing.T) {
	dir, h := newRepository(t)
	tests := map[string]string{
		"HEAD": "three\n", "@": "three\n", "main": "three\n", "refs/heads/main": "three\n", "heads/main": "three\n",
		"HEAD~1": "two\n", "HEAD~": "two\n", "HEAD^": "two\n", "HEAD^1": "two\n", "main~2": "one\n", "main^^": "one\n", "main~1^": "one\n",
		"HEAD^0": "three\n", "@~2": "one\n",
		"v1": "one\n", "v1^0": "one\n", "old/one": "one\n",
		h[0]: "one\n", h[1]: "two\n", h[2]: "three\n", h[1][:7]: "two\n", h[1][:10]: "two\n", strings.ToUpper(h[1]): "two\n",
	}
	r := open(t, dir)
	for rev, want := range tests {
		if got := textAt(t, r, rev); got != want {
			t.Errorf("a.txt at %s is %q, not %q", rev, got, want)
		}
	}
}

func TestTreeRefusesRevisions(t *testing.T) {
	dir, h := newRepository(t)
	r := open(t, dir)
	tests := map[string]bool{ // whether the forge may know it
		"nowhere": true, strings.Repeat("0", 40): true, strings.Repeat("0", 9): true, "-x": true,
		"": false, "^": false, "~1": false, "HEAD:a.txt": false, "HEAD@{1}": false, "main..old/one": false, "HEAD^{/one}": false,
		"HEAD~3": false, "HEAD^2": false,
		run(t, dir, "rev-parse", h[0]+"^{tree}"): false,
	}
	for rev, missing := range tests {
		tree, err := r.Tree(rev, ".")
		if err == nil {
			t.Errorf("%q is %v, want an error", rev, tree)
		} else if errors.Is(err, ErrMissing) != missing {
			t.Errorf("%q: errors.Is(%q, ErrMissing) = %t", rev, err, !missing)
		}
	}
}

func TestTreeIsAFileSystem(t *testing.T) {
	dir, _ := newRepository(t)
	link(t, dir, "link.txt", "sub/deep/b.txt")
	link(t, dir, "sub/side", "deep/b.txt")
	link(t, dir, "dir", "sub/deep")
	commit(t, dir, "links")
	run(t, dir, "gc", "-q")
	tree, err := open(t, dir).Tree("HEAD", ".")
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(tree, "a.txt", "sub/deep/b.txt", "sub/run.sh", "link.txt", "sub/side", "dir"); err != nil {
		t.Error(err)
	}
	for name, mode := range map[string]fs.FileMode{"a.txt": 0o644, "sub/run.sh": 0o755, "sub": fs.ModeDir | 0o755, "dir": fs.ModeDir | 0o755, "sub/side": 0o644} {
		info, err := fs.Stat(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != mode {
			t.Errorf("the mode of %s is %v, not %v", name, info.Mode(), mode)
		}
	}
}

func TestLinksStayInside(t *testing.T) {
	dir, _ := newRepository(t)
	outside := t.TempDir()
	write(t, outside, "secret", "s")
	for name, target := range map[string]string{
		"sub/file":     "../a.txt",                                 // out of sub, inside the repository
		"sub/absolute": filepath.Join(outside, "secret"),           // out of all
		"sub/host":     "../../../../../../../../../../etc/passwd", // out of all
		"sub/inner":    filepath.Join(dir, "sub/run.sh"),           // absolute, to the inside
		"sub/loop":     "loop2", "sub/loop2": "loop",
		"sub/chain": "file", "sub/dir": "..", "sub/none": "nothing", "sub/through": "run.sh/x",
		"sub/good": "./deep/../deep/b.txt", "sub/good2": "good",
	} {
		link(t, dir, name, target)
	}
	rev := commit(t, dir, "links")
	r := open(t, dir)
	sub, err := r.Tree(rev, "sub")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"file", "absolute", "host", "inner", "loop", "chain", "dir/a.txt", "dir", "none", "through", "../a.txt"} {
		if _, err := fs.Stat(sub, name); err == nil {
			t.Errorf("%s leads somewhere", name)
		}
		if b, err := fs.ReadFile(sub, name); err == nil {
			t.Errorf("%s reads %q", name, b)
		}
	}
	for _, name := range []string{"good", "good2"} {
		if b, err := fs.ReadFile(sub, name); err != nil || string(b) != "b\n" {
			t.Errorf("%s reads %q, %v", name, b, err)
		}
	}
	if s, err := fs.ReadLink(sub, "file"); err != nil || s != "../a.txt" {
		t.Errorf("the target of file is %q, %v", s, err)
	}
	top, err := r.Tree(rev, ".")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := fs.ReadFile(top, "sub/file"); err != nil || string(b) != "three\n" {
		t.Errorf("sub/file reads %q, %v from the top", b, err)
	}
	inner, err := fs.Sub(top, "sub")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(inner, "file"); err == nil {
		t.Error("a link leads out of a sub-tree")
	}
}

func TestTreeOfADirectory(t *testing.T) {
	dir, _ := newRepository(t)
	r := open(t, dir)
	for _, sub := range []string{"sub/deep", "sub/deep/", "./sub/deep"} {
		tree, err := r.Tree("HEAD", sub)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := fs.ReadFile(tree, "b.txt"); err != nil || string(b) != "b\n" {
			t.Errorf("%s: b.txt reads %q, %v", sub, b, err)
		}
	}
	for _, sub := range []string{"none", "sub/none"} {
		if _, err := r.Tree("HEAD", sub); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want that it does not exist", sub, err)
		}
	}
	for _, sub := range []string{"a.txt", "../x", "/"} {
		if _, err := r.Tree("HEAD", sub); err == nil {
			t.Errorf("%s is a directory", sub)
		}
	}
}

func TestOpenFindsTheRepositoryAbove(t *testing.T) {
	dir, h := newRepository(t)
	for sub, want := range map[string]string{"": ".", "sub": "sub", "sub/deep": "sub/deep"} {
		r := open(t, filepath.Join(dir, sub))
		if got := r.Prefix(); got != want {
			t.Errorf("the prefix of %q is %q, not %q", sub, got, want)
		}
		if head, err := r.Head(); err != nil || head != h[2] {
			t.Errorf("the head is %q, %v, not %q", head, err, h[2])
		}
	}
	if _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opening nothing: %v", err)
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNoRepository) {
		t.Errorf("opening a plain directory: %v", err)
	}
}

func TestOpenRefusesBrokenRepositories(t *testing.T) {
	for name, text := range map[string]string{"no pointer": "x", "to nowhere": "gitdir: ../none", "too long": strings.Repeat("x", 5000)} {
		dir := t.TempDir()
		write(t, dir, ".git", text)
		if r, err := Open(dir); err == nil {
			t.Errorf("%s: %v", name, r)
		}
	}
	dir := t.TempDir()
	run(t, dir, "init", "-q", "-b", "main")
	if h, err := open(t, dir).Head(); !errors.Is(err, ErrMissing) {
		t.Errorf("the head of an empty repository is %q, %v", h, err)
	}
	dir = t.TempDir()
	run(t, dir, "init", "-q", "--object-format=sha256")
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "sha256") {
		t.Errorf("opening a repository with other hashes: %v", err)
	}
}

func TestOpenUnderstandsClones(t *testing.T) {
	dir, h := newRepository(t)
	url := "file://" + dir
	run(t, dir, "config", "uploadpack.allowFilter", "true")
	parent := t.TempDir()
	clone := func(name string, args ...string) string {
		p := filepath.Join(parent, name)
		run(t, parent, append(append([]string{"clone", "-q"}, args...), p)...)
		return p
	}
	tests := map[string]string{
		"packed":   clone("packed", url),
		"borrowed": clone("borrowed", "--shared", dir),
		"twice":    clone("twice", "--shared", filepath.Join(parent, "borrowed")),
		"sparse":   clone("sparse", "--sparse", url),
	}
	run(t, tests["packed"], "pack-refs", "--all")
	run(t, tests["sparse"], "config", "extensions.worktreeConfig", "true")
	tests["worktree"] = filepath.Join(parent, "worktree")
	run(t, dir, "worktree", "add", "-q", tests["worktree"], "--detach", "HEAD~1")
	for name, p := range tests {
		r := open(t, p)
		if got := textAt(t, r, h[0]); got != "one\n" {
			t.Errorf("%s: a.txt reads %q", name, got)
		}
		want := h[2]
		if name == "worktree" {
			want = h[1]
		}
		if head, err := r.Head(); err != nil || head != want {
			t.Errorf("%s: the head is %q, %v", name, head, err)
		}
	}
	if got := textAt(t, open(t, tests["packed"]), "origin/old/one"); got != "one\n" {
		t.Errorf("a remote branch reads %q", got)
	}

	shallow := open(t, clone("shallow", "--depth=1", url))
	if got := textAt(t, shallow, "HEAD"); got != "three\n" {
		t.Errorf("the head of a shallow clone reads %q", got)
	}
	for _, rev := range []string{h[1], "HEAD~1", "old/one"} {
		if _, err := shallow.Tree(rev, "."); !errors.Is(err, ErrMissing) {
			t.Errorf("%s in a shallow clone: %v", rev, err)
		}
	}
	partial := open(t, clone("partial", "--filter=blob:none", url))
	if got := textAt(t, partial, "HEAD"); got != "three\n" {
		t.Errorf("the head of a partial clone reads %q", got)
	}
	if _, err := partial.Tree(h[0], "."); !errors.Is(err, ErrMissing) {
		t.Errorf("a partial clone: %v", err)
	}
}

func TestSubmodulesAreEmpty(t *testing.T) {
	dir, h := newRepository(t)
	run(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+h[0]+",module")
	run(t, dir, "commit", "-q", "-m", "module")
	tree, err := open(t, dir).Tree("HEAD", ".")
	if err != nil {
		t.Fatal(err)
	}
	list, err := fs.ReadDir(tree, "module")
	if err != nil || len(list) != 0 {
		t.Errorf("a submodule holds %v, %v", list, err)
	}
	if _, err := fs.ReadFile(tree, "module"); err == nil {
		t.Error("a submodule can be read")
	}
	if _, err := fs.ReadDir(tree, "a.txt"); err == nil {
		t.Error("a file can be listed")
	}
}

func TestHostileNamesAreLeftOut(t *testing.T) {
	dir, _ := newRepository(t)
	blob := run(t, dir, "rev-parse", "HEAD:a.txt")
	entry := func(name string) string {
		var raw bytes.Buffer
		for i := 0; i < len(blob); i += 2 {
			raw.WriteByte(unhex(blob[i])<<4 | unhex(blob[i+1]))
		}
		return "100644 " + name + "\x00" + raw.String()
	}
	cmd := exec.Command("git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(entry("..") + entry("../x") + entry(".GIT") + entry("a") + entry("a") + entry("bad\xff"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	rev := run(t, dir, "commit-tree", "-m", "hostile", strings.TrimSpace(string(out)))
	tree, err := open(t, dir).Tree(rev, ".")
	if err != nil {
		t.Fatal(err)
	}
	list, err := fs.ReadDir(tree, ".")
	if err != nil || len(list) != 1 || list[0].Name() != "a" {
		t.Errorf("the tree holds %v, %v", list, err)
	}
}

func unhex(c byte) byte { return byte(strings.IndexByte("0123456789abcdef", c)) }

func TestLargeFilesAreNotRead(t *testing.T) {
	dir, _ := newRepository(t)
	if err := os.Truncate(filepath.Join(dir, "a.txt"), objectBytes+1); err != nil {
		t.Fatal(err)
	}
	commit(t, dir, "large")
	for _, packed := range []bool{false, true} {
		if packed {
			run(t, dir, "gc", "-q")
		}
		tree, err := open(t, dir).Tree("HEAD", ".")
		if err != nil {
			t.Fatal(err)
		}
		info, err := fs.Stat(tree, "a.txt")
		if err != nil || info.Size() != objectBytes+1 {
			t.Errorf("packed %t: the file has %d bytes, %v", packed, info.Size(), err)
		}
		if _, err := tree.Open("a.txt"); !errors.Is(err, ErrLimit) {
			t.Errorf("packed %t: opening a large file: %v", packed, err)
		}
	}
}
