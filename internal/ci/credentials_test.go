package ci

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// held are credentials in the words of a test: the kind and the value.
func held(environ map[string]string) []string {
	var list []string
	for _, c := range Credentials(environ) {
		list = append(list, fmt.Sprintf("%s (%s): %s", c.Kind, c.Input, c.Value))
	}
	return list
}

func TestCredentialsOfAGitHubJob(t *testing.T) {
	environ := map[string]string{
		"GITHUB_ACTIONS": "true", "INPUT_TOKEN": "tok", "INPUT_GITHUB-TOKEN": "other", "INPUT_PASSWORD": "pw", "INPUT_USERNAME": "ann",
		"INPUT_REGISTRY-AUTH": "- registry: a.example\n  username: bob\n  password: one\n- registry: b.example\n  password: two",
		"INPUT_SECRETS":       "NPM_TOKEN=npm\n\"KEY=a\nb\"\nnot a name=x", "INPUT_SECRET-ENVS": "FROM_ENV=HELD\nFROM_NOTHING=NOTHING", "HELD": "held",
		"ACTIONS_RUNTIME_TOKEN": "run", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "oidc", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://id.example",
		"GITHUB_TOKEN": "tok", "GITHUB_ACTOR": "ann", "CI": "true", "CI_DEPLOY_TOKEN_USERNAME": "carl", "NPX_TOKEN": "of the other system",
	}
	want := []string{
		"the input token (token): tok", "the input github-token (github-token): other", "the input password (password): pw",
		"a password of the input registry-auth (registry-auth): one", "a password of the input registry-auth (registry-auth): two",
		"the secret NPM_TOKEN (secrets): npm", "the secret KEY (secrets): a\nb", "the secret without a proper name (secrets): x",
		"the secret FROM_ENV (secret-envs): held", "the variable ACTIONS_ID_TOKEN_REQUEST_TOKEN (): oidc",
		"the variable ACTIONS_ID_TOKEN_REQUEST_URL (): https://id.example", "the variable ACTIONS_RUNTIME_TOKEN (): run",
	}
	if diff := cmp.Diff(want, held(environ)); diff != "" {
		t.Error(diff)
	}
}

func TestCredentialsOfAGitLabJob(t *testing.T) {
	environ := map[string]string{
		"GITLAB_CI": "true", "NPX_TOKEN": "tok", "NPX_PASSWORD": "pw", "NPX_SECRET_ENVS": `["FROM_ENV=HELD"]`, "HELD": "held",
		"NPX_SECRET_FILES": "[\"A=a.txt\"]\n", "CI_JOB_TOKEN": "job", "CI_REGISTRY_PASSWORD": "job", "CI_DEPENDENCY_PROXY_PASSWORD": "proxy",
		"CI_REGISTRY_USER": "gitlab-ci-token", "CI_JOB_JWT_V2": "jwt", "CI_DEPLOY_PASSWORD": "deploy", "INPUT_TOKEN": "of the other system",
	}
	want := []string{
		"the input token (token): tok", "the input password (password): pw", "the secret FROM_ENV (secret-envs): held",
		"the variable CI_DEPENDENCY_PROXY_PASSWORD (): proxy", "the variable CI_DEPLOY_PASSWORD (): deploy",
		"the variable CI_JOB_JWT_V2 (): jwt", "the variable CI_JOB_TOKEN (): job",
	}
	if diff := cmp.Diff(want, held(environ)); diff != "" {
		t.Error(diff)
	}
	if got := SecretFiles(environ); !slices.Equal(got, []string{"A=a.txt"}) {
		t.Errorf("secret files: %q", got)
	}
}

// An input that cannot be read is a secret as a whole: the error about it comes later.
func TestABrokenInputIsACredential(t *testing.T) {
	for input, value := range map[string]string{"INPUT_SECRETS": "hunter-without-name", "INPUT_REGISTRY-AUTH": "hunter: x"} {
		got := Credentials(map[string]string{"GITHUB_ACTIONS": "true", input: value})
		if len(got) != 1 || got[0].Value != value {
			t.Errorf("%s: %+v", input, got)
		}
	}
}

// Every login that a job has is by a credential that the guard knows.
func TestLoginsAreCredentials(t *testing.T) {
	for name, inputs := range map[string]map[string]string{
		"token": {"TOKEN": "one-token"}, "password": {"PASSWORD": "two-word", "REGISTRY": "r.io"},
		"several": {"REGISTRY-AUTH": "- password: three\n- registry: r.io\n  password: four"},
	} {
		environ := map[string]string{"GITHUB_ACTIONS": "true"}
		for input, value := range inputs {
			environ["INPUT_"+input] = value
		}
		job := readGitHub(t, "{}", environ)
		if len(job.Logins) == 0 {
			t.Fatalf("%s: no logins", name)
		}
		for _, l := range job.Logins {
			known := slices.ContainsFunc(Credentials(environ), func(c Credential) bool { return c.Value == l.Password })
			if !known {
				t.Errorf("%s: a login of %s is by none of %q", name, l.Registry, slices.Sorted(maps.Keys(environ)))
			}
		}
	}
}
