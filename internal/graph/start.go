package graph

import (
	"cmp"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

const certificatesDir = "/etc/ssl/certs"

// start adds what stands between the last phase and the image, and configures the image.
func (b *builder) start() error {
	start := cmp.Or(b.plan.Start, &plan.Start{})
	if start.RunImage == nil {
		b.copy(Node{Part: Start}, []string{"."})
	} else if err := b.stage(*start.RunImage, start.OnlyIncludeFiles); err != nil {
		return err
	}
	c := Config{Entrypoint: []string{"/bin/bash", "-l", "-c"}, WorkDir: Dir}
	if start.Cmd != nil {
		c.Cmd = []string{*start.Cmd}
	}
	if start.User != nil {
		u := *start.User
		b.run(Node{Part: Start, Name: "create user " + u}, Run{
			Command: "id -u " + u + " >/dev/null 2>&1 || useradd -m -s /bin/bash " + u,
		})
		c.User = u
	}
	b.g.Output, b.g.Config = b.top, c
	return nil
}

// stage adds the stage of a run image: variables, profile and packages stay behind (specification 4.1).
func (b *builder) stage(ref string, files []string) error {
	include, err := appPaths(at{"", "start.onlyIncludeFiles"}, files)
	if err != nil {
		return err
	}
	built := b.top
	b.image(Start, ref)
	b.add(Node{Name: "copy certificates", Part: Start, Op: Copy{
		On: b.top, From: Stage, Stage: built, Paths: []Path{{certificatesDir, certificatesDir}},
	}})
	paths := []Path{{Dir, Dir}}
	name := "copy the app"
	if len(include) > 0 {
		paths = nil
		name = "copy " + oneLine(strings.Join(include, " "))
	}
	for _, f := range include {
		paths = append(paths, Path{inApp(f), inApp(f)})
	}
	b.add(Node{Name: name, Part: Start, Op: Copy{On: b.top, From: Stage, Stage: built, Paths: paths}})
	return nil
}
