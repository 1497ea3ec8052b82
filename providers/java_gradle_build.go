package providers

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/versions"
)

// A gradleBuild is what the scripts of a build of Gradle say.
type gradleBuild struct {
	app      App
	settings string          // the file that lists the projects, "" if there is none
	projects []gradleProject // by directory, the root first

	root    string            // what the root's script says of the root alone
	shared  string            // what it says of all other projects
	single  map[string]string // what it says of one project, by its path
	plugins map[string]string // the files of the build's own plugins, by identifier
}

// A gradleProject is a part of a build.
type gradleProject struct {
	path string // as in :services:api; "" for the root
	dir  string
	file string // its build script, "" for none
}

const (
	gradleProjects = 1000      // of a build
	gradleNested   = 3         // plugins that apply each other
	gradleBytes    = 256 << 10 // of a script that people write
)

var (
	gradleSettings = []string{"settings.gradle", "settings.gradle.kts"}

	gradleComment = lazyregexp.New(`(?s:/\*.*?\*/)|(?m:(?:^|[^:'"])//.*$)`)
	gradleInclude = lazyregexp.New(`\binclude\s*\(?((?:\s*['"][^'"\n]*['"]\s*,?)+)`)
	gradleText    = lazyregexp.New(`['"]([^'"\n]*)['"]`)
	gradlePlace   = lazyregexp.New(`\bproject\s*\(\s*['"]([^'"\n]+)['"]\s*\)\s*\.\s*projectDir\s*=\s*(?:new\s+)?(?:file|File)\s*\(\s*(?:(?:settingsDir|rootDir|rootProject\.projectDir)\s*,\s*)?['"]([^'"\n]+)['"]`)

	gradleShared = lazyregexp.New(`\b(subprojects|allprojects|configure\s*\([^{}\n]*\))\s*\{`)
	gradleSingle = lazyregexp.New(`(?m)^\s*(?:configure\s*\(\s*)?project\s*\(\s*['"]([^'"\n]+)['"]\s*\)\s*\)?\s*\{`)
	gradleApply  = lazyregexp.New(`\bid\s*\(?\s*['"]([\w.-]+)['"]|\bplugin\s*[:=]\s*['"]([\w.-]+)['"]|` + "`([\\w.-]+)`")

	gradleUse      = lazyregexp.New(`\bproject\s*\(\s*(?:path\s*[:=]\s*)?['"](:[^'"\n]+)['"]`)
	gradleAccessor = lazyregexp.New(`\bprojects\.([\w.]+)`)
)

// readGradle reads the settings and the root's script.
func readGradle(app App) (*gradleBuild, error) {
	b := &gradleBuild{app: app, settings: firstFile(app, gradleSettings...), single: map[string]string{}}
	if err := b.list(); err != nil {
		return nil, err
	}
	own, err := app.Tree.Files("**/src/main/{kotlin,groovy}/**/*.{gradle,gradle.kts}")
	if err != nil {
		return nil, err
	}
	b.plugins = map[string]string{}
	for _, file := range own {
		id := strings.TrimSuffix(strings.TrimSuffix(path.Base(file), ".kts"), ".gradle")
		b.plugins[id] = file
	}
	if file := b.projects[0].file; file != "" {
		text, err := app.Tree.Read(file)
		if err != nil {
			return nil, err
		}
		b.split(text)
	}
	return b, nil
}

// list finds the projects: the ones that the settings include by name, else each directory with a build script.
func (b *gradleBuild) list() error {
	files, err := b.app.Tree.Files("**/build.{gradle,gradle.kts}")
	if err != nil {
		return err
	}
	scripts := map[string]string{} // by directory
	for _, file := range files {
		if dir := path.Dir(file); scripts[dir] == "" {
			scripts[dir] = file
		}
	}
	seen := map[string]bool{}
	add := func(name, dir string) {
		dir = path.Clean(dir)
		if seen[dir] || len(seen) >= gradleProjects || dir != "." && !plainFolder.MatchString(dir) || strings.HasPrefix(dir, "..") {
			return
		}
		seen[dir] = true
		b.projects = append(b.projects, gradleProject{name, dir, scripts[dir]})
	}
	add("", ".")
	if b.settings != "" {
		text, err := b.app.Tree.Read(b.settings)
		if err != nil {
			return err
		}
		included(text, add)
	}
	if len(b.projects) > 1 {
		scripts = nil
	}
	for _, dir := range slices.Sorted(maps.Keys(scripts)) {
		aside := slices.ContainsFunc(strings.Split(dir, "/"), func(p string) bool { return p == "buildSrc" || slices.Contains(asideFolders, p) })
		if !aside {
			add(":"+strings.ReplaceAll(dir, "/", ":"), dir)
		}
	}
	slices.SortFunc(b.projects[1:], func(a, b gradleProject) int { return strings.Compare(a.dir, b.dir) })
	return nil
}

