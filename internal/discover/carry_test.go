package discover

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/source"
)

// TestWhatNoJobCanBeToldIsRefused: a text that would reach a job as another text, or as structure, is a mistake of the file that it
// is written in.
func TestWhatNoJobCanBeToldIsRefused(t *testing.T) {
	app := func(line string) repository {
		return repository{"nixpacks.toml": "[apps.web]\ndirectory = '.'\n" + line + "\n"}
	}
	quotes := strings.Repeat(`"`, 3)
	for _, tt := range []struct {
		name  string
		files repository
		want  string
	}{
		{"a name that begins a list", app(`variables = { '["INPUT_TOKEN","x' = '"]' }`), `nixpacks.toml:3: apps: the variable "[\"INPUT_TOKEN\",\"x" of web has a name that is not of letters`},
		{"a name with a hyphen", app("variables = { app-x = '1' }"), `nixpacks.toml:3: apps: the variable "app-x" of web has a name`},
		{"a name that begins with a digit", app("variables = { 1X = '1' }"), "has a name that is not"},
		{"an input of the job", app("variables = { INPUT_TOKEN = '' }"), "nixpacks.toml:3: apps: the variable \"INPUT_TOKEN\" of web is one of a CI job, as all that begin with INPUT_"},
		{"an input of GitLab's job", app("variables = { NPX_TOKEN = 'x' }"), "all that begin with NPX_"},
		{"a platform's variable", app("variables = { CI_JOB_TOKEN = '' }"), "all that begin with CI_"},
		{"the runner's token", app("variables = { ACTIONS_RUNTIME_TOKEN = '' }"), "all that begin with ACTIONS_"},
		{"a value of two lines", app(`variables = { A = "a\nB=b" }`), `nixpacks.toml:3: apps: the variable "A" of web is not one line of text`},
		{"a value with a line break of Unicode", app(`variables = { A = "a\u0085b" }`), "is not one line of text"},
		{"another one", app(`variables = { A = "a\u2028b" }`), "is not one line of text"},
		{"a value that ends in a blank", app("variables = { A = 'a ' }"), "begins or ends with a blank"},
		{"a command with an escape", app(`buildCmd = "make \u001b[2J"`), "nixpacks.toml:3: apps: the build command"},
		{"a command with a zero byte", app(`startCmd = "a\u0000b"`), "nixpacks.toml:3: apps: the start command \"a\\x00b\" of web is not one line"},
		{"a package of two words", app("pkgs = ['jq fd']"), `nixpacks.toml:3: apps: the package "jq fd" of web is not one word`},
		{"a package with a comma", app("pkgs = ['jq,fd']"), "is not one word"},
		{"an empty package", app("pkgs = ['']"), "is not one word"},
		{"a configuration file with a line break", app(`config = "a\nb.toml"`), "nixpacks.toml:3: apps: the configuration file"},
		{"a command that is too long", app("buildCmd = '" + strings.Repeat("x", maxCarried+1) + "'"), "is longer than 120000 bytes"},
		{"variables that are too long together", app("variables = { A = '" + strings.Repeat("x", maxCarried/2) + "', B = '" + strings.Repeat("x", maxCarried/2) + "' }"),
			`nixpacks.toml:3: apps: the key "variables" of web has more than 120000 bytes in all`},
		{"a command of several lines with an escape", app("buildCmd = " + quotes + "make\n\\u001b" + quotes), "nixpacks.toml:3: apps: the build command"},
		{"a directory with a line break", repository{"a\nb/Gemfile": "", "a\nb/start": ""}, `finding the apps: the directory "a\nb" is not one line of text; rename it`},
		{"a directory with a blank behind", repository{"a /Gemfile": "", "a /start": ""}, `finding the apps: the directory "a " begins or ends with a blank`},
		{"a workspace in such a directory", repository{
			"w\u0085/package.json": `{"workspaces": ["a"]}`, "w\u0085/a/package.json": `{"name": "a", "scripts": {"start": "x"}}`,
		}, `finding the apps: the directory "w\u0085/a" is not one line of text`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Find(tt.files.tree(t), Options{Name: "x", Starts: starting})
			_, isFile := errors.AsType[*source.Error](err)
			_, isConfig := errors.AsType[*config.Error](err)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !isFile && !isConfig {
				t.Errorf("got %v (%T), want %q", err, err, tt.want)
			}
		})
	}
}

// hostile is an app whose texts are structure in each format that they pass.
var hostile = repository{"nixpacks.toml": `[apps.web]
directory = "."
buildCmd = """
make "a: b" # 'c'
echo $HOME %CI_JOB_TOKEN% $[[ inputs.job ]]\r
evil:
  script: [id]
---
"""
startCmd = "run $$ ${X} '\"\\ - ${{ github.token }}"
variables = { A = '["x", "y=z"]', B = " $CI_JOB_TOKEN %CI_REGISTRY_PASSWORD%", C = "", D = "日本 \"q\"" }
`}

const hostileBuild = "make \"a: b\" # 'c'\necho $HOME %CI_JOB_TOKEN% $[[ inputs.job ]]\nevil:\n  script: [id]\n---"

func TestTextsOfAnAppArriveAsTheyAre(t *testing.T) {
	e := hostile.find(t).Entries()[0]
	if diff := cmp.Diff(hostileBuild, e.BuildCmd); diff != "" {
		t.Errorf("build command (-want +got):\n%s", diff)
	}
	if want := "A=[\"x\", \"y=z\"]\nB= $CI_JOB_TOKEN %CI_REGISTRY_PASSWORD%\nC=\nD=日本 \"q\""; e.Env != want {
		t.Errorf("variables: %q", e.Env)
	}
}

// TestAChildPipelineHoldsNoTextOfTheRepositoryAsStructure: texts are variables of the job. None is an input, which GitLab puts into YAML
// as it is, and none refers to another variable.
func TestAChildPipelineHoldsNoTextOfTheRepositoryAsStructure(t *testing.T) {
	text, err := hostile.find(t).Pipeline("$CI_SERVER_FQDN/org/npx/npx@1")
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := yaml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	unexpanded := func(s string) any { return map[string]any{"value": s, "expand": false} }
	want := map[string]any{
		"include": []any{map[string]any{"component": "$CI_SERVER_FQDN/org/npx/npx@1", "inputs": map[string]any{"job": "npx-web", "name": "web"}}},
		"npx-web": map[string]any{"variables": map[string]any{
			"NPX_CONTEXT": ".", "NPX_BUILD_CMD": unexpanded(hostileBuild), "NPX_START_CMD": `run $$$$ $${X} '"\ - $${{ github.token }}`,
			"NPX_ENV":    unexpanded(`["A=[\"x\", \"y=z\"]","B= $CI_JOB_TOKEN %CI_REGISTRY_PASSWORD%","C=","D=日本 \"q\""]`),
			"NPX_IMAGES": `["r.example/shop"]`,
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pipeline (-want +got):\n%s\n%s", diff, text)
	}
}

func TestAMatrixLargerThanAnOutputIsRefused(t *testing.T) {
	a := App{Name: "a", Directory: "a", Context: "a", StartCmd: strings.Repeat("x", maxCarried)}
	if _, err := (Result{Apps: []App{a, a, a, a}}).Matrix(); err != nil {
		t.Errorf("four long commands: %v", err)
	}
	if _, err := (Result{Apps: []App{a, a, a, a, a}}).Matrix(); err == nil || !strings.Contains(err.Error(), "GitHub takes an output of at most") {
		t.Errorf("five long commands: %v", err)
	}
}
