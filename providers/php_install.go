package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// phpInstallFiles lists what `composer install` and the install of package.json read.
func phpInstallFiles(app App) (files []string, blocker string, err error) {
	if app.Tree.HasFile("composer.json") {
		if files, blocker = composerFiles(app); blocker != "" {
			return nil, blocker, nil
		}
	}
	if app.Tree.HasFile("package.json") {
		more, blocker, err := nodeInstallFiles(app)
		if err != nil || blocker != "" {
			return nil, blocker, err
		}
		files = append(files, more...)
	}
	slices.Sort(files)
	return files, "", nil
}

// composerManifest is what of a composer.json matters to an install, as loosely as Composer reads it.
type composerManifest struct {
	Autoload     composerAutoload `json:"autoload"`
	AutoloadDev  composerAutoload `json:"autoload-dev"`
	Config       map[string]any   `json:"config"`
	Repositories any              `json:"repositories"`
	Scripts      map[string]any   `json:"scripts"`
}

// composerAutoload holds the one kind of autoloading that has an install search the sources.
type composerAutoload struct {
	Classmap any `json:"classmap"`
}

// composerFiles lists what Composer reads, or stops at all that may run the app's own code or that is not known.
func composerFiles(app App) (files []string, blocker string) {
	if app.Tree.HasDir("vendor") {
		return nil, "the app brings vendor/ along"
	}
	for _, check := range []func(App) string{checkComposerVariables, checkComposerJSON, checkComposerLock} {
		if blocker := check(app); blocker != "" {
			return nil, blocker
		}
	}
	return presentFiles(app, composerInstallNames...), ""
}

func checkComposerVariables(app App) string {
	for name := range plan.Sorted(app.Vars) {
		if strings.HasPrefix(name, "COMPOSER") && !composerVariables[name] || slices.Contains(phpFileVariables, name) {
			return "the variable " + name + " may change what the install reads"
		}
	}
	return ""
}

func checkComposerJSON(app App) string {
	keys := map[string]any{}
	if err := app.Tree.JSON("composer.json", &keys); err != nil {
		return unread("composer.json", err)
	}
	for key := range plan.Sorted(keys) {
		if !composerKeys[key] {
			return fmt.Sprintf("composer.json has the key %.80q, which may read files", key)
		}
	}
	var m composerManifest
	if err := app.Tree.JSON("composer.json", &m); err != nil {
		return unread("composer.json", err)
	}
	for script := range plan.Sorted(m.Scripts) {
		if composerEvents[script] {
			return "composer.json has a " + script + " script"
		}
	}
	if m.Autoload.Classmap != nil || m.AutoloadDev.Classmap != nil {
		return "composer.json has a classmap, so the install reads the sources"
	}
	if blocker := checkComposerConfig(m.Config); blocker != "" {
		return blocker
	}
	return checkComposerRepositories(m.Repositories)
}

func checkComposerConfig(config map[string]any) string {
	for key, value := range plan.Sorted(config) {
		switch {
		case key == "allow-plugins":
			if name := allowedPlugin(value); name != "" {
				return fmt.Sprintf("composer.json lets %.80s run as a plugin of Composer", name)
			}
		case composerScans[key]:
			if value != false {
				return "composer.json has " + key + ", so the install reads the sources"
			}
		case !composerSettings[key]:
			return fmt.Sprintf("composer.json has the setting %.80q, which may read files", key)
		}
	}
	return ""
}

// allowedPlugin names a plugin that may run, and returns "" if there is none: Composer runs no others.
func allowedPlugin(value any) string {
	plugins, ok := value.(map[string]any)
	if !ok {
		if value == false {
			return ""
		}
		return "every package"
	}
	for name, allowed := range plan.Sorted(plugins) {
		if allowed != false {
			return name
		}
	}
	return ""
}

// composerRemote is an address that does not lead into the app.
var composerRemote = lazyregexp.New(`^(?:(?:https?|ssh|git)://|[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:)`)

// composerRemoteTypes are kinds of repositories that are nothing but an address.
var composerRemoteTypes = []string{"bitbucket", "composer", "forgejo", "git", "git-bitbucket", "github", "gitlab", "vcs"}

// checkComposerRepositories judges a list of repositories, or a map from names to them. A repository that is
// false is switched off.
func checkComposerRepositories(v any) string {
	const unknown = "composer.json has repositories that may lie in the app"
	var list []any
	switch v := v.(type) {
	case nil:
	case []any:
		list = v
	case map[string]any:
		for _, r := range plan.Sorted(v) {
			list = append(list, r)
		}
	default:
		return unknown
	}
	for _, r := range list {
		if r == false {
			continue
		}
		m, _ := r.(map[string]any)
		if !remoteRepository(m) && !switchesOff(m) {
			return unknown
		}
	}
	return ""
}

func remoteRepository(m map[string]any) bool {
	kind, _ := m["type"].(string)
	url, _ := m["url"].(string)
	return slices.Contains(composerRemoteTypes, kind) && composerRemote.MatchString(url)
}

// switchesOff reports whether a repository is one such as {"packagist.org": false}.
func switchesOff(m map[string]any) bool {
	for _, v := range plan.Sorted(m) {
		if v != false {
			return false
		}
	}
	return len(m) > 0
}

// A composerLock names where packages come from.
type composerLock struct {
	Packages    []composerPackage `json:"packages"`
	PackagesDev []composerPackage `json:"packages-dev"`
}

type composerPackage struct {
	Name   string         `json:"name"`
	Dist   composerOrigin `json:"dist"`
	Source composerOrigin `json:"source"`
}

type composerOrigin struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

func (o composerOrigin) local() bool {
	return o.Type == "path" || o.URL != "" && !composerRemote.MatchString(o.URL)
}

func checkComposerLock(app App) string {
	if !app.Tree.HasFile("composer.lock") {
		return ""
	}
	var lock composerLock
	if err := app.Tree.JSON("composer.lock", &lock); err != nil {
		return unread("composer.lock", err)
	}
	for _, p := range slices.Concat(lock.Packages, lock.PackagesDev) {
		if p.Dist.local() || p.Source.local() {
			return fmt.Sprintf("composer.lock has %.80s from a path", p.Name)
		}
	}
	return ""
}
