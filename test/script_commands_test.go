package test

import (
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/org/npx-action/internal/registrytest"
)

// commands are those that scripts have besides testscript's.
var commands = map[string]func(*testscript.TestScript, bool, []string){
	"status":   status,
	"unread":   unread,
	"sparse":   sparse,
	"commit":   commit,
	"registry": startRegistry,
}

// status runs a command that has to end with a given exit status: status 2 npx-action plan.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status STATUS COMMAND...")
	}
	var exit *exec.ExitError
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("exit status %d, want %s", got, want)
	}
}

// unread runs a command whose standard output nobody reads any more: it has to end by itself or as the system ends those.
func unread(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: unread COMMAND...")
	}
	r, w, err := os.Pipe()
	ts.Check(err)
	ts.Check(r.Close())
	defer w.Close()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Stdout, cmd.Stderr = w, ts.Stderr()
	err = cmd.Run()
	if state, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && state.Signaled() && state.Signal() == syscall.SIGPIPE {
		return
	}
	ts.Check(err)
}

// sparse makes a file that takes no space: sparse FILE BYTES.
func sparse(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sparse FILE BYTES")
	}
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), nil, 0o644))
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

// commit records all files of a directory, which becomes a git repository if it is none: commit DIR.
func commit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: commit DIR")
	}
	dir := ts.MkAbs(args[0])
	repository, err := git.PlainInit(dir, false)
	if errors.Is(err, git.ErrRepositoryAlreadyExists) {
		repository, err = git.PlainOpen(dir)
	}
	ts.Check(err)
	worktree, err := repository.Worktree()
	ts.Check(err)
	ts.Check(worktree.AddWithOptions(&git.AddOptions{All: true}))
	author := &object.Signature{Name: "a", Email: "a@b.example", When: time.Unix(1e9, 0)}
	_, err = worktree.Commit("change", &git.CommitOptions{Author: author})
	ts.Check(err)
}

// startRegistry starts a registry that ends with the script, and puts its host and port into a variable. It holds an
// image for linux/amd64 under each given name: registry VARIABLE REPOSITORY:TAG...
func startRegistry(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: registry VARIABLE REPOSITORY:TAG...")
	}
	server := httptest.NewServer(registrytest.New())
	ts.Defer(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	ts.Setenv(args[0], host)
	image, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: "amd64"})
	ts.Check(err)
	for _, tag := range args[1:] {
		ref, err := name.ParseReference(host + "/" + tag)
		ts.Check(err)
		ts.Check(remote.Write(ref, image))
	}
}
