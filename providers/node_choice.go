package providers

import (
	"github.com/org/npx-action/internal/plan"
)

// nodeSetup is the phase that installs Node beside another language.
const nodeSetup = "node:setup"

// choose sets the Node and the package manager of editions after 1.39, for an app of Node and for one of a language that brings Node along.
func (n *nodeApp) choose() error {
	if !n.choosesVersions() {
		return nil
	}
	if c, ok, err := n.bunAlone(); ok || err != nil {
		n.chosen = &c
		return err
	}
	c, err := choose(n.App, "node")
	if err != nil {
		return err
	}
	n.chosen, n.warnings = &c, append(n.warnings, c.warnings...)
	return n.chooseManagerRelease()
}

// chosenPackages are the packages of Node as in [Output].
func (n *nodeApp) chosenPackages() []string {
	if n.chosen == nil {
		return nil
	}
	list := []string{n.chosen.id()}
	if n.release != nil {
		list = append(list, n.release.id)
	}
	if n.bun != nil {
		list = append(list, n.bun.id)
	}
	return list
}

// addTools adds the phase that installs Node beside another language, whose phase waits for it, and returns the reasons.
func (n *nodeApp) addTools(phases map[string]plan.Phase, before string) []Reason {
	phases[nodeSetup] = n.chosen.install(n.tools())
	p := phases[before]
	p.DependsOn = append(p.DependsOn, nodeSetup)
	phases[before] = p
	list := n.toolReasons()
	for i := range list {
		list[i].Fact.Phase = nodeSetup
	}
	return list
}
