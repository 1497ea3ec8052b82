package report

import (
	"fmt"
	"strings"
)

// Limit is how many bytes a comment may have on any forge. GitHub stores 262144 and says 65536; this is below either.
const Limit = 60_000

// A level is how much a comment tells.
type level struct {
	rows          int // of the table of changes
	width         int // of a command, in bytes
	plan          bool
	origins, json bool
}

// levels are the sizes of a comment, the largest first: the least needed part goes first.
var levels = []level{
	{rows: 50, width: 1000, plan: true, origins: true, json: true},
	{rows: 50, width: 1000, plan: true, json: true},
	{rows: 50, width: 500, plan: true},
	{rows: 15, width: 120, plan: true},
	{rows: 10, width: 80},
	{},
}

// Levels is how many sizes a comment has, see [Report.AtLevel].
var Levels = len(levels)

// Title stands above the parts of several apps in one comment.
const Title = "### Build plans"

// Comment is the comment for a pull request about one app, in at most limit bytes. It says what was left out.
func (r Report) Comment(limit int) string { return r.textWithin(limit, false) }

// Part is the same below [Title], among the parts of other apps.
func (r Report) Part(limit int) string { return r.textWithin(limit, true) }

func (r Report) textWithin(limit int, part bool) string {
	v := r.view()
	for _, l := range levels[:len(levels)-1] {
		if text := v.at(l, part); len(text) <= limit {
			return text
		}
	}
	return v.at(levels[len(levels)-1], part)
}

// AtLevel is the comment in one of its sizes, from 0 for the largest.
func (r Report) AtLevel(n int) string { return r.view().at(levels[n], false) }

func (r *view) at(l level, part bool) string {
	if r.Problem != nil {
		return r.heading(part) + r.problem(1000) + r.footer()
	}
	if r.State() == Unchanged {
		return r.unchanged(part) + r.elsewhere()
	}
	var b strings.Builder
	b.WriteString(r.heading(part))
	b.WriteString(r.status() + "\n")
	b.WriteString(r.alert(l))
	if r.Build != nil && r.Build.Failure != "" {
		b.WriteString("\n" + fence("", truncate(r.Build.Failure, 500+5*l.width)))
	}
	b.WriteString(r.changes(l.rows))
	b.WriteString(r.elsewhere())
	b.WriteString(r.incomparable())
	b.WriteString(r.olds(l.rows))
	if trial := r.Build.trial(); trial != "" && l.plan {
		b.WriteString(details("Tried before the push", trial))
	}
	if l.plan {
		phases := r.phases(l.width, false)
		if r.State() == New && !part {
			b.WriteString("\n" + phases)
		} else {
			b.WriteString(details(r.amount(), phases))
		}
	}
	if l.origins && !part {
		b.WriteString(r.origins())
	}
	if l.json && !part { // a shared comment is for a look at all apps, and each has its summary
		b.WriteString(details("The plan as JSON", fence("json", string(r.Plan.JSON()))))
	}
	b.WriteString(l.without())
	return b.String() + r.footer()
}

// without says what a level leaves out.
func (l level) without() string {
	switch {
	case l == levels[len(levels)-1]:
		return "\n*This is all that fits into a comment; the summary of the run has the rest.*\n"
	case !l.plan:
		return "\n*The plan and the end of the table are left out: they are too long for a comment. The summary of the run has more.*\n"
	case !l.json:
		return "\n*The plan as JSON is left out: it is too long for a comment. It is the output `plan` of the run.*\n"
	case !l.origins:
		return "\n*Where each part of the plan comes from is left out: it is too long for a comment.*\n"
	}
	return ""
}

func (r *view) heading(part bool) string {
	app := r.called()
	switch {
	case part && app == "":
		return "#### Top of the repository\n\n"
	case part:
		return "#### " + app + "\n\n"
	case app == "":
		return "### Build plan\n\n"
	}
	return "### Build plan of " + app + "\n\n"
}

