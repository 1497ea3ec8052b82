package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// unprivileged reports whether the servers run as a user who is not root. A configuration or a start of the app's own may need root.
func (p *phpApp) unprivileged() bool {
	return p.choosesVersions() && p.UserStart == nil && firstFile(p.App, phpNginxConf, phpTemplate) == ""
}

// port is the one that nginx listens on where PORT says no other.
func (p *phpApp) port() string {
	if p.unprivileged() {
		return phpHighPort
	}
	return phpPort
}

// framework is the name of the framework whose directories the app has.
func (p *phpApp) framework() string {
	if p.isLaravel() {
		return "Laravel"
	}
	return "Symfony"
}

// laravelSQLite finds in the configuration of Laravel that the database is a file where nothing else is said.
var laravelSQLite = lazyregexp.New(`['"]DB_CONNECTION['"]\s*,\s*['"]sqlite['"]`)

// writes are the directories that the user of the servers owns. The folder database has sources too, so it counts where the database is a file alone.
func (p *phpApp) writes() []string {
	return slices.DeleteFunc(p.frameworkDirs(), func(dir string) bool {
		return dir == "database" && p.Vars["DB_CONNECTION"] != "sqlite" && !p.defaultsToSQLite()
	})
}

// defaultsToSQLite reports whether the configuration of Laravel has a database of SQLite where no variable says otherwise.
func (p *phpApp) defaultsToSQLite() bool {
	name, _, err := p.Tree.Match(laravelSQLite, "config/database.php")
	return err == nil && name != ""
}

// laravelDirs are what Laravel looks for below the directories that it writes. A cluster may give it these empty.
var laravelDirs = []string{"bootstrap/cache", "storage/app/public", "storage/framework/cache/data", "storage/framework/sessions", "storage/framework/views", "storage/logs"}

// prepares makes what the framework looks for, "" for nothing. It opens that to all: where root starts the servers, PHP is another user all the same. A
// directory that a cluster gives may not be the user's, and is open already.
func (p *phpApp) prepares() string {
	dirs := p.writes()
	made := dirs
	if p.isLaravel() {
		made = laravelDirs
	}
	if len(made) == 0 {
		return ""
	}
	return "mkdir -p " + strings.Join(made, " ") + " && { chmod -R ugo+rwX " + strings.Join(dirs, " ") + " 2>/dev/null || true; } && "
}
