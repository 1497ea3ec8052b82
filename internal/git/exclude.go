package git

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// maxExclude bounds the file of patterns, in bytes.
const maxExclude = 1 << 20

// Exclude makes git ignore files of the clone, without a change of the committed files. Each name is one of a file in the directory that was
// opened; a * in it matches any part of a name. Names that git ignores for that reason already change nothing.
func (r *Repository) Exclude(names ...string) error {
	if err := r.exclude(names); err != nil {
		return fmt.Errorf("writing info/exclude of the git repository: %w", err)
	}
	return nil
}

func (r *Repository) exclude(names []string) error {
	// No link in the repository's directory leads out of it.
	root, err := os.OpenRoot(r.common)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Mkdir("info", 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	name := filepath.Join("info", "exclude")
	if info, err := root.Stat(name); err == nil && !info.Mode().IsRegular() {
		return errIrregular
	}
	f, err := root.OpenFile(name, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxExclude))
	if err == nil {
		_, err = io.WriteString(f, missingPatterns(string(text), r.prefix, names))
	}
	return errors.Join(err, f.Close())
}

// missingPatterns are the lines to add to a file that has the given text.
func missingPatterns(text, prefix string, names []string) string {
	there := strings.Split(text, "\n")
	var b strings.Builder
	for _, name := range names {
		pattern := "/" + path.Join(prefix, name)
		if !slices.Contains(there, pattern) {
			b.WriteString(pattern + "\n")
		}
	}
	if b.Len() > 0 && text != "" && !strings.HasSuffix(text, "\n") {
		return "\n" + b.String()
	}
	return b.String()
}