// included calls add for each project that settings include, with its directory.
func included(text string, add func(name, dir string)) {
	if len(text) > gradleBytes {
		return
	}
	text = gradleComment.ReplaceAllString(text, "")
	places := map[string]string{}
	for _, m := range gradlePlace.FindAllStringSubmatch(text, gradleProjects) {
		places[m[1]] = m[2]
	}
	for _, include := range gradleInclude.FindAllStringSubmatch(text, gradleProjects) {
		for _, m := range gradleText.FindAllStringSubmatch(include[1], gradleProjects) {
			name := ":" + strings.TrimPrefix(m[1], ":")
			dir, ok := places[name]
			if !ok {
				dir = strings.ReplaceAll(name[1:], ":", "/")
			}
			add(name, dir)
		}
	}
}

// split parts the root's script into what is said of the root, of all other projects and of single ones.
func (b *gradleBuild) split(text string) {
	text = withoutComments(text)
	for _, block := range cutBlocks(&text, gradleSingle) {
		b.single[":"+strings.TrimPrefix(block.name, ":")] += block.text
	}
	for _, block := range cutBlocks(&text, gradleShared) {
		b.shared += block.text
		if block.name == "allprojects" {
			text += block.text
		}
	}
	b.root = text
}

// withoutComments is a script without comments, and without the lines that name plugins for others to apply. One that is too long says nothing.
func withoutComments(text string) string {
	if len(text) > gradleBytes {
		return ""
	}
	return gradleUnapplied.ReplaceAllString(gradleComment.ReplaceAllString(text, ""), "")
}

// A gradleBlock is the text between braces, and what the words before them name.
type gradleBlock struct{ name, text string }

// cutBlocks takes the blocks that an expression begins out of a text.
func cutBlocks(text *string, begin *lazyregexp.Regexp) []gradleBlock {
	var blocks []gradleBlock
	var rest strings.Builder
	left := *text
	for {
		at := begin.FindStringSubmatchIndex(left)
		if at == nil {
			break
		}
		end, depth := at[1], 1
		for ; end < len(left) && depth > 0; end++ {
			switch left[end] {
			case '{':
				depth++
			case '}':
				depth--
			}
		}
		blocks = append(blocks, gradleBlock{left[at[2]:at[3]], left[at[1]:end] + "\n"})
		rest.WriteString(left[:at[0]])
		left = left[end:]
	}
	*text = rest.String() + left
	return blocks
}

// scripts are what is said of a project: in its own script and in the build's plugins that it applies, and in the root's script of several.
func (b *gradleBuild) scripts(p gradleProject) (own, inherited string, err error) {
	if p.dir == "." {
		own, err = b.applied(b.root)
		return own, "", err
	}
	if p.file != "" {
		if own, err = b.app.Tree.Read(p.file); err != nil {
			return "", "", err
		}
	}
	if own, err = b.applied(withoutComments(own) + "\n" + b.single[p.path]); err != nil {
		return "", "", err
	}
	inherited, err = b.applied(b.shared)
	return own, inherited, err
}

// applied is a script with the scripts of the build's own plugins that it applies.
func (b *gradleBuild) applied(text string) (string, error) {
	seen := map[string]bool{}
	for range gradleNested {
		added := ""
		for _, m := range gradleApply.FindAllStringSubmatch(text, gradleProjects) {
			id := m[1] + m[2] + m[3]
			file, ok := b.plugins[id]
			if !ok || seen[id] {
				continue
			}
			seen[id] = true
			script, err := b.app.Tree.Read(file)
			if err != nil {
				return "", err
			}
			added += "\n" + withoutComments(script)
		}
		if added == "" {
			break
		}
		text += added
	}
	return text, nil
}

// asksByProject lets the toolchain of a project decide the JDK where the root and the member ask for none: of the member, else of the build's own
// plugins, else of the first project that has one.
func (a App) asksByProject(member string) (App, error) {
	const tool = "java"
	asked, err := a.asks(tool)
	if err != nil || len(asked.Asks) > 0 {
		return a, err
	}
	b, err := readGradle(a)
	if err != nil {
		return a, err
	}
	files := slices.Sorted(maps.Values(b.plugins))
	for _, p := range b.projects {
		if p.file != "" && p.dir == member {
			files = append([]string{p.file}, files...)
		} else if p.file != "" {
			files = append(files, p.file)
		}
	}
	for _, file := range files {
		ask, err := versions.Toolchain(a.Tree, file)
		if err == nil && ask.Text != "" {
			return a.asking(tool, ask), nil
		}
	}
	return a, nil
}
