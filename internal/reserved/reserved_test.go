package reserved

import (
	"strings"
	"testing"
)

func TestEveryNameHasAnOwner(t *testing.T) {
	hash := strings.Repeat("0123456789abcdef", 4)
	for tag, may := range map[string]string{ // the givers that may give it
		"npx1-c-linux-amd64-" + hash[:32]: "",
		"npx1-":                           "",
		"sha256-" + hash:                  "",
		"sha256-" + hash + ".sig":         "",
		"latest":                          "tag rule input",
		"v1.2.3":                          "tag rule input",
		"1.2.3-rc.1":                      "tag rule input",
		"pr-7":                            "rule input",
		"mr-7":                            "rule input",
		"sha-0123456":                     "rule input",
		"nightly":                         "tag rule input",
		"edge":                            "tag rule input",
		"main":                            "branch rule input",
		"mycache-linux-amd64-" + hash:     "",
		"feat":                            "branch tag rule input",
		"v1":                              "branch tag rule input",
		"1.2":                             "branch tag rule input",
		"npx":                             "branch tag rule input",
		"sha256-support":                  "branch tag rule input",
		"pr-fix":                          "branch tag rule input",
		"latest-fix":                      "branch tag rule input",
	} {
		for _, by := range []Giver{Branch, Tag, Rule, User} {
			owner := Of(tag, by, "main", "mycache-")
			if want := strings.Contains(" "+may+" ", " "+string(by)+" "); (owner == "") != want {
				t.Errorf("%s by %s belongs to %q", tag, by, owner)
			}
		}
	}
	if Of("latest", Branch, "latest") != "" || Of("npx1-x", Branch, "npx1-x") == "" {
		t.Error("the default branch has the names that mean something, and no name of ours")
	}
	if !Repository("cache") || Repository("caches") {
		t.Error("the repository of caches")
	}
}

func TestVariablesHaveOwners(t *testing.T) {
	for name, may := range map[string]string{ // the givers that may give it
		"ACTIONS_RUNTIME_TOKEN": "",
		"CI_COMMIT_SHA":         "",
		"RUNNER_TEMP":           "",
		"INPUT_TAGS":            "input",
		"NPX_TAGS":              "input",
		"NPXOUT_TAGS":           "output",
		"GITHUB_CLIENT_ID":      "input output app",
		"NPXA":                  "input output app",
		"CI":                    "input output app",
	} {
		for _, by := range []Giver{User, Output, App} {
			if got, want := Variable(name, by) == "", strings.Contains(" "+may+" ", " "+string(by)+" "); got != want {
				t.Errorf("%s by %s: %t", name, by, got)
			}
		}
	}
}

func TestTheListHasEveryKindAndNoNameTwice(t *testing.T) {
	seen := map[string]bool{}
	kinds := map[Kind]int{}
	for _, n := range Names() {
		if n.Form == "" || n.Owner == "" || n.Others == "" || seen[n.Form] {
			t.Errorf("%+v", n)
		}
		seen[n.Form] = true
		kinds[n.Kind]++
	}
	for _, kind := range []Kind{OfTag, OfRepository, OfVariable, OfFile} {
		if kinds[kind] == 0 {
			t.Errorf("no name of a %s", kind)
		}
	}
	if got := len(Plans()) + len(Reports()); got != kinds[OfFile] {
		t.Errorf("%d plans and reports", got)
	}
}
