package world

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// WithoutWorld ends each error of a machine on which no world can run.
const WithoutWorld = "the tests that need neither root nor a network are those of `make check`"

// check says what a world lacks on this machine, before anything is downloaded or written.
func check() error {
	err := lacks(os.Geteuid(), runtime.GOARCH, exec.LookPath)
	if err != nil {
		return fmt.Errorf("%w; %s", err, WithoutWorld)
	}
	return nil
}

func lacks(user int, arch string, look func(program string) (string, error)) error {
	if user != 0 {
		return errors.New("real builds need root: they install Debian packages, and start a builder, a Docker engine and registries")
	}
	if arch != "amd64" {
		return fmt.Errorf("real builds need amd64, and this machine is %s", arch)
	}
	if _, err := look("apt-get"); err != nil {
		return fmt.Errorf("real builds need Debian: %w", err)
	}
	return nil
}
