package providers

import (
	"fmt"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/versions"
)

// workspaceVariable names the member of a workspace that is the app, by its directory, in editions after 1.39. It has no prefix here.
const workspaceVariable = "WORKSPACE_APP"

// WorkspaceApp is the declaration by which the plan of a workspace's root is the plan of the member in a directory, in editions after 1.39.
func WorkspaceApp(dir string) string { return "NIXPACKS_" + workspaceVariable + "=" + dir }

// A Workspace is a directory whose tools build the members below it together.
type Workspace struct {
	File    string   // that lists the members, "" if the app's root is no workspace
	Members []string // directories relative to the root, which is "." if it is a member too; sorted

	// Uses lists the directories of the members that one is built from, sorted. nil if that is in no manifest: then it may be any part of
	// the workspace.
	Uses func(dir string) []string
}

// member is the directory of the member that the app's variables name, "." for the root as one of them. The directory is "" if the variables name
// none, or name a directory without any of the files; then wrong says so.
func (a App) member(files ...string) (dir, wrong string) {
	named, ok := a.Vars.Config(workspaceVariable)
	if !ok || !a.Edition.Has(string(webEdition)) {
		return "", ""
	}
	dir = path.Clean(named)
	if !plainFolder.MatchString(dir) || strings.HasPrefix(dir, "..") || firstBase(a, dir, files) == "" {
		return "", fmt.Sprintf("NIXPACKS_%s names %.80q, which is no directory with a %s", workspaceVariable, named, strings.Join(files, " or a "))
	}
	return dir, ""
}

// in is the app with the files of a member's directory alone, "" or "." for the root. Whoever gets it calls done.
func (a App) in(dir string) (member App, done func(), err error) {
	if dir == "" || dir == "." {
		return a, func() {}, nil
	}
	tree, err := a.Tree.Sub(dir)
	if err != nil {
		return a, nil, err
	}
	a.Tree = tree
	return a, func() { tree.Close() }, nil
}

// OfMember returns the provider of the member that the app's variables name, and the file that shows it; nil if they name none, or if the files
// of the root show it as they show any app.
func OfMember(app App, list []Provider) (*Provider, string, error) {
	for i, p := range list {
		if p.Members == nil {
			continue
		}
		dir, _ := app.member(p.MemberFiles...)
		if dir == "" {
			continue
		}
		w, err := p.Members(app)
		if err != nil {
			return nil, "", err
		}
		if slices.Contains(w.Members, dir) {
			return &list[i], path.Join(dir, firstBase(app, dir, p.MemberFiles)), nil
		}
	}
	return nil, "", nil
}

// firstBase is the first of the base names that a directory has as a file.
func firstBase(app App, dir string, bases []string) string {
	for _, base := range bases {
		if app.Tree.HasFile(path.Join(dir, base)) {
			return base
		}
	}
	return ""
}

// asksOfMember lets what the files of a member say of a tool go before what the root says.
func (a App) asksOfMember(dir, tool string) (App, error) {
	if _, ok := a.Asked[tool]; ok || dir == "" || dir == "." {
		return a, nil
	}
	member, done, err := a.in(dir)
	if err != nil {
		return a, err
	}
	defer done()
	found, err := versions.Read(member.Tree, nil, tool)
	if err != nil || len(found.Asks) == 0 {
		return a, nil //nolint:nilerr // the root may know better
	}
	ask := found.Asks[0]
	ask.File = path.Join(dir, ask.File)
	return a.asking(tool, ask), nil
}

// asking is the app with an ask that goes before all that it says of a tool.
func (a App) asking(tool string, ask versions.Ask) App {
	a.Asked = maps.Clone(a.Asked)
	if a.Asked == nil {
		a.Asked = map[string]versions.Ask{}
	}
	a.Asked[tool] = ask
	return a
}

// uses are what [Workspace.Uses] lists, nothing if that is in no manifest.
func (w Workspace) uses(dir string) []string {
	if w.Uses == nil {
		return nil
	}
	return w.Uses(dir)
}

// usesOf are the directories that names stand for, sorted, but for the member's own.
func usesOf(dir string, names iter.Seq[string], dirs map[string]string) []string {
	var uses []string
	for name := range names {
		if other := dirs[name]; other != "" && other != dir && !slices.Contains(uses, other) {
			uses = append(uses, other)
		}
	}
	slices.Sort(uses)
	return uses
}
