package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/org/npx-action/internal/dockerfile"
	"github.com/org/npx-action/internal/graph"
)

// writeDockerfile prints the Dockerfile, or writes it with the files that it needs below a directory.
func (p *program) writeDockerfile(im *image, f buildFlags) error {
	g, err := im.newGraph()
	if err != nil {
		return err
	}
	text, files := dockerfile.Format(g)
	files = append(files, graph.File{Path: dockerfile.Path, Content: text})
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
	for _, file := range files {
		name := filepath.FromSlash(file.Path)
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("writing %s: %w", f.out, err)
		}
		if err := root.WriteFile(name, []byte(file.Content), 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", f.out, err)
		}
	}
	p.say("wrote", fmt.Sprintf("%s; beside the app's files, build it: docker build -f %s .", f.out, dockerfile.Path))
	return nil
}

// openOut confines what is written to dir, also if a link stands in it.
func openOut(dir string) (*os.Root, error) {
	const hint = "give a directory that can be written"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, usage(hint, "making %s: %w", dir, withoutPath(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, usage(hint, "opening %s: %w", dir, withoutPath(err))
	}
	return root, nil
}
