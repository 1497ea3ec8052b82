//go:build world

package builder_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
)

const rootlessVariable = "BUILDER_TEST_ROOTLESS"

// nobody starts a program as a user without rights. The first argument is a file of ranges of users, which takes the places of the machine's.
const nobody = `mount --bind "$1" /etc/subuid && mount --bind "$1" /etc/subgid && shift && exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"`

// rootless builds on a rootless daemon with what is in a directory: buildkitd and tools. Its output is what the test looks for.
func rootless(dir string) {
	world.dir = filepath.Join(dir, "tools")
	c, err := builder.Connect(context.Background(), builder.Options{Route: "rootless", Embedded: builder.Embedded{Binary: filepath.Join(dir, "buildkitd")}})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	fmt.Println("route", c.Info().Route, c.Info().Snapshotter)
	base, contexts := step()
	st := run(run(base, "one", "write", "/one", "1"), "two", "copy", "/one", "/two")
	def, err := st.Marshal(context.Background(), llb.LinuxAmd64)
	if err == nil {
		_, err = c.Solve(context.Background(), builder.Request{Definition: def, Contexts: contexts,
			Exports: []builder.Export{{Kind: builder.Tar, Dest: filepath.Join(dir, "tmp", "out.tar")}}})
	}
	fmt.Println("built", err)
	_, _ = io.Copy(io.Discard, os.Stdin)
	fmt.Println("closed", c.Close())
}

// readable makes a directory that any user can read, with a place to write.
func readable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "builder-test-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, d := range []string{dir, filepath.Join(dir, "tools"), filepath.Join(dir, "tmp")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(filepath.Join(dir, "tmp"), 65534, 65534); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{world.binary: "buildkitd", filepath.Join(world.dir, "step"): "tools/step", os.Args[0]: "test"} {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asNobody is the command of [rootless], with a list of ranges of users.
func asNobody(t *testing.T, dir, ranges string) *exec.Cmd {
	t.Helper()
	list := filepath.Join(t.TempDir(), "ranges")
	if err := os.WriteFile(list, []byte(ranges), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "sh", "-c", nobody, "sh", list, filepath.Join(dir, "test"))
	tmp := filepath.Join(dir, "tmp")
	cmd.Env = append(cmd.Environ(), rootlessVariable+"="+dir, "TMPDIR="+tmp, "HOME="+tmp)
	return cmd
}

const rangeOfNobody = "nobody:200000:65536\n"

// TestARootlessDaemonBuilds is killed first: nothing runs on, and what it left on disk is removed by the next one.
func TestARootlessDaemonBuilds(t *testing.T) {
	shared(t)
	dir := readable(t)
	testRootlessIsKilled(t, dir)
	for _, tt := range []struct {
		ranges string
		want   []string
	}{
		{rangeOfNobody, []string{"route rootless overlayfs", "built <nil>", "closed <nil>"}},
		{"", []string{"error the builder stopped while it started", "No subuid ranges found"}},
	} {
		out, err := asNobody(t, dir, tt.ranges).CombinedOutput()
		if err != nil {
			t.Error(err)
		}
		for _, text := range tt.want {
			if !strings.Contains(string(out), text) {
				t.Errorf("it does not say %q:\n%s", text, out)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "tmp", "npx-*")); left != nil {
			t.Errorf("%q is left", left)
		}
	}
	f, err := os.Open(filepath.Join(dir, "tmp", "out.tar"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if text := fromTar(t, f, "two"); text != "1" {
		t.Errorf("the file says %q", text)
	}
}

func testRootlessIsKilled(t *testing.T, dir string) {
	cmd := asNobody(t, dir, rangeOfNobody)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(out); s.Scan(); {
		if strings.HasPrefix(s.Text(), "built") {
			break
		}
	}
	daemons := processes(t, filepath.Join(dir, "buildkitd"))
	if len(daemons) == 0 {
		t.Error("no daemon was started")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	awaitEnd(t, daemons...)
	if left, _ := filepath.Glob(filepath.Join(dir, "tmp", "npx-*")); len(left) != 1 {
		t.Errorf("%q is left", left)
	}
}
