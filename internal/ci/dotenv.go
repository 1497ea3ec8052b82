package ci

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/reserved"
)

// Limits of GitLab's for a dotenv report, beyond which the whole report is refused: bytes, and variables, of which an instance takes so many
// unless its administrator allows more.
const (
	maxDotenv          = 5120
	maxDotenvVariables = 20
)

// A dotenv is the variables that a job leaves to later ones. Each set keeps within GitLab's limits: the largest variables are left out.
type dotenv struct {
	lines []string // NAME=VALUE and a line break, in the order in which they came
	told  []string // names of variables whose omission was told
}

// set adds a variable, or gives it another value.
func (d *dotenv) set(name, value string) {
	d.lines = slices.DeleteFunc(d.lines, func(line string) bool { return strings.HasPrefix(line, name+"=") })
	d.lines = append(d.lines, name+"="+value+"\n")
}

// text is the report, and a sentence for each variable that is left out for the first time.
func (d *dotenv) text() (report string, omitted []string) {
	kept := slices.Clone(d.lines)
	for {
		report = strings.Join(kept, "")
		if len(report) <= maxDotenv && len(kept) <= maxDotenvVariables {
			return report, omitted
		}
		largest := 0
		for i, line := range kept {
			if len(line) > len(kept[largest]) {
				largest = i
			}
		}
		name, _, _ := strings.Cut(kept[largest], "=")
		if !slices.Contains(d.told, name) {
			d.told = append(d.told, name)
			omitted = append(omitted, fmt.Sprintf("the variable %s is left out of %s: it has %d bytes, and GitLab takes a report of at most %d bytes and %d variables",
				name, reserved.Dotenv, len(kept[largest]), maxDotenv, maxDotenvVariables))
		}
		kept = slices.Delete(kept, largest, largest+1)
	}
}
