package world

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// policyFile, when it exits with 101, keeps packages from starting their services.
const policyFile = "/usr/sbin/policy-rc.d"

// packages tells which Debian package has a program, where the names differ. A program that is not in the path has its own path as name.
var packages = map[string]string{
	"/usr/lib/cni/bridge":    "containernetworking-plugins",
	postgresDir + "postgres": "postgresql-15",
	"dockerd":                "docker.io",
	"igzip":                  "isal",
	"newuidmap":              "uidmap",
	"nginx":                  "nginx-light",
	"nix-instantiate":        "nix-bin",
	"node":                   "nodejs",
	"php-fpm8.2":             "php8.2-fpm",
	"pip3":                   "python3-pip",
}

// install installs the programs that are missing.
func install(ctx context.Context, c cache, log io.Writer, programs ...string) error {
	if len(missing(programs)) == 0 {
		return nil
	}
	unlock, err := c.lock(ctx, "apt")
	if err != nil {
		return err
	}
	defer unlock()
	wanted := missing(programs)
	if len(wanted) == 0 {
		return nil
	}
	if err := update(ctx, log); err != nil {
		return err
	}
	if _, err := os.Stat(policyFile); errors.Is(err, os.ErrNotExist) {
		if err := os.WriteFile(policyFile, []byte("#!/bin/sh\nexit 101\n"), 0o755); err != nil {
			return err
		}
		defer os.Remove(policyFile)
	}
	_, err = runCommand(log, aptGet(ctx, append([]string{"install", "-y", "--no-install-recommends"}, wanted...)...))
	return err
}

// missing lists the packages of the programs that are not in the path.
func missing(programs []string) []string {
	var list []string
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if name, ok := packages[p]; ok {
			p = name
		}
		list = append(list, p)
	}
	return list
}

func update(ctx context.Context, log io.Writer) error {
	_, err := runCommand(log, aptGet(ctx, "update"))
	return err
}

// retries is apt's setting for how often it tries a server again that does not answer.
const retries = "Acquire::Retries"

func aptGet(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "apt-get", append([]string{"-q", "-o", "DPkg::Lock::Timeout=600", "-o", retries + "=5"}, args...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	return cmd
}

// debianSources are the machine's own sources of Debian, one a line, in the format of sources.list.
func debianSources(ctx context.Context, log io.Writer) (string, error) {
	for range 2 {
		out, err := runCommand(log, aptGet(ctx, "indextargets",
			"--format", "$(ORIGIN) deb $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"))
		if err != nil {
			return "", err
		}
		var sources strings.Builder
		for line := range strings.Lines(out + "\n") {
			if source, ok := strings.CutPrefix(line, "Debian "); ok && !strings.Contains(sources.String(), source) {
				sources.WriteString(source)
			}
		}
		if sources.Len() > 0 {
			return sources.String(), nil
		}
		// The origin is only known once the lists were fetched.
		if err := update(ctx, log); err != nil {
			return "", err
		}
	}
	return "", errors.New("reading apt's sources: none is Debian's")
}

// proxyOptions are apt's settings that say how to reach the sources, as mmdebstrap's arguments.
func proxyOptions(ctx context.Context, log io.Writer) ([]string, error) {
	out, err := runCommand(log, exec.CommandContext(ctx, "apt-config", "dump", "--format", "%F %v%n"))
	if err != nil {
		return nil, err
	}
	var args []string
	for line := range strings.Lines(out) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		isProxy := strings.HasPrefix(name, "Acquire::http") && (strings.Contains(name, "Proxy") || strings.Contains(name, "CaInfo"))
		if isProxy && value != "" {
			args = append(args, fmt.Sprintf("--aptopt=%s %q", name, value))
		}
	}
	return args, nil
}

// debootstrap makes a file system of Debian's packages with mmdebstrap. Equal packages give equal bytes.
func debootstrap(ctx context.Context, log io.Writer, target, variant string, include []string, args ...string) error {
	sources, err := debianSources(ctx, log)
	if err != nil {
		return err
	}
	suite, err := runCommand(log, exec.CommandContext(ctx, "sh", "-c", `. /etc/os-release && echo "$VERSION_CODENAME"`))
	if err != nil {
		return err
	}
	proxies, err := proxyOptions(ctx, log)
	if err != nil {
		return err
	}
	all := append([]string{"--mode=root", "--aptopt=" + retries + ` "5"`, "--variant=" + variant, "--include=" + strings.Join(include, ",")}, proxies...)
	for _, dir := range []string{"man", "info", "locale", "doc"} {
		all = append(all, "--dpkgopt=path-exclude=/usr/share/"+dir+"/*")
	}
	all = append(all, args...)
	cmd := exec.CommandContext(ctx, "mmdebstrap", append(all, suite, target, "-")...)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1")
	cmd.Stdin = strings.NewReader(sources)
	_, err = runCommand(log, cmd)
	return err
}
