package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

var (
	// opensToWrite opens a file beside the sources, or below, in a mode that writes.
	opensToWrite = lazyregexp.New(`\bopen\(\s*["']([^/"':~{][^"'{]*)["']\s*,\s*(?:mode\s*=\s*)?["'][rbt+]*[wax]`)

	// writesFile calls a function that writes such a file, or makes such a directory, by its name.
	writesFile = lazyregexp.New(`(?:\bsqlite3\.connect|\b(?:\w*File)Handler|\b(?:SVG|PDF|PS)Surface|\.write_to_png|\.savefig|\.to_(?:csv|excel|json|parquet|pickle)|` +
		`\bos\.(?:mkdir|makedirs))\(\s*["']([^/"':~{][^"'{]*)["']|` +
		`\bPath\(\s*["']([^/"':~{][^"'{]*)["']\s*\)\.(?:write_text|write_bytes|touch|mkdir)\(`)
)

// byHand are directories of programs that people call by hand.
var byHand = []string{"bin", "docs", "examples", "notebooks", "scripts", "tools"}

// runningSources lists the sources of Python that may run with the app.
func runningSources(app App) ([]string, error) {
	sources, err := app.Tree.Files(pythonFiles)
	return slices.DeleteFunc(sources, func(file string) bool {
		return slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(dir string) bool { return dir == "tests" || dir == "test" })
	}), err
}

// ownsWritten gives to the program the directories of the files that it writes by names, where those lie beside its sources or below.
func ownsWritten(app App) ([]Fix, error) {
	sources, err := runningSources(app)
	if err != nil {
		return nil, err
	}
	var fixes []Fix
	var owned []string
	for _, file := range sources {
		first, _, below := strings.Cut(file, "/")
		if below && slices.Contains(byHand, first) || strings.HasPrefix(path.Base(file), "test_") || path.Base(file) == "conftest.py" || path.Base(file) == "setup.py" {
			continue
		}
		text, err := app.Tree.Read(file)
		if err != nil {
			continue // a file that is no text runs nowhere
		}
		for _, found := range slices.Concat(opensToWrite.FindAllStringSubmatch(text, maxWrites), writesFile.FindAllStringSubmatch(text, maxWrites)) {
			written := path.Clean(strings.Join(found[1:], ""))
			if strings.HasPrefix(written, "..") || strings.ContainsAny(written, " '\"*?\\") {
				continue
			}
			where := []string{"."} // where the program makes the directory
			if dir := path.Dir(written); app.Tree.HasDir(dir) {
				where[0] = dir
			}
			if app.Tree.HasFile(written) {
				where = append(where, written)
			}
			where = slices.DeleteFunc(where, func(name string) bool { return slices.Contains(owned, name) })
			if len(where) > 0 {
				owned = append(owned, where...)
				fixes = append(fixes, owns(file+" writes "+written+" beside the sources", where...))
			}
		}
	}
	return fixes, nil
}

// maxWrites bounds the calls of a file that are looked at.
const maxWrites = 100
