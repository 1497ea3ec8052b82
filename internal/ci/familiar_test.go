package ci

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/option"
)

func familiar(t *testing.T, environ map[string]string) (Inputs, error) {
	t.Helper()
	return parseInputs(environ, githubDialect)
}

func TestInputsOfOtherActions(t *testing.T) {
	in, err := familiar(t, map[string]string{
		"INPUT_ENV": "A=1", "INPUT_BUILD-ARGS": "B=2\nC=x, y", "INPUT_TOKEN": "the default", "INPUT_GITHUB-TOKEN": "given",
		"INPUT_CACHE_TAG": "ghcr.io/me/cache", "INPUT_NO-CACHE": "true", "INPUT_LOAD": "true", "INPUT_ADD-HOSTS": "db:10.0.0.1,web:10.0.0.2",
		"INPUT_PULL": "true", "INPUT_LOGOUT": "true", "INPUT_CALL": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(in.Env, []string{"A=1", "B=2", "C=x, y"}) || in.Token != "given" || in.CacheRef != "ghcr.io/me/cache" || !bool(in.NoCache) || !bool(in.Load) || len(in.AddHosts) != 2 {
		t.Errorf("%+v", in)
	}
}

func TestInputsThatWouldBuildSomethingElseAreRefused(t *testing.T) {
	for name, hint := range instead {
		_, err := familiar(t, map[string]string{"INPUT_" + name: "x"})
		if err == nil || !strings.Contains(err.Error(), "no input "+strings.ToLower(name)+": "+hint) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoginsForSeveralRegistries(t *testing.T) {
	in, err := familiar(t, map[string]string{"INPUT_REGISTRY-AUTH": "- registry: ghcr.io\n  username: ann\n  password: one\n- username: bob\n  password: 'two'\n- registry: fork.example\n  password: ''\n"})
	if err != nil {
		t.Fatal(err)
	}
	want := []option.Login{{Registry: "ghcr.io", Username: "ann", Password: "one"}, {Registry: "", Username: "bob", Password: "two"}}
	if diff := cmp.Diff(want, in.login(option.Login{Registry: "ghcr.io", Username: "actor", Password: "own"})); diff != "" {
		t.Error(diff)
	}
	for name, text := range map[string]string{"a map": "password: hidden", "another key": "- registry: a\n  passwort: hidden", "text": "hidden", "broken": "- {hidden"} {
		if _, err := familiar(t, map[string]string{"INPUT_REGISTRY-AUTH": text}); err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := familiar(t, map[string]string{"INPUT_REGISTRY-AUTH": "- password: x", "INPUT_PASSWORD": "y"}); err == nil || !strings.Contains(err.Error(), "and not both") {
		t.Errorf("both: %v", err)
	}
}
