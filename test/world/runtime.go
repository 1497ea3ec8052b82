package world

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// runtimeScript is runc for a machine that lacks CAP_SYS_RESOURCE, as some virtual ones do. A privileged container asks for each
// capability there is, and so does each program that is started in one later; runc refuses to give a capability that it has not.
const runtimeScript = `#!/bin/sh
asked= previous=
for arg; do
  case $previous in
  --bundle) asked=$arg/config.json ;;
  --process) asked=$arg ;;
  esac
  previous=$arg
done
if [ -n "$asked" ]; then
  sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$asked"
fi
exec %q "$@"
`

// runtimeOptions are the engine's options by which privileged containers get the capabilities that the machine has.
func runtimeOptions(dir string) ([]string, error) {
	all, err := capabilities()
	if err != nil || all&(1<<unix.CAP_SYS_RESOURCE) != 0 {
		return nil, err
	}
	runc, err := exec.LookPath("runc")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "runc")
	if err := os.WriteFile(path, fmt.Appendf(nil, runtimeScript, runc), 0o755); err != nil {
		return nil, fmt.Errorf("writing the engine's runtime: %w", err)
	}
	return []string{"--add-runtime", "machine=" + path, "--default-runtime", "machine"}, nil
}

// capabilities are those that a program can get here, a bit each.
func capabilities() (uint64, error) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("reading capabilities: %w", err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if mask, ok := strings.CutPrefix(s.Text(), "CapBnd:"); ok {
			return strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
		}
	}
	return 0, fmt.Errorf("reading capabilities: the kernel tells none")
}
