package report

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// openSecrets are values in all parts of a report, none of which may be shown.
var openSecrets = map[string]string{
	"variable by name": "Tr0ub4dor&3", "variable by value": "ghp_0123456789abcdefghij", "url": "hunter22-and-more", "of the base": "old-correct-horse",
	"command": "glpat-0123456789abcdefghij", "script": "AKIA0123456789ABCDEF", "warning": "xoxb-0123456789", "key": "MIIEowIBAAKCAQEA",
}

func withSecrets() Report {
	r := sample()
	s := openSecrets
	vars := func(password string) plan.Vars {
		return plan.Vars{"DB_PASSWORD": password, "PLAIN": s["variable by value"], "DATABASE_URL": "postgres://ann:" + s["url"] + "@db.example/shop",
			"SIGNER": "-----BEGIN PRIVATE KEY-----\n" + s["key"] + "\n-----END PRIVATE KEY-----", "NODE_ENV": "production"}
	}
	start := "run --password " + s["variable by name"] + " --token " + s["command"]
	r.Base.Plan = plan.Plan{Variables: vars(s["of the base"])}
	r.Plan = plan.Plan{Variables: vars(s["variable by name"]), Start: &plan.Start{Cmd: &start},
		Phases: map[string]plan.Phase{"build": {Cmds: []string{"curl https://ann:" + s["url"] + "@x.example/y"}}}, StaticAssets: map[string]string{"a": s["command"]}}
	r.Origins = nil
	for _, f := range plan.Facts(r.Plan) {
		r.Origins = append(r.Origins, Origin{Fact: f, By: "nixpacks.toml", File: "nixpacks.toml", Line: 1, Why: "it is " + s["command"]})
	}
	r.Scripts = []Script{{Phase: "start", Command: start, Name: "start", Text: "serve " + s["script"], File: "package.json", Line: 2}}
	r.Base.Scripts = []Script{{Phase: "start", Command: start, Name: "start", Text: "serve", File: "package.json", Line: 2}}
	r.Warnings, r.Base.Warnings = []string{"there is " + s["warning"]}, nil
	r.Notes = []string{"there is " + s["warning"]}
	r.Build = &Build{Failure: "failed with " + s["command"], Steps: []Step{{Part: "build", Name: "curl https://ann:" + s["url"] + "@x.example/y", Counts: true, Duration: 1e9}},
		Image: &Image{Layers: []Layer{{Digest: "sha256:1", Size: 1, By: "run " + s["command"]}}}}
	return r
}

// withoutMarkup undoes what tables and code do to long words.
var withoutMarkup = strings.NewReplacer("`<wbr>`", "", "`", "", "\\", "")

func TestNoReportShowsWhatLooksLikeASecret(t *testing.T) {
	const note = "*`***` stands for what looks like a secret. The build has the value.*"
	r := withSecrets()
	built := *r.Build
	built.Failure = ""
	problem := withSecrets()
	problem.Problem = &Problem{Text: "reading: " + openSecrets["command"], Hint: "not " + openSecrets["command"]}
	texts := map[string]string{"failed": r.Summary(SummaryLimit), "problem": problem.Comment(Limit)}
	for level := range Levels {
		texts[fmt.Sprint("level ", level)] = r.AtLevel(level)
	}
	r.Build = &built
	texts["summary"], texts["comment"], texts["part"] = r.Summary(SummaryLimit), r.Comment(Limit), r.Part(Limit)
	r.Base, r.Build = nil, nil
	texts["first"] = r.Comment(Limit)
	for title, text := range texts {
		plain := withoutMarkup.Replace(text)
		for what, value := range openSecrets {
			if strings.Contains(plain, value) || len(value) > 12 && strings.Contains(plain, value[:12]) {
				t.Errorf("%s: the %s is shown:\n%s", title, what, text)
			}
		}
		if !strings.Contains(text, note) {
			t.Errorf("%s: nothing says that something is hidden:\n%s", title, text)
		}
	}
	for _, want := range []string{"| variable `DB_PASSWORD` | `***` → `***`", "production", "ann:***@x.example"} {
		if text := texts["comment"]; !strings.Contains(strings.ReplaceAll(text, "`<wbr>`", ""), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if r = withSecrets(); *r.Plan.Start.Cmd != "run --password Tr0ub4dor&3 --token glpat-0123456789abcdefghij" || r.Plan.Variables["DB_PASSWORD"] != "Tr0ub4dor&3" {
		t.Error("the plan that is built is another one")
	}
}

func TestAReportWithoutSecretsSaysNothingOfThem(t *testing.T) {
	if text := sample().Comment(Limit) + sample().Summary(SummaryLimit); strings.Contains(text, "***`") || strings.Contains(text, "looks like a secret") {
		t.Error(text)
	}
}

// TestAHostIsRiskyWhateverItsVariableIsCalled keeps a name from hiding where something is downloaded from.
func TestAHostIsRiskyWhateverItsVariableIsCalled(t *testing.T) {
	r := sample()
	r.Base.Plan, r.Plan = plan.Plan{}, plan.Plan{Variables: plan.Vars{"MIRROR_TOKEN": "https://evil.example/x"}}
	if text := r.Comment(Limit); !strings.Contains(text, "**new download source** `evil.example`") || strings.Contains(text, "evil.example/x") {
		t.Error(text)
	}
}

func TestAVeilLeavesOtherPlansAsTheyAre(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		vars := plan.Vars{}
		for n := range random.IntN(4) {
			vars[fmt.Sprint("A", n)] = fmt.Sprint("<value> & ", random.IntN(100), "\n\u2028")
		}
		p := plan.Plan{Variables: vars, StaticAssets: map[string]string{"a": "x"}, Phases: map[string]plan.Phase{"build": {Cmds: []string{"a && b"}, OnlyIncludeFiles: []string{}}}}
		veil := NewVeil(p)
		if got := string(veil.Plan(p).JSON()); got != string(p.JSON()) || *veil.hides {
			t.Fatalf("%s\nbecame\n%s", p.JSON(), got)
		}
	}
}
