package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
)

// writeDockerfile prints the Dockerfile, or writes it with the files that it needs below a directory.
func (p *program) writeDockerfile(o ordered, f buildFlags) error {
	text, files, err := build.Dockerfile(o.spec)
	if err != nil {
		return err
	}
	if f.dockerfile {
		if _, err := io.WriteString(p.Stdout, text); err != nil {
			return fmt.Errorf("writing the Dockerfile: %w", err)
		}
		return nil
	}
	root, err := openOut(p.path(f.out))
	if err != nil {
		return err
	}
	defer root.Close()
	if err := writeAll(root, files, root.WriteFile); err != nil {
		return fmt.Errorf("writing %s: %w", f.out, err)
	}
	p.say("wrote", fmt.Sprintf("%s; beside the app's files, build it: docker build -f %s .", f.out, build.DockerfilePath))
	return nil
}

// openOut confines what is written to dir, also if a link stands in it.
func openOut(dir string) (*os.Root, error) {
	const hint = "give a directory that can be written"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fault.Usage(hint, "making %s: %w", dir, fault.WithoutPath(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fault.Usage(hint, "opening %s: %w", dir, fault.WithoutPath(err))
	}
	return root, nil
}
