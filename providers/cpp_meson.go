package providers

import (
	"path"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

const mesonFile = "meson.build"

// The part of a meson.build that is read: https://mesonbuild.com/Syntax.html
var (
	mesonProject    = lazyregexp.New(`(?m)^project\(\s*'([^'\n]*)'`)
	mesonExecutable = lazyregexp.New(`(?m)^[^#'\n]*\bexecutable\(\s*(?:'([^'\n]*)'|([A-Za-z_]\w*(?:\.\w+\(\))?))([^)]*)`)
	mesonFolder     = lazyregexp.New(`(?m)^[^#'\n]*\bsubdir\(\s*'([^'\n]*)'`)
)

// mesonPrograms are the programs that Meson makes of an app.
func mesonPrograms(app App, file string) cppPrograms {
	found := cppPrograms{file: file}
	read := map[string]bool{}
	dirs := []string{"."}
	for len(dirs) > 0 && len(read) < cppFiles {
		dir := dirs[0]
		dirs = dirs[1:]
		if read[dir] {
			continue
		}
		read[dir] = true
		file := path.Join(dir, mesonFile)
		text, err := app.Tree.Read(file)
		if err != nil || len(text) > cppBytes {
			found.unclear = true
			continue
		}
		if m := mesonProject.FindStringSubmatch(text); m != nil && dir == "." {
			found.project = m[1]
		}
		found.meson(dir, text)
		for _, m := range mesonFolder.FindAllStringSubmatch(text, -1) {
			if sub := path.Join(dir, m[1]); !strings.HasPrefix(sub, "..") && !path.IsAbs(m[1]) && !cppExtra.MatchString(path.Base(sub)) {
				dirs = append(dirs, sub)
			}
		}
	}
	return found
}

// meson adds the programs of the meson.build of a folder.
func (p *cppPrograms) meson(dir, text string) {
	for _, at := range mesonExecutable.FindAllStringSubmatchIndex(text, -1) {
		group := func(n int) string {
			if at[2*n] < 0 {
				return ""
			}
			return text[at[2*n]:at[2*n+1]]
		}
		name := group(1)
		if strings.HasSuffix(group(2), "project_name()") {
			name = p.project
		}
		switch {
		case !asciiProgramName.MatchString(name):
			p.unclear = true
		case !cppExtra.MatchString(name):
			p.add(cppProgram{
				name: name, path: path.Join("build", dir, name), file: path.Join(dir, mesonFile), line: lineAt(text, at[0]),
				installed: strings.Contains(strings.ReplaceAll(group(3), " ", ""), "install:true"),
			})
		}
	}
}
