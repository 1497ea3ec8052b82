package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
)

const (
	certificatesDir = "/etc/ssl/certs"
	zonesDir        = "/usr/share/zoneinfo"
)

// start adds what stands between the last phase and the image, and configures the image.
func (b *builder) start() error {
	start := cmp.Or(b.plan.Start, &plan.Start{})
	if start.RunImage != nil || len(start.OnlyIncludeFiles) > 0 { // the image gets files that perhaps no phase needed
		b.copy(Node{Part: Start}, []string{"."})
	}
	switch {
	case b.plan.Slim():
		if err := b.runtime(); err != nil {
			return err
		}
	case start.RunImage != nil:
		if err := b.stage(*start.RunImage, start.OnlyIncludeFiles); err != nil {
			return err
		}
	default:
		b.copy(Node{Part: Start}, []string{"."})
	}
	c := b.entry(start.Cmd)
	if start.User != nil {
		c.User = *start.User
		if !b.plan.Slim() {
			b.user()
		}
	}
	b.g.Output, b.g.Config = b.top, c
	return nil
}

// entry says how the container starts: by the login shell of Nixpacks' images, and a slim image without it.
//
// In a slim image a simple command is the first process itself, so that it gets the signals of the container's end. What needs a shell has
// one, which the last program of the command replaces. That shell is a login shell only where something is in the profile: the place of
// Nix's libraries, or what a command of a phase writes there.
func (b *builder) entry(cmd *string) Config {
	c := Config{WorkDir: Dir}
	login := []string{"/bin/bash", "-l", "-c"}
	switch {
	case !b.plan.Slim():
		c.Entrypoint = login
		if cmd != nil {
			c.Cmd = []string{*cmd}
		}
	case cmd == nil:
	case b.needsProfile():
		line, _ := shell.Exec(*cmd)
		c.Cmd = append(login, line)
	default:
		words, ok := shell.Words(*cmd)
		if !ok {
			line, _ := shell.Exec(*cmd)
			words = []string{"/bin/bash", "-c", line}
		}
		c.Cmd = words
	}
	return c
}

// needsProfile reports whether a phase asks for libraries of Nix, or has a command that names the profile.
func (b *builder) needsProfile() bool {
	for _, phase := range b.plan.Phases {
		if len(phase.NixLibs) > 0 || slices.ContainsFunc(phase.Cmds, func(cmd string) bool { return strings.Contains(cmd, "profile") }) {
			return true
		}
	}
	return false
}

// user creates the user that the container runs as, if there is to be one.
func (b *builder) user() {
	if b.plan.Start == nil || b.plan.Start.User == nil {
		return
	}
	u := *b.plan.Start.User
	b.run(Node{Part: Start, Name: "create user " + u}, Run{
		Command: "id -u " + u + " >/dev/null 2>&1 || useradd -m -s /bin/bash " + u,
	})
}

// stage adds the stage of a run image: variables, profile and packages stay behind (specification 4.1).
func (b *builder) stage(ref string, files []string) error {
	built := b.top
	b.image(Start, ref)
	b.add(Node{Name: "copy certificates", Part: Start, Op: Copy{
		On: b.top, From: Stage, Stage: built, Paths: []Path{{certificatesDir, certificatesDir}},
	}})
	return b.appFiles(built, files)
}
