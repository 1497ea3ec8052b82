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

const runDirPattern = "npx-world-*"

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

func newRunDir() (*runDir, error) {
	base := runBase()
	all, err := lockFile(filepath.Join(base, "npx-world.lock"), os.O_CREATE|os.O_RDWR, syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer all.Close()
	old, err := filepath.Glob(filepath.Join(base, runDirPattern))
	if err != nil {
		return nil, err
	}
	for _, path := range old {
		lock, err := lockFile(path, os.O_RDONLY, syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			continue // in use
		}
		if err := (&runDir{path, lock}).remove(); err != nil {
			return nil, fmt.Errorf("removing a killed world: %w", err)
		}
	}
	path, err := os.MkdirTemp(base, runDirPattern)
	if err != nil {
		return nil, err
	}
	lock, err := lockFile(path, os.O_RDONLY, syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	return &runDir{path, lock}, nil
}

func lockFile(path string, flag, how int) (*os.File, error) {
	f, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		f.Close()
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return f, nil
}

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
