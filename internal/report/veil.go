package report

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/secret"
)

// A Veil hides what looks like a secret in plans that people see; see package secret for what that is. The plan that is built has it.
type Veil struct {
	secret secret.Veil
	hides  *bool // something was hidden
}

// NewVeil is the veil of a plan, and of the plans that it is compared with.
func NewVeil(plans ...plan.Plan) Veil {
	var variables []map[string]string
	for _, p := range plans {
		variables = append(variables, p.Variables)
	}
	return Veil{secret.NewVeil(variables...), new(bool)}
}

// Text is a text as people see it.
func (v Veil) Text(text string) string { return v.shown(text, v.secret.Text(text)) }

// Command is a command as people see it: less of it is hidden than of other text.
func (v Veil) Command(text string) string { return v.shown(text, v.secret.Command(text)) }

// of is how the texts of a field are hidden.
func (v Veil) of(field string) func(string) string {
	if runs := field == "cmd" || field == "prune" || strings.HasPrefix(field, scriptField); runs {
		return v.Command
	}
	return v.Text
}

// Variable is the value of a variable as people see it.
func (v Veil) Variable(name, value string) string {
	return v.shown(value, v.secret.Variable(name, value))
}

func (v Veil) shown(text, shown string) string {
	*v.hides = *v.hides || text != shown
	return shown
}

// Plan is a plan as people see it.
func (v Veil) Plan(p plan.Plan) plan.Plan {
	variables := map[string]string{}
	for name, value := range p.Variables {
		variables[name] = v.Variable(name, value)
	}
	var all any
	text := p.JSON()
	if json.Unmarshal(text, &all) != nil {
		return plan.Plan{}
	}
	hidden, err := json.Marshal(v.texts("", all))
	if err != nil {
		return plan.Plan{}
	}
	shown, _, err := plan.ParseJSON(hidden)
	if err != nil {
		return plan.Plan{}
	}
	if p.Variables != nil {
		shown.Variables = variables
	}
	return shown
}

// commandKeys are the keys of a plan's commands.
var commandKeys = []string{"cmd", "cmds", "pruneCmds"}

// texts hides in all texts of a value of JSON, which has a key.
func (v Veil) texts(key string, value any) any {
	switch value := value.(type) {
	case string:
		if slices.Contains(commandKeys, key) {
			return v.Command(value)
		}
		return v.Text(value)
	case []any:
		for i := range value {
			value[i] = v.texts(key, value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = v.texts(key, value[key])
		}
	}
	return value
}

// Fact is a fact of a plan as people see it.
func (v Veil) Fact(f plan.Fact) plan.Fact {
	if name, ok := variableOf(f); ok {
		f.Value = v.Variable(name, f.Value)
		return f
	}
	f.Value = v.of(f.Field)(f.Value)
	return f
}

// variableOf is the name of a variable that a fact is about.
func variableOf(f plan.Fact) (string, bool) {
	const field = "variable "
	if len(f.Field) <= len(field) || f.Phase != "" || f.Field[:len(field)] != field {
		return "", false
	}
	return f.Field[len(field):], true
}

// Changes are those between two plans, as people see them: two values that are hidden are still two.
func (v Veil) Changes(base, head plan.Plan) (shown []plan.Change) {
	shown, _ = v.changes(base, head)
	return shown
}

// changes returns also what each was.
func (v Veil) changes(base, head plan.Plan) (shown []plan.Change, real map[plan.Change]plan.Change) {
	values := func(p plan.Plan) map[string]string { // by the field of a change, on one line
		list := map[string]string{}
		for name, value := range p.Variables {
			list["variable "+plan.Fact{Value: name}.Text()] = plan.Fact{Value: v.Variable(name, value)}.Text()
		}
		return list
	}
	was, is := values(base), values(head)
	real = map[plan.Change]plan.Change{}
	for _, c := range plan.Diff(base, head) {
		masked := c
		if before, ok := was[c.Field]; ok && c.Phase == "" && c.Base != "" {
			masked.Base = before
		} else {
			masked.Base = v.of(c.Field)(c.Base)
		}
		if after, ok := is[c.Field]; ok && c.Phase == "" && c.Head != "" {
			masked.Head = after
		} else {
			masked.Head = v.of(c.Field)(c.Head)
		}
		shown = append(shown, masked)
		real[masked] = c
	}
	return shown, real
}

func (v Veil) list(texts []string) []string {
	shown := slices.Clone(texts)
	for i := range shown {
		shown[i] = v.Text(shown[i])
	}
	return shown
}

func (v Veil) origins(list []Origin) []Origin {
	shown := slices.Clone(list)
	for i := range shown {
		shown[i].Fact, shown[i].Why = v.Fact(shown[i].Fact), v.Text(shown[i].Why)
	}
	return shown
}

func (v Veil) scripts(list []Script) []Script {
	shown := slices.Clone(list)
	for i := range shown {
		shown[i].Command, shown[i].Text = v.Command(shown[i].Command), v.Command(shown[i].Text)
	}
	return shown
}

func (v Veil) detected(list []Detection) []Detection {
	shown := slices.Clone(list)
	for i := range shown {
		shown[i].Reason = v.Text(shown[i].Reason)
	}
	return shown
}

// report is a report as people see it, less what differs between both plans.
func (v Veil) report(r Report) Report {
	r.Plan, r.Origins, r.Scripts, r.Detected = v.Plan(r.Plan), v.origins(r.Origins), v.scripts(r.Scripts), v.detected(r.Detected)
	r.Notes, r.Warnings = v.list(r.Notes), v.list(r.Warnings)
	r.BaseError, r.NotBuilt = v.Text(r.BaseError), v.Text(r.NotBuilt)
	if r.Base != nil {
		b := *r.Base
		b.Plan, b.Origins, b.Scripts, b.Detected, b.Warnings = v.Plan(b.Plan), v.origins(b.Origins), v.scripts(b.Scripts), v.detected(b.Detected), v.list(b.Warnings)
		r.Base = &b
	}
	if r.Problem != nil {
		p := *r.Problem
		p.Text, p.Hint = v.Text(p.Text), v.Text(p.Hint)
		r.Problem = &p
	}
	if r.Build != nil {
		b := *r.Build
		b.Failure, b.CacheWhy, b.Steps = v.Text(b.Failure), v.Text(b.CacheWhy), slices.Clone(b.Steps)
		for i := range b.Steps {
			b.Steps[i].Name = v.Text(b.Steps[i].Name)
		}
		b.Image = v.image(b.Image)
		r.Build = &b
	}
	return r
}

// image hides in what made the layers.
func (v Veil) image(i *Image) *Image {
	if i == nil {
		return nil
	}
	shown := *i
	shown.Layers = slices.Clone(i.Layers)
	for n := range shown.Layers {
		shown.Layers[n].By = v.Text(shown.Layers[n].By)
	}
	return &shown
}
