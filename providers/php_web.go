package providers

import (
	"fmt"
	"slices"
	"strings"
)

// phpPublicIndex is the file that frameworks serve all from, in the folder that the web may see.
const phpPublicIndex = "public/index.php"

// publishedAs says what a package of Composer is that serves nothing, "" if it may be an app.
func (p *phpApp) publishedAs() string {
	files, err := p.Tree.Files("**/*.php")
	served := func(file string) bool { return !strings.Contains(file, "/") || strings.HasPrefix(file, "public/") }
	if err != nil || p.UserStart != nil || firstFile(p.App, phpNginxConf, phpTemplate) != "" || slices.ContainsFunc(files, served) {
		return ""
	}
	if _, ok := p.Vars[phpRoot]; ok {
		return ""
	}
	switch {
	case p.manifest.Bin != nil:
		return noService("composer.json has bin, and no file of PHP is in the root or in public", aCommand)
	case p.manifest.Type == "library" || p.manifest.Type == nil && p.manifest.Name != nil:
		return noService("composer.json is of a package, and no file of PHP is in the root or in public", aLibrary)
	}
	return ""
}

// opens lets PHP, which runs as another user than root, write where its framework writes, "" for nothing.
func (p *phpApp) opens() string {
	dirs := p.frameworkDirs()
	if len(dirs) == 0 {
		return ""
	}
	list := strings.Join(dirs, " ")
	return fmt.Sprintf("mkdir -p %s && chmod -R ugo+rwX %[1]s && ", list)
}

// frameworkDirs are where the framework of the app may write. The database of Laravel may be a file.
func (p *phpApp) frameworkDirs() []string {
	switch {
	case !p.findsPrograms():
		return nil
	case p.isLaravel():
		return []string{"storage", "bootstrap/cache", "database"}
	case p.Tree.HasFile("bin/console") && p.Tree.HasFile(phpPublicIndex):
		return []string{"var"} // of Symfony
	}
	return nil
}
