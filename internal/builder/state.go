package builder

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// A state is where a daemon of ours keeps its files: run, which never outlives us, with its socket and configuration, and root, with
// images and caches, which is below run unless it is to stay.
type state struct {
	run, root  string
	persistent bool
	runc       string
	locks      []*os.File
}

// runPattern names the temporary directories, and so finds directories of runs that were killed.
const runPattern = "npx-buildkit-*"

// openState makes the directories. If dir is in use by another daemon, the state is temporary, and notice is told.
func openState(dir, runc string, notice func(string)) (*state, error) {
	sweep(runc)
	run, err := os.MkdirTemp("", runPattern)
	if err != nil {
		return nil, err
	}
	s := &state{run: run, root: filepath.Join(run, "root"), runc: runc}
	// A path of a socket has at most 107 bytes.
	if len(s.socket()) > 107 {
		os.RemoveAll(run)
		return nil, fmt.Errorf("the path %s is too long for a socket; set TMPDIR to a shorter one", s.socket())
	}
	if err := s.lock(run); err != nil {
		s.close()
		return nil, err
	}
	if dir == "" {
		return s, nil
	}
	if dir, err = filepath.Abs(dir); err == nil {
		err = s.persist(dir, notice)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *state) socket() string { return filepath.Join(s.run, "sock") }

// persist makes dir the state, if nobody else uses it: neither one of us, nor a daemon that has lost us and is still stopping.
func (s *state) persist(dir string, notice func(string)) error {
	root := filepath.Join(dir, "root")
	if err := os.MkdirAll(root, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if !lock(f) || stopping(root) {
		f.Close()
		notice(fmt.Sprintf("the builder's directory %s is in use: building with an empty, temporary one", dir))
		return nil
	}
	s.locks = append(s.locks, f)
	s.root, s.persistent = root, true
	clearContainers(s.runc, root)
	return nil
}

// lock marks a temporary directory as in use. The file appears under its name only when it is locked, so that [sweep] never sees it free.
func (s *state) lock(run string) error {
	f, err := os.OpenFile(filepath.Join(run, "lock.new"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	s.locks = append(s.locks, f)
	if !lock(f) {
		return fmt.Errorf("locking %s", f.Name())
	}
	return os.Rename(f.Name(), filepath.Join(run, "lock"))
}

// close clears runc's records of steps that were killed, removes the temporary directory and gives up the locks.
func (s *state) close() {
	clearContainers(s.runc, s.root)
	clearNetwork(s.run)
	removeAll(s.run)
	for _, f := range s.locks {
		f.Close()
	}
	s.locks = nil
}

// removeAll removes a directory in which processes that were killed just now may still be writing.
func removeAll(dir string) {
	for range 20 {
		if remove(dir) == nil {
			return
		}
		<-time.After(50 * time.Millisecond)
	}
}

// stopping reports whether a buildkitd holds the lock of its root.
func stopping(root string) bool {
	f, err := os.OpenFile(filepath.Join(root, "buildkitd.lock"), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return !lock(f)
}

// clearContainers makes runc forget the steps of a killed daemon: each has a directory named by its container.
func clearContainers(runc, root string) {
	specs, _ := filepath.Glob(filepath.Join(root, "runc-*", "executor", "*", "config.json"))
	for _, spec := range specs {
		_ = exec.Command(runc, "delete", "--force", filepath.Base(filepath.Dir(spec))).Run()
	}
}

// sweep removes the temporary directories of runs of ours that were killed.
func sweep(runc string) {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), runPattern))
	for _, dir := range dirs {
		fi, err := os.Lstat(dir)
		if err != nil || !fi.IsDir() || !ours(fi) {
			continue
		}
		f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if root := filepath.Join(dir, "root"); lock(f) && !stopping(root) {
			clearContainers(runc, root)
			clearNetwork(dir)
			_ = remove(dir)
		}
		f.Close()
	}
}
