package providers

import (
	"github.com/org/npx-action/internal/lazyregexp"
)

// sqliteFile is how Django's settings and SQLAlchemy's addresses name a database of SQLite that is a file beside the sources.
var sqliteFile = lazyregexp.New(`django\.db\.backends\.sqlite3|["']sqlite(?:\+[a-z]+)?:///[^/"':]`)

// A pythonWriter is a package whose programs write beside their sources when they start or when somebody uses them.
type pythonWriter struct {
	pkg   string   // as pythonName has it
	what  string   // it writes
	where []string // below the app's directory; "." for files in it
}

// pythonWriters lists such packages. A program with Chainlit fails where it cannot add to its settings, even if the app brings them.
var pythonWriters = []pythonWriter{
	{"chainlit", "its settings and the files of its users", []string{".", ".chainlit"}},
	{"gradio", "answers for its examples and answers that users flag", []string{".gradio"}},
	{"nicegui", "what its users store", []string{".nicegui"}},
	{"python-fasthtml", "the key of its sessions", []string{"."}},
}

// ownsFiles gives to the program the directories beside its sources that it writes.
func ownsFiles(app App, installed pythonInstalled) ([]Fix, error) {
	if !app.choosesVersions() {
		return nil, nil
	}
	fixes, err := ownsSQLite(app)
	if err != nil {
		return nil, err
	}
	for _, w := range pythonWriters {
		if why, ok := installed.why(w.pkg, false); ok {
			fixes = append(fixes, owns(why.place()+": "+w.pkg+" writes "+w.what+" beside the sources", w.where...))
		}
	}
	written, err := ownsWritten(app)
	return append(fixes, written...), err
}

// ownsSQLite gives to the program its databases, if a file of its sources names one by where it is.
func ownsSQLite(app App) ([]Fix, error) {
	sources, err := runningSources(app)
	if err != nil {
		return nil, err
	}
	for _, file := range sources {
		name, found, err := app.Tree.Match(sqliteFile, file)
		if err != nil {
			return nil, err
		}
		if name == "" || found == nil {
			continue
		}
		fix, err := ownsDatabase(app, name+" has a database of SQLite beside the sources")
		if err != nil {
			return nil, err
		}
		return []Fix{fix}, nil
	}
	return nil, nil
}
