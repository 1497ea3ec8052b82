package planner

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

func TestWhatDockerignoreExcludesStaysOutOfEveryInstall(t *testing.T) {
	// For each provider that may name a file with a credential: an app in which it does.
	for name, tt := range map[string]struct {
		files map[string]string
		out   string
	}{
		"npm": {map[string]string{"package.json": `{"scripts":{"start":"node ."}}`, "package-lock.json": "{}", ".npmrc": "x=y"}, ".npmrc"},
		"yarn": {map[string]string{"package.json": `{"packageManager":"yarn@4.1.0","scripts":{"start":"node ."}}`, "yarn.lock": "__metadata:\n  version: 8\n",
			".yarnrc.yml": "nodeLinker: node-modules\n"}, ".yarnrc.yml"},
		"php":  {map[string]string{"composer.json": `{"require":{"php":"8.3"}}`, "composer.lock": `{"packages":[]}`, "index.php": "<?php", "auth.json": "{}"}, "auth.json"},
		"dart": {map[string]string{"pubspec.yaml": "name: a\n", "pubspec.lock": "", "bin/main.dart": ""}, "pubspec.lock"},
		"go":   {map[string]string{"main.go": "package main", "go.mod": "module a\n\ngo 1.22\n", "go.sum": ""}, "go.sum"},
		"named by the user": {map[string]string{"main.go": "package main", "go.mod": "module a\n\ngo 1.22\n", "netrc": "",
			"nixpacks.toml": "[phases.install]\nonlyIncludeFiles = ['go.mod', 'netrc']\n"}, "netrc"},
	} {
		t.Run(name, func(t *testing.T) {
			shown := func(dockerignore string) (Result, []string) {
				t.Helper()
				tt.files[source.Dockerignore] = dockerignore
				in := given{files: tt.files}.input(t)
				in.Providers = providers.All()
				result, err := Make(in)
				if err != nil {
					t.Fatal(err)
				}
				return result, result.Plan.Phases["install"].OnlyIncludeFiles
			}
			_, before := shown("")
			if !strings.Contains(strings.Join(before, " "), tt.out) {
				t.Fatalf("the install sees %q, without %s", before, tt.out)
			}
			result, after := shown(tt.out + "\n")
			if after == nil || strings.Contains(strings.Join(after, " "), tt.out) {
				t.Errorf("the install sees %q", after)
			}
			for _, note := range result.Notes {
				if strings.Contains(note.Text, tt.out) {
					t.Errorf("the note still names it: %s", note)
				}
			}
			want := ".dockerignore: the phase install does not get " + tt.out + ", which this file excludes. " +
				"Give the phase a token as a secret, and take out of this file what the phase needs"
			var got []string
			for _, w := range result.Warnings {
				if strings.HasPrefix(w, source.Dockerignore) {
					got = append(got, w)
				}
			}
			if diff := cmp.Diff([]string{want}, got); diff != "" {
				t.Errorf("warnings differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEdition139KeepsExcludedFilesInItsPlan(t *testing.T) {
	in := given{files: map[string]string{"pubspec.yaml": "name: a\n", source.Dockerignore: "pubspec.yaml\n"}, edition: "1.39"}.input(t)
	in.Providers = providers.All()
	result, err := Make(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Plan.Phases["install"].OnlyIncludeFiles; !cmp.Equal(got, []string{"pubspec.yaml"}) {
		t.Errorf("the install sees %q", got)
	}
	if !strings.Contains(strings.Join(result.Warnings, "\n"), "does not get pubspec.yaml") {
		t.Errorf("no warning: %q", result.Warnings)
	}
}
