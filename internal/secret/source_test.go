package secret

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSourceReadsWhatDockerReads(t *testing.T) {
	for option, want := range map[string]Source{
		"id=NPM_TOKEN":            {"NPM_TOKEN", "NPM_TOKEN", ""},
		"id=A,env=B":              {"A", "B", ""},
		"id=A,src=/x/y":           {"A", "", "/x/y"},
		"source=x,id=A,type=file": {"A", "", "x"},
		"type=env,id=A":           {"A", "A", ""},
		"type=env,id=A,src=B":     {"A", "B", ""},
		`id=A,"src=with,comma"`:   {"A", "", "with,comma"},
		"ID=A,ENV=B":              {"A", "B", ""},
	} {
		got, err := ParseSource(option)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", option, err, diff)
		}
	}
}

func TestParseSourceRefusesWithoutRepeating(t *testing.T) {
	for _, option := range []string{
		"", "NPM_TOKEN", "NPM_TOKEN=hunter22", "id=", "id=NPM_TOKEN=hunter22", "id=hunter22-x", "id=A,env=B,src=hunter22", "id=A,value=hunter22",
		"id=A,type=hunter22", "id=A,type=file", "id=A,type=file,env=hunter22", `id=A,"src=hunter22`, "id=A,env=hunter22-x", "env=hunter22", "id=A,hunter22",
	} {
		_, err := ParseSource(option)
		if err == nil || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%q: %v", option, err)
		}
	}
}

func TestReadTakesTheValueAsItIs(t *testing.T) {
	lookup := func(name string) (string, bool) {
		return map[string]string{"A": "value-of-a\n", "E": ""}[name], name != "N"
	}
	files := func(name string) ([]byte, error) {
		if name != "f" {
			return nil, errors.New("no such file")
		}
		return []byte(" value of f\n"), nil
	}
	for _, tt := range []struct {
		source    Source
		want, err string
	}{
		{Source{"S", "A", ""}, "value-of-a\n", ""},
		{Source{"S", "", "f"}, " value of f\n", ""},
		{Source{"S", "E", ""}, "", "reading the secret S: the variable E is not set or empty"},
		{Source{"S", "N", ""}, "", "reading the secret S: the variable N is not set or empty"},
		{Source{"S", "", "g"}, "", "reading the secret S: no such file"},
	} {
		got, err := tt.source.Read(lookup, files)
		if text := errorText(err); got != tt.want || text != tt.err {
			t.Errorf("%+v: %q, %q", tt.source, got, text)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestCheckRefusesWhatCannotBeHiddenOrFound(t *testing.T) {
	for value, want := range map[string]string{
		"12345678":                       "",
		" 1234567\n":                     "the secret S has 7 bytes: under 8 it cannot be told from other text",
		"":                               "the secret S has 0 bytes: under 8 it cannot be told from other text",
		"12345678\x00":                   "the secret S is binary, which no variable can hold: encode it, for instance with base64",
		"12345678\xff":                   "the secret S is binary, which no variable can hold: encode it, for instance with base64",
		strings.Repeat("x", MaxLength+1): "the secret S has 500001 bytes, more than 500000",
		strings.Repeat("x", MaxLength):   "",
	} {
		if got := errorText(Check("S", value)); got != want {
			t.Errorf("%.20q: %q", value, got)
		}
	}
}

func TestAFingerprintChangesWithNamesAndValuesAlone(t *testing.T) {
	base := Fingerprint(map[string]string{"A": "value-one", "B": "value-two"})
	if again := Fingerprint(map[string]string{"B": "value-two", "A": "value-one"}); again != base || len(base) != 32 {
		t.Errorf("%q, then %q", base, again)
	}
	seen := map[string]bool{base: true}
	for _, other := range []map[string]string{
		{"A": "value-one"}, {"A": "value-one", "B": "value-2"}, {"A": "value-two", "B": "value-one"}, {"A": "value-one", "C": "value-two"}, {"A": "value-oneB", "": "value-two"},
	} {
		f := Fingerprint(other)
		if seen[f] {
			t.Errorf("%v has the fingerprint of others", other)
		}
		seen[f] = true
	}
	if got := Fingerprint(nil); got != "" {
		t.Errorf("without secrets: %q", got)
	}
}

// TestAFingerprintIsTheSameTomorrow holds what registries hold already.
func TestAFingerprintIsTheSameTomorrow(t *testing.T) {
	if got := Fingerprint(map[string]string{"NPM_TOKEN": "correct-horse"}); got != "b0f5d9715b4700e7db4f6a3e46987b62" {
		t.Errorf("%q", got)
	}
}

func TestLooks(t *testing.T) {
	for name, want := range map[string]bool{
		"NPM_TOKEN": true, "GITHUB_TOKEN": true, "DB_PASSWORD": true, "db_password": true, "CLIENT_SECRET": true, "SECRET_KEY_BASE": true, "RAILS_MASTER_KEY": true,
		"AWS_SECRET_ACCESS_KEY": true, "STRIPE_KEY": true, "APP_KEY": true, "MYAPITOKEN": true, "SSH_PRIVATE_KEY": true, "GOOGLE_CREDENTIALS": true,
		"NODE_ENV": false, "NEXT_PUBLIC_API_KEY": false, "PUBLIC_KEY": false, "CACHE_KEY": false, "TOKEN_URL": false, "SECRET_NAME": false, "TOKEN_TTL": false,
		"KEYBOARD": false, "MONKEY": false, "TOKENIZERS_PARALLELISM": false, "PASSWORD_FILE": false, "PORT": false, "SECRETARY": false,
	} {
		if got := Looks(name, "something"); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for value, want := range map[string]bool{
		"ghp_" + strings.Repeat("a", 36): true, "github_pat_11AA": true, "glpat-" + strings.Repeat("x", 20): true, "AKIA" + strings.Repeat("A", 16): true,
		"-----BEGIN OPENSSH PRIVATE KEY-----\nx": true, "-----BEGIN PRIVATE KEY-----": true, "npm_" + strings.Repeat("b", 36): true, "xoxb-1": true,
		"postgres://ann:hunter22@db/x": true, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x": true,
		"-----BEGIN CERTIFICATE-----": false, "-----BEGIN PUBLIC KEY-----": false, "production": false, "https://example.org/x": false, "ghp": false, "AKIA": false, "npm_config": false,
	} {
		if got := Looks("PLAIN", value); got != want {
			t.Errorf("%s: %v", value, got)
		}
	}
	for _, value := range []string{"", "true", "False", "1"} {
		if Looks("USE_TOKEN", value) {
			t.Errorf("a token that is %q is a switch", value)
		}
	}
}
