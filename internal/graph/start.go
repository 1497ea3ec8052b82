package graph

import (
	"cmp"
	"fmt"
	"path"
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
	if init := start.Init; init != nil && *init != plan.NoInit && b.plan.Slim() && !slices.ContainsFunc(b.releases, func(r release) bool { return r.init }) {
		return at{"", "start.init"}.err("write none, or list it in releases of a phase", "no phase has the release %q", *init)
	}
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
	if c.User = b.startUser(); !b.plan.Slim() {
		b.user()
		b.own()
	}
	c.Writable, c.Health = b.writable(), b.health()
	if b.plan.Slim() {
		c.Ports, c.StopSignal = b.ports(), stopSignal(start.Cmd)
	}
	b.g.Image, b.g.Config = b.top, c
	return nil
}

// entry says how the container starts: by the login shell of Nixpacks' images, and a slim image without it.
//
// In a slim image a simple command is started without a shell, so that it gets the signals of the container's end. What needs a shell has
// one, which the last program of the command replaces. The plan's init, if there is one, is the first process and starts these. That shell is a login shell only where something is in the profile: the place of
// Nix's libraries, or what a command of a phase writes there.
func (b *builder) entry(cmd *string) Config {
	c := Config{WorkDir: Dir}
	switch {
	case !b.plan.Slim():
		c.Entrypoint = login()
		if cmd != nil {
			c.Cmd = []string{*cmd}
		}
	case cmd == nil:
	default:
		c.Init, c.Cmd = b.behindInit(*cmd)
	}
	return c
}

// login are the arguments by which Nixpacks' images start a command.
func login() []string { return []string{"/bin/bash", "-l", "-c"} }

// behindInit are the arguments of the init that is the first process, nil without one, and the arguments of a command.
func (b *builder) behindInit(cmd string) (init, words []string) {
	at := slices.IndexFunc(b.releases, func(r release) bool { return r.init })
	if at < 0 {
		return nil, b.words(cmd)
	}
	init = []string{path.Join(b.releases[at].Bin()[0], b.releases[at].Name), "--"}
	if _, replaced := shell.Exec(cmd); replaced && !keepsChild(cmd) {
		return init, b.words(cmd)
	}
	return init, b.inShell(fmt.Sprintf(ending, cmd))
}

// ending is a command whose shell stays, or whose program is a package manager. At the signal of the end the shell hands the signal to all processes of
// the container, be they of a session of their own, and waits for them: when the init's child ends, so does the container. Where others
// share the processes, the init is not process 1, and the shell's own group gets the signal alone.
const ending = `trap 'trap "" TERM INT; if test $PPID = 1; then kill -TERM -1; while kill -0 -1; do sleep 0.1; done; else kill -TERM 0; wait; fi 2>/dev/null; exit 143' TERM INT
{ %s

} <&0 &
wait $!
exit`

// words are the arguments by which a slim image starts a command.
func (b *builder) words(cmd string) []string {
	if words, ok := shell.Words(cmd); ok && !b.needsProfile() {
		return words
	}
	line, _ := shell.Exec(cmd)
	return b.inShell(line)
}

// inShell are the arguments by which a slim image starts a shell.
func (b *builder) inShell(line string) []string {
	if b.needsProfile() {
		return append(login(), line)
	}
	return []string{"/bin/bash", "-c", line}
}

// keepsChild reports whether the program of a simple command is a package manager, which waits for what it starts. Bun runs a file itself.
func keepsChild(cmd string) bool {
	words, _ := shell.Words(cmd)
	if len(words) == 0 || len(words) > 1 && path.Base(words[0]) == "bun" && path.Ext(words[1]) != "" {
		return false
	}
	return slices.Contains([]string{"bun", "bunx", "npm", "npx", "pnpm", "yarn"}, path.Base(words[0]))
}

// needsProfile reports whether a phase asks for libraries of Nix, or has a command that names the profile of login shells.
func (b *builder) needsProfile() bool {
	for _, phase := range b.plan.Phases {
		if len(phase.NixLibs) > 0 || slices.ContainsFunc(phase.Cmds, func(cmd string) bool { return strings.Contains(strings.ReplaceAll(cmd, ".nix-profile", ""), "profile") }) {
			return true
		}
	}
	return false
}

// stage adds the stage of a run image: variables, profile and packages stay behind (nixpacks-1.39.md 4.1).
func (b *builder) stage(ref string, files []string) error {
	built := b.top
	b.image(Start, ref)
	b.add(Node{Name: "copy certificates", Part: Start, Op: Copy{
		On: b.top, From: Stage, Stage: built, Paths: []Path{{certificatesDir, certificatesDir}},
	}})
	return b.appFiles(built, files)
}
