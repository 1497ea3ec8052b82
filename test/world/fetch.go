package world

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// fetchTries is how often a command that downloads is run. The clients of npm, PyPI and Maven try a request again; Go's does not.
const fetchTries = 5

// fetch runs a command that downloads, as runCommand does, and runs the command again when it fails. The first wait is pause, and each
// later wait is twice as long. A command that succeeds at last has what its successful run printed.
func fetch(ctx context.Context, log io.Writer, cmd *exec.Cmd, pause time.Duration) (string, error) {
	for try := 1; ; try++ {
		again := exec.CommandContext(ctx, cmd.Args[0], cmd.Args[1:]...)
		again.Dir, again.Env = cmd.Dir, cmd.Env
		out, err := runCommand(log, again)
		if err == nil || try == fetchTries {
			return out, err
		}
		fmt.Fprintf(log, "try %d of %d failed: %v\n", try, fetchTries, err)
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%w: %w", context.Cause(ctx), err)
		case <-time.After(pause):
			pause *= 2
		}
	}
}

// fetchPause is the first wait between two tries to download.
const fetchPause = 2 * time.Second
