package store

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// archive packs files in odd ways: modes that nobody may read, a program that only its group may run, links, times, names. It has the
// files of a part, too.
func archive(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []*tar.Header{
		{Name: "top/", Typeflag: tar.TypeDir, Mode: 0o700},
		{Name: "top/bin/", Typeflag: tar.TypeDir, Mode: 0o2500},
		{Name: "top/bin/tool", Typeflag: tar.TypeReg, Mode: 0o4755, Size: 1},
		{Name: "top/bin/group", Typeflag: tar.TypeReg, Mode: 0o654, Size: 1},
		{Name: "top/share/ä b", Typeflag: tar.TypeReg, Mode: 0o222, Size: 1, Uid: 1000, Gid: 1000},
		{Name: "top/share/script.js", Typeflag: tar.TypeReg, Mode: 0o600, Size: 1},
		{Name: "top/bin/npm", Typeflag: tar.TypeSymlink, Linkname: "../lib/node_modules/npm/cli.js"},
		{Name: "top/lib/node_modules/npm/cli.js", Typeflag: tar.TypeReg, Mode: 0o755, Size: 1},
		{Name: "top/link", Typeflag: tar.TypeSymlink, Linkname: "nowhere"},
	} {
		h.ModTime = time.Unix(1e9, 0)
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, h.Size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// step runs a release's step and lists what it made.
func step(t *testing.T, r Release) []string {
	t.Helper()
	return ran(t, r, r.Step)
}

// ran runs a script and lists what it made: type, permissions, seconds since 1970, name and target of a link.
func ran(t *testing.T, r Release, script func(archive, root string) string) []string {
	t.Helper()
	dir := t.TempDir()
	src, root := filepath.Join(dir, "archive"), filepath.Join(dir, "root")
	if err := os.WriteFile(src, archive(t), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = exec.Command("chmod", "-R", "u+w", dir).Run() })
	if out, err := exec.Command("/bin/sh", "-c", script(src, root)).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name := strings.Replace(strings.TrimPrefix(path, root), r.Out(), "OUT", 1)
		if target, err := os.Readlink(path); err == nil {
			name += " -> " + target
		}
		mode := info.Mode()
		if mode&fs.ModeSymlink != 0 {
			mode = fs.ModeSymlink // its permissions mean nothing
		}
		list = append(list, fmt.Sprintf("%v %d %s", mode, info.ModTime().Unix(), name))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestTheStepGivesFilesTheModesAndTimesOfNix(t *testing.T) {
	r, err := ParseRelease(node + " link=bin/script:../share/script.js")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"drwx------ 1 ",
		"drwxr-xr-x 1 /nix",
		"drwxr-xr-x 1 /nix/store",
		"dr-xr-xr-x 1 OUT",
		"dr-xr-xr-x 1 OUT/bin",
		"-r--r--r-- 1 OUT/bin/group",
		"L--------- 1 OUT/bin/npm -> ../lib/node_modules/npm/cli.js",
		"L--------- 1 OUT/bin/script -> ../share/script.js",
		"-r-xr-xr-x 1 OUT/bin/tool",
		"dr-xr-xr-x 1 OUT/lib",
		"dr-xr-xr-x 1 OUT/lib/node_modules",
		"dr-xr-xr-x 1 OUT/lib/node_modules/npm",
		"-r-xr-xr-x 1 OUT/lib/node_modules/npm/cli.js",
		"L--------- 1 OUT/link -> nowhere",
		"dr-xr-xr-x 1 OUT/share",
		"-r-xr-xr-x 1 OUT/share/script.js",
		"-r--r--r-- 1 OUT/share/ä b",
	}
	if diff := cmp.Diff(want, step(t, r)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestAFileBecomesAProgram(t *testing.T) {
	r, err := ParseRelease(node + " file=lib/tool.phar link=bin/tool:../lib/tool.phar")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"dr-xr-xr-x 1 OUT",
		"dr-xr-xr-x 1 OUT/bin",
		"L--------- 1 OUT/bin/tool -> ../lib/tool.phar",
		"dr-xr-xr-x 1 OUT/lib",
		"-r-xr-xr-x 1 OUT/lib/tool.phar",
	}
	if diff := cmp.Diff(want, step(t, r)[3:]); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// stub runs the step of a release whose hash BuildKit does not check, with a program in the place of curl.
func stub(t *testing.T, curl string) (output string, status int) {
	t.Helper()
	r, err := ParseRelease("node@1 linux/amd64 https://example.com/node.tar.gz sha512:" + strings.Repeat("0", 128))
	if err != nil || r.Fetched() {
		t.Fatal(err, r.Fetched())
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "curl"), []byte("#!/bin/sh\n"+curl), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", r.Step("", t.TempDir()))
	cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatal("the step ends well")
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// A hash that BuildKit does not check is checked before anything is unpacked.
func TestTheStepRefusesAnotherArchive(t *testing.T) {
	out, status := stub(t, "while [ $# -gt 1 ]; do [ \"$1\" = --output ] && echo other >\"$2\"; shift; done\n")
	if status != 1 || !strings.HasPrefix(out, "digest mismatch for https://example.com/node.tar.gz: ") || strings.Count(out, "\n") != 1 {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestTheStepSaysWhetherToTryAgain(t *testing.T) {
	for code, want := range map[int]int{7: 75, 22: 1, 28: 75} {
		if _, status := stub(t, fmt.Sprintf("exit %d\n", code)); status != want {
			t.Errorf("curl ended with %d: status %d, want %d", code, status, want)
		}
	}
}
