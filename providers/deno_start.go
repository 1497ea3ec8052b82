package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

// A denoStart is how an app of Deno is built and started.
type denoStart struct {
	builds    []string
	buildsWhy []cause // of each
	cmd       *string // nil for none
	why       cause
	noStart   string // as in [Output]

	site     *staticSite // that the build makes and that is served, nil for none
	warnings []string
}

// denoSiteOutput is the key of Vite's configuration that names the folder of the built site.
var denoSiteOutput = lazyregexp.New(fmt.Sprintf(siteKeyValue, "outDir"))

// denoWatch is an option by which Deno starts a program again whenever its files change.
var denoWatch = lazyregexp.New(`\s--watch(?:-hmr|-exclude)?(?:=\S*)?(\s|$)`)

// denoServing are the tasks that start what is deployed where the task start watches files, as the task of Fresh 1 does.
var denoServing = []string{"preview", "serve", "prod"}

// startDeno finds the task to start, else the file.
func startDeno(app App) (denoStart, error) {
	var s denoStart
	file, why, err := denoEntry(app)
	if err != nil {
		return s, err
	}
	tasks, config, err := readDenoTasks(app)
	if err != nil {
		return s, err
	}
	name := "start"
	s.cmd = tasks.command(name)
	if s.cmd != nil && denoWatch.MatchString(*s.cmd) && app.findsPrograms() {
		switch i := slices.IndexFunc(denoServing, func(name string) bool { return tasks.command(name) != nil }); {
		case i >= 0:
			name = denoServing[i]
			s.cmd = tasks.command(name)
		case firstFile(app, denoEntries...) != "":
			s.cmd = nil
		default:
			s.cmd = new(denoWatch.ReplaceAllString(*s.cmd, "$1"))
		}
	}
	const build = "build"
	builds := app.findsPrograms() && tasks.command(build) != nil
	const page = "index.html"
	if entry := firstFile(app, denoEntries...); s.cmd == nil && builds && app.Tree.HasFile(page) && (entry == "" || app.Tree.Contains(page, entry)) {
		vite, err := readSiteConfig(app, configNames("vite.config")...)
		if err != nil {
			return s, err
		}
		if vite.name != "" {
			s.site, s.warnings = vite.folder(denoSiteOutput, "dist", "Vite")
			s.site.single, file = true, ""
		}
	}
	if s.cmd == nil && s.site == nil && app.findsPrograms() {
		if s.noStart, err = denoNoService(app, config, file); err != nil {
			return s, err
		}
	}
	s.add("deno cache "+shellPath(file), why, file != "")
	s.add("deno task "+build, byKey(app, config, "deno task "+build, "tasks", build), builds && s.noStart == "")
	switch {
	case s.cmd != nil:
		s.why = byKey(app, config, *s.cmd, "tasks", name)
	case file != "" && s.noStart == "":
		s.cmd, s.why = new("deno run --allow-all "+shellPath(file)), why
	}
	return s, nil
}

func (s *denoStart) add(cmd string, why cause, wanted bool) {
	if wanted {
		s.builds, s.buildsWhy = append(s.builds, cmd), append(s.buildsWhy, why)
	}
}

// relocate makes the commands of a member's directory commands of the root.
func (s *denoStart) relocate(dir string) {
	if dir == "" || dir == "." {
		return
	}
	into := "cd " + shellPath(dir) + " && "
	for i := range s.builds {
		s.builds[i] = into + s.builds[i]
		s.buildsWhy[i].file = path.Join(dir, s.buildsWhy[i].file)
	}
	if s.site != nil {
		s.site.dir = path.Join(dir, s.site.dir)
	}
	if s.cmd != nil {
		s.cmd = new(into + *s.cmd)
		s.why.file = path.Join(dir, s.why.file)
	}
}

// denoEntries are the files that people start, the most telling name first.
var denoEntries = []string{
	"main.ts", "main.tsx", "main.js", "server.ts", "server.tsx", "server.js", "mod.ts", "mod.js", "index.ts", "index.tsx", "index.js",
	"src/main.ts", "src/main.tsx", "src/server.ts", "src/mod.ts", "src/index.ts",
}

// denoEntry is the file to start, "" if there is none. Edition 1.39 takes the first that is called index.
func denoEntry(app App) (file string, why cause, err error) {
	if app.findsPrograms() {
		if file := firstFile(app, denoEntries...); file != "" {
			return file, byFile(file, "it is called as a program of Deno is"), nil
		}
	}
	file, err = firstMatch(app, denoIndex)
	return file, byFile(file, "it is the first index file"), err
}

// denoNoService says what an app without a task start is that is no service.
func denoNoService(app App, config, file string) (string, error) {
	if config == "" || app.UserStart != nil {
		return "", nil
	}
	var settings struct {
		Exports   any `json:"exports"`
		Workspace any `json:"workspace"`
	}
	if err := app.Tree.JSONC(config, &settings); err != nil {
		return "", err
	}
	switch base := path.Base(file); {
	case settings.Exports != nil && (file == "" || base == "mod.ts" || base == "mod.js" || exportsFile(settings.Exports, file)):
		return noService(config+" has exports and no task start", aLibrary), nil
	case settings.Workspace != nil && file == "":
		return workspaceRoot(config), nil
	}
	return "", nil
}

// exportsFile reports whether one of the exports is an index file that a guess would start.
func exportsFile(exports any, file string) bool {
	is := func(v any) bool {
		name, ok := v.(string)
		return ok && path.Clean(name) == file
	}
	table, _ := exports.(map[string]any)
	index := strings.HasPrefix(path.Base(file), "index.")
	return index && (is(exports) || is(table["."]))
}

// denoMembers lists the members of the workspace that the configuration names. Modules import each other's by name, and no manifest lists that.
func denoMembers(app App) (Workspace, error) {
	file := firstFile(app, denoJSON, denoJSONC)
	if file == "" {
		return Workspace{}, nil
	}
	var settings struct {
		Workspace any `json:"workspace"`
	}
	if err := app.Tree.JSONC(file, &settings); err != nil {
		return Workspace{}, nil //nolint:nilerr // the plan says what is wrong
	}
	globs := stringList(settings.Workspace)
	if table, ok := settings.Workspace.(map[string]any); ok {
		globs = stringList(table["members"])
	}
	w := Workspace{File: file}
	for _, glob := range globs {
		dirs, err := app.Tree.Dirs(glob)
		if err != nil {
			return Workspace{}, &source.Error{Op: "reading", Name: file, Line: app.Tree.Line(file, glob), Err: err, Hint: "name directories of the repository"}
		}
		for _, dir := range dirs {
			if dir != "." && firstFile(app, path.Join(dir, denoJSON), path.Join(dir, denoJSONC)) != "" {
				w.Members = append(w.Members, dir)
			}
		}
	}
	slices.Sort(w.Members)
	w.Members = slices.Compact(w.Members)
	return w, nil
}
