package main

import (
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/test/manual"
)

// TestFilesFollowFromTheDeclarations compares what is written with what is there.
func TestFilesFollowFromTheDeclarations(t *testing.T) {
	const root = "../../.."
	for _, f := range files() {
		old, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.name)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := f.generate(string(old))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(old)); diff != "" {
			t.Errorf("%s does not follow from internal/option; run: %s\n(-declared +file):\n%s", f.name, command, diff)
		}
	}
}

func TestAFileWithoutItsMarksIsRefused(t *testing.T) {
	f := file{"x", []part{{"# begin", "# end", func([]option.Option) (string, error) { return "new\n", nil }}}}
	if got, err := f.generate("a\n# begin\nold\n# end\nb\n"); err != nil || got != "a\n# begin\nnew\n# end\nb\n" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, text := range []string{"", "# begin\n", "# end\n", "# end\n# begin\n"} {
		if got, err := f.generate(text); err == nil {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// TestLinksLeadSomewhere looks for the pages and headings that the declarations refer to.
func TestLinksLeadSomewhere(t *testing.T) {
	all, err := manual.Pages("../../..")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]manual.Page{}
	for _, page := range all {
		pages[page.Name] = page
	}
	for _, o := range option.All() {
		if o.See == "" {
			continue
		}
		links := manual.Page{Text: o.See}.Links()
		if len(links) != 1 {
			t.Errorf("%s: %q is no link of Markdown", o.Name, o.See)
			continue
		}
		page, ok := pages[path.Join(".github/docs", links[0].Target)]
		if !ok || links[0].Anchor != "" && !page.Anchors()[links[0].Anchor] {
			t.Errorf("%s: %s leads nowhere", o.Name, o.See)
		}
	}
}

// TestAnInputIsDeclaredWhereItIsOne makes the parts of files from options that differ in what they have.
func TestAnInputIsDeclaredWhereItIsOne(t *testing.T) {
	all := []option.Option{
		{Name: "alone", Help: "flag", Flag: &option.Flag{}},
		{Name: "github", Help: "github's", Input: &option.Input{Forges: option.GitHub, GitHub: "github.token"}},
		{Name: "gitlab", Help: "gitlab's", Kind: option.KindLines, Input: &option.Input{Forges: option.GitLab, Discover: "apps"}},
		{Name: "hidden", Help: "secret", Secret: true, Input: &option.Input{Forges: option.GitHub | option.GitLab}},
		{Name: "off", Help: "one: or none", Default: "off", Values: []string{"off", "on"}, Input: &option.Input{Forges: option.GitLab},
			Aliases: []option.Alias{{Name: "no", Of: "another"}}},
	}
	for name, tt := range map[string]struct {
		text func([]option.Option) (string, error)
		want string
	}{
		"action": {action, "  github:\n    description: Github's.\n    default: ${{ github.token }}\n  hidden:\n    description: Secret.\n"},
		"npx inputs": {npxInputs, "    gitlab:\n      description: Gitlab's.\n      type: array\n      default: []\n" +
			"    off:\n      description: \"One: or none.\"\n      type: string\n      default: \"off\"\n      options: [\"off\", \"on\"]\n"},
		"npx variables":      {npxVariables, "    NPX_GITLAB: |\n      $[[ inputs.gitlab ]]\n    NPX_OFF: \"$[[ inputs.off ]]\"\n"},
		"discover inputs":    {discoverInputs, "    gitlab:\n      description: Apps.\n      type: array\n      default: []\n"},
		"discover variables": {discoverVariables, "    NPX_GITLAB: |\n      $[[ inputs.gitlab ]]\n"},
		"table": {table, "| input | default | meaning |\n| --- | --- | --- |\n| `github` | `github.token` | github's |\n| `gitlab` | | gitlab's; one a line |\n" +
			"| `hidden` | | secret; in GitLab the variable `NPX_HIDDEN` |\n| `off` | `off` | one: or none |\n"},
	} {
		got, err := tt.text(all)
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}
