package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

var (
	// sqliteFile is how Django's settings and SQLAlchemy's addresses name a database of SQLite that is a file beside the sources.
	sqliteFile = lazyregexp.New(`django\.db\.backends\.sqlite3|["']sqlite(?:\+[a-z]+)?:///[^/"':]`)

	// sqliteData are names of such files.
	sqliteData = lazyregexp.New(`\.(?:db|sqlite|sqlite3)$`)
)

// ownsSQLite gives to the program the directory in which it makes its database, and the databases that are there. SQLite writes a journal beside each.
func ownsSQLite(app App) (*Fix, error) {
	if !app.choosesVersions() {
		return nil, nil
	}
	sources, err := app.Tree.Files(pythonFiles)
	if err != nil {
		return nil, err
	}
	for _, file := range sources {
		if slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(dir string) bool { return dir == "tests" || dir == "test" }) {
			continue
		}
		name, found, err := app.Tree.Match(sqliteFile, file)
		if err != nil {
			return nil, err
		}
		if name == "" || found == nil {
			continue
		}
		writable := []string{"."}
		data, err := app.Tree.Files("*")
		if err != nil {
			return nil, err
		}
		for _, file := range data {
			if sqliteData.MatchString(file) && !strings.ContainsAny(file, "/ '\"") {
				writable = append(writable, file)
			}
		}
		return &Fix{Rule: "unprivileged-user", Over: plan.Plan{Start: &plan.Start{Writable: writable}}, Why: name + " has a database of SQLite beside the sources"}, nil
	}
	return nil, nil
}
