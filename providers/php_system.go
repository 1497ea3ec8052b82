package providers

import "github.com/org/npx-action/internal/plan"

// addSystem adds what the app's packages need beside PHP's extensions, in editions after 1.39.
func (p *phpApp) addSystem(phases map[string]plan.Phase) []Reason {
	if p.chosen == nil {
		return nil
	}
	var lock struct {
		Packages []struct {
			Name string `json:"name"`
		} `json:"packages"`
	}
	const file = "composer.lock"
	if p.Tree.HasFile(file) && p.Tree.JSON(file, &lock) != nil {
		lock.Packages = nil // Composer says what is wrong with it
	}
	setup := phases["setup"]
	added := addSystem(p.App, packagist, systemKind{nix: true}, &setup, func(name string, direct bool) (cause, bool) {
		if text, ok := p.manifest.Require[name]; ok {
			return byKey(p.App, "composer.json", text, "require", name), true
		}
		for _, pkg := range lock.Packages {
			if pkg.Name == name && !direct {
				return byLine(p.App, file, `"`+name+`"`, "it installs "+name), true
			}
		}
		return cause{}, false
	})
	phases["setup"] = setup
	return added.reasons
}
