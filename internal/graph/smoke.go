package graph

import (
	"slices"
	"strings"
)

// SmokeStatus and SmokeLog are the files that a trial of [Graph.Smoke] leaves: in SmokeStatus one line, which is "listening" or "running", each perhaps with
// ", ignores SIGTERM" behind it, or "exited N"; in SmokeLog the end of what the program wrote.
const (
	SmokeStatus = "status"
	SmokeLog    = "log"

	smokeDir = "/run/npx-action/smoke"
)

// smokeScript starts its arguments, which are the image's. It waits until the program or one of its children listens on a port, has
// ended, or has run for a while, as a worker does. Then it asks the first process to end, as an engine does, and ends what is left.
const smokeScript = `out=` + smokeDir + `
export PORT=${PORT:-$((20000 + RANDOM % 20000))}
listening() {
  local state inode link fd
  local -A inodes=()
  while read -r _ _ _ state _ _ _ _ _ inode _; do
    test "$state" != 0A || inodes[socket:[$inode]]=1
  done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  for fd in /proc/[0-9]*/fd/*; do
    link=$(readlink "$fd" 2>/dev/null) && test -n "${inodes[$link]}" && return
  done
  return 1
}
setsid /bin/bash -c 'exec "$@"' start "$@" > $out/all 2>&1 < /dev/null &
program=$!
status=running
for ((i = 0; i < 100; i++)); do
  kill -0 $program 2>/dev/null || { wait $program; status="exited $?"; break; }
  ! listening || { status=listening; break; }
  sleep 0.2
done
if kill -0 $program 2>/dev/null; then
  kill -TERM $program 2>/dev/null
  for ((i = 0; i < 50; i++)); do kill -0 $program 2>/dev/null || break; sleep 0.1; done
  ! kill -0 $program 2>/dev/null || status="$status, ignores SIGTERM"
fi
kill -KILL -- -$program 2>/dev/null
tail -c 16384 $out/all > $out/` + SmokeLog + `
rm $out/all
echo "$status" > $out/` + SmokeStatus + `
true`

// Smoke returns the graph with one more step, and the index of the node that holds what the step leaves, see [SmokeStatus]. The step starts the
// program in the file system of node i; the app is added if that is [Graph.Built]. The program reaches nothing but itself: two trials on one machine want the same port, and what the program would call
// is not there to be called by a build. The step itself never fails. It is false if the plan has no start command.
func (g *Graph) Smoke(i int) (*Graph, int, bool) {
	if len(g.Config.Cmd) == 0 {
		return nil, 0, false
	}
	args := append(slices.Clone(g.Config.Entrypoint), g.Config.Cmd...)
	if g.Config.User != "" {
		args = append([]string{"runuser", "-u", g.Config.User, "--"}, args...)
	}
	script := "set --"
	for _, arg := range args {
		script += " " + Quote(arg)
	}
	more := *g
	more.Nodes = slices.Clip(g.Nodes)
	add := func(name string, op Op) {
		more.Nodes = append(more.Nodes, Node{Part: Start, Name: name, Op: op})
	}
	if i == g.Built && g.Apart {
		add("copy the app", Copy{On: i, From: App, Paths: []Path{{".", Dir}}})
		i = len(more.Nodes) - 1
	}
	add("try to start the image", Run{On: i, Command: script + "\n" + smokeScript, Output: smokeDir, Offline: true})
	add("how the image started", Output{Of: len(more.Nodes) - 1})
	return &more, len(more.Nodes) - 1, true
}

// Quote returns s as one word of a POSIX shell.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
