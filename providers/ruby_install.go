package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// rubyFileVariables make Bundler or Ruby read other files.
var rubyFileVariables = []string{"BUNDLE_APP_CONFIG", "BUNDLE_CACHE_PATH", "BUNDLE_LOCKFILE", "BUNDLE_USER_CONFIG", "GEMRC", "RUBYLIB", "RUBYOPT"}

// rubyLocalVariable begins the names of variables that replace a gem by a folder.
const rubyLocalVariable = "BUNDLE_LOCAL__"

// rubyInstallFiles lists what `bundle install` reads, and rbenv before it. A Gemfile is a program: it stops at all
// that is not a plain declaration.
func rubyInstallFiles(app App) (files []string, blocker string, err error) {
	if !app.Tree.HasFile("Gemfile") {
		return nil, "there is no Gemfile", nil
	}
	if name := rubyFileVariableOf(app.Vars); name != "" {
		return nil, "the variable " + name + " changes which files the install reads", nil
	}
	if app.Tree.HasFile(".bundle/config") {
		return nil, ".bundle/config changes which files the install reads", nil
	}
	if app.Tree.HasDir("vendor/cache") {
		return nil, "vendor/cache holds gems that the install takes", nil
	}
	files = presentFiles(app, rubyVersionFile, rubyGemfiles[0], rubyGemfiles[1])
	for _, name := range rubyGemfiles {
		if !app.Tree.HasFile(name) {
			continue
		}
		if _, err := app.Tree.Read(name); err != nil {
			return nil, unread(name, err), nil
		}
	}
	r := loadRuby(app)
	if line := lockedFolder(r.lock.text); line > 0 {
		return nil, fmt.Sprintf("Gemfile.lock line %d has gems from the app itself", line), nil
	}
	more, blocker := gemfileReads(r.gemfile.text)
	if blocker != "" {
		return nil, blocker, nil
	}
	for _, name := range more {
		if !app.Tree.HasFile(name) {
			return nil, "Gemfile names " + name + ", which is not in the app", nil
		}
	}
	files = append(files, more...)
	slices.Sort(files)
	return slices.Compact(files), "", nil
}

// rubyFileVariableOf returns the name of a variable that makes the install read other files, or "".
func rubyFileVariableOf(vars plan.Vars) string {
	if file, ok := vars["BUNDLE_GEMFILE"]; ok && file != rubyGemfile {
		return "BUNDLE_GEMFILE"
	}
	for name, value := range plan.Sorted(vars) {
		if value != "" && (strings.HasPrefix(name, rubyLocalVariable) || slices.Contains(rubyFileVariables, name)) {
			return name
		}
	}
	return ""
}

// lockedFolder returns the line of a lock that begins gems of a folder, or plugins, which may do anything; or 0.
func lockedFolder(lock string) int {
	n := 0
	for line := range strings.Lines(lock) {
		n++
		if line = strings.TrimSpace(line); line == "PATH" || line == "PLUGIN SOURCE" {
			return n
		}
	}
	return 0
}
