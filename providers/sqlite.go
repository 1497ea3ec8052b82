package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// sqliteDrivers are packages by which programs open databases of SQLite. A database is a file, and beside the sources unless the app says where else.
// Python's provider looks for addresses of databases in the sources, as SQLite comes with Python.
var sqliteDrivers = map[ecosystem][]string{
	goModules: {
		"crawshaw.io/sqlite", "github.com/glebarez/go-sqlite", "github.com/glebarez/sqlite", "github.com/mattn/go-sqlite3",
		"github.com/ncruces/go-sqlite3", "gorm.io/driver/sqlite", "modernc.org/sqlite", "zombiezen.com/go/sqlite",
	},
	npm:      {"better-sqlite3", "sqlite3"},
	cratesIO: {"rusqlite"},
}

// sqliteCrates are crates that open databases of SQLite where the app asks for their feature sqlite.
var sqliteCrates = []string{"diesel", "sea-orm", "sqlx"}

var (
	// sqliteData are the names of databases.
	sqliteData = lazyregexp.New(`\.(?:db|sqlite|sqlite3)$`)

	// dataDirs are directories that apps keep for their data, in which there is a database, or a file alone that keeps the directory.
	dataDirs = lazyregexp.New(`^(?:data|db|databases?|instance|sqlite|storage|var)/(?:\.gitkeep|\.keep|[^/]+\.(?:db|sqlite|sqlite3))$`)
)

// ownsDatabase gives to the program the directory in which it makes its database, and the databases that are there. SQLite writes a journal beside each.
func ownsDatabase(app App, why string) (Fix, error) {
	files, err := app.Tree.Files("*")
	if err != nil {
		return Fix{}, err
	}
	writable := []string{"."}
	for _, file := range files {
		switch {
		case strings.ContainsAny(file, " '\""):
		case dataDirs.MatchString(file):
			writable = append(writable, path.Dir(file))
		case sqliteData.MatchString(file) && path.Dir(file) == ".":
			writable = append(writable, file)
		}
	}
	slices.Sort(writable)
	return owns(why, slices.Compact(writable)...), nil
}

// ownsDriven is ownsDatabase for an app that asks for a driver of SQLite, and nothing for another. Installed says where the app asks for a package.
func ownsDriven(app App, of ecosystem, installed func(name string) (cause, bool)) ([]Fix, error) {
	if !app.choosesVersions() {
		return nil, nil
	}
	for _, name := range sqliteDrivers[of] {
		why, ok := installed(name)
		if !ok {
			continue
		}
		fix, err := ownsDatabase(app, why.place()+": "+name+" keeps a database of SQLite beside the sources")
		if err != nil {
			return nil, err
		}
		return []Fix{fix}, nil
	}
	return nil, nil
}

// owns gives files and directories to the program.
func owns(why string, writable ...string) Fix {
	return Fix{Rule: "unprivileged-user", Over: plan.Plan{Start: &plan.Start{Writable: writable}}, Why: why}
}
