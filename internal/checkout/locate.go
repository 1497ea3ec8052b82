package checkout

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/fault"
)

// Directory returns the directory name of the checkout.
func Directory(checkout, name string) (string, error) {
	root, err := filepath.EvalSymlinks(checkout)
	if err != nil {
		return "", fault.Usage("give a directory of the checkout", "opening the checkout: %w", err)
	}
	return Locate("context", "directory", root, filepath.Join(root, name))
}

// Locate returns the path of what an input names, a file or a directory. A pull request could make it a link to anywhere, so links are
// followed before it is compared with the checkout.
func Locate(input, kind, checkout, name string) (string, error) {
	hint := "give a " + kind + " of the checkout"
	root, err := filepath.EvalSymlinks(checkout)
	if err != nil {
		return "", fault.Usage(hint, "opening the checkout: %w", err)
	}
	shown := name
	if rel, err := filepath.Rel(root, name); err == nil {
		shown = filepath.ToSlash(rel)
	}
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", fault.Usage(hint, "opening input %s %q: %w", input, shown, fault.WithoutPath(err))
	}
	rel, err := filepath.Rel(root, real)
	switch {
	case err != nil || !filepath.IsLocal(rel):
		return "", fault.Usage(hint, "reading input %s: %q is outside", input, shown)
	case slices.Contains(strings.Split(filepath.ToSlash(rel), "/"), ".git"):
		return "", fault.Usage(hint, "reading input %s: %q is git's own", input, shown)
	}
	return real, nil
}

// Create makes a file of the checkout, whatever links a pull request has put in its place.
func Create(checkout, name string) (io.WriteCloser, error) {
	root, err := os.OpenRoot(checkout)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := root.RemoveAll(name); err != nil {
		return nil, err
	}
	return root.Create(name)
}

// Remove removes files of the checkout, and what is below them.
func Remove(checkout string, names ...string) error {
	root, err := os.OpenRoot(checkout)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the job says so
	}
	if err != nil {
		return fmt.Errorf("removing reports of the checkout: %w", err)
	}
	defer root.Close()
	for _, name := range names {
		if err := root.RemoveAll(name); err != nil {
			return fmt.Errorf("removing %s, which the repository holds in place of a report: %w", name, fault.WithoutPath(err))
		}
	}
	return nil
}
