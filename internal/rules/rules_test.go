package rules

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/npx-action/internal/plan"
)

// settled starts on an image of the provider's choice, which the rule slim-runtime leaves alone.
func settled() *plan.Start { return &plan.Start{RunImage: new("run")} }

// installing is a plan whose install phase has a command and sees files.
func installing(files ...string) plan.Plan {
	return plan.Plan{Start: settled(), Phases: map[string]plan.Phase{
		"setup":   {NixPkgs: []string{"go"}},
		"install": {DependsOn: []string{"setup"}, Cmds: []string{"go mod download"}, OnlyIncludeFiles: files},
	}}
}

// with returns the plan with one more phase.
func with(p plan.Plan, name string, phase plan.Phase) plan.Plan {
	p.Phases[name] = phase
	return p
}

func answer(files []string, blocker string) func() ([]string, string, error) {
	return func() ([]string, string, error) { return files, blocker, nil }
}

func TestApply(t *testing.T) {
	manifests := []string{"go.mod", "go.sum"}
	noCommands := plan.Plan{Start: settled(), Phases: map[string]plan.Phase{"install": {DependsOn: []string{"setup"}}}}
	for _, tt := range []struct {
		name    string
		subject Subject
		want    plan.Plan
		notes   []Note
	}{
		{
			name:    "install sees what it reads",
			subject: Subject{Provider: "go", Plan: installing(), InstallFiles: answer(manifests, "")},
			want:    installing(manifests...),
			notes:   []Note{{Rule: "install-files", Provider: "go", Text: "install sees go.mod, go.sum only"}},
		},
		{
			name:    "a long list is cut in the note",
			subject: Subject{Provider: "node", Plan: installing(), InstallFiles: answer([]string{"a", "b", "c", "d", "e", "f", "g", "h"}, "")},
			want:    installing("a", "b", "c", "d", "e", "f", "g", "h"),
			notes:   []Note{{Rule: "install-files", Provider: "node", Text: "install sees a, b, c, d, e, f and 2 more only"}},
		},
		{
			name:    "a blocker keeps the whole app",
			subject: Subject{Provider: "node", Plan: installing(), InstallFiles: answer(nil, "package.json has a postinstall script")},
			want:    installing(),
			notes:   []Note{{Rule: "install-files", Provider: "node", Text: "install sees the whole app: package.json has a postinstall script"}},
		},
		{
			name: "a phase that would have the app copied before the install runs after it",
			subject: Subject{Provider: "node", InstallFiles: answer(manifests, ""), Plan: with(installing(),
				"caddy", plan.Phase{DependsOn: []string{"setup"}, Cmds: []string{"caddy fmt"}})},
			want: with(installing(manifests...),
				"caddy", plan.Phase{DependsOn: []string{"setup", "install"}, Cmds: []string{"caddy fmt"}}),
			notes: []Note{{Rule: "install-files", Provider: "node", Text: "install sees go.mod, go.sum only"}},
		},
		{
			name: "a phase that the install waits for keeps the whole app",
			subject: Subject{Provider: "node", InstallFiles: answer(manifests, ""), Plan: with(installing(),
				"setup", plan.Phase{Cmds: []string{"make tools"}})},
			want:  with(installing(), "setup", plan.Phase{Cmds: []string{"make tools"}}),
			notes: []Note{{Rule: "install-files", Provider: "node", Text: "install sees the whole app: phase setup runs before it and sees it"}},
		},
		{
			name: "phases that copy nothing or come later stay where they are",
			subject: Subject{Provider: "node", InstallFiles: answer(manifests, ""), Plan: with(with(installing(),
				"setup", plan.Phase{Cmds: []string{"make tools"}, OnlyIncludeFiles: []string{}}),
				"build", plan.Phase{DependsOn: []string{"install"}, Cmds: []string{"make"}})},
			want: with(with(installing(manifests...),
				"setup", plan.Phase{Cmds: []string{"make tools"}, OnlyIncludeFiles: []string{}}),
				"build", plan.Phase{DependsOn: []string{"install"}, Cmds: []string{"make"}}),
			notes: []Note{{Rule: "install-files", Provider: "node", Text: "install sees go.mod, go.sum only"}},
		},
		{
			name:    "the user's install phase is left alone",
			subject: Subject{Provider: "go", Plan: installing(), InstallFiles: answer(manifests, ""), UserInstall: true},
			want:    installing(),
		},
		{
			name:    "the provider's own files stay",
			subject: Subject{Provider: "go", Plan: installing("x"), InstallFiles: answer(manifests, "")},
			want:    installing("x"),
		},
		{
			name:    "an empty list of the provider's stays",
			subject: Subject{Provider: "go", Plan: installing([]string{}...), InstallFiles: answer(nil, "")},
			want:    installing([]string{}...),
		},
		{
			name:    "an install phase without commands reads nothing",
			subject: Subject{Provider: "python", Plan: noCommands, InstallFiles: answer(manifests, "")},
			want:    noCommands,
		},
		{
			name:    "no install phase, no question",
			subject: Subject{Provider: "staticfile", Plan: plan.Plan{Start: settled()}},
			want:    plan.Plan{Start: settled()},
		},
		{
			name:    "setuptools keeps pyproject.toml if that is enough",
			subject: Subject{Provider: "python", Plan: installing("pyproject.toml"), InstallFiles: answer([]string{"pyproject.toml"}, "")},
			want:    installing("pyproject.toml"),
		},
		{
			name:    "setuptools sees the files that it reads beside it",
			subject: Subject{Provider: "python", Plan: installing("pyproject.toml"), InstallFiles: answer([]string{"README.md", "pyproject.toml"}, "")},
			want:    installing("README.md", "pyproject.toml"),
			notes:   []Note{{Rule: "setuptools-files", Provider: "python", Text: "install sees README.md, pyproject.toml only"}},
		},
		{
			name:    "setuptools sees the whole app if it needs more",
			subject: Subject{Provider: "python", Plan: installing("pyproject.toml"), InstallFiles: answer(nil, "it names a readme")},
			want:    installing(),
			notes:   []Note{{Rule: "setuptools-files", Provider: "python", Text: "install sees the whole app: it names a readme"}},
		},
		{
			name:    "setuptools of the user's is left alone",
			subject: Subject{Provider: "python", Plan: installing("pyproject.toml"), InstallFiles: answer(nil, "x"), UserInstall: true},
			want:    installing("pyproject.toml"),
		},
		{
			name:    "bundler sees the files that it reads beside the Gemfile",
			subject: Subject{Provider: "ruby", Plan: installing("Gemfile", "Gemfile.lock"), InstallFiles: answer([]string{".ruby-version", "Gemfile"}, "")},
			want:    installing(".ruby-version", "Gemfile"),
			notes:   []Note{{Rule: "bundler-files", Provider: "ruby", Text: "install sees .ruby-version, Gemfile only"}},
		},
		{
			name:    "bundler sees the whole app if the Gemfile reads from it",
			subject: Subject{Provider: "ruby", Plan: installing("Gemfile", "Gemfile.lock"), InstallFiles: answer(nil, "Gemfile line 1 has path:")},
			want:    installing(),
			notes:   []Note{{Rule: "bundler-files", Provider: "ruby", Text: "install sees the whole app: Gemfile line 1 has path:"}},
		},
		{
			name:    "pub sees its lock",
			subject: Subject{Provider: "dart", Plan: installing("pubspec.yaml"), InstallFiles: answer([]string{"pubspec.lock", "pubspec.yaml"}, "")},
			want:    installing("pubspec.lock", "pubspec.yaml"),
			notes:   []Note{{Rule: "pub-files", Provider: "dart", Text: "install sees pubspec.lock, pubspec.yaml only"}},
		},
		{
			name:    "pub is Dart's",
			subject: Subject{Provider: "other", Plan: installing("pubspec.yaml"), InstallFiles: answer(nil, "x")},
			want:    installing("pubspec.yaml"),
		},
		{
			name:    "gleam sees the whole app if it has packages of its own",
			subject: Subject{Provider: "gleam", Plan: installing("gleam.toml", "manifest.toml"), InstallFiles: answer(nil, "it has money")},
			want:    installing(),
			notes:   []Note{{Rule: "gleam-files", Provider: "gleam", Text: "install sees the whole app: it has money"}},
		},
		{
			name:    "bundler is Ruby's",
			subject: Subject{Provider: "other", Plan: installing("Gemfile", "Gemfile.lock"), InstallFiles: answer(nil, "x")},
			want:    installing("Gemfile", "Gemfile.lock"),
		},
		{
			name:    "setuptools is Python's",
			subject: Subject{Provider: "other", Plan: installing("pyproject.toml"), InstallFiles: answer(nil, "x")},
			want:    installing("pyproject.toml"),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, notes, err := Apply(Newest, tt.subject)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.notes, notes, cmpopts.IgnoreFields(Note{}, "Added")); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNixpacksHasNoRules(t *testing.T) {
	asked := false
	subject := Subject{Provider: "go", Plan: installing(), InstallFiles: func() ([]string, string, error) {
		asked = true
		return []string{"go.mod"}, "", nil
	}}
	got, notes, err := Apply(Nixpacks, subject)
	if err != nil || notes != nil || asked {
		t.Errorf("notes %v, error %v, provider asked %v; want none", notes, err, asked)
	}
	if diff := cmp.Diff(installing(), got); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func TestApplyDoesNotWriteToTheSubject(t *testing.T) {
	for _, s := range []Subject{
		{Provider: "go", Plan: installing(), InstallFiles: answer([]string{"go.mod"}, "")},
		{Provider: "python", Plan: installing("pyproject.toml"), InstallFiles: answer(nil, "x")},
	} {
		before := installing(s.Plan.Phases["install"].OnlyIncludeFiles...)
		if _, _, err := Apply(Newest, s); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, s.Plan); diff != "" {
			t.Errorf("%s's plan (-before +after):\n%s", s.Provider, diff)
		}
	}
}

func TestApplyNamesTheRuleAndTheProviderOfAnError(t *testing.T) {
	cause := errors.New("reading x: it broke")
	broken := func() ([]string, string, error) { return nil, "", cause }
	for _, tt := range []struct {
		plan plan.Plan
		want string
	}{
		{installing(), "applying rule install-files to python: reading x: it broke"},
		{installing("pyproject.toml"), "applying rule setuptools-files to python: reading x: it broke"},
	} {
		_, _, err := Apply(Newest, Subject{Provider: "python", Plan: tt.plan, InstallFiles: broken})
		if !errors.Is(err, cause) || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

func TestARuleSeesWhatTheOneBeforeItMade(t *testing.T) {
	add := func(name string) Rule {
		return Rule{Name: name, Apply: func(s Subject) (plan.Plan, string, error) {
			return plan.Plan{Providers: append(s.Plan.Providers[:len(s.Plan.Providers):len(s.Plan.Providers)], name)}, "", nil
		}}
	}
	got, _, err := apply([]Rule{add("a"), add("b")}, Newest, Subject{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b"}, got.Providers); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestRulesHaveNamesOfTheirOwnAndAKnownEdition(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range all {
		if r.Name == "" || seen[r.Name] {
			t.Errorf("the name %q is empty or taken", r.Name)
		}
		seen[r.Name] = true
		if !Newest.Has(r.Since) || Nixpacks.Has(r.Since) {
			t.Errorf("rule %s is since %q, which is not a later edition than %s", r.Name, r.Since, Nixpacks)
		}
	}
}

func TestANoteSaysWhatItsRuleAdded(t *testing.T) {
	_, notes, err := Apply(Newest, Subject{Provider: "go", Plan: installing(), InstallFiles: answer([]string{"go.mod"}, "")})
	if err != nil {
		t.Fatal(err)
	}
	want := []plan.Fact{{Phase: "install", Field: "file", Value: "go.mod"}}
	if len(notes) != 1 || !cmp.Equal(want, notes[0].Added) {
		t.Errorf("got %+v, want one note that added %+v", notes, want)
	}
}

func TestAFixIsLaidOverThePlan(t *testing.T) {
	subject := Subject{Provider: "zig", Plan: installing(), Fixes: []Fix{
		{Rule: "zig-program", Over: plan.Plan{Start: &plan.Start{Cmd: new("./shop")}}, Why: "it is called shop"},
		{Rule: "of another name", Over: plan.Plan{Start: &plan.Start{Cmd: new("./x")}}},
	}}
	got, notes, err := Apply(Newest, subject)
	if err != nil {
		t.Fatal(err)
	}
	want := installing()
	want.Start = &plan.Start{RunImage: new("run"), Cmd: new("./shop")}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(notes) != 1 || notes[0].Text != "it is called shop" {
		t.Errorf("notes are %+v", notes)
	}
	if got, _, _ := Apply(Nixpacks, subject); cmp.Diff(installing(), got) != "" {
		t.Error("edition 1.39 has fixes")
	}
}

func TestANoteIsOneLine(t *testing.T) {
	note := Note{Rule: "install-files", Provider: "go", Text: "install sees go.mod only"}
	if got, want := note.String(), "go: install sees go.mod only (rule install-files)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
