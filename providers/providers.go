// Package providers knows languages: each file here detects one and says what Nixpacks 1.39 plans for it.
//
// To add a provider, write its file, add its line to [All], and add its archive to test/providers.
package providers

import (
	"fmt"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/internal/versions"
)

// A Provider is data with functions.
type Provider struct {
	Name  string // as in the config key "providers"
	Since string // first edition that has it; "" is 1.39
	Looks string // what Detect looks for, in words: "package.json"

	// Unsupported are the files by which others know such an app and that nothing here reads, and what to do with each.
	Unsupported map[string]string

	// Detect says why the app is of this kind, such as "package.json"; "" means that it is not.
	Detect func(App) (reason string, err error)

	// Newest is Detect for the editions after 1.39, where that does better than Nixpacks; nil for the same.
	Newest func(App) (reason string, err error)

	// Plan makes the provider's plan. In edition 1.39 it is equal to the plan of Nixpacks 1.39.
	Plan func(App) (Output, error)

	// InstallFiles lists the files that the install phase reads, in byte order, or says in blocker why it
	// may read anything ("package.json has a postinstall script"). The rule install-files asks it.
	// nil means that the provider has no such phase.
	InstallFiles func(App) (files []string, blocker string, err error)

	// Fallback is for a provider that is for apps that no other is for: it does not compete with them.
	Fallback bool

	// MemberFiles are the base names of the files that a member of a workspace has, by one of which it is of this language. The plan of the root
	// that is told [WorkspaceApp] is the plan of the member. Empty for a language whose plans do not know members.
	MemberFiles []string

	// Members lists the members of the workspace whose root the app's is. nil where discovery reads the workspaces itself.
	Members func(App) (Workspace, error)

	// Covers names the providers whose files are part of such an app, so that they do not compete either.
	Covers []string

	// Beside names another provider whose phases such an app has too, and says why; "" for none, and nil if there never is one. Editions before
	// 2026.12 have none.
	Beside func(App) (name, reason string)

	// Prune returns the command that leaves of what the install phase made what is needed to run, or says in blocker why that
	// cannot be told ("its start script runs tsx, a development dependency"). Both are "" where there is nothing to remove.
	// The rule prune-dev asks it. nil means that the provider does not know.
	Prune func(App) (cmd, blocker string, err error)

	// Prebuilt says why nothing that the install phase installs has to be compiled, or in blocker why something may have to be. Both are "" where no
	// file tells. The rule wheels asks it. nil means that the provider does not know.
	Prebuilt func(App) (why, blocker string, err error)

	// BuildOnly are the Nix packages and the releases, as NAME@VERSION, that apps are built with and do not run on, as they are in plans,
	// each perhaps with an asterisk at its end or beginning. What built files refer to of them is in a slim image all the same.
	BuildOnly []string

	// Locks are the names of the files in the app root whose bytes key the dependency cache.
	Locks []string

	Language
}

// An App is all that a plan may depend on.
type App struct {
	Tree *source.Tree
	Vars plan.Vars // nixpacks-1.39.md 0: env2
	Arch string    // of the target platform, in Nix's terms: x86_64 or aarch64

	// Edition is the one of the plan. The zero value has what 1.39 has.
	Edition rules.Edition

	// UserStart is the start command that the user gives, so that no provider has to guess one; nil if there is none. It is nil in
	// 1.39, where a guess that fails ends the planning all the same.
	UserStart *string

	Processes []string // the commands that the user lets the image start too, sorted by name; nil in 1.39

	Catalogue *catalogue.Catalogue // nil for the program's own
	Strict    bool                 // a version that cannot be had exactly is an error, and no newer patch is given

	// Asked is what the user's lists of packages ask for, by the catalogue's name of the tool. It goes before all that the app says.
	Asked map[string]versions.Ask

	brought []string // what other members of its workspace bring to a Python project, as it requires them
}

// Output is what a provider says about an app.
type Output struct {
	Plan     plan.Plan
	None     bool     // the provider was named but has nothing to plan
	Labels   []string // appended to the name in NIXPACKS_METADATA
	Warnings []string // one sentence each, for the user
	Reasons  []Reason // why the plan is as it is, where the app's files decided
	Fixes    []Fix    // where the plan of Nixpacks 1.39 is known not to work
	NoStart  string   // why nothing is started, without a full stop; "" if nobody knows or something is
	// BuildOnly are more packages and releases than [Provider.BuildOnly] has that this app does not run on.
	BuildOnly []string
	Chosen    []string // the Nix packages, and as TOOL@VERSION the releases and what commands install, that the catalogue has chosen, and whose end it has warned of
}

// A Fix is what a provider would rather say than Nixpacks. The rule of that name lays it over the plan, in the editions
// that have the rule; in the others the warning stands.
type Fix struct {
	Rule    string
	Over    plan.Plan
	Why     string // without a full stop
	Warning string // "" if Nixpacks happens to be right
}

// All lists the providers in order of detection: the first that matches wins.
func All() []Provider {
	return []Provider{
		crystalProvider,
		csharpProvider,
		dartProvider,
		elixirProvider,
		denoProvider,
		fsharpProvider,
		clojureProvider,
		gleamProvider,
		hugoProvider,
		goProvider,
		haskellProvider,
		schemeProvider,
		javaProvider,
		lunaticProvider,
		scalaProvider,
		phpProvider,
		jekyllProvider,
		rubyProvider,
		nodeProvider,
		pythonProvider,
		rustProvider,
		swiftProvider,
		mkdocsProvider,
		cppProvider,
		staticfileProvider,
		zigProvider,
		cobolProvider,
		shellProvider,
	}
}

// Detect returns the first provider that matches and the reason, or a nil provider.
func Detect(app App, list []Provider) (*Provider, string, error) {
	for i := range list {
		reason, err := list[i].Detect(app)
		if err != nil {
			return nil, "", fmt.Errorf("detecting %s: %w", list[i].Name, err)
		}
		if reason != "" {
			return &list[i], reason, nil
		}
	}
	return nil, "", nil
}
