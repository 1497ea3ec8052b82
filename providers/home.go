package providers

import "github.com/org/npx-action/internal/plan"

// keepsHome sets variables by which a program finds at run time what a phase has put into root's home: the image's user has another home. Edition
// 1.39 runs programs as root.
func (o *Output) keepsHome(app App, variables plan.Vars) {
	if !app.choosesVersions() {
		return
	}
	if o.Plan.Variables == nil {
		o.Plan.Variables = map[string]string{}
	}
	for name, value := range plan.Sorted(variables) {
		o.Plan.Variables[name] = value
		o.Reasons = append(o.Reasons, byDefault("the phases put there what the program reads").decided("", "variable "+name, value))
	}
}