// unchanged is the one line for a plan that stays as it is. Without a build it holds nothing of the run, so that the next run finds it
// unchanged.
func (r *view) unchanged(part bool) string {
	subject := "The build plan"
	if app := r.called(); app != "" {
		subject += " of " + app
	} else if part {
		subject += " of the repository's top"
	}
	facts := []string{"✅ " + subject + " **does not change**"}
	if r.Build != nil {
		facts = append(append(facts, r.rebuilt()), r.figures()...)
	}
	return join(facts) + "\n" + r.olds(10)
}

// problem says why there is no plan.
func (r *view) problem(width int) string {
	text := "❌ **The plan cannot be made**"
	message := strings.TrimSpace(r.Problem.Text)
	if at := r.link(r.Problem.File, r.Problem.Line); at != "" {
		text += ": see " + at
		message = strings.TrimPrefix(message, fmt.Sprintf("%s:%d: ", r.Problem.File, r.Problem.Line))
	}
	if strings.Contains(message, "\n") {
		text += "\n\n" + fence("", truncate(message, width))
	} else {
		text += "\n\n> " + prose(truncate(message, width)) + "\n"
	}
	if r.Problem.Hint != "" {
		text += "\nWhat to do: " + prose(truncate(r.Problem.Hint, 500)) + ".\n"
	}
	return text
}

// alert is what deserves a second look: what is risky in the change, and what is newly wrong with the plan.
func (r *view) alert(l level) string {
	shown := 10
	if l.rows == 0 {
		shown = 3
	}
	risks := r.risks()
	for _, text := range []string{r.replacedRisk(), r.placeRisk()} {
		if text != "" {
			risks = append([]string{text}, risks...)
		}
	}
	var lines []string
	if len(risks) > 0 {
		more := ""
		if len(risks) > shown {
			more = fmt.Sprintf(" · and %d more", len(risks)-shown)
		}
		lines = append(lines, "Look at: "+strings.Join(risks[:min(len(risks), shown)], " · ")+more)
	}
	for _, w := range r.fresh[:min(len(r.fresh), shown)] {
		lines = append(lines, capital(prose(truncate(w, 500)))+".")
	}
	if more := len(r.fresh) - shown; more > 0 {
		lines = append(lines, fmt.Sprintf("And %d more.", more))
	}
	if len(lines) == 0 {
		return ""
	}
	if r.NoAlerts {
		return "\n> ⚠️ " + strings.Join(lines, "\n>\n> ") + "\n"
	}
	return "\n> [!WARNING]\n> " + strings.Join(lines, "\n>\n> ") + "\n"
}

// olds folds away the warnings that the base has too.
func (r *view) olds(shown int) string {
	if len(r.old) == 0 || shown == 0 {
		return ""
	}
	var list strings.Builder
	for _, w := range r.old[:min(len(r.old), shown)] {
		list.WriteString("- " + capital(prose(truncate(w, 500))) + ".\n")
	}
	if more := len(r.old) - shown; more > 0 {
		fmt.Fprintf(&list, "- And %d more.\n", more)
	}
	return details(count(len(r.old), "warning", "warnings")+" as before", list.String())
}

func (r *view) footer() string {
	note := ""
	if r.hidden {
		note = "\n*`***` stands for what looks like a secret. The build has the value.*\n"
	}
	var parts []string
	for i, d := range r.Detected {
		if i == 5 {
			break
		}
		text := code(shorten(d.Provider, 60))
		if d.Reason != "" {
			text += " by " + code(shorten(d.Reason, 100))
		}
		parts = append(parts, text)
	}
	if r.SHA != "" {
		commit := "commit " + revision(r.SHA)
		if r.Base != nil {
			commit += " compared with " + revision(r.Base.SHA)
		}
		parts = append(parts, commit)
	} else if r.Base != nil {
		parts = append(parts, "compared with "+revision(r.Base.SHA))
	}
	if r.RunURL != "" {
		parts = append(parts, "[run]("+r.RunURL+")")
	}
	if len(parts) == 0 {
		return note
	}
	return note + "\n<sub>" + strings.Join(parts, " · ") + "</sub>\n"
}

// revision shortens the name of a commit; others, which somebody has typed, stay as they are.
func revision(rev string) string {
	if len(rev) >= 40 && strings.Trim(rev, "0123456789abcdef") == "" {
		rev = rev[:7]
	}
	return code(shorten(rev, 80))
}
