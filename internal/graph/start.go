package graph

import (
	"cmp"

	"github.com/org/npx-action/internal/plan"
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
	c := Config{Entrypoint: []string{"/bin/bash", "-l", "-c"}, WorkDir: Dir}
	if start.Cmd != nil {
		c.Cmd = []string{*start.Cmd}
	}
	if start.User != nil {
		c.User = *start.User
		if !b.plan.Slim() {
			b.user()
		}
	}
	b.g.Output, b.g.Config = b.top, c
	return nil
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
