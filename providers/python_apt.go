package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// aptList names packages of apt, one a line. Streamlit's Community Cloud and Hugging Face's Spaces install them for apps of these frameworks.
const aptList = "packages.txt"

var aptListed = []string{"streamlit", "gradio"}

var aptName = lazyregexp.New(`^[a-z0-9][a-z0-9+.-]+$`)

// ubuntuNames are the names that packages of the services' Debian have in Ubuntu 24.04, unless it finds them by the same name.
var ubuntuNames = map[string]string{
	"libasound2":      "libasound2t64",
	"libgl1-mesa-glx": "libgl1",
	"libglib2.0-0":    "libglib2.0-0t64",
}

// addListed adds to a setup the packages of apt that the app lists, and returns why, and warnings of lines that name none.
func addListed(app App, phase *plan.Phase, installed pythonInstalled) (reasons []Reason, warnings []string) {
	if !app.Tree.HasFile(aptList) || !slices.ContainsFunc(aptListed, func(name string) bool { _, ok := installed.why(name, false); return ok }) {
		return nil, nil
	}
	text, err := app.Tree.Read(aptList)
	if err != nil {
		return nil, []string{err.Error()}
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(line, "#")
		for _, name := range strings.Fields(line) {
			if !aptName.MatchString(name) {
				warnings = append(warnings, fmt.Sprintf("%s line %d: %.40q is no package of apt, so it is not installed", aptList, number, name))
				continue
			}
			if newer, ok := ubuntuNames[name]; ok && !app.Vars.Truthy("DEBIAN") {
				name = newer
			}
			if !slices.Contains(phase.AptPkgs, name) {
				phase.AptPkgs = append(phase.AptPkgs, name)
				reasons = append(reasons, cause{aptList, number, "the app lists it"}.decided("setup", "apt", name))
			}
		}
	}
	return reasons, warnings
}
