//go:build !linux

package builder

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

type process struct{}

func startProcess(*exec.Cmd) (*process, error) {
	return nil, errors.New("a builder can be started on Linux only")
}

func startUnprivileged(cmd *exec.Cmd) (*process, error) { return startProcess(cmd) }

func (*process) ended() <-chan struct{} { return nil }

func (*process) failure() error { return nil }

func (*process) stop(time.Duration) {}

func (*process) kill() {}

func lock(*os.File) bool { return true }

func ours(os.FileInfo) bool { return false }
