package option

import "testing"

func TestTheHelpOfAFlag(t *testing.T) {
	for want, o := range map[string]Option{
		"read this `file`, and no other.toml":        {Help: "read this <file>, and no `other.toml`", Flag: &Flag{}},
		"push: `auto` or never":                      {Help: "push: `auto` or `never`", Flag: &Flag{}},
		"install with this":                          {Help: "install with this", Kind: KindCommand, Flag: &Flag{}},
		"add this `package`; repeatable":             {Help: "packages", Unset: "none", Kind: KindWords, Flag: &Flag{Help: "add this <package>"}},
		"a `URL`; repeatable (default one)":          {Help: "a <URL>", Unset: "`one`", Kind: KindLines, Flag: &Flag{}},
		"hosts at an `address` (default $HOST)":      {Help: "x", Unset: "y", Flag: &Flag{Help: "hosts at an <address>", Unset: "$HOST"}},
		"the `platform`, or several at once":         {Help: "the <platform>, or several at once", Kind: KindWords, Flag: &Flag{Once: true}},
		"secret `id=NAME`, with env=VARIABLE or src": {Help: "secret `id=NAME`, with `env=VARIABLE` or `src`", Flag: &Flag{}},
	} {
		if got := o.Usage(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestTheDescriptionOfAnInput(t *testing.T) {
	for _, tt := range []struct {
		option         Option
		github, gitlab string
	}{
		{Option{Help: "read this <file>", Input: everywhere}, "Read this file.", "Read this file."},
		{Option{Help: "`auto` (of a pull request) or `never`", Input: everywhere}, "auto (of a pull request) or never.", "auto (of a merge request) or never."},
		{Option{Help: "use it", Kind: KindBool, Input: everywhere}, "Whether to use it.", "Whether to use it."},
		{Option{Help: "packages", Kind: KindWords, Input: everywhere}, "Packages. Separated by blanks, commas or line breaks.", "Packages."},
		{Option{Help: "images", Kind: KindLines, Unset: "`ghcr.io`", Input: &Input{Unset: "the project's"}},
			"Images. One a line. The default is ghcr.io.", "Images. The default is the project's."},
		{Option{Help: "install with it", Kind: KindCommand, Input: &Input{}},
			"Install with it.", "Install with it. GitLab puts variables in; a dollar sign of the command is $$."},
		{Option{Help: "here", Input: &Input{GitLab: "there"}}, "Here.", "There."},
	} {
		if got := tt.option.Description(GitHub); got != tt.github {
			t.Errorf("GitHub: got %s, want %s", got, tt.github)
		}
		if got := tt.option.Description(GitLab); got != tt.gitlab {
			t.Errorf("GitLab: got %s, want %s", got, tt.gitlab)
		}
	}
}

func TestTheRowOfAnInput(t *testing.T) {
	for _, tt := range []struct {
		option            Option
		standard, meaning string
	}{
		{Option{Default: "auto", Help: "`auto` or `never`", See: "[there](#there)", Input: everywhere}, "`auto`", "`auto` or `never`. See [there](#there)"},
		{Option{Name: "registry-auth", Secret: true, Help: "logins", Input: everywhere}, "", "logins; in GitLab the variable `NPX_REGISTRY_AUTH`"},
		{Option{Name: "token", Help: "token", Input: &Input{GitHub: "github.token"}}, "`github.token`", "token"},
		{Option{Unset: "here", Kind: KindLines, Help: "read this <file>", Input: &Input{Unset: "there"}}, "here; in GitLab there", "read this file; one a line"},
		{Option{Default: "true", Kind: KindBool, Help: "use it", Input: everywhere}, "`true`", "whether to use it"},
	} {
		standard, meaning := tt.option.Row()
		if standard != tt.standard || meaning != tt.meaning {
			t.Errorf("got %s | %s\nwant %s | %s", standard, meaning, tt.standard, tt.meaning)
		}
	}
}
