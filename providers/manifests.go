package providers

import (
	"path"
	"slices"
	"strings"
)

// rootManifests are the files by which the root of an app says of which language it is. Beside them package.json is one, if it builds or starts
// something: people keep their formatters in such files, too. An empty one says nothing.
var rootManifests = []string{
	"Cargo.toml", "Gemfile", "Package.swift", "build.sbt", "composer.json", denoJSON, denoJSONC, gleamFile, "go.mod", "go.work", "gradlew", hauntFile,
	leinFile, mixFile, "pom.xml", pubspecFile, "pyproject.toml", "Pipfile", "requirements.txt", shardFile,
}

// rootManifest is the file by which the root says of which language the app is, "" if it does not.
func rootManifest(app App) string {
	if name := firstFile(app, rootManifests...); name != "" {
		return name
	}
	if builtByNode(app) {
		return app.nodeManifest(".")
	}
	return ""
}

// builtByNode reports whether package.json builds or starts something, or has packages to run with.
func builtByNode(app App) bool {
	file := app.nodeManifest(".")
	if !app.Tree.HasFile(file) {
		return false
	}
	p, err := ReadNodePackage(app.Tree, file)
	scripts, _ := p.Scripts.(map[string]any)
	dependencies, _ := p.Dependencies.(map[string]any)
	return err != nil || scripts["start"] != nil || scripts["build"] != nil || len(dependencies) > 0 || p.Workspaces != nil
}

// firstBelow is the first file that the glob matches, in the root if there is one there. A file of another directory makes an app only if the root
// has none of the files that say which app it is, or one of the own ones.
func firstBelow(app App, glob string, own ...string) (string, error) {
	files, err := app.Tree.Files(glob)
	if err != nil || len(files) == 0 {
		return "", err
	}
	files = slices.DeleteFunc(files, func(file string) bool {
		return strings.HasPrefix(file, ".") && strings.Contains(file, "/") // such as the files of .github
	})
	if i := slices.IndexFunc(files, func(file string) bool { return path.Dir(file) == "." }); i >= 0 {
		return files[i], nil
	}
	for _, pattern := range own {
		if found, err := app.Tree.Files(pattern); err != nil || slices.ContainsFunc(found, func(file string) bool { return path.Dir(file) == "." }) {
			return append(files, "")[0], err
		}
	}
	if len(files) == 0 || rootManifest(app) != "" {
		return "", nil
	}
	return files[0], nil
}
