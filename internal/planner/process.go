package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
)

// processAdvice warns of processes that a slim image cannot start by their names.
func processAdvice(p plan.Plan) []string {
	if !p.Slim() {
		return nil // its processes are labels alone
	}
	var warnings []string
	for name, cmd := range plan.Sorted(p.Start.Processes) {
		switch {
		case p.Start.Base != nil && shell.Alone(cmd) != "":
		case p.Start.Base != nil:
			warnings = append(warnings, fmt.Sprintf("process %s cannot be started by its name, as the static base has no shell: %s", name, insteadOf(cmd)))
		case hasProgram(p, name):
			warnings = append(warnings, fmt.Sprintf("process %s cannot be started by its name, as the image has a program of that name. Give the process another name, such as %s-process", name, name))
		}
	}
	return warnings
}

// insteadOf says how a process is started that has no program.
func insteadOf(cmd string) string {
	if _, simple := shell.Words(cmd); simple {
		return "give its command to docker run, as in docker run IMAGE " + printable(cmd)
	}
	return "let its command be one program and its arguments, and give that to docker run"
}

// hasProgram reports whether the image has a program of a process's name, as far as a plan tells: in the base, in a package, or in a command.
// The program is found before the process, as PATH ends in the directory of processes.
func hasProgram(p plan.Plan, name string) bool {
	if slices.Contains(basePrograms, name) {
		return true
	}
	started := func(cmd string) bool { return shell.Program(cmd) == name }
	if p.Start.Cmd != nil && started(*p.Start.Cmd) || hasPackage(p, name) {
		return true
	}
	for _, cmd := range p.Start.Processes {
		if started(cmd) {
			return true
		}
	}
	return false
}

// hasPackage reports whether a slim image has a package of a tool, whatever its version.
func hasPackage(p plan.Plan, tool string) bool {
	return slices.ContainsFunc(strings.Fields(strings.Join(p.AtRunTime(), " ")), func(pkg string) bool {
		name, _, _ := strings.Cut(pkg, "@")
		name, _, _ = strings.Cut(name, "=")
		return name == tool
	})
}

// basePrograms are programs of the small base, in the essential packages of Debian, that a process may be called as.
var basePrograms = []string{
	"apt", "arch", "awk", "base32", "base64", "basename", "bash", "cat", "chmod", "chown", "chroot", "cksum", "clear", "cmp", "comm", "cp",
	"csplit", "cut", "dash", "date", "dd", "df", "diff", "dir", "dirname", "dmesg", "dpkg", "du", "echo", "egrep", "env", "expand", "expr",
	"factor", "false", "fgrep", "find", "flock", "fmt", "fold", "free", "getent", "getopt", "grep", "groups", "gzip", "hardlink", "head",
	"hostid", "hostname", "iconv", "id", "install", "ionice", "join", "kill", "last", "link", "ln", "logger", "login", "ls", "lscpu", "more",
	"mount", "mv", "nice", "nl", "nohup", "nproc", "numfmt", "od", "openssl", "partx", "passwd", "paste", "perl", "pgrep", "pidof", "pinky",
	"pkill", "pr", "printenv", "printf", "ps", "pwd", "readlink", "realpath", "renice", "reset", "rev", "rm", "rmdir", "script", "sdiff",
	"sed", "select-editor", "seq", "service", "setpriv", "setsid", "sh", "shred", "shuf", "sleep", "sort", "split", "stat", "stdbuf", "stty",
	"su", "sum", "sync", "sysctl", "tabs", "tac", "tail", "tar", "taskset", "tee", "test", "timeout", "top", "touch", "tr", "true",
	"truncate", "tsort", "tty", "umount", "uname", "unexpand", "uniq", "unlink", "unshare", "uptime", "users", "vmstat", "w", "wall", "watch",
	"wc", "whereis", "which", "who", "whoami", "xargs", "yes", "zcat", "zdump", "zgrep",
}
