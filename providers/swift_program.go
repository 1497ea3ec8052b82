package providers

import (
	"path"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// What Package.swift says of programs. It is a program itself: only what is written out is found.
var (
	swiftProduct     = lazyregexp.New(`\.executable\(\s*name:\s*"([^"\n]+)"`)
	swiftTarget      = lazyregexp.New(`\.executableTarget\(\s*name:\s*"([^"\n]+)"`)
	swiftMain        = lazyregexp.New(`(?m)^\s*@main\b`)
	swiftLineComment = lazyregexp.New(`(?m)^\s*//.*$`)
)

// findSwift is the program that the package makes, and the file that says so: a product, else a target, else the folder of a file that is a
// program's. "" means that there is none.
func findSwift(app App) (name, file string, err error) {
	text, err := app.Tree.Read(swiftManifest)
	if err != nil {
		return "", "", err
	}
	text = swiftLineComment.ReplaceAllString(text, "")
	for _, pattern := range []*lazyregexp.Regexp{swiftProduct, swiftTarget} {
		var names []string
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			if programName.MatchString(m[1]) {
				names = append(names, m[1])
			}
		}
		if len(names) > 0 {
			if name := preferred(names, append([]string{path.Base(app.startWord())}, servingNames...)...); name != "" {
				return name, swiftManifest, nil
			}
			return names[0], swiftManifest, nil
		}
	}
	if name, file, err = swiftProgram(app); err == nil {
		return name, file, nil
	}
	if mains, _ := firstMatch(app, "Sources/**/main.swift"); mains != "" && app.UserStart == nil {
		return "", "", err
	}
	files, err := app.Tree.Files("Sources/**/*.swift")
	if err != nil {
		return "", "", err
	}
	for _, file := range files {
		parts := strings.Split(file, "/")
		if text, err := app.Tree.Read(file); err == nil && len(parts) > 2 && swiftMain.MatchString(text) && programName.MatchString(parts[1]) {
			return parts[1], file, nil
		}
	}
	return "", "", nil
}
