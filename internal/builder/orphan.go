package builder

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
)

const (
	// runPrefix begins the name of a container in the foreground. The value of [siblingLabel] follows, in lower case.
	runPrefix = "npx-action-run-"
	// processLabel names the process that waits for such a container, as [thisProcess] does.
	processLabel = "npx-action.process"
)

// thisProcess names this process by boot, namespace, number and start, so that no other process ever has its name. It is "" where the system
// does not tell.
func thisProcess() string { return processNamed(os.Getpid()) }

// processNamed is the name of the running process with a number, "" if there is none.
func processNamed(pid int) string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	// The name of the program may have spaces. The start of the process is the twentieth field after it (proc_pid_stat(5)).
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 20 {
		return ""
	}
	return fmt.Sprintf("%s %s %d %s", strings.TrimSpace(string(boot)), namespace, pid, fields[19])
}

// hasEnded reports whether the process with a name runs no more. A process of another machine, boot or namespace passes for running.
func hasEnded(name string) bool {
	var boot, namespace, start string
	var pid int
	if n, _ := fmt.Sscan(name, &boot, &namespace, &pid, &start); n != 4 || !strings.HasPrefix(thisProcess(), boot+" "+namespace+" ") {
		return false
	}
	return processNamed(pid) != name
}

// orphans returns our containers in the foreground whose process has ended. It was killed, or it would have removed them. Labels alone prove
// nothing: a container has the labels of its image, too.
func orphans(all []container.Summary) []container.Summary {
	var out []container.Summary
	for _, c := range all {
		run := c.Labels[siblingLabel]
		if run != "" && slices.Contains(c.Names, "/"+runPrefix+strings.ToLower(run)) && hasEnded(c.Labels[processLabel]) {
			out = append(out, c)
		}
	}
	return out
}

// removeOrphans removes containers in the foreground with their volumes, and the images that were made for them. An image that something else
// uses stays. It returns how many containers it has removed.
func (c *engineClient) removeOrphans(ctx context.Context, all []container.Summary) (int, error) {
	for i, orphan := range all {
		if err := c.deleteListed(ctx, orphan); err != nil {
			return i, err
		}
		_ = c.removeImage(ctx, orphan.Image)
	}
	return len(all), nil
}
