package builder

import (
	"bufio"
	"cmp"
	"context"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	gateway "github.com/moby/buildkit/frontend/gateway/client"
)

// A Port is a TCP port on which a program listens.
type Port struct {
	Number   int
	Loopback bool // nobody outside the container reaches it
}

// String is the port as people write it, such as "3000" or "127.0.0.1:3000".
func (p Port) String() string {
	if p.Loopback {
		return "127.0.0.1:" + strconv.Itoa(p.Number)
	}
	return strconv.Itoa(p.Number)
}

// watchScript tells again and again which sockets listen and which sockets the processes of the container have. A line "." ends each round.
// The script ends with its input.
const watchScript = `run() { "$LOADER" --library-path "$LIB" "$TOOLS/usr/bin/$@"; }
while :; do
  run cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
  run find /proc/[0-9]*/fd -lname 'socket:*' -printf '%l\n' 2>/dev/null
  echo .
  read -r -t 0.1
  test $? -gt 128 || exit 0
done`

// A watcher is a second process in the container of a trial.
type watcher struct {
	found chan []Port    // gets the ports of the first round in which a process listens
	stdin *io.PipeWriter // closing it ends the process
	ended chan struct{}
}

// watchPorts starts a watcher.
func watchPorts(ctx context.Context, c gateway.Container, t Trial) *watcher {
	w := &watcher{found: make(chan []Port, 1), ended: make(chan struct{})}
	in, stdin := io.Pipe()
	if w.stdin = stdin; t.Tools == nil {
		close(w.ended)
		return w
	}
	// bash has no usr/ in front on a distribution that has not merged /usr; its link is there on all that have.
	args := t.tool("bin/bash", "-c", watchScript)
	env := []string{"LOADER=" + args[0], "LIB=" + args[2], "TOOLS=" + toolsDir}
	out, stdout := io.Pipe()
	// The links of a process are read by its own user alone.
	process, err := c.Start(ctx, gateway.StartRequest{Args: args, Env: env, User: t.Config.User, Cwd: "/", Stdin: in, Stdout: stdout, Stderr: nopCloser{io.Discard}})
	if err != nil {
		close(w.ended)
		return w
	}
	go func() {
		defer close(w.ended)
		stdout.CloseWithError(process.Wait())
	}()
	go func() {
		if ports := firstPorts(out); len(ports) > 0 {
			w.found <- ports
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	return w
}

// end waits until the process has ended: a container whose first process ends before takes long to be removed.
func (w *watcher) end(ctx context.Context) {
	w.stdin.Close()
	select {
	case <-w.ended:
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
}

// firstPorts reads what the script of a watcher writes, up to the first round with a port.
func firstPorts(r io.Reader) []Port {
	listening, own := map[string]Port{}, []string(nil)
	for lines := bufio.NewScanner(r); lines.Scan(); {
		line := lines.Text()
		if line == "." {
			var ports []Port
			for _, inode := range own {
				if p, ok := listening[inode]; ok {
					ports = append(ports, p)
				}
			}
			if len(ports) > 0 {
				slices.SortFunc(ports, func(a, b Port) int { return cmp.Compare(a.Number, b.Number) })
				return slices.Compact(ports)
			}
			clear(listening)
			own = nil
			continue
		}
		if rest, ok := strings.CutPrefix(line, "socket:["); ok {
			own = append(own, strings.TrimSuffix(rest, "]"))
			continue
		}
		if inode, p, ok := parseSocket(line); ok {
			listening[inode] = p
		}
	}
	return nil
}

// listen is the state of a socket that listens, in /proc/net/tcp.
const listen = "0A"

// parseSocket reads a line of /proc/net/tcp or /proc/net/tcp6. It is false for every socket that does not listen.
func parseSocket(line string) (inode string, p Port, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 10 || fields[3] != listen {
		return "", Port{}, false
	}
	address, port, ok := strings.Cut(fields[1], ":")
	number, err := strconv.ParseUint(port, 16, 16)
	if !ok || err != nil {
		return "", Port{}, false
	}
	return fields[9], Port{int(number), isLoopback(address)}, true
}

// isLoopback reads an address of /proc/net/tcp or /proc/net/tcp6: words of 4 bytes, each with its lowest byte first.
func isLoopback(address string) bool {
	b, err := hex.DecodeString(address)
	switch {
	case err != nil:
		return false
	case len(b) == 4:
		return b[3] == 127
	case len(b) == 16 && strings.HasPrefix(address, "0000000000000000FFFF0000"): // an IPv4 address
		return b[15] == 127
	}
	return address == "00000000000000000000000001000000"
}
