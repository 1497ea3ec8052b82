package versions

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

var (
	pinnedRequirement  = lazyregexp.New(`(?m)^[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)[ \t]*(?:\[[^\]\n]*\])?[ \t]*===?[ \t]*([0-9][0-9.]*(?:post[0-9]+)?)(?:\+[A-Za-z0-9.]+)?[ \t]*(?:\\?$|#|--)`)
	includeRequirement = lazyregexp.New(`(?m)^[ \t]*(?:-r|--requirement)[ =\t]*(\S+)`)
	pythonSeparators   = lazyregexp.New(`[-_.]+`)
)

// pinnedPythons reads the exact versions in requirements.txt and the files that it includes: a package of that version may have no wheels for newer
// Pythons, and its source mostly cannot be compiled for them. A requirement with a marker may not be installed, so it does not count.
func pinnedPythons(tree *source.Tree, file string) ([]Bound, error) {
	var c collector
	files := []string{file}
	for i := 0; i < len(files); i++ {
		text, err := tree.ReadMarked(files[i])
		if err != nil {
			return nil, err
		}
		for _, m := range includeRequirement.FindAllStringSubmatch(text, -1) {
			if include := path.Join(path.Dir(files[i]), m[1]); tree.HasFile(include) && !slices.Contains(files, include) {
				files = append(files, include)
			}
		}
		for _, m := range pinnedRequirement.FindAllStringSubmatch(text, -1) {
			name := pythonSeparators.ReplaceAllString(strings.ToLower(m[1]), "-")
			c.add(name+" "+m[2], newestPython(pythonPins[name], m[2]))
		}
	}
	return installable(c, file), nil
}

// installable are the bounds by what packages are built for, without which they are not installed.
func installable(c collector, file string) []Bound {
	list := c.bounds(file, ranges.PEP440)
	for i := range list {
		list[i].Asked = true
	}
	return list
}

// newestPython is a range up to the newest Python for a version of a package, "" if none is too new. It takes a row of [pythonPins].
func newestPython(since []string, version string) string {
	const first = 9 // minor version
	i := slices.IndexFunc(since, func(s string) bool { return ranges.Compare(version, s) < 0 })
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("<3.%d", first+i)
}
