package providers

import (
	"slices"
	"testing"

	"github.com/org/npx-action/internal/rules"
)

func TestAProgramOwnsTheDatabaseOfItsDriver(t *testing.T) {
	const goMod = "module shop\n\ngo 1.24\n\nrequire (\n\tgithub.com/mattn/go-sqlite3 v1.14.32\n)\n"
	cargo := func(more string) string {
		return "[package]\nname = \"shop\"\nversion = \"1.0.0\"\n\n[dependencies]\n" + more
	}
	node := func(more string) string { return `{"scripts": {"start": "node ."}, ` + more + `}` }
	const schema = "datasource db {\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}\n"
	for name, tt := range map[string]struct {
		of    Provider
		files repo
		want  []string
	}{
		"Go":                         {goProvider, repo{"go.mod": goMod, "main.go": "package main\n"}, []string{"."}},
		"Go with a database":         {goProvider, repo{"go.mod": goMod, "main.go": "package main\n", "shop.db": "", "fixtures/a.db": "", "data/a.sqlite3": "", "data/b.db": ""}, []string{".", "data", "shop.db"}},
		"Go with a kept directory":   {goProvider, repo{"go.mod": goMod, "main.go": "package main\n", "storage/.gitkeep": "", "web/dist/.gitkeep": ""}, []string{".", "storage"}},
		"Go that requires it not":    {goProvider, repo{"go.mod": "module shop\n\ngo 1.24\n\nrequire modernc.org/sqlite v1.0.0 // indirect\n", "main.go": "package main\n"}, nil},
		"Rust by rusqlite":           {rustProvider, repo{"Cargo.toml": cargo(""), "Cargo.lock": "[[package]]\nname = \"rusqlite\"\nversion = \"0.29.0\"\n", "src/main.rs": "fn main() {}"}, []string{"."}},
		"Rust by a feature":          {rustProvider, repo{"Cargo.toml": cargo("sqlx = { version = \"0.8\", features = [\"sqlite\", \"macros\"] }\n"), "src/main.rs": "fn main() {}"}, []string{"."}},
		"Rust by a table":            {rustProvider, repo{"Cargo.toml": cargo("\n[dependencies.diesel]\nversion = \"2\"\nfeatures = [\"sqlite\"]\n"), "src/main.rs": "fn main() {}"}, []string{"."}},
		"Rust with another database": {rustProvider, repo{"Cargo.toml": cargo("sqlx = { version = \"0.8\", features = [\"postgres\"] }\n"), "Cargo.lock": "[[package]]\nname = \"libsqlite3-sys\"\nversion = \"0.30.0\"\n", "src/main.rs": "fn main() {}"}, nil},
		"Node":                       {nodeProvider, repo{"package.json": node(`"dependencies": {"better-sqlite3": "12"}`), "index.js": ""}, []string{"."}},
		"Node for its tests":         {nodeProvider, repo{"package.json": node(`"devDependencies": {"sqlite3": "5"}`), "index.js": ""}, nil},
		"Prisma":                     {nodeProvider, repo{"package.json": node(`"dependencies": {"@prisma/client": "6"}`), "index.js": "", "prisma/schema.prisma": schema}, []string{".", "prisma"}},
	} {
		app := appOf(t, tt.files, nil)
		app.Edition = rules.Newest
		out, err := tt.of.Plan(app)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := owned(out); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
		app.Edition = rules.Nixpacks
		if out, err := tt.of.Plan(app); err != nil || owned(out) != nil {
			t.Errorf("%s: edition 1.39 says %v, %v", name, owned(out), err)
		}
	}
}

// owned are the directories and files that an output gives to the program.
func owned(out Output) []string {
	var list []string
	for _, fix := range out.Fixes {
		if fix.Rule == "unprivileged-user" {
			list = append(list, fix.Over.Start.Writable...)
		}
	}
	return list
}
