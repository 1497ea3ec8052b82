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

// writesBeside are packages that write a file into the working directory when the program starts, and what it is.
var writesBeside = map[string]string{"python-fasthtml": "the key of its sessions"}

// ownsFiles gives to the program the directory of its sources, if it writes there.
func ownsFiles(app App, installed pythonInstalled) ([]Fix, error) {
	if !app.choosesVersions() {
		return nil, nil
	}
	sqlite, err := ownsSQLite(app)
	if err != nil {
		return nil, err
	}
	if sqlite != nil {
		return []Fix{*sqlite}, nil
	}
	for name, file := range plan.Sorted(writesBeside) {
		if why, ok := installed.why(name, false); ok {
			return []Fix{owns(why.place()+": "+name+" writes "+file+" beside the sources", ".")}, nil
		}
	}
	return nil, nil
}

// owns gives files and directories to the program.
func owns(why string, writable ...string) Fix {
	return Fix{Rule: "unprivileged-user", Over: plan.Plan{Start: &plan.Start{Writable: writable}}, Why: why}
}

// ownsSQLite gives to the program the directory in which it makes its database, and the databases that are there. SQLite writes a journal beside each.
func ownsSQLite(app App) (*Fix, error) {
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
		return new(owns(name+" has a database of SQLite beside the sources", writable...)), nil
	}
	return nil, nil
}
