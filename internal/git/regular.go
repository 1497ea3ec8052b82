package git

import (
	"errors"
	"fmt"
	"os"

	"github.com/go-git/go-billy/v5"
)

// errIrregular is about a file of a clone that is none to read, such as a pipe or a device: it may never end, or never begin. A step before
// may have left it.
var errIrregular = errors.New("not a regular file")

// regular gives the regular files of a clone's directory alone.
type regular struct{ billy.Filesystem }

// Open implements [billy.Basic].
func (r regular) Open(name string) (billy.File, error) {
	return r.OpenFile(name, os.O_RDONLY, 0)
}

// OpenFile implements [billy.Basic].
func (r regular) OpenFile(name string, flag int, perm os.FileMode) (billy.File, error) {
	if info, err := r.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, fmt.Errorf("reading %s: %w", name, errIrregular)
	}
	return r.Filesystem.OpenFile(name, flag, perm)
}

// Capabilities implements [billy.Capable].
func (r regular) Capabilities() billy.Capability { return billy.Capabilities(r.Filesystem) }
