package world

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Run directories have names of the first pattern once they are locked, and of the second one before.
const (
	runDirPattern = "npx-world-*"
	newDirPattern = "npx-new-world-*"
)

// A runDir holds the files of one world. Its path is short, as Unix sockets lie in it. It is locked while its process
// lives, so that a later world can remove what a killed one left.
type runDir struct {
	path string
	lock *os.File
}

// A world writes gigabytes and keeps none of it, so memory is the place for it if there is plenty: what a world needs at
// most, and as much again for the programs that run in it.
const (
	memory = "/dev/shm"
	plenty = 16 << 30 // bytes
)

// runBase is the directory that run directories lie in.
func runBase() string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) > plenty && availableMemory() > plenty {
		return memory
	}
	return os.TempDir()
}

// availableMemory is in bytes; a file system in memory may promise more.
func availableMemory() uint64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "MemAvailable:")
	var kilobytes uint64
	if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		return 0
	}
	return kilobytes << 10
}

// newRunDir removes what killed worlds left, and makes a directory. It needs no lock for all users: nobody removes a directory before
// its owner has locked it. Directories of other users stay.
func newRunDir() (*runDir, error) {
	base := runBase()
	if err := removeKilled(base); err != nil {
		return nil, err
	}
	young, err := os.MkdirTemp(base, newDirPattern)
	if err != nil {
		return nil, err
	}
	lock, err := lockDir(young)
	if err != nil {
		return nil, errors.Join(err, os.Remove(young))
	}
	path := filepath.Join(base, strings.Replace(filepath.Base(young), "npx-new-world-", "npx-world-", 1))
	if err := os.Rename(young, path); err != nil {
		return nil, errors.Join(err, lock.Close(), os.Remove(young))
	}
	return &runDir{path, lock}, nil
}

func removeKilled(base string) error {
	old, err := filepath.Glob(filepath.Join(base, runDirPattern))
	if err != nil {
		return err
	}
	for _, path := range old {
		if !own(path) {
			continue
		}
		lock, err := lockDir(path)
		if err != nil {
			continue // in use
		}
		if err := (&runDir{path, lock}).remove(); err != nil {
			return fmt.Errorf("removing a killed world: %w", err)
		}
	}
	return nil
}

// own tells whether a directory belongs to the user of this process. Directories of other users may be readable, but cannot be removed.
func own(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Getuid()
}

// lockDir locks a directory, unless another process has locked it.
func lockDir(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("locking %s: %w", path, err), f.Close())
	}
	return f, nil
}

// letThrough lets other users reach what is theirs below the directory. They can neither list it nor lock it.
func (d *runDir) letThrough() error { return os.Chmod(d.path, 0o711) }

func (d *runDir) mkdir(name string) (string, error) { return os.MkdirTemp(d.path, name+"-") }

// remove removes the directory, and unmounts first what is mounted below it.
func (d *runDir) remove() error {
	defer d.lock.Close()
	mounts, err := mountsBelow(d.path)
	if err != nil {
		return err
	}
	var errs []error
	for _, m := range slices.Backward(mounts) {
		if err := syscall.Unmount(m, syscall.MNT_DETACH); err != nil {
			errs = append(errs, fmt.Errorf("unmounting %s: %w", m, err))
		}
	}
	return errors.Join(append(errs, os.RemoveAll(d.path))...)
}

// mountsBelow lists mount points below a directory, in the order of mounting.
func mountsBelow(dir string) ([]string, error) {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("listing mounts: %w", err)
	}
	defer f.Close()
	var mounts []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if fields := strings.Fields(s.Text()); len(fields) > 4 && strings.HasPrefix(fields[4], dir+"/") {
			mounts = append(mounts, fields[4])
		}
	}
	return mounts, nil
}
