package providers

import (
	"strings"
	"unicode"
)

// toolVersionsFile is asdf's.
const toolVersionsFile = ".tool-versions"

// toolVersion returns the version that .tool-versions gives for a tool (nixpacks-1.39.md 2). Of several lines
// the last counts, and a comment after the version is part of it.
func toolVersion(app App, tool string) (version string, ok bool, err error) {
	if !app.Tree.HasFile(toolVersionsFile) {
		return "", false, nil
	}
	text, err := app.Tree.Read(toolVersionsFile)
	if err != nil {
		return "", false, err
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if i := strings.IndexFunc(line, unicode.IsSpace); i >= 0 && line[:i] == tool {
			version, ok = strings.TrimSpace(line[i:]), true
		}
	}
	return version, ok, nil
}
